"""The live output, frame by frame against the rules, and a session over the link."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import tones

S = 48_000
CLOSE = 2e-5
"""What float32 mixing may differ from the rules in float64."""


def placed(heard: Any, expected: Any) -> int:
    """Where the session's frame 0 lies in what was heard, found by its sound alone."""
    probe = expected[4 * S : 5 * S, 0]
    size = 1 << (len(heard) + len(probe)).bit_length()
    product = np.fft.rfft(heard[:, 0], size) * np.conj(np.fft.rfft(probe, size))
    return int(np.argmax(np.fft.irfft(product, size)[: len(heard)])) - 4 * S


def test_a_live_file_output_is_the_session_to_the_sample(
    coded: Any, stillroom: Any, tmp_path: Path
) -> None:
    out = tmp_path / "live.wav"
    done = stillroom("play", str(coded.path), "--plain", "--output", str(out), "--speed", "20")
    assert done.returncode == 0, done.stdout + done.stderr
    got = _float_wav(out)
    assert np.abs(got[: len(coded.expected)] - coded.expected).max() < CLOSE
    assert np.abs(got[len(coded.expected) :]).max(initial=0) == 0


def test_what_a_device_is_given_is_the_session_to_the_sample(
    coded: Any, stillroom: Any, tmp_path: Path
) -> None:
    """SDL's disk driver writes the very bytes that a sound card would be given."""
    raw = tmp_path / "heard.raw"
    rendered = stillroom("render", str(coded.path), "-o", str(tmp_path / "rendered.wav"))
    assert rendered.returncode == 0, "it also measures the tracks"
    done = stillroom(
        "play", str(coded.path), "--plain", SDL_AUDIODRIVER="disk", SDL_DISKAUDIOFILE=str(raw)
    )
    assert done.returncode == 0, done.stdout + done.stderr
    heard = np.fromfile(raw, np.float32)
    heard = heard[: len(heard) // 2 * 2].reshape(-1, 2)
    first = placed(heard, coded.expected)
    session = heard[first : first + len(coded.expected)]
    assert len(session) == len(coded.expected)
    assert np.abs(session - coded.expected).max() < CLOSE
    cue = [line for line in done.stdout.splitlines() if "CueStarted" in line]
    assert cue == ["00:00:11 CueStarted Words"]
    assert np.abs(heard[:first]).max(initial=0) == 0, "nothing before the first frame"


def test_a_session_is_watched_and_stopped_from_a_second_process(
    brief: str, stillroom: Any, await_status: Any
) -> None:
    line = [sys.executable, "-m", "player.cli", "play", brief, "--plain", "--output", "null"]
    with subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as playing:
        now = await_status(lambda status: status.get("position_s", 0) > 1)
        assert now["state"] == "playing"
        assert now["phase"] == "Onset"
        assert now["output"]["name"] == "null"
        assert stillroom("status").stdout.splitlines()[1] == "no sound: a rehearsal."
        assert now["output"]["underruns"] == 0
        assert playing.stdin is not None
        playing.stdin.write("hold\nsilence\n")
        playing.stdin.flush()
        await_status(lambda status: status["state"] == "silenced")
        second = stillroom("play", brief, "--plain", "--output", "null")
        assert second.returncode == 2
        assert "one session at a time" in second.stderr
        assert stillroom("stop").returncode == 0
        told, _ = playing.communicate(timeout=30)
    assert playing.returncode == 0
    assert told.splitlines()[-2:] == [
        line for line in told.splitlines() if "MusicEnded" in line or "SessionEnded" in line
    ]
    assert json.loads(stillroom("status", "--json").stdout) == {"running": False}


def test_the_end_of_standard_input_stops_nothing_and_the_engine_outlives_its_client(
    brief: str, stillroom: Any, await_status: Any
) -> None:
    line = [sys.executable, "-m", "player.cli", "play", brief, "--plain", "--output", "null"]
    playing = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    first = await_status(lambda status: status.get("position_s", 0) > 0.5)
    playing.kill()
    playing.wait()
    later = await_status(lambda status: status["position_s"] > first["position_s"] + 0.5)
    assert later["engine_pid"] == first["engine_pid"]


def test_a_slip_in_the_settings_does_not_come_between_a_session_and_its_counsellor(
    brief: str, stillroom: Any, await_status: Any
) -> None:
    line = [sys.executable, "-m", "player.cli", "play", brief, "--plain", "--output", "null"]
    playing = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    first = await_status(lambda status: status.get("position_s", 0) > 0.5)
    (Path(os.environ["STILLROOM_HOME"]) / "settings.yaml").write_text("robust: maybe\n")
    told = stillroom("status")
    assert told.returncode == 0
    assert told.stdout.startswith("Onset, playing")
    assert 'settings.yaml:1: robust: "maybe" is neither yes nor no' in told.stderr
    later = await_status(lambda status: status["position_s"] > first["position_s"])
    assert "settings.yaml:1" in later["faults"][0]
    assert stillroom("stop").returncode == 0
    playing.kill()
    playing.wait()
    for words in (("status",), ("check", "rest"), ("play", "rest", "--plain")):
        done = stillroom(*words)
        assert done.returncode == 2
        assert "settings.yaml:1: robust" in done.stdout + done.stderr


def test_files_of_the_engine_are_for_their_owner_alone(
    brief: str, stillroom: Any, await_status: Any
) -> None:
    line = [sys.executable, "-m", "player.cli", "play", brief, "--plain", "--output", "null"]
    playing = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    await_status(lambda status: status["running"])
    home = Path(os.environ["STILLROOM_HOME"])
    for path in [home, *home.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path
    playing.kill()
    playing.wait()


def _float_wav(path: Path) -> Any:
    import av

    with av.open(str(path)) as container:
        parts = [frame.to_ndarray().reshape(-1, 2) for frame in container.decode(audio=0)]
    return np.concatenate(parts)


def test_once_a_session_is_over_every_command_agrees_that_none_runs(
    coded: Any, stillroom: Any
) -> None:
    line = [str(coded.path), "--plain", "--output", "null", "--speed", "50"]
    assert stillroom("play", *line).returncode == 0
    assert stillroom("status").stdout == "no session runs\n"
    for command, told in (("stop", ""), ("attach", "; stillroom begins one")):
        done = stillroom(command)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == f"no session runs{told}\n"


def test_a_first_file_that_cannot_be_played_is_told_in_a_line(
    stillroom: Any, tmp_path: Path
) -> None:
    (tmp_path / "broken.mp3").write_bytes(b"no music" * 400)
    tones.write(tmp_path / "good.wav", tones.tone(6 * S, 300, gain=0.1))
    (tmp_path / "own.yaml").write_text(
        "format: 1\ntitle: Own\nphases: [{name: One, length: 4s, music: [broken.mp3, good.wav]}]\n"
    )
    words = ("play", str(tmp_path / "own.yaml"), "--plain", "--output", "null", "--speed", "20")
    done = stillroom(*words)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    told = [row[2] for row in rows if row[1:2] == ["TrackPassedOver"]]
    assert len(told) == 1 and "broken" in told[0]

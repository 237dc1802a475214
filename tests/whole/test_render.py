"""A render is the session to the sample, and its report says where things lie in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import tones

S = 48_000
ROUNDING = 1.5 / 32768
"""A sample of 16 bits, rounded, and what float32 mixing may add."""


def read(path: Path) -> Any:
    with av.open(str(path)) as container:
        convert = av.AudioResampler(format="flt", layout="stereo", rate=S)
        parts = [
            made.to_ndarray().reshape(-1, 2)
            for frame in container.decode(audio=0)
            for made in convert.resample(frame)
        ]
    return np.concatenate(parts)


@pytest.mark.parametrize("ending", [".wav", ".flac"])
def test_a_render_is_what_the_written_rules_say_sample_by_sample(
    coded: Any, stillroom: Any, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"out{ending}"
    done = stillroom("render", str(coded.path), "-o", str(out))
    assert done.returncode == 0, done.stderr
    got = read(out)
    assert got.shape == coded.expected.shape
    assert np.abs(got - coded.expected).max() < ROUNDING


def test_the_report_says_where_everything_lies(coded: Any, stillroom: Any, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    out = tmp_path / "out.wav"
    done = stillroom("render", str(coded.path), "-o", str(out), "--report", str(report))
    assert done.returncode == 0, done.stderr
    assert os.name == "nt" or (report.stat().st_mode | out.stat().st_mode) & 0o077 == 0
    body = json.loads(report.read_text())
    assert body["sample_rate"] == S
    assert body["frames"] == 17 * S == len(read(out))
    rows = [(row["frame"] / S, row["event"]) for row in body["events"]]
    assert rows == [
        (0, "PhaseEntered"),
        (0, "TrackStarted"),
        (3, "TrackStarted"),
        (8, "TrackStarted"),
        (9, "PhaseEntered"),
        (9, "TrackStarted"),
        (11, "CueStarted"),
        (12.5, "CueEnded"),
        (13, "TrackStarted"),
        (17, "MusicEnded"),
        (17, "SessionEnded"),
    ]
    cue = body["events"][6]
    assert (cue["cue"], cue["frames"]) == ("Words", S * 3 // 2)
    paths = [Path(row["path"]).name for row in body["events"] if row["event"] == "TrackStarted"]
    assert paths == ["a.flac", "b.flac", "a.flac", "c.flac", "c.flac"]


@pytest.mark.parametrize("ending", [".opus", ".ogg", ".mp3", ".m4a"])
def test_other_formats_by_ending_hold_the_session_with_its_title(
    coded: Any, stillroom: Any, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"out{ending}"
    done = stillroom("render", str(coded.path), "-o", str(out))
    assert done.returncode == 0, done.stderr
    with av.open(str(out)) as container:
        tags = dict(container.metadata) | dict(container.streams.audio[0].metadata)
    assert {key.lower(): value for key, value in tags.items()}["title"] == "Coded"
    got = read(out)
    length = min(len(got), 17 * S)
    assert abs(len(got) - 17 * S) < S // 10
    rms = np.sqrt(np.mean((got[:length] - coded.expected[:length]) ** 2))
    assert rms < 0.02, "the same sound, but for the loss of the format"


def test_an_unknown_ending_is_refused_in_words(coded: Any, stillroom: Any, tmp_path: Path) -> None:
    done = stillroom("render", str(coded.path), "-o", str(tmp_path / "out.xyz"))
    assert done.returncode == 2
    assert ".xyz" in done.stderr and ".flac" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def rendering(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A render of hours into `tmp_path`, that has begun to write."""
    line = [sys.executable, "-m", "player.cli", "render", "long", "-o", str(tmp_path / "out.wav")]
    with subprocess.Popen(
        line,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that runs its jobs in the background lets them ignore the interrupt.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        until = time.monotonic() + 30
        while not list(tmp_path.iterdir()) and time.monotonic() < until:
            time.sleep(0.05)
        try:
            assert list(tmp_path.iterdir()), "it began to write"
            yield process
        finally:
            process.kill()


POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


@POSIX
@pytest.mark.parametrize("polite", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interrupted_render_leaves_nothing(rendering: Any, tmp_path: Path, polite: str) -> None:
    for _ in range(3):  # the impatient press it more than once
        rendering.send_signal(getattr(signal, polite))
    _, told = rendering.communicate(timeout=30)
    assert rendering.returncode == 1
    assert told.strip() == "stopped"
    assert list(tmp_path.iterdir()) == []


@POSIX
def test_what_a_killed_render_left_is_taken_away_by_the_next_of_that_name(
    rendering: Any, stillroom: Any, coded: Any, tmp_path: Path
) -> None:
    rendering.kill()
    rendering.communicate(timeout=30)
    (left,) = tmp_path.iterdir()
    others = [
        left.with_name(left.name.replace("out.wav", "other.wav")),
        left.with_name(f".out.wav.{os.getpid()}.part"),
        left.with_name(left.name.replace(str(rendering.pid), str(os.getpid()))),
    ]
    for other in others:
        other.touch()
    done = stillroom("render", str(coded.path), "-o", str(tmp_path / "out.wav"))
    assert done.returncode == 0, done.stderr
    assert sorted(tmp_path.iterdir()) == sorted([*others, tmp_path / "out.wav"])


def test_a_session_with_a_broken_track_passes_it_over_and_says_so(
    stillroom: Any, coded: Any, tmp_path: Path
) -> None:
    (tmp_path / "bad.flac").write_bytes(b"fLaC" + b"\0" * 400)
    good = coded.path.parent / "music" / "c.flac"
    session = tmp_path / "s.yaml"
    session.write_text(
        "format: 1\ntitle: T\nphases:\n"
        f"  - {{name: One, length: 20s, music: [bad.flac, {json.dumps(str(good))}]}}\n"
    )
    report = tmp_path / "r.json"
    out = tmp_path / "o.wav"
    done = stillroom("render", str(session), "-o", str(out), "--report", str(report))
    assert done.returncode == 0, done.stderr
    events = json.loads(report.read_text())["events"]
    passed = [row for row in events if row["event"] == "TrackPassedOver"]
    assert [Path(row["path"]).name for row in passed] == ["bad.flac"]
    started = {Path(row["path"]).name for row in events if row["event"] == "TrackStarted"}
    assert started == {"c.flac"}
    level = np.sqrt(np.mean(read(out)[2 * S : 9 * S] ** 2, axis=1).reshape(-1, S // 10).mean(1))
    assert level.min() > 0.01, "no gap"


def test_a_file_that_is_silent_throughout_is_passed_over_and_never_dead_air(
    stillroom: Any, tmp_path: Path
) -> None:
    tones.write(tmp_path / "silent.wav", tones.tone(8 * S, gain=0.0))
    tones.write(tmp_path / "bed.wav", tones.tone(8 * S, 300, gain=0.1))
    (tmp_path / "s.yaml").write_text(
        "format: 1\ntitle: T\nsound: {first_fade: 1s, end_fade: 1s}\n"
        "phases: [{name: One, length: 8s, music: [silent.wav, bed.wav]}]\n"
    )
    done = stillroom("render", str(tmp_path / "s.yaml"), "-o", str(tmp_path / "out.wav"))
    assert done.returncode == 0, done.stderr
    assert "passed over" in done.stderr and "silent.wav" in done.stderr
    level = np.sqrt(np.mean(read(tmp_path / "out.wav")[S : 7 * S].reshape(-1, S, 2) ** 2, (1, 2)))
    assert level.min() > 0.01


def test_a_cue_at_the_start_sounds_though_no_track_was_measured_before(
    stillroom: Any, tmp_path: Path
) -> None:
    tones.write(tmp_path / "bed.wav", tones.tone(8 * S, 300, gain=0.1))
    tones.write(tmp_path / "words.wav", tones.tone(S, 3000, gain=0.1))
    (tmp_path / "early.yaml").write_text(
        "format: 1\ntitle: Early\nphases: [{name: One, length: 8s, music: bed.wav}]\n"
        "cues: [{name: Words, at: start, audio: words.wav}]\n"
    )
    done = stillroom("render", str(tmp_path / "early.yaml"), "-o", str(tmp_path / "out.wav"))
    assert done.returncode == 0, done.stderr
    spoken = read(tmp_path / "out.wav")[S * 3 // 2 : S * 5 // 2, 0]
    words = tones.tone(S, 3000, gain=1)[:, 0]
    assert 2 * np.mean(spoken * words) > 0.05, "the voice is there, after the way down"


def test_a_cue_that_its_phase_silences_is_told_as_not_spoken(
    stillroom: Any, tmp_path: Path
) -> None:
    tones.write(tmp_path / "bed.wav", tones.tone(8 * S, 300, gain=0.1))
    tones.write(tmp_path / "words.wav", tones.tone(S, 3000, gain=0.1))
    (tmp_path / "mute.yaml").write_text(
        "format: 1\ntitle: Mute\nphases: [{name: One, length: 8s, music: bed.wav, voice: off}]\n"
        "cues: [{name: Words, at: start + 4s, audio: words.wav}]\n"
    )
    done = stillroom("render", str(tmp_path / "mute.yaml"), "-o", str(tmp_path / "out.wav"))
    assert done.returncode == 0, done.stderr
    assert "not spoken: Words: voice is off in this phase\n" in done.stderr

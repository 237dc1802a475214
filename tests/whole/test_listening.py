"""`check --deep`: a whole session listened to before the room, in words and as JSON."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tones

S = 48_000
SESSION = """format: 1
title: Deep
sound: {crossfade: 2s, phase_crossfade: 2s, first_fade: 1s, end_fade: 2s}
phases:
  - {name: One, length: 30s, music: [steady.flac, unwanted.flac, rising.flac]}
  - {name: Two, length: 30s, ends: by hand, music: steady.flac}
  - {name: Three, length: 6s, music: silence}
cues:
  - {name: Words, at: two + 8s, audio: words.wav}
avoid: {artists: [Nobody]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A steady tone of 16 s, and one that is 12 dB louder in its second half."""
    folder = tmp_path_factory.mktemp("deep")
    tones.write(folder / "steady.flac", tones.tone(16 * S, 997, gain=0.1))
    rising = tones.tone(16 * S, 997, gain=0.05)
    rising[8 * S :] *= 4
    tones.write(folder / "rising.flac", rising, tags={"copyright": "CC0"})
    tones.write(folder / "words.wav", tones.tone(4 * S, 500, gain=0.2))
    unwanted = tones.tone(5 * S, 300, gain=0.01)
    tones.write(folder / "unwanted.flac", unwanted, tags={"artist": "Nobody"})
    (folder / "s.yaml").write_text(SESSION)
    return folder


@pytest.fixture(scope="module")
def heard(folder: Path) -> dict[str, Any]:
    """What the command says of it as JSON."""
    line = [sys.executable, "-m", "player.cli", "check", str(folder / "s.yaml"), "--deep", "--json"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    body: dict[str, Any] = json.loads(done.stdout)
    return body


def test_the_whole_session_is_measured_as_it_will_be_heard(
    folder: Path, stillroom: Any, tmp_path: Path, heard: dict[str, Any]
) -> None:
    curve = heard["loudness"]["short_term_lufs"]
    assert len(curve) == 66
    assert curve[8] == pytest.approx(-23.0, abs=0.3), "a steady tone stands at the bed"
    speech = 41  # Words sound from 38 s to 42 s
    assert curve[speech] == pytest.approx(-19.0, abs=0.7)
    assert curve[-1] == -70.0
    out = tmp_path / "out.wav"
    assert stillroom("render", str(folder / "s.yaml"), "-o", str(out)).returncode == 0
    from player.library.measure import measure

    assert heard["loudness"]["lufs"] == pytest.approx(measure(out).lufs, abs=0.1)


def test_a_jump_at_a_join_is_told_where_it_is_and_how_large(heard: dict[str, Any]) -> None:
    """Rising begins some 9 LU under its mean, where the steady tone was at the bed."""
    jumps = {round(row["at_s"]): row for row in heard["jumps"]}
    assert jumps[14]["into"] == "rising.flac"
    assert jumps[14]["by_lu"] == pytest.approx(-9.2, abs=0.7)
    assert all(abs(row["by_lu"]) >= 3 for row in heard["jumps"])
    assert all(row["phase"] in ("One", "Two", "Three") for row in heard["jumps"])


def test_minutes_of_music_are_held_against_length_and_a_hold(heard: dict[str, Any]) -> None:
    one, two, three = heard["phases"]
    assert (one["music_s"], one["pieces"]) == (30.0, 2)
    assert (one["enough"], one["enough_for_hold"]) == (True, False)
    assert (two["music_s"], two["enough"]) == (16.0, False)
    assert three["enough_for_hold"]


def test_repeats_and_missing_rights_are_named(folder: Path, heard: dict[str, Any]) -> None:
    assert [row["path"] for row in heard["repeats"]] == [str(folder / "steady.flac")]
    assert heard["repeats"][0]["times"] >= 3
    assert heard["without_rights"] == [str(folder / "steady.flac")]


def test_sudden_rises_are_told_once_the_files_were_listened_to(heard: dict[str, Any]) -> None:
    assert [risk["what"] for risk in heard["risks"]][:1] == [
        "rise of 10 LU within 2 s in rising.flac"
    ]
    assert heard["risks"][0]["at_s"] == pytest.approx(22.0, abs=0.3)


def test_what_is_avoided_by_its_tags_is_not_in_what_is_heard(heard: dict[str, Any]) -> None:
    assert [phase["pieces"] for phase in heard["phases"]] == [2, 1, 0]
    assert any("unwanted.flac (artist Nobody)" in warning for warning in heard["warnings"])


def test_sudden_rises_of_the_mix_itself_are_told_too(
    folder: Path, tmp_path: Path, heard: dict[str, Any], stillroom: Any
) -> None:
    """One within a piece is told once in words; one from a soft end into a loud start is too."""
    assert [(round(row["at_s"]), row["phase"]) for row in heard["rises"]] == [(22, "One")]
    sound = tones.tone(20 * S, 400, gain=0.2)
    sound[12 * S :] *= 0.03
    tones.write(folder / "fading.flac", sound)
    session = folder / "joins.yaml"
    session.write_text(
        "format: 1\ntitle: T\nsound: {crossfade: 2s, first_fade: 1s, end_fade: 2s}\n"
        "phases: [{name: One, length: 40s, music: [fading.flac]}]\n"
    )
    told = stillroom("check", str(session), "--deep").stdout
    session.unlink()
    (folder / "fading.flac").unlink()
    assert "Rise: 00:00:18, One: 23 LU louder within 2 s, where pieces join" in told


def test_without_a_desktop_or_a_device_it_says_what_cannot_be_known(
    heard: dict[str, Any], folder: Path, stillroom: Any
) -> None:
    if sys.platform.startswith("linux"):
        assert heard["suspend"]["may"] is None
        assert "not known" in heard["suspend"]["words"]
    done = stillroom("check", str(folder / "s.yaml"), "--deep", SDL_AUDIODRIVER="dummy")
    assert "Output: there is no sound output" in done.stdout
    for word in ("Loudness: ", "Join: ", "Music: One: 30s", "Repeat: ", "Rights: ", "Sleep: "):
        assert word in done.stdout
    assert done.stdout.splitlines()[-1] == "It can be played as written."


def test_nothing_is_written_beside_the_session(folder: Path, heard: dict[str, Any]) -> None:
    names = {path.name for path in folder.iterdir()}
    assert names == {"s.yaml", "steady.flac", "rising.flac", "unwanted.flac", "words.wav"}


def test_faults_are_told_before_anything_is_listened_to(tmp_path: Path, stillroom: Any) -> None:
    (tmp_path / "s.yaml").write_text("format: 1\n")
    done = stillroom("check", str(tmp_path / "s.yaml"), "--deep")
    assert done.returncode == 2
    assert "title: is missing" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no interrupt for another process")
def test_listening_stops_at_ctrl_c(tmp_path: Path) -> None:
    long = tones.write(tmp_path / "long.wav", np.zeros((600 * S, 2), np.float32))
    (tmp_path / "s.yaml").write_text(
        f"format: 1\ntitle: T\nphases: [{{name: One, length: 20h, music: {long}}}]\n"
    )
    line = [sys.executable, "-m", "player.cli", "check", str(tmp_path / "s.yaml"), "--deep"]
    with subprocess.Popen(
        line,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        try:
            time.sleep(2)
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode != 0
    assert "Traceback" not in told

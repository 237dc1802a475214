"""A cue's recording that is no speech is refused by its line; a short one is as loud as a long."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tones

from player.library.catalogue import Catalogue
from player.library.findings import Survey
from player.programme.facts import Knowledge
from player.programme.preflight import check
from player.programme.programme import compose
from player.session.loader import load
from player.session.model import Session
from player.timeline.plan import LONGEST_CLIP_S, TrackFacts

S = 48_000


def test_a_recording_of_hours_is_a_fault_of_its_line(tmp_path: Path) -> None:
    book = tones.write(tmp_path / "book.flac", tones.tone(2 * S))
    (tmp_path / "s.yaml").write_text(
        "format: 1\ntitle: T\nphases: [{name: One, length: 1m, music: silence}]\n"
        "cues:\n  - {name: A, at: one + 5s, audio: book.flac}\n"
    )
    with Catalogue() as catalogue:
        catalogue.remember(book, Survey(TrackFacts(round((LONGEST_CLIP_S + 1) * S), -20.0, -3.0)))
        found = check(load(tmp_path / "s.yaml"), catalogue)
    (fault,) = found.faults
    assert fault.endswith("longer than 20m: too long for a cue (play it as music of a phase)")
    assert "s.yaml:5: audio: " in fault


def session(recording: Path) -> Session:
    """One that speaks a recording of its own."""
    path = recording.with_suffix(".yaml")
    path.write_text(
        "format: 1\ntitle: T\nphases: [{name: One, length: 1m, music: silence}]\n"
        f"cues:\n  - {{name: A, at: one + 5s, audio: {recording.name}}}\n"
    )
    return load(path)


def gain_db(recording: Path, catalogue: Catalogue) -> float:
    """How much louder its cue speaks it."""
    knowledge = Knowledge(catalogue)
    (clip,) = compose(session(recording), knowledge.of_music, knowledge.of_clip).clips
    assert clip is not None
    return clip.gain_db


@pytest.mark.parametrize("length_s", [0.21, 0.35, 0.39])
def test_a_short_word_is_spoken_as_loud_as_a_longer_one(tmp_path: Path, length_s: float) -> None:
    long = tones.write(tmp_path / "long.wav", tones.tone(S, gain=0.2))
    short = tones.write(tmp_path / "short.wav", tones.tone(round(length_s * S), gain=0.2))
    with Catalogue() as catalogue:
        assert abs(gain_db(short, catalogue) - gain_db(long, catalogue)) < 0.5


def test_a_short_word_that_an_earlier_version_took_for_silence_is_measured_anew(
    tmp_path: Path,
) -> None:
    long = tones.write(tmp_path / "long.wav", tones.tone(S, gain=0.2))
    short = tones.write(tmp_path / "short.wav", tones.tone(round(0.35 * S), gain=0.2))
    with Catalogue() as catalogue:
        catalogue.remember(short, Survey(TrackFacts(round(0.35 * S), -70.0, -14.0)))
        assert abs(gain_db(short, catalogue) - gain_db(long, catalogue)) < 0.5
        known = catalogue.known(short)
    assert isinstance(known, TrackFacts)
    assert known.lufs > -30


@pytest.mark.parametrize("times", [1, 2])
def test_a_silent_recording_is_a_fault_of_its_line(tmp_path: Path, times: int) -> None:
    silent = tones.write(tmp_path / "silent.wav", np.zeros((2 * S, 2), np.float32))
    with Catalogue() as catalogue:
        for _ in range(times):
            (fault,) = check(session(silent), catalogue).faults
    assert "silent.yaml:5: audio: " in fault
    assert fault.endswith(
        "it is silent throughout: nothing would be heard (record it anew, or leave it out)"
    )


def test_a_recording_too_short_for_a_word_is_a_fault_of_its_line(tmp_path: Path) -> None:
    short = tones.write(tmp_path / "short.wav", np.full((30, 2), 0.5, np.float32))
    with Catalogue() as catalogue:
        (fault,) = check(session(short), catalogue).faults
    assert fault.endswith(
        "shorter than 0.2 s: it would be heard as a click (record it anew, or leave it out)"
    )

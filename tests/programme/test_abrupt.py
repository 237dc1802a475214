"""What a session's own figures would make sudden is noted before it is played."""

from __future__ import annotations

from pathlib import Path

import pytest
import tones

from player import paths
from player.library.catalogue import Catalogue
from player.programme.preflight import check
from player.session.loader import load

S = 48_000
HEAD = "format: 1\ntitle: T\n"
TWO = "phases:\n  - {{name: Low, length: {0}, {1}}}\n  - {{name: High, length: 5m, {2}}}\n"
CUE = "cues: [{name: Word, at: low + 30s, audio: word.wav}]\n"
TOLD = ("fade", "louder", "voice is")


def two(length: str = "5m", low: str = "music: shipped:shore", high: str = "") -> str:
    """Two phases, the first of them with its music or silence, the second with more keys."""
    return TWO.format(length, low, f"music: shipped:tide{high}")


def notes(folder: Path, body: str) -> list[str]:
    """What `check` says of a session that could be sudden, and of nothing else."""
    tones.write(folder / "word.wav", tones.tone(S))
    path = folder / "s.yaml"
    path.write_text(HEAD + body)
    with Catalogue() as catalogue:
        found = check(load(path), catalogue)
    assert found.faults == ()
    return [note for note in found.warnings if any(word in note for word in TOLD)]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "sound: {first_fade: 0s}\n" + two(),
            "first_fade is 0s: the music begins abruptly; from 2s on that is gentle",
        ),
        (
            "sound: {phase_crossfade: 0s}\n" + two(),
            "phase_crossfade is 0s: each phase breaks into the one before; "
            "from 2s on that is gentle",
        ),
        (
            "sound: {crossfade: 0s}\n" + two(low="music: [shipped:shore, shipped:tide]"),
            "crossfade is 0s: each piece breaks in; from 2s on that is gentle",
        ),
        (
            "sound: {end_fade: 1.5s}\n" + two(),
            "end_fade is 1.5s: the music ends abruptly; from 2s on that is gentle",
        ),
        (
            two("1s"),
            "Low is shorter than two fades of 25s (phase_crossfade): "
            "the music changes faster there",
        ),
        (
            two(low="music: shipped:shore, level: -40 dB", high=", level: +12 dB"),
            "High is 52 dB louder than Low: more than 8 dB from one phase to the next may startle",
        ),
        (
            "sound: {bed: -30 LUFS, voice: -15 LUFS, duck: {by: 11 dB}}\n" + two() + CUE,
            "a voice is 26 dB over the music: more than 25 dB may startle",
        ),
        (
            two(low="music: shipped:shore, level: -13 dB", high=", level: -6 dB") + CUE,
            "cue Word: its voice is 26 dB over the music: more than 25 dB may startle",
        ),
    ],
)
def test_what_would_be_sudden_is_noted(tmp_path: Path, body: str, told: str) -> None:
    assert notes(tmp_path, body) == [told]


@pytest.mark.parametrize(
    "body",
    [
        "sound: {first_fade: 2s, phase_crossfade: 2s}\n" + two(),
        "sound: {first_fade: 0s, crossfade: 0s}\n" + two(low="music: silence"),
        two("50s"),
        two(low="music: shipped:shore, level: +6 dB", high=", level: -12 dB"),
        two(low="music: shipped:shore, level: -4 dB", high=", level: +4 dB"),
        two(low="music: silence, level: -20 dB") + CUE,
        two(low="music: shipped:shore, level: -12 dB", high=", level: -6 dB") + CUE,
        "sound: {phase_crossfade: 0s}\nphases: [{name: Low, length: 10s, music: shipped:shore}]\n",
    ],
)
def test_what_is_gentle_has_no_note(tmp_path: Path, body: str) -> None:
    assert notes(tmp_path, body) == []


def test_many_short_phases_are_one_note(tmp_path: Path) -> None:
    rows = "".join(
        f"  - {{name: P{number}, length: 10s, music: shipped:shore}}\n" for number in range(5)
    )
    (note,) = notes(tmp_path, "phases:\n" + rows)
    assert note.startswith("P0, P1, P2 and 2 more are shorter than two fades of 25s")


def test_the_shipped_sessions_have_no_such_note() -> None:
    with Catalogue() as catalogue:
        for path in sorted(paths.shipped().glob("*.yaml")):
            if path.stem in {"music", "voice"}:
                continue
            assert check(load(path), catalogue).warnings == (), path.stem

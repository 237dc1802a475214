"""How music is written here: pitches, chords, bass lines, tunes.

``F#4`` and ``Bb2`` are pitches, ``D3 A3 D4 F#4`` is a chord from low to high, and
``A4:3 D5:5 -:2 E5:4`` is a tune: each note with its length in beats, ``-`` for a rest.
Knows nothing of how anything sounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


@dataclass(frozen=True)
class Note:
    """One note of a tune; beats are counted from the tune's start."""

    start_beat: float
    beats: float
    pitch_hz: float


def hz(note: str) -> float:
    """The pitch of a note as written, in equal temperament, A4 = 440 Hz."""
    sharps = note.count("#") - note[1:].count("b")
    semitones = STEPS[note[0]] + sharps + 12 * (int(note[-1]) - 4) - 9
    return 440.0 * 2 ** (semitones / 12)


def chord(notes: str) -> tuple[str, ...]:
    """A chord as written, from low to high."""
    return tuple(notes.split())


def line(notes: str) -> list[tuple[str, ...]]:
    """A bass line as written, as chords of one note each: ``D2 B1 G1``."""
    return [(note,) for note in notes.split()]


def tune(text: str) -> list[Note]:
    """The notes of a tune, without its rests."""
    return [note for phrase in phrases(text) for note in phrase]


def phrases(text: str) -> list[list[Note]]:
    """A tune's phrases: what stands between its rests is played in one breath."""
    notes, now = [], 0.0
    for word in text.split():
        pitch, _, length = word.partition(":")
        beats = float(length)
        notes.append(Note(now, beats, 0.0 if pitch == "-" else hz(pitch)))
        now += beats
    return [list(some) for sounds, some in groupby(notes, lambda n: n.pitch_hz > 0) if sounds]

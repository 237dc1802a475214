"""A piece of music as a circle: what runs past its end comes round to its start.

Events are added modulo the length, slow waves run a whole number of cycles, and whatever is made
by an FFT of the whole length is periodic in it, so a loop has no seam to hide. Knows nothing of
timbre, harmony or loudness.
"""

from __future__ import annotations

import numpy as np
from measure import SAMPLE_RATE, Sound
from numpy.typing import NDArray

WAVE_STEP = 256
"""Slow waves are computed at every 256th frame and joined by lines: they turn in seconds."""

Curve = NDArray[np.float32]


class Circle:
    """A loop of `length_s` seconds with named buses, and the random numbers of its seed."""

    def __init__(self, length_s: int, seed: int) -> None:
        self.length_s = length_s
        self.frames = length_s * SAMPLE_RATE
        self.rng = np.random.default_rng(seed)
        self.buses: dict[str, Sound] = {}

    def bus(self, name: str) -> Sound:
        """The samples of a bus, of shape (2, frames); silent until something is added."""
        if name not in self.buses:
            self.buses[name] = np.zeros((2, self.frames), np.float32)
        return self.buses[name]

    def add(self, bus: str, start_s: float, sound: Sound) -> None:
        """Adds (2, n) frames from `start_s` on, round the end of the circle where they reach it."""
        target = self.bus(bus)
        place = round(start_s * SAMPLE_RATE) % self.frames
        while sound.shape[1]:
            fits = min(sound.shape[1], self.frames - place)
            target[:, place : place + fits] += sound[:, :fits]
            sound, place = sound[:, fits:], 0

    def wave(self, low: float, high: float, cycles: int) -> Curve:
        """A raised sine that runs `cycles` times round the circle, from a random phase."""
        return raised_sine(self.frames, low, high, self.frames / cycles, self.phase())

    def phase(self) -> float:
        """A random phase in radians."""
        return float(self.rng.uniform(0, 2 * np.pi))

    def between(self, low: float, high: float) -> float:
        """A random number from `low` to `high`."""
        return float(self.rng.uniform(low, high))


def raised_sine(frames: int, low: float, high: float, period: float, phase: float) -> Curve:
    """A slow wave between `low` and `high`; `period` in frames."""
    coarse = np.arange(0, frames + WAVE_STEP, WAVE_STEP)
    values = low + (high - low) * (0.5 - 0.5 * np.cos(2 * np.pi * coarse / period + phase))
    return np.interp(np.arange(frames), coarse, values).astype(np.float32)


def panned(sound: Sound, pan: float) -> Sound:
    """A stereo sound moved from -1 (left) to 1 (right) at equal power; 0 leaves it as it is."""
    angle = (pan + 1) * np.pi / 4
    sides = np.array([[np.cos(angle)], [np.sin(angle)]], np.float32) * np.sqrt(2)
    return sound * sides.astype(np.float32)


NOTES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def hz(note: str) -> float:
    """The pitch of a note as written, ``F#4`` or ``Bb2``, in equal temperament, A4 = 440 Hz."""
    sharps = note.count("#") - note[1:].count("b")
    semitones = NOTES[note[0]] + sharps + 12 * (int(note[-1]) - 4) - 9
    return 440.0 * 2 ** (semitones / 12)


def chord(notes: str) -> tuple[str, ...]:
    """A chord as written, from low to high: ``D3 A3 D4 F#4``."""
    return tuple(notes.split())


def line(notes: str) -> list[tuple[str, ...]]:
    """A bass line as written, as chords of one note each: ``D2 B1 G1``."""
    return [(note,) for note in notes.split()]

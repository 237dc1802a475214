"""A piece of music as a circle: what runs past its end comes round to its start.

Events are added modulo the length, slow waves run a whole number of cycles, and whatever is made
by an FFT of the whole length is periodic in it, so a loop has no seam to hide. Knows nothing of
timbre, harmony or loudness.
"""

from __future__ import annotations

import itertools

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

    def wave(self, low: float, high: float, cycles: int, phase: float | None = None) -> Curve:
        """A raised sine that runs `cycles` times round the circle.

        It starts from a random phase, or from one in radians: 0 is at `low`, pi at `high`.
        """
        turn = self.phase() if phase is None else phase
        return raised_sine(self.frames, low, high, self.frames / cycles, turn)

    def arc(self, *points: tuple[float, float]) -> Curve:
        """A smooth curve through (second, value), in order, that joins itself round the circle."""
        around = [*points, (points[0][0] + self.length_s, points[0][1])]
        coarse_s = np.arange(0, self.frames + WAVE_STEP, WAVE_STEP) / SAMPLE_RATE
        at_s = points[0][0] + (coarse_s - points[0][0]) % self.length_s
        values = np.empty(len(at_s))
        for (start_s, before), (end_s, after) in itertools.pairwise(around):
            here = (at_s >= start_s) & (at_s < end_s)
            turn = (at_s[here] - start_s) / (end_s - start_s) * np.pi
            values[here] = before + (after - before) * (0.5 - 0.5 * np.cos(turn))
        return np.interp(np.arange(self.frames), coarse_s * SAMPLE_RATE, values).astype(np.float32)

    def value(self, curve: Curve, at_s: float) -> float:
        """What a curve of the circle's length is worth at a second, which may lie past its end."""
        return float(curve[round(at_s * SAMPLE_RATE) % self.frames])

    def steady(self, bus: str, share: float, over_s: float = 6.0) -> None:
        """Draws a bus towards its mean level, as `fader` has it.

        Voices an octave apart lie partly on the same tones, and may be in step or out of it for
        half a chord.
        """
        target = self.bus(bus)
        target *= fader(target, share, over_s)

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


def fader(sound: Sound, share: float, over_s: float) -> Curve:
    """The gain with which a hand on a fader would even out a loop: 0 not at all, 1 fully.

    It follows the power under a bell of about half of `over_s`, and looks ahead as far as back.
    """
    power = (sound**2).reshape(2, -1, WAVE_STEP).mean(axis=(0, 2), dtype=np.float64)
    turns = np.fft.rfftfreq(len(power), WAVE_STEP / SAMPLE_RATE)
    blur = np.exp(-((turns * over_s) ** 2))
    slow = np.maximum(np.fft.irfft(np.fft.rfft(power) * blur, len(power)), power.mean() / 100)
    gain = (power.mean() / slow) ** (share / 2)
    ticks = (np.arange(len(gain) + 2) - 0.5) * WAVE_STEP
    around = np.concatenate([gain[-1:], gain, gain[:1]])
    return np.interp(np.arange(sound.shape[1]), ticks, around).astype(np.float32)


def panned(sound: Sound, pan: float) -> Sound:
    """A stereo sound moved from -1 (left) to 1 (right) at equal power; 0 leaves it as it is."""
    angle = (pan + 1) * np.pi / 4
    sides = np.array([[np.cos(angle)], [np.sin(angle)]], np.float32) * np.sqrt(2)
    return sound * sides.astype(np.float32)

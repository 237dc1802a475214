"""Sounds that are struck and die away: bowls, piano, harp, bars and bells, as sums of modes.

Each mode is a pair of tones a little apart, spread over left and right, so that it beats and
moves. Knows nothing of the piece but its circle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from circle import Circle, panned
from measure import SAMPLE_RATE

SIXTY_DB = 6.91
"""ln(1000): decays are given as the time to fall by 60 dB."""


@dataclass(frozen=True)
class Mode:
    """One way in which a body rings."""

    hz: float
    level: float
    decay_s: float
    beat_hz: float


def strike(
    circle: Circle,
    bus: str,
    start_s: float,
    modes: list[Mode],
    *,
    rise_s: float,
    level: float,
    pan: float,
) -> None:
    """Adds a struck sound, with a soft rise, until its slowest mode has died away."""
    lengths = [round(1.1 * mode.decay_s * SAMPLE_RATE) for mode in modes]
    sound = np.zeros((2, max(lengths)))
    for mode, frames in zip(modes, lengths, strict=True):
        if mode.hz > 11_000:
            continue
        time_s = np.arange(frames) / SAMPLE_RATE
        fall = mode.level * (np.exp(-SIXTY_DB * time_s / mode.decay_s) - np.exp(-1.1 * SIXTY_DB))
        for split, (left, right) in ((-0.5, (0.62, 0.38)), (0.5, (0.38, 0.62))):
            turns = 2 * np.pi * (mode.hz + split * mode.beat_hz) * time_s + circle.phase()
            tone = np.sin(turns) * fall
            sound[0, :frames] += left * tone
            sound[1, :frames] += right * tone
    rise = round(rise_s * SAMPLE_RATE)
    sound[:, :rise] *= np.sin(np.linspace(0, np.pi / 2, rise)) ** 2
    circle.add(bus, start_s, panned((sound * level).astype(np.float32), pan))


def bowl(
    circle: Circle,
    bus: str,
    start_s: float,
    pitch_hz: float,
    level: float,
    *,
    rise_s: float = 0.5,
    pan: float = 0.0,
    light: float = 0.5,
    beat_hz: float = 0.7,
    decay_s: float = 26.0,
) -> None:
    """A singing bowl: bending modes between those of a ring and those measured of bowls."""
    ratios = (1, 2.76, 5.12, 8.0, 11.5)
    levels = (1, 0.5 * light, 0.22 * light, 0.08 * light, 0.03 * light)
    decays = (1, 0.52, 0.27, 0.14, 0.08)
    beats = (1, 1.9, 3.1, 4, 5)
    rows = zip(ratios, levels, decays, beats, strict=True)
    modes = [Mode(pitch_hz * r, a, decay_s * d, beat_hz * b) for r, a, d, b in rows]
    strike(circle, bus, start_s, modes, rise_s=rise_s, level=level, pan=pan)


def felt(
    circle: Circle, bus: str, start_s: float, pitch_hz: float, level: float, *, pan: float = 0.0
) -> None:
    """A piano with felt between hammer and string: few partials, a little stretched."""
    modes = [
        Mode(
            hz=k * pitch_hz * (1 + 4e-4 * k * k) ** 0.5,
            level=k**-1.25 * float(np.exp(-k * pitch_hz / 1500)),
            decay_s=float(np.clip(9 * (220 / pitch_hz) ** 0.5, 3, 14)) / k**0.75,
            beat_hz=0.0006 * pitch_hz * k**0.5,
        )
        for k in range(1, 9)
    ]
    strike(circle, bus, start_s, modes, rise_s=0.17, level=level, pan=pan)


def harp(
    circle: Circle,
    bus: str,
    start_s: float,
    pitch_hz: float,
    level: float,
    *,
    pan: float = 0.0,
    rise_s: float = 0.05,
) -> None:
    """A gut string, plucked with the flesh of the finger at two fifths of its length."""
    long_s = float(np.clip(5.5 * (220 / pitch_hz) ** 0.5, 2, 8))
    modes = []
    for k in (1, 2, 3, 4, 6, 7, 8, 9):
        loud = abs(np.sin(0.4 * np.pi * k)) * k**-1.1 * np.exp(-k * pitch_hz / 3000)
        modes.append(Mode(k * pitch_hz, float(loud), long_s / k**0.6, 0.0008 * pitch_hz))
    strike(circle, bus, start_s, modes, rise_s=rise_s, level=level, pan=pan)


def mallet(
    circle: Circle, bus: str, start_s: float, pitch_hz: float, level: float, *, pan: float = 0.0
) -> None:
    """A wooden bar under a soft mallet, tuned 1 : 4 : 9.8 as marimbas are, over its tube."""
    long_s = float(np.clip(2.6 * (440 / pitch_hz) ** 0.6, 1.2, 4))
    modes = [
        Mode(pitch_hz, 1, long_s, 0.5),
        Mode(pitch_hz * 2, 0.1, long_s * 0.6, 0.8),
        Mode(pitch_hz * 4, 0.2, long_s * 0.3, 1.5),
        Mode(pitch_hz * 9.8, 0.05, long_s * 0.12, 3),
    ]
    strike(circle, bus, start_s, modes, rise_s=0.05, level=level, pan=pan)


def tine(
    circle: Circle,
    bus: str,
    start_s: float,
    pitch_hz: float,
    level: float,
    *,
    pan: float = 0.0,
    rise_s: float = 0.07,
) -> None:
    """An electric piano, softly: a tine, its tone bar, and a little of the bell above."""
    long_s = float(np.clip(7 * (220 / pitch_hz) ** 0.5, 3, 10))
    modes = [
        Mode(pitch_hz, 1, long_s, 0.9),
        Mode(pitch_hz * 2, 0.3, long_s * 0.6, 1.1),
        Mode(pitch_hz * 3, 0.12, long_s * 0.4, 1.3),
        Mode(pitch_hz * 4, 0.05, long_s * 0.3, 1.7),
        Mode(pitch_hz * 7.1, 0.03, long_s * 0.12, 2.3),
    ]
    strike(circle, bus, start_s, modes, rise_s=rise_s, level=level, pan=pan)


def chime(
    circle: Circle, bus: str, start_s: float, pitch_hz: float, level: float, *, pan: float = 0.0
) -> None:
    """A small glass bell, far away: few modes, long, hardly struck."""
    rows = ((1, 1, 9, 0.6), (2.32, 0.3, 5, 1.1), (4.25, 0.12, 2.5, 2))
    modes = [Mode(pitch_hz * r, a, decay_s, beat_hz) for r, a, decay_s, beat_hz in rows]
    strike(circle, bus, start_s, modes, rise_s=0.12, level=level, pan=pan)

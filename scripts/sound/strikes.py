"""Sounds that are struck and die away: singing bowls and a felted piano, as sums of modes.

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
    frames = round(1.1 * max(mode.decay_s for mode in modes) * SAMPLE_RATE)
    time_s = np.arange(frames) / SAMPLE_RATE
    sound = np.zeros((2, frames))
    for mode in modes:
        if mode.hz > 11_000:
            continue
        fall = mode.level * np.exp(-SIXTY_DB * time_s / mode.decay_s)
        for split, (left, right) in ((-0.5, (0.62, 0.38)), (0.5, (0.38, 0.62))):
            turns = 2 * np.pi * (mode.hz + split * mode.beat_hz) * time_s + circle.phase()
            tone = np.sin(turns) * fall
            sound[0] += left * tone
            sound[1] += right * tone
    rise, end = round(rise_s * SAMPLE_RATE), SAMPLE_RATE // 2
    sound[:, :rise] *= np.sin(np.linspace(0, np.pi / 2, rise)) ** 2
    sound[:, -end:] *= np.linspace(1, 0, end)
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
    strike(circle, bus, start_s, modes, rise_s=0.14, level=level, pan=pan)

"""Sounds without pitch: waves that come up a shore, and moving air.

All noise is made by one inverse FFT of the circle's length, so it joins itself. Knows nothing of
the piece but its circle.
"""

from __future__ import annotations

import numpy as np
from circle import Circle, Curve
from measure import SAMPLE_RATE, Sound
from scipy import fft

BANDS = ((90, 220, 1.0, 0.5), (220, 500, 0.9, 0.65), (500, 1100, 0.62, 0.9),
         (1100, 2300, 0.36, 1.2), (2300, 4800, 0.2, 1.5), (4800, 9000, 0.1, 1.8))  # fmt: skip
"""Lowest Hz, highest Hz, level, and how much more than the others the band follows a swell."""
STEP = 480
"""Swells are drawn in steps of 10 ms."""


def noise(circle: Circle, low_hz: float, high_hz: float) -> Sound:
    """Soft-edged noise of a band, falling 3 dB an octave, unrelated left and right, RMS 1."""
    frequency = np.arange(circle.frames // 2 + 1, dtype=np.float32) * (SAMPLE_RATE / circle.frames)
    octave = np.log2(np.maximum(frequency, 1))
    outside = np.maximum(0, np.log2(low_hz) - octave) + np.maximum(0, octave - np.log2(high_hz))
    level = np.exp(-6 * outside**2) / np.sqrt(np.maximum(frequency, 20))
    made = np.empty((2, circle.frames), np.float32)
    for side in range(2):
        phases = circle.rng.random(len(level), np.float32) * np.float32(2 * np.pi)
        made[side] = fft.irfft((level * np.exp(1j * phases)).astype(np.complex64), circle.frames)
    return made / np.sqrt((made**2).mean())


def sea(
    circle: Circle, bus: str, level: float, *, every_s: float = 11.5, floor: float = 0.22
) -> None:
    """Two layers of waves on a shore, brighter as they rise, drifting from side to side."""
    target = circle.bus(bus)
    for layer in range(2):
        swell = swells(circle, round(circle.length_s / (every_s * (1 + 0.31 * layer))), floor)
        for low_hz, high_hz, band_level, bend in BANDS:
            band = noise(circle, low_hz, high_hz) * swell**bend * np.float32(level * band_level / 2)
            drift = circle.wave(-0.25, 0.25, round(circle.length_s / circle.between(7, 13)))
            target[0] += band[0] * (1 - drift)
            target[1] += band[1] * (1 + drift)


def swells(circle: Circle, waves: int, floor: float) -> Curve:
    """So many waves round the circle, each up in 4 to 6 s and down in 5 to 8."""
    steps = circle.frames // STEP
    curve = np.full(steps, floor)
    for wave in range(waves):
        start_s = (wave + circle.between(-0.18, 0.18)) * circle.length_s / waves
        rise_s, fall_s, height = (
            circle.between(4.2, 6),
            circle.between(5, 8),
            circle.between(0.55, 1),
        )
        time_s = np.arange(0, rise_s + 3 * fall_s, STEP / SAMPLE_RATE)
        up = np.sin(np.pi / 2 * np.minimum(time_s / rise_s, 1)) ** 2
        down = np.exp(-(np.maximum(time_s - rise_s, 0) ** 1.2) / fall_s)
        place = (round(start_s * SAMPLE_RATE / STEP) + np.arange(len(time_s))) % steps
        np.add.at(curve, place, 0.9 * height * up * down)
    around = np.append(curve, curve[0])
    return np.interp(np.arange(circle.frames) / STEP, np.arange(steps + 1), around).astype(
        np.float32
    )


def air(
    circle: Circle,
    bus: str,
    level: float,
    low_hz: float,
    high_hz: float,
    *,
    depth: float,
    cycles: int,
) -> None:
    """A breath of noise that comes and goes `cycles` times round the circle."""
    circle.bus(bus)[:] += noise(circle, low_hz, high_hz) * circle.wave(1 - depth, 1, cycles) * level

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
    step_hz = SAMPLE_RATE / circle.frames
    low, high = int(low_hz / 3 / step_hz), min(int(high_hz * 3 / step_hz), circle.frames // 2)
    frequency = np.arange(low, high, dtype=np.float32) * np.float32(step_hz)
    octave = np.log2(frequency)
    outside = np.maximum(0, np.log2(low_hz) - octave) + np.maximum(0, octave - np.log2(high_hz))
    level = np.exp(-6 * outside**2) / np.sqrt(frequency)
    made = np.empty((2, circle.frames), np.float32)
    for side in range(2):
        phases = circle.rng.random(len(level), np.float32) * np.float32(2 * np.pi)
        spectrum = np.zeros(circle.frames // 2 + 1, np.complex64)
        spectrum[low:high] = level * np.exp(1j * phases)
        made[side] = fft.irfft(spectrum, circle.frames, workers=2)
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


def rain(circle: Circle, bus: str, level: float) -> None:
    """Steady rain on leaves: hiss, a low murmur, and drops that can be told apart."""
    target = circle.bus(bus)
    for low_hz, high_hz, share, cycles in ((140, 500, 0.5, 5), (700, 2600, 0.55, 11),
                                           (2400, 8000, 0.45, 7)):  # fmt: skip
        gusts = circle.wave(0.65, 1, cycles)
        target += noise(circle, low_hz, high_hz) * gusts * np.float32(level * share)
    for pitch_hz in (620, 900, 1300, 1750, 2400, 3300):
        target += drops(circle, pitch_hz, per_s=9) * np.float32(
            level * 0.8 * (900 / pitch_hz) ** 0.4
        )


def drops(circle: Circle, pitch_hz: float, per_s: float) -> Sound:
    """Drops of one pitch, anywhere between left and right, most of them far off."""
    count = round(per_s * circle.length_s)
    places = circle.rng.integers(circle.frames, size=count)
    near = np.minimum(circle.rng.lognormal(-1.2, 0.8, count), 1.6)
    angle = circle.rng.uniform(0, np.pi / 2, count)
    time_s = np.arange(SAMPLE_RATE // 10) / SAMPLE_RATE
    fall_s = 9.0 / pitch_hz
    grain = np.sin(2 * np.pi * pitch_hz * time_s) * time_s / fall_s * np.exp(1 - time_s / fall_s)
    shape = fft.rfft(grain.astype(np.float32), circle.frames, workers=2)
    made = np.empty((2, circle.frames), np.float32)
    for side, share in enumerate((np.cos(angle), np.sin(angle))):
        train = np.zeros(circle.frames, np.float32)
        np.add.at(train, places, near * share)
        made[side] = fft.irfft(fft.rfft(train, workers=2) * shape, circle.frames, workers=2)
    return made

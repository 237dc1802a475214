"""The room a piece sounds in, and its master: reverb, echo, tone, width, loudness.

Every step is a product in one FFT of the circle's length, so a loop stays a loop. Knows nothing
of what plays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from circle import Circle, fader
from measure import SAMPLE_RATE, Sound, loudness, tilt_db_per_octave
from numpy.typing import NDArray
from scipy import fft

THREADS = 2
DECAYS = ((125, 0.8), (250, 1.0), (500, 1.0), (1000, 0.9), (2000, 0.68), (4000, 0.42), (8000, 0.22))
"""Octaves of the reverb in Hz, each with its share of the decay time: highs die first."""

Spectrum = NDArray[np.complex64]


@dataclass(frozen=True)
class Echo:
    """A ping-pong echo: each repeat on the other side, darker and softer."""

    feedback: float
    delay_s: float
    corner_hz: float


@dataclass(frozen=True)
class Send:
    """How much of a bus is heard near, and how much through the room."""

    dry: float
    wet: float
    echo: Echo | None = None


@dataclass(frozen=True)
class Master:
    """What the whole should come to."""

    lufs: float = -20.0
    peak_dbtp: float = -3.6
    alike: float = 0.5
    """The wanted correlation of left and right."""
    fall_db_per_octave: float = -11.5
    """How the whole should fall from 2 to 8 kHz: -9 is light, -14 dark."""
    ride: float = 0.0
    """How far swells of a second or two are evened out, so that nothing startles: 0 to 1."""


def mastered(circle: Circle, sends: dict[str, Send], decay_s: float, master: Master) -> Sound:
    """All buses through the room, toned, widened or narrowed, and levelled: (2, frames)."""
    frequency = np.arange(circle.frames // 2 + 1, dtype=np.float32)
    frequency *= SAMPLE_RATE / circle.frames
    middle, side = _mixed(circle, sends, decay_s, frequency)
    raw_fall = tilt_db_per_octave(_heard(middle, circle)[np.newaxis])
    tone = _tone(frequency, master.fall_db_per_octave - raw_fall)
    middle *= tone
    # Below 110 Hz both ears hear the same: deep side sound is felt as pressure on headphones.
    side *= tone * (frequency**2 / (frequency**2 + 110**2))
    side *= _width(middle, side, master.alike)
    sound = np.stack([_heard(middle + side, circle), _heard(middle - side, circle)])
    if master.ride:
        sound *= fader(sound, master.ride, over_s=2.5)
    return _levelled(sound, master)


def _mixed(
    circle: Circle, sends: dict[str, Send], decay_s: float, frequency: NDArray[np.float32]
) -> tuple[Spectrum, Spectrum]:
    """Middle and side of all buses, each near and through the room."""
    room = [fft.rfft(side, circle.frames, workers=THREADS) for side in _reverb(circle, decay_s)]
    total: list[Spectrum] = [np.zeros(len(frequency), np.complex64) for _ in range(2)]
    for name, send in sends.items():
        bus = [fft.rfft(side, workers=THREADS) for side in circle.buses.pop(name)]
        if send.echo:
            bus = _echoed(bus, send.echo, frequency)
        for side in range(2):
            here, there = bus[side], bus[1 - side]
            total[side] += here * send.dry + (0.8 * here + 0.45 * there) * room[side] * send.wet
    return (total[0] + total[1]) / 2, (total[0] - total[1]) / 2


def _echoed(bus: list[Spectrum], echo: Echo, frequency: NDArray[np.float32]) -> list[Spectrum]:
    """The closed form of endless repeats: the middle over 1 - gE, the side over 1 + gE."""
    once = np.exp(-2j * np.pi * frequency * echo.delay_s) / (1 + (frequency / echo.corner_hz) ** 2)
    repeat = (echo.feedback * once).astype(np.complex64)
    middle = (bus[0] + bus[1]) / 2 / (1 - repeat)
    side = (bus[0] - bus[1]) / 2 / (1 + repeat)
    return [middle + side, middle - side]


def _reverb(circle: Circle, decay_s: float) -> Sound:
    """An impulse response: noise in octaves, each with its own decay, 30 ms after the sound."""
    frames = round(min(decay_s * 1.6, 14) * SAMPLE_RATE)
    time_s = np.arange(frames, dtype=np.float32) / SAMPLE_RATE
    onset = np.minimum(1, time_s / 0.06) ** 1.5
    octave = np.log2(np.maximum(np.fft.rfftfreq(frames, 1 / SAMPLE_RATE), 1))
    made = np.zeros((2, frames), np.float32)
    for side in range(2):
        white = fft.rfft(circle.rng.standard_normal(frames, dtype=np.float32), workers=THREADS)
        for centre_hz, share in DECAYS:
            band = fft.irfft(white * np.exp(-2.2 * (octave - np.log2(centre_hz)) ** 2), frames)
            fall = np.exp(-6.91 * time_s / (decay_s * share)) * onset
            made[side] += band / np.sqrt((band**2).mean()) * fall * (centre_hz / 1000) ** 0.35
    delayed = np.pad(made, ((0, 0), (round(0.03 * SAMPLE_RATE), 0)))
    return delayed / np.sqrt((delayed**2).sum(axis=1).mean())


def _tone(frequency: NDArray[np.float32], lift_db_per_octave: float) -> NDArray[np.float32]:
    """A high-pass at 32 Hz, a slope from 1 to 8 kHz, and a low-pass at 12 kHz."""
    low = (frequency / 32) ** 4
    slope = np.clip(frequency / 1000, 1, 8) ** (lift_db_per_octave / 6.02)
    return (low / (1 + low) * slope / (1 + (frequency / 12_000) ** 8)).astype(np.float32)


def _width(middle: Spectrum, side: Spectrum, alike: float) -> float:
    """The gain of the side that makes left and right correlate as wanted: (M - S) / (M + S)."""
    power = float((np.abs(middle) ** 2).sum() / (np.abs(side) ** 2).sum())
    return float(np.sqrt(power * (1 - alike) / (1 + alike)))


def _heard(spectrum: Spectrum, circle: Circle) -> NDArray[np.float32]:
    return fft.irfft(spectrum, circle.frames, workers=THREADS).astype(np.float32)


def _levelled(sound: Sound, master: Master) -> Sound:
    """At the wanted loudness, or lower where the true peak asks for it."""
    sound = sound / np.abs(sound).max() / 2
    now = loudness(sound, loop=True)
    gain_db = min(master.lufs - now.lufs, master.peak_dbtp - now.true_peak_dbtp)
    return (sound * 10 ** (gain_db / 20)).astype(np.float32)

"""Recordings as a microphone would give them: a voice, a room, both together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mono = NDArray[np.float32]

S = 48_000


def spoken(length_s: float = 2.0, level: float = 0.1) -> Mono:
    """Syllables of a voice: 160 Hz with harmonics, four a second, none louder than `level`."""
    at = np.arange(round(length_s * S)) / S
    voice = np.sum([np.sin(2 * np.pi * 160 * n * at) / n for n in range(1, 12)], axis=0)
    sound = voice * np.sin(np.pi * 4 * at) ** 2
    return (level * sound / np.abs(sound).max()).astype(np.float32)


def room(length_s: float, level_db: float = -65.0, seed: int = 1) -> Mono:
    """The noise of a room, at this power in dB of full scale."""
    noise = np.random.default_rng(seed).standard_normal(round(length_s * S))
    return (noise * 10 ** (level_db / 20)).astype(np.float32)


def recorded(sound: Mono | None = None, noise_db: float = -65.0) -> Mono:
    """A second of room, the sentence, a second of room."""
    sound = spoken() if sound is None else sound
    whole = room(len(sound) / S + 2.0, noise_db)
    whole[S : S + len(sound)] += sound
    return whole


def tone(hertz: float, seconds: float = 2.0, level: float = 0.25) -> Mono:
    """A plain sine."""
    wave = np.sin(2 * np.pi * hertz * np.arange(round(seconds * S)) / S)
    return (level * wave).astype(np.float32)


def power_db(sound: Mono, hertz: float) -> float:
    """The level of one frequency in the middle second of a sound, in dB of a full sine."""
    part = sound[len(sound) // 2 - S // 2 : len(sound) // 2 + S // 2]
    wave = np.exp(-2j * np.pi * hertz * np.arange(len(part)) / S)
    return float(20 * np.log10(2 * abs((part * wave).mean()) + 1e-12))

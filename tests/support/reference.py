"""The sound a session must make, worked out from the written rules alone, without the player.

Tracks, fades and ducks are laid down as rows of (what, from, to); gains multiply sample by sample.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

S = 48_000
Samples = NDArray[np.float64]


def rise(frames: int, start: float, length: float) -> Samples:
    """sin from 0 at `start` to 1 after `length` seconds."""
    place = (np.arange(frames) - start * S) / (length * S)
    return np.sin(np.pi / 2 * np.clip(place, 0, 1))


def fall(frames: int, start: float, length: float) -> Samples:
    """cos from 1 at `start` to 0 after `length` seconds."""
    place = (np.arange(frames) - start * S) / (length * S)
    gain = np.cos(np.pi / 2 * np.clip(place, 0, 1))
    gain[place >= 1] = 0.0
    return gain


def dip(frames: int, points: list[tuple[float, float]]) -> Samples:
    """A gain through points of (seconds, dB), linear in dB between them."""
    at, level = zip(*points, strict=True)
    decibels = np.interp(np.arange(frames), np.array(at) * S, level)
    return np.asarray(10 ** (decibels / 20))


@dataclass
class Laid:
    """One track: its samples, where it starts, its gain, and its fades."""

    sound: NDArray[np.float32]
    start: float
    gain_db: float
    fade_in: float
    falls: list[tuple[float, float]] = field(default_factory=list)


def summed(frames: int, tracks: list[Laid]) -> Samples:
    """All tracks with their fades, (frames, 2)."""
    out = np.zeros((frames, 2))
    for track in tracks:
        line = np.zeros((frames, 2))
        first = round(track.start * S)
        stop = min(frames, first + len(track.sound))
        line[first:stop] = track.sound[: stop - first]
        gain = rise(frames, track.start, track.fade_in) * 10 ** (track.gain_db / 20)
        for start, length in track.falls:
            gain = gain * fall(frames, start, length)
        out += line * gain[:, None]
    return out

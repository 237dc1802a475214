"""A look-ahead limiter that guards the sum: true-peak aware, and exactly nothing while idle.

Attenuation is wanted where a peak, also one between samples, passes the ceiling. It is spread
over the look-ahead by a moving maximum, let go exponentially, and smoothed by a moving mean of
the same length, so that it is whole when the peak comes and never has a corner.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from player.sound.streams import BLOCK, Sound
from player.units import CHANNELS, SAMPLE_RATE, Decibels, Frames, gain_of

LOOK_AHEAD: Frames = 256
"""Frames that must be known ahead of those that are given out: 5.3 ms."""

RELEASE_S = 0.15
"""The time in which attenuation falls to 37%."""

_TAPS = 8
"""Samples on each side that a value between two samples is made of."""

_ATTACK = LOOK_AHEAD - _TAPS
_OVERSAMPLING = 8
"""Peaks are sought at 8 times the rate: at 20 kHz 0.12 dB may hide, at 4 times it is 0.47."""

_WITHIN = gain_of(-3.0)
"""Samples further below the ceiling are taken to hide no peak over it."""

_MARGIN_DB = 0.04
"""Kept below the ceiling for what hides from 8 times oversampling."""

_IDLE = 1e-5
"""Attenuation below 0.0001 dB is none."""

_Line: TypeAlias = NDArray[np.float64]


def _between() -> NDArray[np.float32]:
    """Weights, (2 taps, points): the values at the points between two samples, windowed sinc."""
    points = np.arange(1, _OVERSAMPLING) / _OVERSAMPLING
    distance = np.arange(2 * _TAPS)[:, None] - (_TAPS - 1) - points[None, :]
    window = np.i0(7.0 * np.sqrt(np.clip(1 - (distance / _TAPS) ** 2, 0, 1))) / np.i0(7.0)
    weights = np.sinc(distance) * window
    even: NDArray[np.float32] = (weights / weights.sum(0)).astype(np.float32)
    return even


class Limiter:
    """Holds a stream below a ceiling; windows of BLOCK + LOOK_AHEAD frames, BLOCK apart."""

    def __init__(self, ceiling_dbtp: Decibels) -> None:
        self._ceiling = gain_of(ceiling_dbtp - _MARGIN_DB)
        self._known: _Line = np.zeros(0)
        self._mean: _Line | None = None
        self._carried = 0.0
        self._idle = True
        self._weights = _between()
        self._decay = np.exp(-np.arange(1, BLOCK + 1) / (RELEASE_S * SAMPLE_RATE))

    def guard(self, window: Sound) -> None:
        """Attenuate the first BLOCK frames in place, seeing LOOK_AHEAD frames further.

        The window is (BLOCK + LOOK_AHEAD, 2); what it shares with the last one is unchanged.
        What is not a number becomes silence.
        """
        fresh = window[len(self._known) :]
        peak = max(float(fresh.max()), -float(fresh.min()))
        if not math.isfinite(peak):
            np.nan_to_num(fresh, copy=False, posinf=0.0, neginf=0.0)
            peak = max(float(fresh.max()), -float(fresh.min()))
        loud = peak > self._ceiling * _WITHIN
        if self._idle and not loud:
            self._known = self._mean = _NONE
            return
        wanted = np.zeros(BLOCK + _ATTACK)
        wanted[: len(self._known)] = self._known
        if loud:
            self._seek(window, wanted, len(self._known))
        self._known = wanted[BLOCK:]
        self._attenuate(window[:BLOCK], wanted)

    def _seek(self, window: Sound, wanted: _Line, first: Frames) -> None:
        """Write the attenuation each frame from `first` on wants for itself."""
        size = np.maximum(np.abs(window[:, 0]), np.abs(window[:, 1]))
        near = size > self._ceiling * _WITHIN
        between = np.flatnonzero(near[first - 1 if first else 0 : -1] | near[first or 1 :])
        between += first - 1 if first else 0
        between = between[between < len(wanted)]
        hidden = self._hidden_peaks(window, between)
        peaks = size[: len(wanted) + 1].astype(np.float64)
        np.maximum.at(peaks, between, hidden)
        np.maximum.at(peaks, between + 1, hidden)
        fresh = peaks[first : len(wanted)]
        wanted[first:] = 1.0 - self._ceiling / np.maximum(fresh, self._ceiling)

    def _hidden_peaks(self, window: Sound, between: NDArray[np.intp]) -> NDArray[np.float32]:
        """The largest value between frame i and the next, for each i of `between`."""
        padded = np.concatenate((np.zeros((_TAPS, CHANNELS), np.float32), window))
        total = np.zeros((len(between), CHANNELS, _OVERSAMPLING - 1), np.float32)
        for tap, weights in enumerate(self._weights):
            total += padded[between + (tap + 1)][:, :, None] * weights
        found: NDArray[np.float32] = np.abs(total, out=total).max(axis=(1, 2), initial=0.0)
        return found

    def _attenuate(self, sound: Sound, wanted: _Line) -> None:
        ahead = _moving_maximum(wanted, _ATTACK + 1)
        held = np.maximum.accumulate(np.maximum(ahead / self._decay, self._carried)) * self._decay
        self._carried = float(held[-1]) if held[-1] > _IDLE else 0.0
        if self._mean is None:
            self._mean = np.full(_ATTACK, held[0])  # no sound comes before the first frame
        whole = np.concatenate((self._mean, held))
        self._mean = whole[BLOCK:]
        if not self._carried:
            self._mean = np.where(self._mean > _IDLE, self._mean, 0.0)
        total = np.concatenate(((0.0,), np.cumsum(whole)))
        attenuation = (total[_ATTACK + 1 :] - total[: -_ATTACK - 1]) / (_ATTACK + 1)
        gain = (1.0 - attenuation).astype(np.float32)
        sound[:, 0] *= gain
        sound[:, 1] *= gain
        self._idle = not (self._carried or self._known.any() or self._mean.any())


_NONE: _Line = np.zeros(_ATTACK)


def _moving_maximum(line: _Line, width: Frames) -> _Line:
    """The largest of `width` neighbours from each place on, by doubling."""
    reach = 1
    while 2 * reach <= width:
        line = np.maximum(line[:-reach], line[reach:])
        reach *= 2
    rest = width - reach
    return np.maximum(line[:-rest], line[rest:]) if rest else line

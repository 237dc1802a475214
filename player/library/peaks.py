"""True peak, by oversampling four times only where it can lie. Knows nothing of files."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from player.sound.streams import Sound, silence
from player.units import CHANNELS, Decibels, decibels_of

REACH = 16
"""Samples on each side that a point between two samples is made of: BS.1770-5 uses 6."""
WITHIN = 0.5
"""Up to a quarter of the rate a peak rises 3 dB over its samples; 6 dB hold for clipped noise."""
QUARTERS = (-0.75, -0.5, -0.25, 0.25, 0.5, 0.75)
"""Where between the samples is looked: four times oversampled (ITU-R BS.1770-5, annex 2)."""


def _kernels() -> NDArray[np.float32]:
    """Windowed sinc (Kaiser, beta 6) for each quarter as columns, (2 * REACH + 1, 6)."""
    offsets = np.arange(-REACH, REACH + 1)
    columns = []
    for quarter in QUARTERS:
        away = offsets - quarter
        window = np.i0(6 * np.sqrt(np.clip(1 - (away / (REACH + 1)) ** 2, 0, 1))) / np.i0(6)
        column = np.sinc(away) * window
        columns.append(column / column.sum())
    return np.stack(columns, axis=1).astype(np.float32)


KERNELS = _kernels()
REACHED = CHANNELS * np.arange(-REACH, REACH + 1)
"""Where a sample's own side lies around it in interleaved sound."""


class PeakMeter:
    """The highest true peak of a stream of blocks.

    A point between samples can only be the highest beside a sample that is a crest or trough
    and within 6 dB of the highest so far: only there is it computed.
    """

    def __init__(self) -> None:
        self.highest = 0.0
        """Linear, full scale at 1."""
        self._carried = silence(2 * REACH)

    def push(self, block: Sound) -> float:
        """Take in the next frames, (n, 2); their highest sample, linear."""
        if len(block) < 2 * REACH:
            frames = np.concatenate([self._carried, block])
            self._carried = frames[-2 * REACH :]
            return self._look(frames)
        # What was carried was met before, but now has its neighbours on the other side.
        meeting = self._look(np.concatenate([self._carried, block[: 2 * REACH]]))
        self._carried = block[-2 * REACH :]
        return max(meeting, self._look(block))

    def finish(self) -> Decibels:
        """The true peak in dBTP once everything was pushed; -200 for silence."""
        self.push(silence(REACH))
        return max(-200.0, decibels_of(self.highest))

    def _look(self, frames: Sound) -> float:
        """Search what lies REACH or more within some frames; the highest sample of all of them."""
        flat = frames.reshape(-1)
        size = np.abs(flat)
        loudest = float(size.max())
        if loudest > self.highest * WITHIN:
            self.highest = max(self.highest, loudest)
            inner = size[CHANNELS * REACH : -CHANNELS * REACH]
            self._search(flat, (inner > self.highest * WITHIN).nonzero()[0] + CHANNELS * REACH)
        return loudest

    def _search(self, flat: NDArray[np.float32], places: NDArray[np.intp]) -> None:
        """Look beside those places that are crests or troughs; both sides lie interleaved."""
        here = flat[places]
        rises = (here - flat[places - CHANNELS]) * here >= 0
        falls = (here - flat[places + CHANNELS]) * here >= 0
        turns = places[rises & falls]
        if len(turns):
            points = flat[turns[:, None] + REACHED] @ KERNELS
            self.highest = max(self.highest, float(points.max()), -float(points.min()))

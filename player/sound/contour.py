"""A level that moves with a track's own places, wherever in the programme these fall.

Linear in dB between its points and level outside them; in a loop it goes round with the track.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from player.units import Decibels, Frame, Frames, gain_of

_NEPER = np.log(10.0) / 20.0


class Contour:
    """Points of (place, dB), in order; with `loop`, a place beyond it counts from the start."""

    def __init__(
        self, points: Sequence[tuple[Frames, Decibels]], *, loop: Frames | None = None
    ) -> None:
        self._places = np.array([place for place, _ in points], np.float64)
        self._levels = np.array([level for _, level in points], np.float64)
        self._loop = loop

    def from_frame(self, frame: Frame) -> Placed:
        """The same with the track's first frame at a frame of the programme."""
        return Placed(self, frame)

    def levels(self, first: Frames, count: Frames) -> NDArray[np.float64]:
        """The level in dB at each of `count` places from `first` on."""
        places = np.arange(first, first + count, dtype=np.float64)
        found: NDArray[np.float64] = np.interp(
            places, self._places, self._levels, period=self._loop
        )
        return found

    def steady_db(self, first: Frames, last: Frames) -> Decibels | None:
        """The level over [first, last] where it does not move there."""
        if self._loop is not None:
            return None
        inside = self._levels[(self._places > first) & (self._places < last)]
        ends = np.interp([first, last], self._places, self._levels)
        level = float(ends[0])
        return level if ends[1] == level and (inside == level).all() else None


class Placed:
    """A contour as a curve over the programme's frames."""

    def __init__(self, contour: Contour, at: Frame) -> None:
        self._contour = contour
        self._at = at

    def steady(self, start: Frame, stop: Frame) -> float | None:
        """The gain over [start, stop) where it does not move there, else None."""
        level_db = self._contour.steady_db(start - self._at, stop - self._at)
        return None if level_db is None else gain_of(level_db)

    def fill(self, start: Frame, out: NDArray[np.float32]) -> None:
        """Write the gain of frame start + k to out[k]."""
        out[:] = np.exp(self._contour.levels(start - self._at, len(out)) * _NEPER)

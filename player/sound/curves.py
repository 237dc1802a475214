"""The shapes that gains move along, each a function of the programme's frame and nothing else.

A curve stands still before `at`, moves over [at, at + frames) and stands still after it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from player.sound.streams import BLOCK
from player.units import Decibels, Frame, Frames, gain_of

LONGEST: Frames = 2 * BLOCK
"""Frames that a curve writes at a time, at most."""

QUARTER = math.pi / 2
"""The angle of a curve at full; its sine is the gain, so that in and out keep equal power."""

SILENT_DB: Decibels = -120.0
"""Nothing goes below this in dB: a line in dB never reaches silence."""

_COUNT = np.arange(LONGEST, dtype=np.float32)
_NEPER = np.float32(math.log(10.0) / 20.0)


class Curve(Protocol):
    """A gain that may move."""

    def steady(self, start: Frame, stop: Frame) -> float | None:
        """The gain over [start, stop) where it does not move there, else None."""
        ...

    def fill(self, start: Frame, out: NDArray[np.float32]) -> None:
        """Write the gain of frame start + k to out[k], at most LONGEST frames."""
        ...


@dataclass(frozen=True, slots=True)
class EqualPower:
    """The sine of an angle that moves evenly: 0 to QUARTER fades in by sin, back by cos."""

    at: Frame
    frames: Frames
    from_angle: float
    to_angle: float

    def angle_at(self, frame: Frame) -> float:
        """The angle at a frame."""
        return _even(self.at, self.frames, self.from_angle, self.to_angle, frame)

    def gain_at(self, frame: Frame) -> float:
        """The gain at a frame."""
        return math.sin(self.angle_at(frame))

    def steady(self, start: Frame, stop: Frame) -> float | None:
        if start >= self.at + self.frames or self.from_angle == self.to_angle:
            return math.sin(self.to_angle)
        return math.sin(self.from_angle) if stop <= self.at else None

    def fill(self, start: Frame, out: NDArray[np.float32]) -> None:
        _line((self.at, self.frames), (self.from_angle, self.to_angle), start, out)
        np.sin(out, out=out)


@dataclass(frozen=True, slots=True)
class LevelRamp:
    """A line in dB."""

    at: Frame
    frames: Frames
    from_db: Decibels
    to_db: Decibels

    def level_at(self, frame: Frame) -> Decibels:
        """The level at a frame."""
        return _even(self.at, self.frames, self.from_db, self.to_db, frame)

    def steady(self, start: Frame, stop: Frame) -> float | None:
        if start >= self.at + self.frames or self.from_db == self.to_db:
            return gain_of(self.to_db)
        return gain_of(self.from_db) if stop <= self.at else None

    def fill(self, start: Frame, out: NDArray[np.float32]) -> None:
        _line((self.at, self.frames), (self.from_db, self.to_db), start, out)
        out *= _NEPER
        np.exp(out, out=out)


def fade_in(at: Frame, frames: Frames) -> EqualPower:
    """From silence to full by sin."""
    return EqualPower(at, frames, 0.0, QUARTER)


def fade_out(at: Frame, frames: Frames) -> EqualPower:
    """From full to silence by cos."""
    return EqualPower(at, frames, QUARTER, 0.0)


def _even(at: Frame, frames: Frames, first: float, last: float, frame: Frame) -> float:
    if frame >= at + frames:
        return last
    return first + (last - first) * max(0, frame - at) / frames


def _line(
    over: tuple[Frame, Frames], values: tuple[float, float], start: Frame, out: NDArray[np.float32]
) -> None:
    (at, frames), (first, last) = over, values
    begin = min(max(at - start, 0), len(out))
    end = min(max(at + frames - start, begin), len(out))
    out[:begin] = first
    out[end:] = last
    if end > begin:
        step = (last - first) / frames
        moving = out[begin:end]
        np.multiply(_COUNT[: end - begin], np.float32(step), out=moving)
        moving += np.float32(first + (start + begin - at) * step)

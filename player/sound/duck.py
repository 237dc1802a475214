"""The bed under voices: several ducks by name, of which the lowest holds at each frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from player.sound.curves import LONGEST, SILENT_DB, LevelRamp
from player.units import Decibels, Frame, Frames


class Ducks:
    """A curve made of every duck that is down or moves."""

    def __init__(self) -> None:
        self._ramps: dict[str, LevelRamp] = {}
        self._another = np.empty(LONGEST, np.float32)

    def duck(self, name: str, at: Frame, down: Frames, by_db: Decibels) -> None:
        """Go down from where this duck stands to -by_db, a line in dB over [at, at + down)."""
        to_db = max(-by_db, SILENT_DB)
        self._ramps[name] = LevelRamp(at, down, self._level_at(name, at), to_db)

    def lift(self, name: str, at: Frame, up: Frames) -> None:
        """Come back from where this duck stands to 0 dB over [at, at + up)."""
        if name in self._ramps:
            self._ramps[name] = LevelRamp(at, up, self._level_at(name, at), 0.0)

    def memory(self) -> tuple[tuple[str, LevelRamp], ...]:
        """Every duck by name."""
        return tuple(self._ramps.items())

    def recall(self, ramps: tuple[tuple[str, LevelRamp], ...]) -> None:
        """Stand as another one stood."""
        self._ramps = dict(ramps)

    def settle(self, frame: Frame) -> None:
        """Forget the ducks that are back at 0 dB by a frame."""
        if self._ramps:
            self._ramps = {n: r for n, r in self._ramps.items() if not _is_back(r, frame)}

    def steady(self, start: Frame, stop: Frame) -> float | None:
        lowest = 1.0
        for ramp in self._ramps.values():
            gain = ramp.steady(start, stop)
            if gain is None:
                return None
            lowest = min(lowest, gain)
        return lowest

    def fill(self, start: Frame, out: NDArray[np.float32]) -> None:
        out.fill(1.0)
        another = self._another[: len(out)]
        for ramp in self._ramps.values():
            ramp.fill(start, another)
            np.minimum(out, another, out=out)

    def _level_at(self, name: str, frame: Frame) -> Decibels:
        ramp = self._ramps.get(name)
        return ramp.level_at(frame) if ramp else 0.0


def _is_back(ramp: LevelRamp, frame: Frame) -> bool:
    return ramp.to_db == 0.0 and frame >= ramp.at + ramp.frames

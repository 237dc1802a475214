"""Where a piece's sound begins and ends, so that nobody waits through silence at its joins.

Works on the samples themselves: a piece that fades in from nothing, or begins very quietly, is
sound from its first moment. Knows nothing of files.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from player.sound.streams import Sound
from player.timeline.plan import SHORTEST
from player.units import Frames, frames_of

SILENT = 10 ** (-70 / 20)
"""Samples below -70 dBFS are silence: 47 dB under the usual bed, though not under dither."""
LONG: Frames = frames_of(0.5)
"""Shorter silence belongs to the music: a breath, an encoder's padding."""
KEPT: Frames = frames_of(0.05)
"""So much silence stays beside the sound, so that no attack is cut and no echo broken off."""
NEAR: Frames = 256
"""Where sound goes on, its last sample lies so near the end of a block."""

Trims = tuple[Frames, Frames]


class EdgeMeter:
    """The first and the last frame of a stream of blocks that are not silent."""

    def __init__(self) -> None:
        self._frames: Frames = 0
        self._first: Frames | None = None
        self._last: Frames = 0

    def push(self, block: Sound, highest: float) -> None:
        """Take in the next frames, (n, 2); no sample of them is above `highest`."""
        if highest >= SILENT:
            if self._first is None:
                loud = _loud(block)
                self._first = self._frames + int(loud[0]) if len(loud) else None
            self._last = self._last_within(block)
        self._frames += len(block)

    def _last_within(self, block: Sound) -> Frames:
        """The last frame that is not silent; most often it is a block's own last one."""
        left, right = block[-1].tolist()
        if abs(left) >= SILENT or abs(right) >= SILENT:
            return self._frames + len(block) - 1
        for start in (max(0, len(block) - NEAR), 0):
            loud = _loud(block[start:])
            if len(loud):
                return self._frames + start + int(loud[-1])
        return self._last

    def finish(self) -> Trims:
        """Frames of silence to leave out at the beginning and at the end; (0, 0) for none.

        What is silent throughout, or would be left with less than a second, stays whole.
        """
        if self._first is None:
            return 0, 0
        lead, tail = _left_out(self._first), _left_out(self._frames - 1 - self._last)
        return (lead, tail) if self._frames - lead - tail >= SHORTEST else (0, 0)


def _loud(block: Sound) -> NDArray[np.intp]:
    return np.flatnonzero((np.abs(block) >= SILENT).any(axis=1))


def _left_out(silent: Frames) -> Frames:
    return silent - KEPT if silent > LONG else 0

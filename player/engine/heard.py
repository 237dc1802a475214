"""Which frame of the programme is heard now: rendered, less what still waits to be heard."""

from __future__ import annotations

from collections import deque

from player.sound.streams import BLOCK
from player.units import Frame, Frames

HISTORY = 512
"""Blocks of which the programme frame is remembered: more than any output is deep."""


class HeardFrame:
    """Remembers at which frame of the programme each block began that was handed over."""

    def __init__(self) -> None:
        self.fed: Frames = 0
        """Frames handed over so far."""
        self._begins: deque[tuple[Frames, Frame]] = deque(maxlen=HISTORY)

    def hand_over(self, frame: Frame) -> None:
        """A block that begins at a frame of the programme is handed over."""
        self._begins.append((self.fed, frame))
        self.fed += BLOCK

    def at(self, depth: Frames, head: Frame) -> Frame:
        """The frame heard now, with `depth` frames still unheard; at most `head`."""
        at = self.fed - depth
        for fed, frame in reversed(self._begins):
            if fed <= at:
                return min(frame + min(BLOCK, at - fed), head)
        return self._begins[0][1] if self._begins else head

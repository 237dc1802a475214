"""Sees from the times at which chunks are taken that an output ran dry behind the mixer.

A device plays at a steady pace. Where its server had nothing to play for a moment, all that
follows is taken later by as long, and stays so; a chunk that is only seen late, or taken in a
hurry after a stall that the server's own buffer bridged, is followed by others that are in time.
"""

from __future__ import annotations

from player.units import Frames, Seconds, seconds_of

WINDOW = 16
"""Chunks that are looked at together: two seconds, in which some are surely seen in time."""
SLIP_S: Seconds = 0.015
"""Later by this from one window to the next: the earliest of a window differ by up to 8 ms where
nothing is missing (a chunk is found 15 ms sooner than the last at most), and clocks by 0.2 ms in
2 s."""
STOOD_STILL_S: Seconds = 1.5
"""Later by more than this: the server or the machine stood still, which is told elsewhere."""


class Slips:
    """The pace of one output, from its first chunk on."""

    def __init__(self) -> None:
        self._began_s: Seconds | None = None
        self._taken: Frames = 0
        self._late: list[Seconds] = []
        self._usual_s: Seconds | None = None

    def taken(self, frames: Frames, at_s: Seconds) -> bool:
        """A chunk of so many frames begins to be taken; whether the output has run dry lately."""
        if self._began_s is None:
            self._began_s = at_s
        self._late.append(at_s - self._began_s - seconds_of(self._taken))
        self._taken += frames
        if len(self._late) < WINDOW:
            return False
        least_s, before_s = min(self._late), self._usual_s
        self._late.clear()
        self._usual_s = least_s
        return before_s is not None and SLIP_S < least_s - before_s < STOOD_STILL_S

    def begin_anew(self) -> None:
        """The pace is broken for a reason that is known: what comes is the measure from now on."""
        self._began_s = self._usual_s = None
        self._taken = 0
        self._late.clear()

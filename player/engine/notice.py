"""The last quiet line of an engine, for as long as it is news."""

from __future__ import annotations

from collections.abc import Callable

from player.engine.elapsed import monotonic_s
from player.units import Seconds

STANDS_S: Seconds = 20.0
"""Then it goes: every fault stays in the list of faults, and what an output does in its state."""


class Notice:
    """One line; a new one takes its place."""

    def __init__(self, clock_s: Callable[[], Seconds] = monotonic_s) -> None:
        self._clock_s = clock_s
        self._line = ""
        self._said_s: Seconds = 0.0

    def say(self, line: str) -> None:
        """Show a line from now on; an empty one shows none."""
        self._line, self._said_s = line, self._clock_s()

    @property
    def line(self) -> str:
        """What is shown now; empty where nothing is."""
        return self._line if self._clock_s() - self._said_s < STANDS_S else ""

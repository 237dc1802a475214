"""Which quiet lines of the pictures are still to be said, for those who are told line by line.

Most of them come as an event or an answer too, which say more: they are let be. What nobody else
says, as that the sound is away, is said when it has stood for a moment.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from player.units import Seconds

WAITS_S: Seconds = 1.0
"""So long an event or an answer with the same words may take: a slow disk holds them up."""
REMEMBERED = 16


class Notices:
    """The newest quiet line, until it is said."""

    def __init__(self, now_s: Callable[[], Seconds]) -> None:
        self._now_s = now_s
        self._seen = ""
        self._due_s: Seconds | None = None
        self._said: deque[str] = deque(maxlen=REMEMBERED)

    def see(self, notice: str) -> None:
        """A picture shows it; empty where it shows none."""
        if notice != self._seen:
            self._seen = notice
            new = notice and notice not in self._said
            self._due_s = self._now_s() + WAITS_S if new else None

    def said(self, text: str) -> None:
        """The same words were said by something else."""
        self._said.append(text)
        if text == self._seen:
            self._due_s = None

    def due(self) -> str:
        """What is to be said now, once; empty where nothing is."""
        if self._due_s is None or self._now_s() < self._due_s:
            return ""
        self._due_s = None
        return self._seen

"""Which requests were done: one that comes again, after a break, is not done twice.

A client names itself with each request and repeats what was not answered; what was done is part
of where a session stands. Knows requests by their names alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from player.engine.inputs import Input, Obeyed

Asker: TypeAlias = tuple[str, int]
"""A client's name for itself, and the number of its request."""
MOST = 256
"""A client repeats fewer."""


class Done:
    """The last requests that were done."""

    def __init__(self) -> None:
        self._askers: dict[Asker, None] = {}

    def add(self, asker: Asker | None) -> None:
        """A request was done; None where nobody would repeat it."""
        if asker is None:
            return
        self._askers[asker] = None
        while len(self._askers) > MOST:
            self._askers.pop(next(iter(self._askers)))

    def recall(self, stood: Iterable[Asker], came: Iterable[Input]) -> None:
        """What was done up to a stand, and what came since."""
        for asker in stood:
            self.add(asker)
        for row in came:
            if isinstance(row, Obeyed):
                self.add(row.asker)

    def __contains__(self, asker: Asker | None) -> bool:
        return asker in self._askers

    def __iter__(self) -> Iterator[Asker]:
        return iter(self._askers)

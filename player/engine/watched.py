"""The engine's side of being watched: it shows signs of life, and sees that there is a keeper."""

from __future__ import annotations

import contextlib
import os

from player.engine import client, place
from player.engine.beat import LEAVING, NOTHING_RUNS, PID, RUNS, SESSION, Beat
from player.engine.locks import is_free
from player.errors import StillroomError

WITHOUT_LOOKS = 3
"""So many looks without a keeper, and one is started: it may only be finding its place again."""


class Watched:
    """Counts for the keeper, and starts a new one where it is gone."""

    def __init__(self) -> None:
        self._beat: Beat | None = None
        self._session = 0
        with contextlib.suppress(OSError):
            self._show()
        self._keeper, self._without = 0, 0
        self._left = False

    def count(self, what: int) -> None:
        """A sign of life."""
        if self._beat is not None:
            self._beat.count(what)

    def session(self, *, runs: bool) -> None:
        """Whether a session runs: only then does the keeper have it brought back by itself."""
        self._session = RUNS if runs else NOTHING_RUNS
        if self._beat is not None:
            self._beat[SESSION] = self._session

    def leave(self) -> None:
        """It ends in good order: it is not to be brought back."""
        self._left = True
        if self._beat is not None:
            self._beat[LEAVING] = 1

    def keeper(self, *, session_runs: bool) -> int:
        """The keeper's process at one of many looks; started anew where there is none.

        One that begins while a session runs brings that back by itself, as the former one would.
        """
        if not self._left:
            with contextlib.suppress(OSError, ValueError, StillroomError):
                self._show()
                self._look(again=session_runs)
        return self._keeper

    def _show(self) -> None:
        """Signs of life lie where they are looked for, and say whose they are."""
        path = place.beat_file()
        if self._beat is None or not self._beat.is_at(path):
            self._beat = Beat(path)
        if self._beat[PID] != os.getpid():
            self._beat[PID] = os.getpid()
            self._beat[LEAVING] = 0
            self._beat[SESSION] = self._session

    def _look(self, *, again: bool) -> None:
        path = place.keeper_lock()
        if not is_free(path):
            self._keeper, self._without = int(path.read_bytes() or b"0"), 0
            return
        self._keeper, self._without = 0, self._without + 1
        if self._without >= WITHOUT_LOOKS:
            self._without = 0
            client.start(again=again)

"""The engine's side of being watched: it shows signs of life, and sees that there is a keeper."""

from __future__ import annotations

import contextlib
import os
import time

from player.engine import client, place
from player.engine.beat import LEAVING, PID, Beat
from player.engine.keeper import lock
from player.errors import StillroomError
from player.units import Seconds

LOOK_S: Seconds = 0.5


class Watched:
    """Counts for the keeper, and starts a new one where it is gone."""

    def __init__(self) -> None:
        self._beat: Beat | None = None
        self._beat_file, self._keeper_lock = place.beat_file(), place.keeper_lock()
        self._folder: os.stat_result | None = None
        with contextlib.suppress(OSError):
            self._beat = Beat(self._beat_file)
            self._beat[PID] = os.getpid()
            self._beat[LEAVING] = 0
            self._folder = self._beat_file.stat()
        self._keeper = 0
        self._looked_s: Seconds = 0.0
        self._left = False

    def count(self, what: int) -> None:
        """A sign of life."""
        if self._beat is not None:
            self._beat.count(what)

    def leave(self) -> None:
        """It ends in good order: it is not to be brought back."""
        self._left = True
        if self._beat is not None:
            self._beat[LEAVING] = 1

    def keeper(self) -> int:
        """The keeper's process; looked at now and then, and started anew where there is none."""
        now_s = time.monotonic()
        if not self._left and now_s - self._looked_s >= LOOK_S:
            self._looked_s = now_s
            self._keeper = self._look()
        return self._keeper

    def _look(self) -> int:
        try:
            if self._folder is None or not os.path.samestat(self._folder, self._beat_file.stat()):
                # The folder was taken away: a keeper in a new one would start a second engine.
                return self._keeper
            held = lock(self._keeper_lock)
            if held is not None:
                held.close()
                client.start()
                return 0
            return int(self._keeper_lock.read_bytes() or b"0")
        except (OSError, ValueError, StillroomError):
            return 0

"""What an engine must be met and watched by, seen to on a thread of its own: a disk or a share
that stalls holds up nothing else."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import traceback
from collections.abc import Iterator

from player.engine import log
from player.engine.elapsed import monotonic_s
from player.engine.place import Place
from player.engine.watched import Watched
from player.errors import StillroomError
from player.units import Seconds

LOOK_S: Seconds = 0.25
LOOK_AT_LOG_S: Seconds = 60.0
PARTING_S: Seconds = 1.0
"""So long a look that is under way is waited for at the end."""


class Upkeep:
    """Makes the place anew where it was taken away, sees to a keeper, and bounds the log."""

    def __init__(self, met: Place, watched: Watched) -> None:
        self._met = met
        self._watched = watched
        self.session_runs = False
        """Whether a keeper that is started must bring a session back."""
        self.keeper_pid = 0
        """The process that watches this one, at the last look."""
        self._made: queue.SimpleQueue[socket.socket] = queue.SimpleQueue()
        self._log_s = monotonic_s()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        """Look at once, and then every LOOK_S."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._ends.set()
        self._thread.join(PARTING_S)

    def made(self) -> Iterator[socket.socket]:
        """Listening sockets that were made since the last time."""
        with contextlib.suppress(queue.Empty):
            while True:
                yield self._made.get_nowait()

    def _run(self) -> None:
        told = ""
        while True:
            try:
                self._look()
            except (OSError, StillroomError):
                pass
            except Exception as fault:  # the next look is made all the same
                if repr(fault) != told:
                    traceback.print_exc()
                told = repr(fault)
            if self._ends.wait(LOOK_S):
                return

    def _look(self) -> None:
        server = self._met.look()
        if server is not None:
            self._made.put(server)
        if self._met.is_own:
            self.keeper_pid = self._watched.keeper(session_runs=self.session_runs)
        now_s = monotonic_s()
        if now_s - self._log_s >= LOOK_AT_LOG_S:
            self._log_s = now_s
            if log.wants_another():
                log.to_file()

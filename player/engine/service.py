"""The engine as a process: one at a time, its log, its signals, and the link's loop."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import queue
import signal
import sys
from types import FrameType

from player.engine import place
from player.engine.elapsed import monotonic_s
from player.engine.engine import STATUS_EVERY_S, Engine
from player.engine.link import Link
from player.protocol.wire import Request
from player.timeline.commands import Leave, Watch
from player.timeline.status import Status
from player.units import Seconds

LISTEN_S: Seconds = STATUS_EVERY_S
STAYS_S: Seconds = 30.0
"""An engine without a session leaves so long after its last client."""
LARGEST_LOG = 1 << 20
NOBODY = -1
"""The client number of requests that come from no connection."""


def serve() -> int:
    """Run the engine until it is told to leave, or nobody needs it. The exit code."""
    held = place.lock()
    if held is None:
        return 0
    with held:
        _log_to_file()
        token = place.new_token()
        link = Link(place.listen(), token)
        try:
            Service(link).run()
        finally:
            link.close()
            for left in (place.socket_file(), place.token_file()):
                with contextlib.suppress(OSError):
                    left.unlink()
    return 0


class Service:
    """Carries lines between the link and the engine."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._engine = Engine(link.wake)
        self._asked_to_leave = False
        self._told_s = -STATUS_EVERY_S
        self._needed_s = monotonic_s()
        self._said: Status | None = None

    def run(self) -> None:
        """Serve until nobody needs the engine any more."""
        for name in ("SIGTERM", "SIGHUP", "SIGINT"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._signalled)
        self._engine.start()
        try:
            while not self._engine.finished.is_set() and self._needed():
                self._turn()
            self._turn()
        finally:
            self._engine.stop()

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        """A polite end: fade, then leave."""
        self._asked_to_leave = True
        self._link.wake()

    def _needed(self) -> bool:
        now_s = monotonic_s()
        if self._link.watchers or self._engine.busy:
            self._needed_s = now_s
        return now_s - self._needed_s < STAYS_S

    def _turn(self) -> None:
        if self._asked_to_leave:
            self._asked_to_leave = False
            self._engine.submit(NOBODY, Request(0, Leave()))
        for client, request in self._link.listen(LISTEN_S):
            if request is None or isinstance(request.command, Watch):
                self._link.tell(self._engine.status, client)
            if request is not None:
                self._engine.submit(client, request)
        with contextlib.suppress(queue.Empty):
            while True:
                said = self._engine.outbox.get_nowait()
                self._link.tell(said.message, said.client)
        self._tell_status()

    def _tell_status(self) -> None:
        now_s = monotonic_s()
        changed = self._engine.changed.is_set()
        if not changed and now_s - self._told_s < STATUS_EVERY_S:
            return
        self._engine.changed.clear()
        status = self._engine.status
        if status != self._said:
            self._said, self._told_s = status, now_s
            self._link.tell(status)


def _log_to_file() -> None:
    """Send fds 1 and 2, which C libraries write to, into the log; the last one is kept."""
    log = place.log_file()
    with contextlib.suppress(OSError):
        if log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".old.log"))
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for target in (1, 2):
        os.dup2(handle, target)
    os.close(handle)
    sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
    faulthandler.enable()

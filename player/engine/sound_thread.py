"""The sound's own thread: requests in, answers and events out, a status four times a second.

Whoever holds the connections calls `submit` and fetches `outbox`. Knows nothing of sockets, and
nothing of sessions: what a turn does is said by who builds on it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from player.engine.elapsed import monotonic_s
from player.engine.notice import Notice
from player.protocol.wire import Answer, Request
from player.timeline.events import Event
from player.timeline.status import Status
from player.units import Seconds

STATUS_EVERY_S: Seconds = 0.25
WENT_WRONG = "something went wrong in the engine; its log has the details"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, who asked, and when."""

    client: int
    request: Request
    at_s: Seconds


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to one client, or an event to all."""

    message: Answer | Event
    client: int | None = None


class SoundThread:
    """Turns, as long as it runs."""

    def __init__(self, wake: Callable[[], None], beat: Callable[[], None]) -> None:
        """`wake` is called when `outbox` or `changed` has news, `beat` at each turn."""
        self._wake = wake
        self._beat = beat
        self.keeper_pid = 0
        """The process that watches this one."""
        self.outbox: queue.SimpleQueue[Said] = queue.SimpleQueue()
        self.changed = threading.Event()
        """Set when the status should be said at once."""
        self.finished = threading.Event()
        """Set when the engine was asked to leave and all has faded."""
        self._inbox: queue.SimpleQueue[Asked | None] = queue.SimpleQueue()
        self._waiting: deque[Asked] = deque()
        self._notes: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._notice = Notice()
        self._say_now = False
        self._drawn_s: Seconds = 0.0
        self._parting = threading.Event()
        self._stop = threading.Event()
        self._status = Status(engine_pid=os.getpid())
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)

    def start(self) -> None:
        """Let the sound thread run."""
        self._thread.start()

    def stop(self) -> None:
        """End the sound thread and let go of everything."""
        self._stop.set()
        self._inbox.put(None)
        self._thread.join(5.0)

    def submit(self, client: int, request: Request) -> None:
        """Take a request; its answer comes through `outbox`."""
        self._inbox.put(Asked(client, request, monotonic_s()))

    def note(self, line: str) -> None:
        """Tell people one quiet line, from any thread."""
        self._notes.put(line)

    def part(self) -> None:
        """Fade out within seconds and end; the session may be taken up later. From any thread."""
        self._parting.set()
        self._say_now = True
        self._inbox.put(None)

    @property
    def parting(self) -> bool:
        """Whether it was asked to part."""
        return self._parting.is_set()

    def noted(self) -> Iterator[str]:
        """The quiet lines since the last time."""
        with contextlib.suppress(queue.Empty):
            while True:
                yield self._notes.get_nowait()

    @property
    def status(self) -> Status:
        """The newest status."""
        return self._status

    def _turn(self) -> None:
        raise NotImplementedError

    def _rest_s(self) -> Seconds:
        raise NotImplementedError

    def _take(self, asked: Asked) -> None:
        raise NotImplementedError

    def _picture(self) -> Status:
        raise NotImplementedError

    def _let_go(self) -> None:
        raise NotImplementedError

    def _run(self) -> None:
        told = ""
        while not self._stop.is_set():
            try:
                self._turn()
                # Only now: where each turn goes wrong the sound has stopped, and must be seen to.
                self._beat()
            except Exception as fault:  # a fault in one turn must not end the sound
                if repr(fault) != told:
                    traceback.print_exc()
                told = repr(fault)
                self._notice.say(WENT_WRONG)
            self._rest()
        self._let_go()

    def _rest(self) -> None:
        """Sleep until something is due, or a request comes."""
        try:
            asked = self._inbox.get(timeout=self._rest_s())
        except queue.Empty:
            return
        if asked is not None:
            self._waiting.append(asked)

    def _draw(self) -> None:
        """A new status four times a second, and at once where something changed."""
        now_s = monotonic_s()
        if not self._say_now and now_s - self._drawn_s < STATUS_EVERY_S:
            return
        self._drawn_s = now_s
        self._status = self._picture()
        if self._say_now:
            self._say_now = False
            self.changed.set()
            self._wake()

    def _take_requests(self) -> None:
        waiting, self._waiting = list(self._waiting), deque()
        with contextlib.suppress(queue.Empty):
            while True:
                asked = self._inbox.get_nowait()
                if asked is not None:
                    waiting.append(asked)
        for asked in waiting:
            try:
                self._take(asked)
            except Exception:  # the others are answered all the same
                traceback.print_exc()
                refused = Answer(id=asked.request.id, ok=False, text=WENT_WRONG)
                self.outbox.put(Said(refused, asked.client))

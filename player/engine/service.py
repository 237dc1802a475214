"""The engine as a process: one at a time, its log, its signals, and the link's loop."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import time
import traceback
from types import FrameType

from player import paths
from player.engine import log, place
from player.engine.beat import CONTROL, SOUND
from player.engine.elapsed import LONGEST_BREAK_S, between_s, moment, monotonic_s
from player.engine.engine import Engine
from player.engine.journal import Journal
from player.engine.keeper import AGAIN, HUNG
from player.engine.kept import look
from player.engine.link import MOST_CLIENTS, Link
from player.engine.outage import BY_ITSELF_S
from player.engine.sound_thread import STATUS_EVERY_S, Said
from player.engine.upkeep import Upkeep
from player.engine.watched import Watched
from player.timeline.commands import Watch
from player.timeline.status import Status
from player.units import Seconds

LISTEN_S: Seconds = STATUS_EVERY_S
FAULT_S: Seconds = 0.05
"""The least between turns that go wrong."""
STAYS_S: Seconds = 30.0
"""An engine without a session leaves so long after its last client."""
TOO_MANY = f"more than {MOST_CLIENTS} screens: this one was let go, the session goes on"
SETTLE_S: Seconds = 0.03
"""So long an answer may wait until what was decided is written: a key is answered within 50 ms."""
MOST_SETTLE_S: Seconds = 0.5
"""The same on a slow disk: meanwhile the status shows what was done."""


def serve() -> int:
    """Run the engine until it is told to leave, or nobody needs it. The exit code."""
    held = place.lock()
    if held is None:
        return 0
    with held:
        log.to_file()
        met = place.Place(held)
        link = Link(met.server, met.token)
        watched = Watched()
        service = Service(link, watched, Upkeep(met, watched))
        try:
            service.run()
        finally:
            link.close()
            met.leave()
    return 0


class Service:
    """Carries lines between the link and the engine."""

    def __init__(self, link: Link, watched: Watched, upkeep: Upkeep) -> None:
        self._link = link
        link.farewell = self._farewell
        self._upkeep = upkeep
        self._watched = watched
        self._journal = Journal(paths.journal(), self._note)
        self._engine = Engine(link.wake, journal=self._journal, beat=lambda: watched.count(SOUND))
        self._told_s = -STATUS_EVERY_S
        self._saying: list[Said] = []
        self._saying_s = monotonic_s()
        self._needed_s = monotonic_s()
        self._said: Status | None = None
        self._fault = ""
        """The last one that was written to the log."""

    def run(self) -> None:
        """Serve until nobody needs the engine any more."""
        for name in ("SIGTERM", "SIGHUP", "SIGINT"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._signalled)
        self._look_back()
        self._engine.start()
        self._upkeep.start()
        try:
            while not self._engine.finished.is_set() and self._needed():
                self.turn()
            self._watched.leave()
            self.turn()
        finally:
            self._upkeep.stop()
            self._engine.stop()
            self._journal.close()

    def turn(self) -> None:
        """One turn of the loop; a fault in it ends neither the loop nor the sound."""
        try:
            self._turn()
            # Only now: where each turn goes wrong nobody is heard any more, and must be seen to.
            self._watched.count(CONTROL)
        except Exception as fault:
            if repr(fault) != self._fault:
                traceback.print_exc()
            self._fault = repr(fault)
            time.sleep(FAULT_S)

    def _note(self, line: str) -> None:
        self._engine.note(line)

    def _look_back(self) -> None:
        """A session that broke off seconds ago comes back by itself; an older one is offered."""
        kept = look(self._journal.path, self._note)
        if kept is None:
            return
        break_s = between_s(kept.heard.at, moment())
        again = os.environ.get(AGAIN, "")
        if again and (kept.leaving or place.stop_is_wished()):
            self._engine.lay_down(kept)
        elif kept.leaving:
            self._journal.give_up()
        elif again:
            self._engine.take_up(kept, paused=break_s > BY_ITSELF_S, hung=again == HUNG)
        elif break_s < LONGEST_BREAK_S:
            self._engine.offer(kept)
        else:
            self._journal.give_up()

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        """The system wants it to end: fade, then leave; the session can be taken up later."""
        self._engine.part()
        self._link.wake()

    def _needed(self) -> bool:
        now_s = monotonic_s()
        if self._link.watchers or self._engine.busy:
            self._needed_s = now_s
        return now_s - self._needed_s < STAYS_S

    def _turn(self) -> None:
        for server in self._upkeep.made():
            self._link.listen_at(server)
        self._engine.keeper_pid = self._upkeep.keeper_pid
        self._say_whether_it_runs()
        for client, request in self._link.listen(0.0 if self._saying else LISTEN_S):
            if request is None or isinstance(request.command, Watch):
                self._link.tell(self._status(), client)
            if request is not None:
                self._engine.submit(client, request)
        self._say()
        self._tell_status()

    def _say_whether_it_runs(self) -> None:
        """What is on its way back is, until it plays, what the keeper took it for."""
        keeps = self._upkeep.session_runs = self._engine.keeps_session
        if self._engine.busy or not keeps:
            self._watched.session(runs=keeps)

    def _say(self) -> None:
        """Answers once what was done is written: a client repeats what was not answered."""
        if not self._saying:
            self._saying_s = monotonic_s()
        with contextlib.suppress(queue.Empty):
            while True:
                self._saying.append(self._engine.outbox.get_nowait())
        late = monotonic_s() - self._saying_s > MOST_SETTLE_S or self._engine.finished.is_set()
        if self._journal.settle(SETTLE_S) or late:
            while self._saying:
                said = self._saying.pop(0)
                self._link.tell(said.message, said.client)

    def _status(self) -> Status:
        return self._engine.status.model_copy(update={"clients": len(self._link.watchers)})

    def _farewell(self) -> Status:
        """The last word to a screen that goes for another one."""
        return self._status().model_copy(update={"notice": TOO_MANY, "let_go": True})

    def _tell_status(self) -> None:
        now_s = monotonic_s()
        changed = self._engine.changed.is_set()
        if not changed and now_s - self._told_s < STATUS_EVERY_S:
            return
        self._engine.changed.clear()
        status = self._status()
        if status != self._said:
            self._said, self._told_s = status, now_s
            self._link.tell(status)

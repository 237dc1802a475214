"""An engine without a socket, to be asked; its answers and events, as they were said."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable

from player.engine.engine import Engine
from player.protocol.wire import Answer, Request
from player.timeline import commands as c


class Desk:
    """An engine, its answers by the number of the request, and the names of its events."""

    def __init__(self, engine: Engine | None = None) -> None:
        self.engine = engine or Engine()
        self.engine.start()
        self.answers: dict[int, Answer] = {}
        self.told: list[str] = []
        self._number = 0

    def ask(self, command: c.AnyCommand, client: int = 1) -> int:
        self._number += 1
        self.engine.submit(client, Request(self._number, command))
        return self._number

    def until(self, holds: Callable[[], bool], timeout_s: float = 20.0) -> None:
        until_s = time.monotonic() + timeout_s
        while not holds():
            self.fetch()
            assert time.monotonic() < until_s, (self.engine.status.state, self.answers)
            time.sleep(0.01)

    def fetch(self) -> None:
        try:
            while True:
                said = self.engine.outbox.get_nowait().message
                if isinstance(said, Answer):
                    self.answers[said.id] = said
                else:
                    self.told.append(type(said).__name__)
        except queue.Empty:
            return

    def answer(self, number: int) -> Answer:
        self.until(lambda: number in self.answers)
        return self.answers[number]

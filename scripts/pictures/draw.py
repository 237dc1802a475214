"""Draws the README's pictures: the real screens over a room that plays nothing.

`python scripts/pictures/draw.py` writes the .svg files beside this one. The statuses come from
the conductor itself, walked through a shipped session.
"""

from __future__ import annotations

import asyncio
import queue
import sys
import time
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from player import paths  # noqa: E402
from player.library.catalogue import shipped_facts  # noqa: E402
from player.programme.programme import compose  # noqa: E402
from player.protocol.wire import Message  # noqa: E402
from player.screens import shelf  # noqa: E402
from player.screens.app import StillroomApp  # noqa: E402
from player.screens.guard import Guard  # noqa: E402
from player.screens.keys import Keyboard  # noqa: E402
from player.screens.reply import Hands  # noqa: E402
from player.session.loader import load  # noqa: E402
from player.timeline import conductor  # noqa: E402
from player.timeline.commands import AnyCommand, MarkDose, TickReminder  # noqa: E402
from player.timeline.status import Status  # noqa: E402
from player.timeline.view import status_of  # noqa: E402
from player.units import frames_of  # noqa: E402

SIZE = (100, 30)


class StillRoom:
    """A room that says one status and then nothing."""

    def __init__(self, status: Status) -> None:
        self._messages: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._messages.put(status)

    def send(self, command: AnyCommand) -> int:
        return 1

    def receive(self, timeout_s: float | None = None) -> Message | None:
        try:
            return self._messages.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def close(self) -> None:
        self._messages.put(None)


def walked() -> Status:
    """The lozenge session, a quarter of an hour after the dose."""
    programme = compose(load(paths.shipped() / "lozenge.yaml"), shipped_facts().get, lambda _: None)
    plan = programme.plan
    step = conductor.begin(plan, conductor.opening(plan))
    step = conductor.advance(plan, step.state, frames_of(8 * 60))
    step = conductor.obey(plan, step.state, MarkDose())
    step = conductor.advance(plan, step.state, frames_of(24 * 60 + 10))
    step = conductor.obey(plan, step.state, TickReminder(reminder=0))
    return status_of(plan, step.state, step.state.frame)


async def draw(name: str, status: Status) -> None:
    """Let the app settle over a status, and keep its picture."""
    hands = Hands(Keyboard({}), Guard(time.monotonic), datetime.now)
    entries = shelf.entries()
    app = StillroomApp(lambda: StillRoom(status), hands, entries=entries)
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(20):
            await pilot.pause(0.1)
        (HERE / f"{name}.svg").write_text(app.export_screenshot(title="Stillroom"), "utf-8")


if __name__ == "__main__":
    asyncio.run(draw("chooser", Status()))
    asyncio.run(draw("session", walked()))

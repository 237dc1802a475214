"""A booth that no sound comes from, a script, and a reader of screens."""

from __future__ import annotations

import asyncio
import os
import queue
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.pilot import Pilot

from player.screens.recording.app import RecordingApp
from player.screens.recording.picture import Picture, opened
from player.voice import talk

TEXTS = (
    "Nothing needs doing just now.",
    "The couch is underneath you, and it’s holding you.",
    "Perhaps one hand finds the blanket; perhaps it rests where it is, for as long as you like.",
)
GOLDEN = Path(__file__).parent / "golden"


class FakeDoor:
    """Keeps what is wished; says what a test puts in."""

    def __init__(self) -> None:
        self.wished: list[talk.Wish] = []
        self._said: queue.Queue[talk.Told | None] = queue.Queue()

    def send(self, wish: talk.Wish) -> None:
        self.wished.append(wish)

    def receive(self) -> talk.Told | None:
        return self._said.get()

    def say(self, line: talk.Told) -> None:
        self._said.put(line)

    def close(self) -> None:
        self._said.put(None)


@pytest.fixture
def picture() -> Picture:
    return opened("Settling", "settling", (*TEXTS, TEXTS[0]), TEXTS[:1], ("Desk", "Headset"))


@dataclass
class Stage:
    """A running app in a test."""

    app: RecordingApp
    pilot: Pilot[int]
    door: FakeDoor

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def say(self, *lines: talk.Told) -> None:
        for line in lines:
            self.door.say(line)
        for _ in range(100):
            await asyncio.sleep(0.005)
            if self.door._said.empty():
                break
        await asyncio.sleep(0.02)
        await self.pilot.pause()

    @property
    def text(self) -> str:
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips) + "\n"


@pytest.fixture
def recording(picture: Picture) -> Callable[..., object]:
    """Opens the screen."""

    @asynccontextmanager
    async def start(
        size: tuple[int, int] = (80, 24), shown: Picture = picture
    ) -> AsyncIterator[Stage]:
        door = FakeDoor()
        app = RecordingApp(shown, door)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Stage(app, pilot, door)
        door.close()

    return start


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares text with a file in golden/; `UPDATE_GOLDEN=1` writes the file anew."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / f"{name}.txt"
        if os.environ.get("UPDATE_GOLDEN"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8")

    return compare

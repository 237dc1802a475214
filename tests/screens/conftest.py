"""A room without an engine, pictures of sessions, and a reader of screens as text."""

from __future__ import annotations

import asyncio
import io
import os
import queue
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate, count
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot

from player.errors import EngineUnreachable
from player.protocol.wire import Answer, Message
from player.screens.app import StillroomApp
from player.screens.guard import Guard
from player.screens.keys import Keyboard
from player.screens.overview import Entry
from player.screens.plain import PlainTwin
from player.screens.reply import Hands
from player.session.model import (
    After,
    Anchor,
    Cue,
    Ends,
    Music,
    Phase,
    Play,
    Point,
    Reminder,
    Role,
    Session,
)
from player.timeline.commands import AnyCommand, OpenSession
from player.timeline.status import (
    CueStage,
    CueView,
    OutputView,
    PhaseView,
    ReminderStage,
    ReminderView,
    State,
    Status,
)


class FakeRoom:
    """Records what is sent as data; says what a test puts in."""

    def __init__(self) -> None:
        self.sent: list[AnyCommand] = []
        self.answers: dict[str, Answer] = {}
        """By a command's `do`: what to say instead of yes; its id is filled in."""
        self._ended = False
        self._once: dict[str, Answer] = {}
        self._said: queue.Queue[Message | EngineUnreachable] = queue.Queue()
        self._numbers = count(1)

    def send(self, command: AnyCommand) -> int:
        number = next(self._numbers)
        self.sent.append(command)
        self._ended = False
        yes = Answer(id=0, ok=True)
        told = self._once.pop(command.do, None) or self.answers.get(command.do, yes)
        self._said.put(told.model_copy(update={"id": number}))
        return number

    def receive(self, timeout_s: float | None = None) -> Message | None:
        try:
            said = self._said.get(timeout=timeout_s)
        except queue.Empty:
            return None
        self._ended = isinstance(said, EngineUnreachable)
        if isinstance(said, EngineUnreachable):
            raise said
        return said

    def close(self) -> None:
        if not self._ended:
            self.lose()

    def refuse_once(self, do: str, text: str) -> None:
        self._once[do] = Answer(id=0, ok=False, text=text)

    def say(self, message: Message) -> None:
        self._said.put(message)

    def quiet(self) -> bool:
        return self._said.empty()

    def lose(self) -> None:
        self._said.put(EngineUnreachable("the connection ended"))


@dataclass
class Clocks:
    """A monotonic clock and a wall clock that stand still until they are moved."""

    now_s: float = 100.0
    wall: datetime = field(default_factory=lambda: datetime(2024, 5, 4, 14, 36))

    def on(self, by_s: float) -> None:
        self.now_s += by_s


@pytest.fixture
def room() -> FakeRoom:
    return FakeRoom()


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def twin(room: FakeRoom, clocks: Clocks) -> PlainTwin:
    """The plain lines, kept instead of printed."""
    return PlainTwin(room, io.StringIO(), now_s=lambda: clocks.now_s, wall=lambda: clocks.wall)


@pytest.fixture
def hands(clocks: Clocks) -> Hands:
    return Hands(Keyboard(), Guard(lambda: clocks.now_s), lambda: clocks.wall)


_PLAN = (
    ("Arrival", Role.ARRIVAL, 600, Ends.DOSE),
    ("Hold", Role.HOLD, 600, Ends.CLOCK),
    ("Onset", Role.ONSET, 600, Ends.CLOCK),
    ("Build", Role.BUILD, 600, Ends.CLOCK),
    ("Peak", Role.PEAK, 1800, Ends.HAND),
    ("Return", Role.RETURN, 1500, Ends.CLOCK),
    ("Grounding", Role.GROUNDING, 600, Ends.HAND),
)


def lozenge(at: int = 4, left_s: float = 1450.0, **changes: object) -> Status:
    """A lozenge session in the middle of its peak, with changes."""
    starts = [0, *accumulate(length for _, _, length, _ in _PLAN)]
    phases = tuple(
        PhaseView(
            name=name,
            role=role,
            start_s=start,
            length_s=length,
            ends=ends,
            silence=False,
            passed=number < at,
        )
        for number, ((name, role, length, ends), start) in enumerate(
            zip(_PLAN, starts, strict=False)
        )
    )
    position_s = starts[at] + _PLAN[at][2] - left_s
    picture: dict[str, object] = {
        "state": State.PLAYING,
        "title": "Lozenge, ninety minutes",
        "path": "lozenge.yaml",
        "medicine": True,
        "position_s": position_s,
        "elapsed_s": position_s + 30,
        "length_s": 6300.0,
        "phases": phases,
        "phase": at,
        "phase_left_s": left_s,
        "waits_for": _PLAN[at][3],
        "doses": 1 if at else 0,
        "since_dose_s": position_s - 570 if at else None,
        "track": "Cathedral",
        "track_left_s": 192.0,
        "next_track": "Deep water",
        "next_track_in_s": 182.0,
        "cues": (
            CueView(
                name="Eye shades",
                words="Whenever you are ready, you might put on the eye shades.",
                play=Play.ASK,
                stage=CueStage.DONE if at else CueStage.COMING,
                in_s=None if at else 30.0,
                length_s=9.0,
            ),
            CueView(
                name="Coming back",
                words="The music is coming nearer to the room. There is no hurry to come with it.",
                play=Play.ASK,
                stage=CueStage.COMING,
                in_s=1510.0,
                length_s=24.0,
            ),
        ),
        "cue_next": 1 if at else 0,
        "reminders": (
            ReminderView(text="Lozenge out", stage=ReminderStage.DONE, in_s=-1400.0),
            ReminderView(text="Check in", stage=ReminderStage.DUE, in_s=-41.0),
            ReminderView(text="Check in again", stage=ReminderStage.COMING, in_s=1739.0),
            ReminderView(
                text="Leaving check, your decision", stage=ReminderStage.COMING, in_s=8939.0
            ),
        ),
        "output": OutputView(name="pygame", state="sounding", depth_frames=20480),
    }
    return Status.model_validate(picture | changes)


@pytest.fixture
def picture() -> Callable[..., Status]:
    return lozenge


def session(title: str = "Lozenge, ninety minutes") -> Session:
    """The session that the pictures show."""
    return Session(
        title=title,
        about="Audio timing, edit with your prescriber. For a lozenge and a quiet afternoon.",
        phases=(
            *(
                Phase(name=name, role=role, length_s=length, ends=ends, music=Music())
                for name, role, length, ends in _PLAN[:-1]
            ),
            Phase(name="Grounding", role=Role.GROUNDING, length_s=600, music=Music()),
        ),
        cues=(Cue(name="Eye shades", at=Anchor(point=Point.START)),),
        reminders=(
            Reminder(at=Anchor(point=Point.DOSE, offset_s=2400), text="Check in"),
            Reminder(at=Anchor(point=Point.DOSE, offset_s=9000), text="Leaving check"),
        ),
        after=After.HOLD,
        source=Path("lozenge.yaml"),
    )


def rest() -> Session:
    """A short session by the clock, with a bracket in its name."""
    return Session(
        title="Rest [no medicine]",
        about="An hour of music.",
        phases=(
            Phase(name="Settling", role=Role.ONSET, length_s=600, music=Music()),
            Phase(name="Quiet", length_s=1500, music=Music(silence=True)),
        ),
        source=Path("rest.yaml"),
    )


@pytest.fixture
def shelf() -> list[Entry]:
    """Two shipped sessions and an own one with faults."""
    return [
        Entry(Path("lozenge.yaml"), own=False, session=session()),
        Entry(Path("rest.yaml"), own=False, session=rest()),
        Entry(
            Path("mine.yaml"),
            own=True,
            faults=(
                "mine.yaml:3: lenght: is not a key of a phase (do you mean length?)",
                "mine.yaml:7: music: there is no file here",
            ),
        ),
    ]


def text_of(app: App[int]) -> str:
    """The screen as lines of text, without trailing spaces."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips) + "\n"


@pytest.fixture
def read_screen() -> Callable[[App[int]], str]:
    return text_of


GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares text with a file in golden/; `UPDATE_GOLDEN=1` writes the file anew."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / f"{name}.txt"
        if os.environ.get("UPDATE_GOLDEN"):
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8")

    return compare


@dataclass
class Stage:
    """A running app in a test: presses keys, says statuses, reads the screen."""

    app: StillroomApp
    pilot: Pilot[int]
    room: FakeRoom
    clocks: Clocks

    async def press(self, *keys: str) -> None:
        """Keys, a second of the injected clock apart."""
        for key in keys:
            self.clocks.on(1.0)
            await self.pilot.press(key)
        await self.pilot.pause()

    async def say(self, message: Message) -> None:
        """Let the room say something, and wait until the app took it."""
        self.room.say(message)
        await self.settle()

    async def settle(self) -> None:
        """Until the reader thread and the app have nothing left to do."""
        for _ in range(200):
            await asyncio.sleep(0.005)
            if self.room.quiet():
                break
        await asyncio.sleep(0.01)
        await self.pilot.pause()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something that other threads bring about; fails after 5 s."""
        for _ in range(500):
            if holds():
                await self.pilot.pause()
                return
            await asyncio.sleep(0.01)
        pytest.fail(f"it never came to it:\n{self.text}")

    @property
    def text(self) -> str:
        return text_of(self.app)

    def sent(self, *leave_out: str) -> list[AnyCommand]:
        """What was sent, without what every start sends."""
        return [each for each in self.room.sent if each.do not in {"watch", *leave_out}]


@pytest.fixture
def stage_of(room: FakeRoom, clocks: Clocks) -> Callable[..., object]:
    """Runs an app of a test's own."""

    @asynccontextmanager
    async def start(app: StillroomApp) -> AsyncIterator[Stage]:
        async with app.run_test(size=(80, 24)) as pilot:
            stage = Stage(app, pilot, room, clocks)
            await stage.settle()
            yield stage

    return start


@pytest.fixture
def playing(room: FakeRoom, hands: Hands, clocks: Clocks) -> Callable[..., object]:
    """Opens the session screen on a status."""

    @asynccontextmanager
    async def start(
        status: Status | None = None, size: tuple[int, int] = (80, 24)
    ) -> AsyncIterator[Stage]:
        app = StillroomApp(
            lambda: room, hands, open_command=OpenSession(path="lozenge.yaml"), begin=True
        )
        async with app.run_test(size=size) as pilot:
            stage = Stage(app, pilot, room, clocks)
            await stage.until(lambda: bool(room.sent))
            await stage.settle()
            await stage.say(status or lozenge())
            room.sent.clear()
            yield stage

    return start


@pytest.fixture
def choosing(
    room: FakeRoom, hands: Hands, clocks: Clocks, shelf: list[Entry]
) -> Callable[..., object]:
    """Opens the chooser."""

    @asynccontextmanager
    async def start(
        size: tuple[int, int] = (80, 24), open_room: Callable[[], FakeRoom] | None = None
    ) -> AsyncIterator[Stage]:
        app = StillroomApp(open_room or (lambda: room), hands, entries=shelf)
        async with app.run_test(size=size) as pilot:
            stage = Stage(app, pilot, room, clocks)
            if open_room is None:
                await stage.until(lambda: bool(room.sent))
            await stage.settle()
            yield stage

    return start

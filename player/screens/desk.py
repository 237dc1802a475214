"""Where link and screens meet: what the engine says, what the counsellor picked, what follows.

Knows when to show which screen, not how any looks. Imported after the chooser's first paint.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from textual.message import Message
from textual.screen import Screen

from player.protocol.room import Room
from player.protocol.wire import Answer
from player.screens.link import Link
from player.screens.overview import Entry
from player.screens.parting import NOT_BEGUN_YET
from player.screens.preview import preview
from player.screens.reply import Hands, Then
from player.screens.session_screen import SessionScreen
from player.timeline.commands import (
    AnyCommand,
    Begin,
    CloseSession,
    GiveUp,
    OpenSession,
    TakeUp,
    Watch,
)
from player.timeline.status import NOT_BEGUN, State, Status, Unfinished

OFFERED = "the session broke off: stillroom offers to take it up again"

_NOT_RUNNING = NOT_BEGUN | {State.ENDED}


class Stage(Protocol):
    """What the desk needs of the app."""

    @property
    def screen(self) -> Screen[object]:
        """The screen on top."""
        ...

    def show_session(self, screen: SessionScreen) -> None:
        """Put a session screen on top."""
        ...

    def show_chooser(self, line: str, *, failed: bool, exit_code: int = 1) -> None:
        """Back to the chooser with a quiet line; out, where there is none."""
        ...

    def drop_desk(self) -> None:
        """Let go of this desk; another one is made when it is wanted."""
        ...

    def offer(self, row: Unfinished | None) -> None:
        """Have the chooser offer a session that broke off."""
        ...

    def foretell(self, session: str, risks: Sequence[str]) -> None:
        """Have the chooser say what in a session's music could startle."""
        ...

    def say(self, line: str) -> None:
        """A quiet line on the screen on top."""
        ...

    def leave(self, code: int) -> None:
        """Out of the app."""
        ...

    def post_message(self, message: Message) -> bool:
        """Safe from any thread."""
        ...


class Desk:
    """One link, one stage."""

    def __init__(
        self, stage: Stage, open_room: Callable[[], Room], hands: Hands, device: str | None
    ) -> None:
        self._stage = stage
        self._hands = hands
        self._device = device
        self._link = Link(open_room, stage.post_message)
        self._status = Status()
        self._opened: str | None = None
        """The session that this screen opened and that has not begun."""
        self._found = ""
        """The last quiet line of an engine without a session."""
        self._asked: OpenSession | None = None
        """What was asked for without a chooser: so it is opened, whatever comes between."""
        self._awaited = 0
        """The ticket of the last opening; statuses before its answer are of something else."""
        self._bare_begin: tuple[int, OpenSession] | None = None
        """The ticket of a begin of what was opened ahead, and what to open where it is refused."""
        self._taking_up = False
        self._link_over = False
        """True once the engine is gone after a session's end: a later one is another's."""

    def start(self) -> None:
        """Reach for the engine."""
        self._link.send(Watch())
        self._link.start()

    def reads(self, link: object) -> bool:
        """Whether this is the link it listens to."""
        return link is self._link

    def close(self) -> None:
        """Leave the engine as it is."""
        self._link.close()

    def play(self, command: OpenSession, *, begin: bool) -> None:
        """Open a session, and begin it if so asked, without a chooser."""
        self._asked = command
        self._open(command, begin=begin)
        self._status = Status(state=State.OPENING, title=Path(command.path).stem, begin_asked=begin)
        self._stage.show_session(SessionScreen(self._status, self._hands))

    def come_back(self, status: Status) -> None:
        """To a session that runs: its screen is there at once."""
        self._status = status
        self._stage.show_session(SessionScreen(status, self._hands))

    def choose(self, entry: Entry) -> None:
        """Open and begin what was chosen; the screen is there before the engine answers."""
        if self._opened == str(entry.path):
            self._awaited = self._link.send(Begin())
            self._bare_begin = self._awaited, self._command_for(entry)
        else:
            self._open(self._command_for(entry), begin=True)
        waiting = Status(state=State.OPENING, title=entry.title, begin_asked=True)
        self._status = preview(entry.session) if entry.session else waiting
        self._stage.show_session(SessionScreen(self._status, self._hands))

    def open_ahead(self, entry: Entry) -> None:
        """Open what the highlight rests on, so that begin sounds at once."""
        if self._opened != str(entry.path) and self._status.state in _NOT_RUNNING:
            self._open(self._command_for(entry), begin=False)

    def drop_opened(self) -> None:
        """Let go of what was only opened ahead."""
        if self._opened is not None:
            self._link.send(CloseSession())
            self._opened = None

    def answer_unfinished(self, *, take_up: bool) -> None:
        """Take up what broke off, or let it be over."""
        self._opened = None
        self._taking_up = take_up
        ticket = self._link.send(TakeUp() if take_up else GiveUp())
        if take_up:
            self._awaited = ticket

    def send(self, command: AnyCommand) -> None:
        """Send what a key asked for."""
        if isinstance(command, CloseSession):
            self._opened = None
        self._link.send(command)

    def finish(self, then: Then) -> None:
        """A session screen was left."""
        if then == Then.LEAVE:
            self._stage.leave(0)
        else:
            self._forget()
            if self._link_over:
                self._stage.drop_desk()
            self._stage.show_chooser("", failed=False)

    def take_status(self, status: Status) -> None:
        """Show it, or go to the session screen where a session turns out to be running."""
        self._stage.offer(status.unfinished)
        self._tell_found(status)
        if self._awaited:
            return
        before, self._status = self._status, status
        if status.risks is not None:
            self._stage.foretell(status.path, status.risks)
        screen = self._stage.screen
        if isinstance(screen, SessionScreen):
            self._show(screen, before, status)
        elif self._taking_up and status.state == State.IDLE:
            self._give_up(status.notice, failed=False)
        elif status.state not in _NOT_RUNNING:
            self._taking_up = False
            self._stage.show_session(SessionScreen(status, self._hands))

    def _tell_found(self, status: Status) -> None:
        """What the engine found before there is a session concerns whoever chooses one."""
        on_session = isinstance(self._stage.screen, SessionScreen)
        if status.state != State.IDLE or on_session or self._taking_up:
            return
        if status.notice and status.notice != self._found:
            self._stage.say(status.notice)
        self._found = status.notice

    def _show(self, screen: SessionScreen, before: Status, status: Status) -> None:
        """On the session's own screen; one that is gone, though it ran, leaves it."""
        if before.state == State.ENDED and status.state in NOT_BEGUN:
            self._status = before  # it stays as it ended, whatever is opened elsewhere
        elif status.state == State.IDLE or (
            status.state in NOT_BEGUN and before.state not in NOT_BEGUN
        ):
            offered = OFFERED if status.unfinished is not None else ""
            self._give_up(status.notice or offered, failed=False)
        else:
            screen.show(status)

    def take_answer(self, answer: Answer, ticket: int, command: AnyCommand | None) -> None:
        """Say what could not be done; go back where that was the beginning."""
        if ticket >= self._awaited:
            self._awaited = 0
        if answer.ok:
            return
        if self._bare_begin is not None and ticket == self._bare_begin[0]:
            # Another screen has opened something else since.
            self._opened = None
            self._open(self._bare_begin[1], begin=True)
            return
        if isinstance(command, TakeUp):
            self._taking_up = False
        opening = isinstance(command, OpenSession | Begin)
        if opening and self._status.state in _NOT_RUNNING:
            self._give_up(answer.text, failed=False, exit_code=answer.exit_code)
        elif not isinstance(command, CloseSession):
            self._stage.say(answer.text)

    def take_loss(self, text: str, ever_opened: bool) -> None:
        """A session that runs says so and waits for its return; else there is a new link later."""
        self._awaited = 0
        screen = self._stage.screen
        if not isinstance(screen, SessionScreen):
            self._start_anew(NOT_BEGUN_YET if self._taking_up else "", text, ever_opened)
        elif self._status.state in NOT_BEGUN:
            self._start_anew(NOT_BEGUN_YET, text, ever_opened)
        elif self._status.stopped or self._status.state == State.ENDED:
            over = {"state": State.ENDED, "coming_back": False}
            self._status = self._status.model_copy(update=over)
            screen.show(self._status)
            self._link.close()
            self._link_over = True
        elif self._status.linked:
            self._status = self._status.model_copy(update={"linked": False, "coming_back": False})
            screen.show(self._status)

    def _start_anew(self, line: str, why: str, ever_opened: bool) -> None:
        self._give_up(line if ever_opened else why, failed=not ever_opened)
        self._stage.drop_desk()

    def _command_for(self, entry: Entry) -> OpenSession:
        asked = self._asked
        if asked is not None and Path(asked.path) == entry.path.resolve():
            return asked
        return OpenSession(path=str(entry.path), device=self._device)

    def _open(self, command: OpenSession, *, begin: bool) -> None:
        self.drop_opened()
        self._opened = command.path
        self._awaited = self._link.send(command)
        if begin:
            self._link.send(Begin())

    def _give_up(self, line: str, *, failed: bool, exit_code: int = 1) -> None:
        self._forget()
        self._stage.show_chooser(line, failed=failed, exit_code=exit_code)

    def _forget(self) -> None:
        self._opened = None
        self._bare_begin = None
        self._taking_up = False
        self._status = Status()

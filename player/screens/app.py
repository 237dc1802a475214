"""The app: wires chooser, session screen and link. Knows when to show what, not how it looks."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType

from player.protocol.room import Room
from player.screens import crash, messages, shelf
from player.screens.chooser import ChooserScreen
from player.screens.guard import Guard
from player.screens.keys import Keyboard
from player.screens.link import Link
from player.screens.overview import Entry, preview
from player.screens.reply import Hands, Then
from player.screens.session_screen import SessionScreen
from player.screens.theme import EVENING, OWN_VARIABLES
from player.timeline.commands import Begin, CloseSession, OpenSession, Watch
from player.timeline.status import State, Status

LOST = "the connection to the sound was lost; the music may go on: stillroom attach"

_NOT_RUNNING = frozenset({State.IDLE, State.OPENING, State.READY, State.ENDED})
_NOT_BEGUN = frozenset({State.IDLE, State.OPENING, State.READY})


class StillroomApp(App[int]):
    """Chooser and session screen over one link. Returns the exit code."""

    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        open_room: Callable[[], Room],
        hands: Hands,
        *,
        entries: Sequence[Entry] = (),
        session: Path | None = None,
        open_command: OpenSession | None = None,
        begin: bool = False,
        device: str | None = None,
    ) -> None:
        super().__init__()
        self.parting = ""
        """What the shell says once the screen is gone."""
        self._link = Link(open_room, self.post_message)
        self._hands = hands
        self._entries = entries
        self._session = session
        self._open_command = open_command
        self._begin = begin
        self._device = device
        self._status = Status()
        self._opened: str | None = None
        """The session that this screen opened and that has not begun."""
        self._awaited = 0
        """The ticket of the last opening; statuses before its answer are of something else."""
        self._failed = False

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The words' own shades, for themes that do not say."""
        return OWN_VARIABLES

    def on_mount(self) -> None:
        """Show the first screen, then reach for the engine."""
        self.register_theme(EVENING)
        self.theme = EVENING.name
        if self._open_command is None:
            self.push_screen(ChooserScreen(self._entries, self._session))
        else:
            self._open(self._open_command, begin=self._begin)
            waiting = Status(state=State.OPENING, title=Path(self._open_command.path).stem)
            self.push_screen(SessionScreen(waiting, self._hands))
        self.call_after_refresh(self._reach_out)

    def on_unmount(self) -> None:
        """Leave the engine as it is."""
        self._link.close()

    def _reach_out(self) -> None:
        self._link.send(Watch())
        self._link.start()
        if self._open_command is None:
            shelf.read_all(self._entries, self.post_message)

    # What the engine says.

    def on_status_came(self, message: messages.StatusCame) -> None:
        """Show it, or go to the session screen where a session turns out to be running."""
        status = message.status
        if self._awaited:
            return
        self._status = status
        screen = self.screen
        if isinstance(screen, SessionScreen):
            if status.state == State.IDLE:
                self._give_up(status.notice)
            else:
                screen.show(status)
        elif status.state not in _NOT_RUNNING:
            self.push_screen(SessionScreen(status, self._hands))

    def on_answer_came(self, message: messages.AnswerCame) -> None:
        """Say what could not be done."""
        answer, command = message.answer, message.command
        if message.ticket >= self._awaited:
            self._awaited = 0
        if answer.ok:
            return
        opening = isinstance(command, OpenSession | Begin)
        if opening:
            self._opened = None
        if opening and self._status.state in _NOT_RUNNING:
            self._give_up(answer.text)
        elif not isinstance(command, CloseSession):
            self._say(answer.text)

    def on_event_came(self, message: messages.EventCame) -> None:
        """The statuses say it all to the eye."""

    def on_room_opened(self, message: messages.RoomOpened) -> None:
        """The engine is there."""
        self._failed = False

    def on_room_lost(self, message: messages.RoomLost) -> None:
        """One quiet line; with nothing running there is no more to do here."""
        text = LOST if message.ever_opened else message.text
        running = self._status.state not in _NOT_BEGUN
        self._failed = not running
        if not running:
            self._awaited = 0
            self._give_up(text)
        elif isinstance(self.screen, SessionScreen) and self._status.state != State.ENDED:
            self.screen.warn(text)

    # What the counsellor does.

    def on_chooser_screen_rested(self, message: ChooserScreen.Rested) -> None:
        """Open ahead what the highlight rests on."""
        path = str(message.entry.path)
        if self._opened != path and not self._failed and self._status.state in _NOT_RUNNING:
            self._open(self._command_for(path), begin=False)

    def on_chooser_screen_chosen(self, message: ChooserScreen.Chosen) -> None:
        """Open and begin; the screen is there before the engine answers."""
        entry, path = message.entry, str(message.entry.path)
        if self._opened == path:
            self._link.send(Begin())
        else:
            self._open(self._command_for(path), begin=True)
        waiting = Status(state=State.OPENING, title=entry.title, begin_asked=True)
        self._status = preview(entry.session) if entry.session else waiting
        self.push_screen(SessionScreen(self._status, self._hands))

    def on_chooser_screen_left(self, message: ChooserScreen.Left) -> None:
        """Out; what was only opened ahead is dropped."""
        if self._opened is not None:
            self._link.send(CloseSession())
        self.exit(1 if self._failed else 0)

    def on_session_screen_asked(self, message: SessionScreen.Asked) -> None:
        """Send it."""
        if isinstance(message.command, CloseSession):
            self._opened = None
        self._link.send(message.command)

    def on_session_screen_finished(self, message: SessionScreen.Finished) -> None:
        """Back to the chooser, or out."""
        if message.then == Then.LEAVE:
            self.exit(0)
        else:
            self._back_to_chooser("")

    async def action_quit(self) -> None:
        """Ctrl+Q asks, as the key for leaving does."""
        screen = self.screen
        if isinstance(screen, SessionScreen):
            screen.press_leave()
        elif isinstance(screen, ChooserScreen):
            screen.post_message(ChooserScreen.Left())

    def _command_for(self, path: str) -> OpenSession:
        return OpenSession(path=path, device=self._device)

    def _open(self, command: OpenSession, *, begin: bool) -> None:
        if self._opened is not None:
            self._link.send(CloseSession())
        self._opened = command.path
        self._awaited = self._link.send(command)
        if begin:
            self._link.send(Begin())

    def _say(self, text: str) -> None:
        screen = self.screen
        if isinstance(screen, SessionScreen | ChooserScreen):
            screen.say(text)

    def _give_up(self, text: str) -> None:
        """What was to begin does not, or what ran is gone."""
        self._opened = None
        self._status = Status()
        if self._open_command is not None:
            self.parting = text
            self.exit(1)
        else:
            self._back_to_chooser(text)

    def _back_to_chooser(self, line: str) -> None:
        if self._open_command is not None:
            self.exit(0)
            return
        if isinstance(self.screen, SessionScreen):
            self._opened = None
            self._status = Status()
            self.pop_screen()
        if line:
            self._say(line)

    def on_entry_read(self, message: shelf.EntryRead) -> None:
        """Another session is known."""
        for screen in self.screen_stack:
            if isinstance(screen, ChooserScreen):
                screen.redraw()

    def _fatal_error(self) -> None:
        """A fault of the screen itself: to the log, and one plain line to the shell."""
        crash.write(self._exception)
        self.parting = crash.PARTING
        self._close_messages_no_wait()


def run_app(
    room_opener: Callable[[], Room],
    *,
    session: Path | None,
    open_command: OpenSession | None,
    begin: bool,
) -> int:
    """Run the screens until they are left; the exit code.

    `session` is highlighted in the chooser; with `open_command` there is no chooser and that
    session is opened, and begun where `begin`. Raises InputWrong for settings that are wrong.
    """
    from player import paths, settings

    own = settings.read(paths.settings_file())
    hands = Hands(Keyboard(own.keys), Guard(time.monotonic), datetime.now)
    app = StillroomApp(
        room_opener,
        hands,
        entries=shelf.entries() if open_command is None else (),
        session=session,
        open_command=open_command,
        begin=begin,
        device=own.device,
    )
    # The mouse is left to the terminal: nothing here is clicked, and text can be marked.
    code = app.run(mouse=False)
    if app.parting:
        sys.stderr.write(app.parting + "\n")
    return app.return_code or code or 0

"""The app: puts screens up and hands messages on. The desk decides, the screens draw."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App

from player.screens import crash, messages, shelf
from player.screens.chooser import ChooserScreen
from player.screens.guard import Guard
from player.screens.keys import Keyboard
from player.screens.overview import Entry
from player.screens.reply import Hands
from player.screens.terminal import end_with_terminal
from player.screens.theme import EVENING, OWN_VARIABLES

if TYPE_CHECKING:
    # Loaded after the first paint of the chooser: their imports take a while.
    from player.protocol.room import Room
    from player.screens.desk import Desk
    from player.screens.session_screen import SessionScreen
    from player.timeline.commands import OpenSession
    from player.timeline.status import Status, Unfinished


class StillroomApp(App[int]):
    """Chooser and session screen over one link. Returns the exit code."""

    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    TITLE = "Stillroom"

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
        attached: Status | None = None,
    ) -> None:
        super().__init__()
        # Before the first paint: a theme set later would have it all styled twice.
        self.register_theme(EVENING)
        self.theme = EVENING.name
        self.parting = ""
        """What the shell says once the screen is gone."""
        self._make_desk: Callable[[], Desk] = lambda: _desk(self, open_room, hands, device)
        self._own_desk: Desk | None = None
        self._open_command = open_command
        self._begin = begin
        self._attached = attached
        chooses = open_command is None and attached is None
        self._chooser = ChooserScreen(entries, hands.guard, session) if chooses else None
        self._entries = entries
        self._guard = hands.guard
        self._offer: Unfinished | None = None
        self._failed = False
        self._reaches = False
        """True once all that the link wants is loaded."""

    @property
    def desk(self) -> Desk:
        """The desk; made, and reaching for the engine, when it is first wanted."""
        if self._own_desk is None:
            self._own_desk = self._make_desk()
            self._own_desk.start()
        return self._own_desk

    def drop_desk(self) -> None:
        """Let go of a link that is dead: the next rest or choice makes a new one."""
        if self._own_desk is not None:
            self._own_desk.close()
            self._own_desk = None

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The words' own shades, for themes that do not say."""
        return OWN_VARIABLES

    def on_mount(self) -> None:
        """Show the first screen; what takes longer comes after its first paint."""
        if self._chooser is not None:
            self.push_screen(self._chooser)
            self.call_after_refresh(shelf.read_all, self._entries, self.post_message)
        elif self._open_command is not None:
            self.desk.play(self._open_command, begin=self._begin)
        elif self._attached is not None:
            self.desk.come_back(self._attached)

    def on_unmount(self) -> None:
        """Leave the engine as it is."""
        self.drop_desk()

    # What the threads say.

    def on_entries_read(self, message: messages.EntriesRead) -> None:
        """Draw them; once all are drawn there is time for the link."""
        if self._chooser is not None:
            self._chooser.redraw()
        if message.all_of_them:
            self.call_after_refresh(shelf.load_desk, self.post_message)

    def on_desk_ready(self, message: messages.DeskReady) -> None:
        """Reach for the engine."""
        self._reaches = True
        if self.desk and self._chooser is not None:
            self._chooser.restart_rest()

    def on_status_came(self, message: messages.StatusCame) -> None:
        """To the desk."""
        if (desk := self._desk_of(message)) is not None:
            desk.take_status(message.status)

    def on_answer_came(self, message: messages.AnswerCame) -> None:
        """To the desk."""
        if (desk := self._desk_of(message)) is not None:
            desk.take_answer(message.answer, message.ticket, message.command)

    def on_room_opened(self, message: messages.RoomOpened) -> None:
        """The engine is there."""
        self._failed = False

    def on_room_lost(self, message: messages.RoomLost) -> None:
        """To the desk."""
        if (desk := self._desk_of(message)) is not None:
            desk.take_loss(message.text, message.ever_opened)

    def _desk_of(self, message: messages.FromLink) -> Desk | None:
        desk = self._own_desk
        return desk if desk is not None and desk.reads(message.link) else None

    # What the counsellor does.

    def on_chooser_screen_rested(self, message: ChooserScreen.Rested) -> None:
        """Open ahead, once the desk stands."""
        if self._reaches and not self._failed:
            self.desk.open_ahead(message.entry)

    def on_chooser_screen_chosen(self, message: ChooserScreen.Chosen) -> None:
        """Open and begin."""
        self.desk.choose(message.entry)

    def on_chooser_screen_answered(self, message: ChooserScreen.Answered) -> None:
        """To the desk."""
        self.desk.answer_unfinished(take_up=message.take_up)

    def on_chooser_screen_left(self, message: ChooserScreen.Left) -> None:
        """Out; what was only opened ahead is dropped."""
        if self._own_desk is not None:
            self._own_desk.drop_opened()
        self.leave(1 if self._failed else 0)

    def on_session_screen_asked(self, message: SessionScreen.Asked) -> None:
        """Send it."""
        self.desk.send(message.command)

    def on_session_screen_finished(self, message: SessionScreen.Finished) -> None:
        """To the desk."""
        self.desk.finish(message.then)

    async def action_quit(self) -> None:
        """Ctrl+Q asks, as the key for leaving does."""
        if isinstance(self.screen, ChooserScreen):
            self.screen.post_message(ChooserScreen.Left())
        elif (leave := getattr(self.screen, "press_leave", None)) is not None:
            leave()

    # What the desk asks for.

    def show_session(self, screen: SessionScreen) -> None:
        """Put a session screen on top."""
        self.push_screen(screen)

    def show_chooser(self, line: str, *, failed: bool, exit_code: int = 1) -> None:
        """Back to the chooser with a quiet line; out, where there is none.

        Where a session broke off there is always one, to say what becomes of it.
        """
        self._failed = failed
        if self._chooser is None and self._offer is not None:
            self._chooser = self._begin_to_choose(self._offer)
        elif self._chooser is None:
            self.parting = line
            self.leave(exit_code if line else 0)
            return
        elif self.screen is not self._chooser:
            self.pop_screen()
        self._chooser.say(line)

    def _begin_to_choose(self, row: Unfinished) -> ChooserScreen:
        asked = Path(self._open_command.path) if self._open_command is not None else None
        self._entries, at = shelf.entries_with(asked)
        chooser = ChooserScreen(self._entries, self._guard, at)
        chooser.offer(row)
        self.switch_screen(chooser)
        self.call_after_refresh(shelf.read_all, self._entries, self.post_message)
        return chooser

    def offer(self, row: Unfinished | None) -> None:
        """Have the chooser offer a session that broke off."""
        self._offer = row
        if self._chooser is not None:
            self._chooser.offer(row)

    def foretell(self, session: str, risks: Sequence[str]) -> None:
        """Have the chooser say what in a session's music could startle."""
        for entry in self._entries:
            if str(entry.path) == session and entry.risks != tuple(risks):
                entry.risks = tuple(risks)
                if self._chooser is not None:
                    self._chooser.redraw()

    def say(self, line: str) -> None:
        """A quiet line on the screen on top."""
        speak = getattr(self.screen, "say", None)
        if speak is not None:
            speak(line)

    def leave(self, code: int) -> None:
        """Out of the app."""
        self.exit(code, return_code=code)

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
    attached: Status | None = None,
) -> int:
    """Run the screens until they are left; the exit code.

    `session` is highlighted in the chooser; with `open_command` there is no chooser and that
    session is opened, and begun where `begin`; with `attached`, how the session that runs
    stands, it is shown at once. Raises InputWrong for settings that are wrong; they keep nobody
    from a session that runs: then what is wrong is said at the end.
    """
    keyboard, device, wrong = _settings(lenient=attached is not None)
    hands = Hands(keyboard, Guard(time.monotonic), datetime.now)
    app = StillroomApp(
        room_opener,
        hands,
        entries=() if open_command or attached else shelf.entries(),
        session=session,
        open_command=open_command,
        begin=begin,
        device=device,
        attached=attached,
    )
    end_with_terminal()
    # The mouse is left to the terminal: nothing here is clicked, and text can be marked.
    code = app.run(mouse=False)
    for line in filter(None, (app.parting, *wrong)):
        sys.stderr.write(line + "\n")
    return app.return_code or code or 0


def _settings(*, lenient: bool) -> tuple[Keyboard, str | None, list[str]]:
    """The keyboard, the device, and what is wrong; the settings' reader is loaded if need be."""
    from player import paths

    if not paths.settings_file().exists():
        return Keyboard(), None, []
    from player.screens.own_settings import own_settings, usable_settings

    if lenient:
        own, keyboard, wrong = usable_settings()
        return keyboard, own.device, wrong
    own, keyboard = own_settings()
    return keyboard, own.device, []


def _desk(
    app: StillroomApp, open_room: Callable[[], Room], hands: Hands, device: str | None
) -> Desk:
    from player.screens.desk import Desk

    return Desk(app, open_room, hands, device)

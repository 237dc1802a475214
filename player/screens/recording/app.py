"""The recording screen as an app of its own: keys to the picture, the picture to the booth."""

from __future__ import annotations

import sys
import threading
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.message import Message
from textual.screen import Screen

from player.errors import RunFailed
from player.screens import crash
from player.screens.pane import Pane
from player.screens.recording.face import face
from player.screens.recording.picture import Picture, opened, pressed, told
from player.screens.terminal import end_with_terminal
from player.screens.theme import EVENING, OWN_VARIABLES
from player.units import Seconds
from player.voice import talk
from player.voice.door import GONE, Door
from player.voice.script import Script
from player.voice.takes import take_of

ANSWERS_S: Seconds = 15.0
"""A sound system that takes longer than this to list its inputs is not going to."""


class ToldCame(Message):
    """The booth said something."""

    def __init__(self, line: talk.Told) -> None:
        super().__init__()
        self.line = line

    def can_replace(self, message: Message) -> bool:
        """Only the newest level is worth drawing."""
        return isinstance(message, ToldCame) and all(
            isinstance(each.line, talk.Recording) for each in (self, message)
        )


class RecordingScreen(Screen[None]):
    """One pane that is drawn anew from a picture."""

    CSS: ClassVar[str] = """
    RecordingScreen { background: $background; color: $foreground; overflow: hidden; }
    RecordingScreen Pane { width: 100%; height: 1fr; }
    """

    class Pressed(Message):
        """A key; none reaches Textual's own bindings."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self._picture = picture
        self._pane = Pane(id="recording")

    def compose(self) -> ComposeResult:
        """The pane."""
        yield self._pane

    def show(self, picture: Picture) -> None:
        """Draw this picture."""
        self._picture = picture
        width, height = self.size
        if self.is_mounted and width >= 4 and height >= 2:
            self._pane.paint(face(picture, width, height))

    def on_mount(self) -> None:
        """Draw as soon as there is a size."""
        self.show(self._picture)

    def on_resize(self, event: events.Resize) -> None:
        """Another size is another drawing."""
        self.show(self._picture)

    def on_key(self, event: events.Key) -> None:
        """Hand every key on."""
        event.stop()
        event.prevent_default()
        self.post_message(self.Pressed(event.key))


class RecordingApp(App[int]):
    """One script, one booth. Returns the exit code."""

    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    TITLE = "Stillroom"

    def __init__(self, picture: Picture, door: Door) -> None:
        super().__init__()
        self.register_theme(EVENING)
        self.theme = EVENING.name
        self.parting = ""
        """What the shell says once the screen is gone."""
        self._picture = picture
        self._door = door
        self._screen = RecordingScreen(picture)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The words' own shades, for themes that do not say."""
        return OWN_VARIABLES

    def on_mount(self) -> None:
        """Show the screen, and listen to the booth on a thread that never holds the exit."""
        self.push_screen(self._screen)
        threading.Thread(target=self._listen, name="booth reader", daemon=True).start()

    def on_recording_screen_pressed(self, message: RecordingScreen.Pressed) -> None:
        """Do what the key means."""
        step = pressed(self._picture, message.key)
        self._show(step.picture)
        for wish in step.wishes:
            self._door.send(wish)
        if step.leaves:
            self.exit(0)

    def on_told_came(self, message: ToldCame) -> None:
        """Show what the booth said; without it there is nothing more to do here."""
        line = message.line
        if isinstance(line, talk.Trouble) and line.over:
            self.parting = line.why
            self.exit(1, return_code=1)
            return
        self._show(told(self._picture, line))

    async def action_quit(self) -> None:
        """Ctrl+Q asks, as the key for leaving does."""
        self._screen.post_message(RecordingScreen.Pressed("q"))

    def _show(self, picture: Picture) -> None:
        self._picture = picture
        self._screen.show(picture)

    def _listen(self) -> None:
        while (line := self._door.receive()) is not None:
            self.post_message(ToldCame(line))
            if isinstance(line, talk.Trouble) and line.over:
                return

    def _fatal_error(self) -> None:
        """A fault of the screen itself: to the log, and one plain line to the shell."""
        crash.write(self._exception)
        self.parting = "the screen failed; what was kept is kept"
        self._close_messages_no_wait()


def run_recording(script: Script, door: Door) -> int:
    """Record a script until the screen is left; the exit code. Raises RunFailed without an input.

    The door is closed at the end.
    """
    try:
        inputs = _inputs(door)
        recorded = [text for text in script.texts if take_of(script.name, text) is not None]
        picture = opened(script.title, script.name, script.texts, recorded, inputs)
        app = RecordingApp(picture, door)
        end_with_terminal()
        code = app.run(mouse=False)
    finally:
        door.close()
    if app.parting:
        sys.stderr.write(app.parting + "\n")
    return app.return_code or code or 0


def _inputs(door: Door) -> tuple[str, ...]:
    """The inputs, asked for before there is a screen, so that a missing one is a plain sentence."""
    heard: list[talk.Told | None] = []
    door.send(talk.ListInputs())
    reader = threading.Thread(target=lambda: heard.append(door.receive()), daemon=True)
    reader.start()
    reader.join(ANSWERS_S)
    first = heard[0] if heard else None
    if isinstance(first, talk.Inputs) and first.names:
        return first.names
    if isinstance(first, talk.Trouble):
        raise RunFailed(first.why)
    raise RunFailed(GONE if heard else "the sound system does not answer; try again in a moment")

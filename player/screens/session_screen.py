"""The session screen: shows the newest status, turns keys into commands. Counts nothing itself."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

from player.screens import lost_link, presses
from player.screens.coming import lower, wants_room
from player.screens.face import face
from player.screens.foot import foot, key_entries, panel_rows
from player.screens.lost_output import once_back, press_digit
from player.screens.pane import Pane
from player.screens.reading import offered
from player.screens.reply import Hands, Panel, Reply, Then
from player.timeline.commands import AnyCommand
from player.timeline.status import NOT_BEGUN, State, Status

PANEL_IDLE_S = 20.0
ANSWER_SHOWN_S = 5.0
QUESTION_SHOWN_S = 2.0


class SessionScreen(Screen[None]):
    """Phase and countdown above, what comes below, keys at the foot."""

    CSS: ClassVar[str] = """
    SessionScreen { background: $background; color: $foreground; overflow: hidden; }
    SessionScreen Pane { width: 100%; }
    #lower { height: 1fr; }
    #panel { display: none; background: $panel; }
    """

    class Asked(Message):
        """A key wants this sent to the engine."""

        def __init__(self, command: AnyCommand) -> None:
            super().__init__()
            self.command = command

    class Finished(Message):
        """The counsellor leaves this screen."""

        def __init__(self, then: Then) -> None:
            super().__init__()
            self.then = then

    def __init__(self, status: Status, hands: Hands) -> None:
        super().__init__()
        self.status = status
        """What is shown."""
        self._hands = hands
        self._panel: Panel | None = None
        self._says = ""
        self._says_timer: Timer | None = None
        self._panel_timer: Timer | None = None
        self._panes = (
            Pane(id="face", follow=True),
            Pane(id="lower"),
            Pane(id="panel", follow=True),
            Pane(id="foot", follow=True),
        )

    def compose(self) -> ComposeResult:
        """Four panes under each other."""
        yield from self._panes

    def show(self, status: Status) -> None:
        """Draw this status."""
        self.status = status
        self._look()
        if not status.linked:
            self._close_panel()
        self._draw()

    def say(self, text: str, shown_s: float = ANSWER_SHOWN_S) -> None:
        """The answer to a key, for a few seconds."""
        self._says = text
        if self._says_timer is not None:
            self._says_timer.stop()
        self._says_timer = self.set_timer(shown_s, self._hush) if text else None
        self._draw()

    def press_leave(self) -> None:
        """As if the key for leaving were pressed."""
        self._answer(self._reply_to("ctrl+q", None))

    def on_mount(self) -> None:
        """Draw as soon as there is a size."""
        self._look()
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """Another size is another drawing."""
        self._draw()

    def on_key(self, event: events.Key) -> None:
        """Every key is answered here and at once; none reaches Textual's own bindings."""
        event.stop()
        event.prevent_default()
        self._answer(self._reply_to(event.key, event.character))

    def _reply_to(self, key: str, character: str | None) -> Reply:
        name = self._hands.keyboard.name_of(key)
        if key == "enter" and self.status.state in {*NOT_BEGUN, State.ENDED}:
            name = "answer"  # whatever it was moved to: Enter begins, and leaves what is over
        if self._hands.guard.locked:
            return (
                presses.press(name, self.status, self._hands)
                if name
                else presses.locked(self._hands)
            )
        if self._panel is not None:
            return self._reply_of_panel(self._panel, key, character, name)
        if key == "escape":
            return presses.escape(self.status)
        chosen = press_digit(character, self.status)
        if chosen is not None:
            return chosen
        if name is None:
            shown = self._hands.keyboard.shown("help")
            return Reply(says=f"that key does nothing here; {shown} shows the keys")
        return presses.press(name, self.status, self._hands)

    def _reply_of_panel(
        self, panel: Panel, key: str, character: str | None, name: str | None
    ) -> Reply:
        if key == "escape":
            return Reply(closes=True)
        reply = presses.press_in(panel, key, character, self.status, self._hands)
        if reply is not None:
            return reply
        if name is None or name in panel.deaf_to:
            return Reply(says=f"{panel.answers}, or Esc")
        # A key that means nothing to the panel means what it always does.
        reply = presses.press(name, self.status, self._hands)
        if reply != Reply():  # one that is held down, or counted already, does nothing
            self._close_panel()
        return reply

    def _answer(self, reply: Reply) -> None:
        for command in reply.commands:
            self.post_message(self.Asked(command))
        if reply.closes:
            self._close_panel()
        if reply.opens is not None:
            self._panel = reply.opens
        if self._panel is not None and (reply.opens is not None or not self._panel.asks):
            self._restart_idle()
        if reply.commands and reply.says and self.status.coming_back:
            self.say(once_back(reply.says))
        elif reply.says:
            is_question = " again: " in reply.says or reply.says.startswith("once more")
            self.say(reply.says, QUESTION_SHOWN_S if is_question else ANSWER_SHOWN_S)
        elif reply.opens is not None:
            self.say("")  # what was said was about something else
        else:
            self._draw()
        if reply.then != Then.NOTHING:
            self.post_message(self.Finished(reply.then))

    def _restart_idle(self) -> None:
        if self._panel_timer is not None:
            self._panel_timer.stop()
        stays = self._panel is not None and self._panel.stays
        self._panel_timer = None if stays else self.set_timer(PANEL_IDLE_S, self._idle)

    def _idle(self) -> None:
        self._close_panel()
        self._draw()

    def _close_panel(self) -> None:
        self._panel = None
        if self._panel_timer is not None:
            self._panel_timer.stop()
            self._panel_timer = None

    def _look(self) -> None:
        """Let the guard know since when an offer or a voice is here, or has gone."""
        cues, guard = self.status.cues, self._hands.guard
        for what, at in (("offer", offered(self.status)), ("voice", self.status.cue_speaking)):
            guard.sees(what, None if at is None or at >= len(cues) else f"{at} {cues[at].name}")

    def _hush(self) -> None:
        self._says = ""
        self._draw()

    def _draw(self) -> None:
        width, height = self.size
        if not self.is_mounted or width < 4 or height < 2:
            return
        keyboard = self._hands.keyboard
        if self._panel is not None or self._hands.guard.locked:
            keyboard = keyboard.unnamed()
        bottom = self._foot(width, height)
        tall = self._panel is not None and self._panel.tall
        top = face(self.status, keyboard, width, height, compact=tall)
        if self._panel is None and wants_room(self.status, width, height - len(top) - len(bottom)):
            top = face(self.status, keyboard, width, height, compact=True)
        # One row stays below the face, since a pane is never without a row.
        left = max(2, height - len(top) - len(bottom) - 1)
        shown = panel_rows(self._panel, width, left) if self._panel is not None else []
        face_pane, lower_pane, panel_pane, foot_pane = self._panes
        with self.app.batch_update():
            panel_pane.display = bool(shown)
            face_pane.paint(top)
            lower_pane.paint(lower(self.status, keyboard, width, left + 1 - len(shown)))
            panel_pane.paint(shown)
            foot_pane.paint(bottom)

    def _foot(self, width: int, height: int) -> list[Content]:
        entries = key_entries(self.status, self._hands, self._panel)
        notice = self.status.notice if self.status.linked else lost_link.advice(self.status)
        if self.status.coming_back and self.status.linked:
            notice = ""  # the state says all: the last notice is of before
        return foot(notice, self._says, entries, width, height)

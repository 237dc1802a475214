"""The chooser: the sessions there are, and one of them at a glance. Loads none itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

from player.screens.guard import SECOND_PRESS_S, SLOWLY, Guard
from player.screens.ink import CARE, FAINT, KEY, PLAIN, QUIET, STRONG, WARM, beside, flow, row
from player.screens.overview import Entry, overview
from player.screens.pane import Pane
from player.screens.parting import GIVEN_UP
from player.units import span

if TYPE_CHECKING:
    from player.timeline.status import Unfinished

REST_S = 0.3
"""A session that is highlighted this long is opened ahead, so that begin sounds at once."""

_SIDE_BY_SIDE = 76
SURE = "X again: it is over for good"
_LEAVES = frozenset({"q", "escape", "ctrl+q", "ctrl+c"})


class ChooserScreen(Screen[None]):
    """Pick a session."""

    CSS: ClassVar[str] = """
    ChooserScreen { background: $background; color: $foreground; overflow: hidden; }
    ChooserScreen Pane { width: 100%; }
    #sessions { height: 1fr; }
    """

    class Rested(Message):
        """The highlight stayed on a session that can be opened."""

        def __init__(self, entry: Entry) -> None:
            super().__init__()
            self.entry = entry

    class Chosen(Message):
        """Enter on a session."""

        def __init__(self, entry: Entry) -> None:
            super().__init__()
            self.entry = entry

    class Left(Message):
        """The counsellor closes the chooser."""

    class Answered(Message):
        """What becomes of a session that broke off."""

        def __init__(self, *, take_up: bool) -> None:
            super().__init__()
            self.take_up = take_up

    def __init__(self, entries: Sequence[Entry], guard: Guard, at: Path | None = None) -> None:
        super().__init__()
        self._entries = entries
        self._guard = guard
        self._at = next((n for n, entry in enumerate(entries) if entry.path == at), 0)
        self._line = ""
        self._line_timer: Timer | None = None
        self._offer: Unfinished | None = None
        self._taking_up = False
        """True from the key until the session is there, or what keeps it from coming was said."""
        self._rest_timer: Timer | None = None
        self._sessions = Pane(id="sessions")
        self._foot = Pane(id="foot", follow=True)

    def compose(self) -> ComposeResult:
        """The list with its overview, and the foot."""
        yield self._sessions
        yield self._foot

    @property
    def highlighted(self) -> Entry | None:
        """The session under the mark."""
        return self._entries[self._at] if self._entries else None

    def redraw(self) -> None:
        """Draw again: an entry was loaded."""
        self._draw()

    def say(self, line: str) -> None:
        """One quiet line at the foot; it stays."""
        self._taking_up = False
        self._set_line(line)
        self._draw()

    def offer(self, row: Unfinished | None) -> None:
        """A session broke off: one line and two keys, until it is taken up or given up."""
        if row != self._offer:
            self._offer = row
            self._draw()
            if row is None:
                self.restart_rest()

    def on_mount(self) -> None:
        """Draw as soon as there is a size."""
        self._draw()

    def on_screen_resume(self) -> None:
        """Back from a session: what is highlighted may be opened ahead again."""
        self.restart_rest()

    def on_screen_suspend(self) -> None:
        """Covered by a session: nothing is opened ahead."""
        self._taking_up = False
        self._set_line("")
        self._stop_rest()

    def on_resize(self, event: events.Resize) -> None:
        """Another size is another drawing."""
        self._draw()

    def on_key(self, event: events.Key) -> None:
        """Arrows move, Enter plays, q leaves."""
        event.stop()
        event.prevent_default()
        if event.key in _LEAVES:
            self.post_message(self.Left())
        elif self._taking_up:
            return
        elif self._offer is not None and event.key in {"r", "R"}:
            self._take_up(self._offer)
        elif self._offer is not None and event.key in {"x", "X"}:
            self._give_up()
        else:
            self._choose_by(event.key)

    def _choose_by(self, key: str) -> None:
        moves = {"up": -1, "down": 1, "k": -1, "j": 1, "pageup": -10, "pagedown": 10}
        moves |= {"home": -len(self._entries), "end": len(self._entries)}
        if key in moves and self._entries:
            self._at = max(0, min(len(self._entries) - 1, self._at + moves[key]))
            self._set_line("")
            self.restart_rest()
            self._draw()
        elif key in {"enter", "space"}:
            self._choose()

    def _take_up(self, offer: Unfinished) -> None:
        """Until the session is there no key may ask for another one."""
        self._stop_rest()
        self._taking_up = True
        self._set_line(f"taking {offer.title} up again…")
        self._draw()
        self.post_message(self.Answered(take_up=True))

    def _give_up(self) -> None:
        """Giving up wants the key a second time, from a hand: it cannot be undone."""
        if self._guard.repeats("give up"):
            if self._guard.asks_on("give up"):
                self._ask(SLOWLY)
            return
        if self._guard.sure("give up"):
            self.say(GIVEN_UP)
            self.post_message(self.Answered(take_up=False))
            return
        self._ask(SURE)

    def _ask(self, line: str) -> None:
        self.say(line)
        self._line_timer = self.set_timer(SECOND_PRESS_S, lambda: self.say(""))

    def _set_line(self, line: str) -> None:
        self._line = line
        if self._line_timer is not None:
            self._line_timer.stop()
            self._line_timer = None

    def _choose(self) -> None:
        entry = self.highlighted
        if entry is None:
            return
        if self._offer is not None:
            self.say(f"first: R takes {self._offer.title} up again, X gives it up")
            return
        if entry.faults:
            self.say("this session has faults and cannot be played")
            return
        self._stop_rest()
        self.post_message(self.Chosen(entry))

    def restart_rest(self) -> None:
        """Count the highlight's rest from now."""
        self._stop_rest()
        self._rest_timer = self.set_timer(REST_S, self._rested)

    def _stop_rest(self) -> None:
        if self._rest_timer is not None:
            self._rest_timer.stop()
            self._rest_timer = None

    def _rested(self) -> None:
        self._rest_timer = None
        entry = self.highlighted
        if self._taking_up:
            return
        if self._offer is None and entry is not None and entry.session is not None:
            self.post_message(self.Rested(entry))

    def _draw(self) -> None:
        width, height = self.size
        if not self.is_mounted or width < 4 or height < 2:
            return
        bottom = self._foot_rows(width)
        room = max(1, height - len(bottom))
        with self.app.batch_update():
            self._sessions.paint(self._body(width, room))
            self._foot.paint(bottom)

    def _body(self, width: int, height: int) -> list[Content]:
        inner = width - 2
        head = [row(inner, [("Stillroom", STRONG), ("  choose a session", QUIET)])]
        head += [Content("")] if height >= 12 else []
        room = height - len(head)
        entry = self.highlighted
        if entry is None:
            body = [row(inner, [("there are no sessions", QUIET)])]
        elif inner >= _SIDE_BY_SIDE:
            column = max(32, min(44, inner * 2 // 5))
            right = overview(entry, inner - column - 2, room)
            body = beside(self._list(column, room), right, column + 2)
        else:
            above = max(3, min(len(self._entries) + 2, room // 2))
            body = [*self._list(inner, above), Content(""), *overview(entry, inner, room - above)]
        return [Content.assemble(" ", line) for line in [*head, *body][:height]]

    def _list(self, width: int, height: int) -> list[Content]:
        rows: list[Content] = []
        marked = 0
        for at, entry in enumerate(self._entries):
            if entry.own and (at == 0 or not self._entries[at - 1].own):
                rows += [Content("")] if rows else []
                rows.append(row(width, [("your own", FAINT)]))
            if at == self._at:
                marked = len(rows)
            rows.append(self._entry_row(entry, width, marked=at == self._at))
        first = max(0, min(marked - height // 2, len(rows) - height))
        return rows[first : first + height]

    @staticmethod
    def _entry_row(entry: Entry, width: int, *, marked: bool) -> Content:
        if entry.faults:
            right = ("! faulty", CARE)
        else:
            right = (span(entry.session.length_s) if entry.session else "", QUIET)
        mark = ("▸ ", WARM) if marked else ("  ", "")
        return row(width, [mark, (entry.title, STRONG if marked else PLAIN)], [right])

    def _foot_rows(self, width: int) -> list[Content]:
        inner = width - 2
        keys: tuple[tuple[str, str], ...] = (("Enter", "begin"), ("↑↓", "choose"), ("Q", "leave"))
        rows = []
        if self._taking_up:
            keys = keys[-1:]
        elif self._offer is not None:
            from player.screens.broken_off import broke_off

            rows = [row(inner, [(broke_off(self._offer), CARE)])]
            keys = (("R", "take it up again, paused"), ("X", "give it up"), ("Q", "leave"))
        entries = [[(key, KEY), (f" {words}", QUIET)] for key, words in keys]
        rows += [row(inner, [(self._line, CARE)]), *flow(inner, entries, gap=2)]
        return [Content.assemble(" ", line) for line in rows]

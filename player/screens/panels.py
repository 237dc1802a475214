"""The panels of the lower area: short menus, lists to pick from, a line to type, the help.

Each is a small state machine of keys; none knows how it is drawn on a screen or sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from rich.cells import cell_len

from player.errors import InputWrong
from player.screens.ink import KEY, PLAIN, QUIET, STRONG, WARM, Piece, fit
from player.screens.keys import Keyboard
from player.screens.reply import Panel, Reply
from player.timeline.status import Status

_SIGNS = "123456789abcdefghijklmnoprstuvwxyz"
"""What picks an entry of a list; q stays for leaving."""


@dataclass
class Menu(Panel):
    """A few things to do, each with its letter."""

    title: str
    entries: Sequence[tuple[str, str, Reply]]
    """Key, words, answer."""

    def rows(self, width: int, height: int) -> list[list[Piece]]:
        """One row for each entry; in columns where there are more than rows."""
        lines = max(1, min(height, len(self.entries)))
        columns = -(-len(self.entries) // lines)
        return [
            [
                piece
                for key, words, _ in self.entries[line::lines]
                for piece in self._entry(key, words, width // columns)
            ]
            for line in range(lines)
        ]

    @staticmethod
    def _entry(key: str, words: str, width: int) -> list[Piece]:
        words = fit(words, width - 5)
        pad = " " * max(0, width - 4 - cell_len(words))
        return [(f" {key.upper()} ", KEY), (f" {words}{pad}", PLAIN)]

    @property
    def keys(self) -> list[tuple[str, str]]:
        """Its letters; the words are beside them above."""
        return [(" ".join(key.upper() for key, _, _ in self.entries), "choose")]

    def press(self, key: str, character: str | None, status: Status) -> Reply | None:
        """The answer of the entry with this key."""
        return next((reply for own, _, reply in self.entries if own == key.lower()), None)

    @property
    def answers(self) -> str:
        """The letters of its entries."""
        *others, last = (key.upper() for key, _, _ in self.entries)
        return f"{', '.join(others)} or {last}" if others else last


@dataclass
class Question(Menu):
    """What is answered by keys that have a name; any other key does nothing, but for a few.

    It stands for its time, however often a key is pressed that is no answer.
    """

    name_of: Callable[[str], str | None]
    by_name: Mapping[str, Reply]
    """The answers, by the names of their keys."""
    cannot_wait: Collection[str]
    """Names of keys that drop the question and do what they always do."""
    asks: ClassVar[bool] = True
    deaf_to: ClassVar[frozenset[str]] = frozenset()

    def press(self, key: str, character: str | None, status: Status) -> Reply | None:
        """The answer; None for what cannot wait."""
        name = self.name_of(key) or ""
        if name in self.cannot_wait:
            return None
        return self.by_name.get(name) or Reply(says=f"{self.answers}, or Esc")


@dataclass
class Choice(Panel):
    """A list to pick from, by its sign or by arrows and Enter."""

    title: str
    names: Sequence[str]
    pick: Callable[[int, Status], Reply]
    at: int = 0

    def rows(self, width: int, height: int) -> list[list[Piece]]:
        """The entries round the marked one, in columns where they are short."""
        if height <= 0:
            return []
        widest = max((cell_len(name) for name in self.names), default=0) + 6
        columns = max(1, min(width // max(1, widest), -(-len(self.names) // height)))
        first = self._first_shown(height * columns)
        return [
            [
                piece
                for column in range(columns)
                if (at := first + column * height + line) < len(self.names)
                for piece in self._entry(at, width // columns)
            ]
            for line in range(min(height, len(self.names) - first))
        ]

    @property
    def keys(self) -> list[tuple[str, str]]:
        """What moves and takes."""
        return [("↑↓", "move"), ("Enter", "takes it")]

    def press(self, key: str, character: str | None, status: Status) -> Reply | None:
        """Arrows move the mark, Enter takes it, a sign takes its entry."""
        if key in {"up", "down"}:
            self.at = (self.at + (1 if key == "down" else -1)) % len(self.names)
            return Reply()
        if key == "enter":
            return self.pick(self.at, status)
        if key == "space":  # by itself it wants two presses to go on, here none would
            return Reply(says=f"{self.answers}, or Esc")
        at = _SIGNS.find(key.lower()) if len(key) == 1 else -1
        return self.pick(at, status) if 0 <= at < len(self.names) else None

    @property
    def answers(self) -> str:
        """Its signs, from the first to the last."""
        last = _SIGNS[min(len(self.names), len(_SIGNS)) - 1].upper()
        signs = "1" if last == "1" else f"1 to {last}"
        return f"{signs}, or arrows and Enter"

    def _first_shown(self, most: int) -> int:
        if len(self.names) <= most:
            return 0
        return max(0, min(self.at - most // 2, len(self.names) - most))

    def _entry(self, at: int, width: int) -> list[Piece]:
        sign = _SIGNS[at].upper() if at < len(_SIGNS) else " "
        marked = at == self.at
        name = fit(self.names[at], width - 5)
        pad = " " * max(0, width - 5 - cell_len(name))
        return [
            ("▸" if marked else " ", WARM),
            (f"{sign}  ", KEY),
            (name + pad, STRONG if marked else PLAIN),
            (" ", ""),
        ]


@dataclass
class Line(Panel):
    """A line to type; Enter hands it on, a fault in it is said in place.

    An empty one is handed to nobody: Enter by itself changes nothing.
    """

    title: str
    hint: str
    take: Callable[[str], Reply]
    """Raises InputWrong where the words cannot be read."""
    text: str = ""
    fault: str = ""

    def rows(self, width: int, height: int) -> list[list[Piece]]:
        """The line with its end marked, and what it takes or what is wrong."""
        typed = self.text[-(width - 6) :]
        below = (self.fault, WARM) if self.fault else (self.hint, QUIET)
        return [[(" › ", WARM), (typed, STRONG), ("_", WARM)], [(f"   {below[0]}", below[1])]]

    @property
    def keys(self) -> list[tuple[str, str]]:
        """What ends the line."""
        return [("Enter", "takes it")]

    def press(self, key: str, character: str | None, status: Status) -> Reply | None:
        """Letters are typed, Backspace takes one back, Enter hands the line on."""
        if key == "enter":
            return self._taken()
        if key == "backspace":
            self.text, self.fault = self.text[:-1], ""
            return Reply()
        if character and character.isprintable() and len(self.text) < 40:
            self.text, self.fault = self.text + character, ""
            return Reply()
        return None

    @property
    def answers(self) -> str:
        """What ends the line."""
        return "Enter takes what is written"

    def _taken(self) -> Reply:
        if not self.text.strip():
            return Reply(says="left as it was", closes=True)
        try:
            return self.take(self.text)
        except InputWrong as fault:
            self.fault = str(fault)
            return Reply()


@dataclass
class Help(Panel):
    """All keys, in as many columns as fit."""

    keyboard: Keyboard
    title: str = "Keys"
    tall: ClassVar[bool] = True
    first: int = field(default=0)

    def rows(self, width: int, height: int) -> list[list[Piece]]:
        """The entries in columns; where they are too many, from the first that was moved to."""
        columns = 2 if width >= 76 else 1
        entries = self.keyboard.help()
        lines = max(1, min(height, -(-len(entries) // columns)))
        self.first = max(0, min(self.first, len(entries) - lines * columns))
        each = width // columns
        shown = entries[self.first :]
        return [
            [
                piece
                for column in range(columns)
                if (at := column * lines + line) < len(shown)
                for piece in self._entry(*shown[at], each)
            ]
            for line in range(lines)
        ]

    @property
    def keys(self) -> list[tuple[str, str]]:
        """What moves through it, and what closes it beside Esc."""
        return [("↑↓", "move"), (self.keyboard.shown("help"), "closes")]

    def press(self, key: str, character: str | None, status: Status) -> Reply | None:
        """Arrows move through what does not fit; the key of the help or of leaving closes it."""
        if key == "enter" or self.keyboard.name_of(key) in {"help", "leave"}:
            return Reply(closes=True)
        if key in {"up", "down"}:
            self.first += 1 if key == "down" else -1
            return Reply()
        return None

    @property
    def answers(self) -> str:
        """What moves it, and what closes it."""
        return f"↑ and ↓ move, {self.keyboard.shown('help')} closes"

    @staticmethod
    def _entry(key: str, words: str, width: int) -> list[Piece]:
        words = fit(words, width - 12)
        return [
            (f" {key:<10}", KEY),
            (words + " " * max(0, width - 11 - cell_len(words)), PLAIN),
        ]

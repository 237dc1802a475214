"""What keys and panels are asked with, and what they answer: commands, and words to show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from player.screens.guard import Guard
from player.screens.ink import Piece
from player.screens.keys import Keyboard

if TYPE_CHECKING:
    from player.timeline.commands import AnyCommand
    from player.timeline.status import Status


class Then(StrEnum):
    """What the screen itself does after a key."""

    NOTHING = "nothing"
    LEAVE = "leave"
    """Leave the session as it is: to the shell, the music goes on."""
    FINISH = "finish"
    """The session is over or was never begun: back to the chooser, or out."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one press."""

    commands: tuple[AnyCommand, ...] = ()
    says: str = ""
    """The acknowledgement, shown at once."""
    opens: Panel | None = None
    closes: bool = False
    """The panel that was open is done."""
    then: Then = Then.NOTHING


@dataclass(frozen=True, slots=True)
class Hands:
    """What a press needs beside the status."""

    keyboard: Keyboard
    guard: Guard
    wall: Callable[[], datetime]
    """The local wall clock; only for marks said as a time of the day."""


class Panel:
    """A small menu in the lower area; the base of all of them."""

    title: str
    tall: ClassVar[bool] = False
    """True where it wants room: the strip of phases gives way, phase and clocks stay."""
    stays: ClassVar[bool] = False
    """True where it stays open however long no key is pressed."""

    asks: ClassVar[bool] = False
    """True where a key that is no answer does not give it more time."""

    deaf_to: ClassVar[frozenset[str]] = frozenset({"answer", "no"})
    """Names of keys that do nothing while it is open: what they answer may lie hidden behind it."""

    @property
    def answers(self) -> str:
        """Which keys mean something to it, for one that means nothing at all."""
        return ""

    @property
    def keys(self) -> list[tuple[str, str]]:
        """Its keys for the footer, each with what it does in few words."""
        return []

    def rows(self, width: int, height: int) -> list[list[Piece]]:
        """What it shows, under its title, in at most `height` rows."""
        raise NotImplementedError

    def press(self, key: str, character: str | None, status: Status) -> Reply | None:
        """The answer to a key; None where the key means nothing to it."""
        raise NotImplementedError

"""The panel of words that a counsellor reads aloud, for a cue that has no sound."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from player.screens.face import AFTER_MUSIC
from player.screens.ink import FAINT, KEY, STRONG, Piece, wrap
from player.screens.reply import Panel, Reply
from player.timeline.commands import AllowCue
from player.timeline.status import CueView, Status

WIDEST = 84
"""Cells of a line that an eye finds back from."""

LONGEST = 2000
"""Lines that are kept; nobody reads more aloud."""


def offered(status: Status) -> int | None:
    """Which cue waits for a yes or no; none is offered any more once the music is over."""
    at = status.cue_asked
    over = status.state in AFTER_MUSIC
    return None if at is None or over or at >= len(status.cues) else at


def to_read(status: Status) -> CueView | None:
    """The cue that is offered now and has words but no sound."""
    at = offered(status)
    return None if at is None or not status.cues[at].read_aloud else status.cues[at]


@dataclass
class Reading(Panel):
    """The words of one cue, whole; arrows move through what does not fit."""

    cue: CueView
    first: int = field(default=0)
    tall: ClassVar[bool] = True
    stays: ClassVar[bool] = True

    @property
    def title(self) -> str:  # type: ignore[override]
        """Whose words these are, and who speaks them."""
        return f"{self.cue.name}: there is no sound, read it aloud yourself"

    @property
    def keys(self) -> list[tuple[str, str]]:
        """What moves through the words and ends them."""
        return [("↑↓", "move"), ("Enter", "when it is read")]

    @property
    def answers(self) -> str:
        """What can be pressed here."""
        return "↑ and ↓ move through the words, Enter when they are read"

    def rows(self, width: int, height: int) -> list[list[Piece]]:
        """The words, and what Enter does."""
        lines = wrap(self.cue.words, min(width - 4, WIDEST), LONGEST)
        fits = max(1, height - 1)
        self.first = max(0, min(self.first, len(lines) - fits))
        rest = len(lines) - self.first - fits
        more: list[Piece] = [("   ↓", KEY), (f" {rest} more lines", FAINT)] if rest > 0 else []
        shown: list[list[Piece]] = [
            [("  ", ""), (line, STRONG)] for line in lines[self.first : self.first + fits]
        ]
        return [*shown, [("  Enter", KEY), (" when it is read", FAINT), *more]][:height]

    def press(self, key: str, character: str | None, status: Status) -> Reply | None:
        """Arrows move, Enter says that it was read."""
        if key in {"up", "down"}:
            self.first += 1 if key == "down" else -1
            return Reply()
        if key != "enter":
            return None
        waits = to_read(status)
        if waits is not None and waits.name == self.cue.name:
            return Reply((AllowCue(),), f"read: {self.cue.name}", closes=True)
        return Reply(closes=True)

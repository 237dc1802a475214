"""Words for a session that broke off and may be taken up again."""

from __future__ import annotations

from player.timeline.commands import AnyCommand, GiveUp, TakeUp
from player.timeline.status import Unfinished
from player.units import clock, span

ANSWERS: dict[str, AnyCommand] = {"take up": TakeUp(), "give up": GiveUp()}
"""By the words of plain mode."""

HOW = "say take up (it comes back paused, where it was heard) or give up (it is over)"
NO_ANSWER = "standard input is at its end: take it up, or give it up, in the chooser (stillroom)"


def broke_off(row: Unfinished) -> str:
    """What broke off, where and when, in one line."""
    ago = span(row.ago_s) if row.ago_s < 60 else span(row.ago_s // 60 * 60)
    return f"{row.title} broke off {ago} ago, at {clock(row.position_s)} in {row.phase}"

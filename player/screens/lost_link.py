"""What people see and press while a screen has lost the engine of a session that ran."""

from __future__ import annotations

from player.screens.ink import CARE, FAINT, QUIET, Piece
from player.screens.parting import OFFERED, PARTED
from player.screens.reply import Hands, Reply, Then
from player.timeline.status import Status

LOST = "the music may go on; in another terminal, stillroom shows what runs"


def words(status: Status) -> list[Piece]:
    """In place of what the session does now."""
    if status.let_go:
        return [("! this screen was let go", CARE), (" · ", FAINT), ("it follows no more", QUIET)]
    if status.given_up:
        return [("! the sound was given up", CARE), (" · ", FAINT), (OFFERED, QUIET)]
    return [
        ("! the connection to the sound was lost", CARE),
        (" · ", FAINT),
        ("it is looked for", QUIET),
    ]


def advice(status: Status) -> str:
    """The quiet line meanwhile."""
    if status.let_go:
        return status.notice
    if status.given_up and not status.leaving:
        return status.given_up.rpartition("; ")[2]  # the log: a small screen has room for that
    return PARTED if status.leaving else LOST


def press(name: str, status: Status, hands: Hands) -> Reply:
    """Only leaving does anything; what any other key asks for could not be done."""
    if name != "leave":
        return Reply(says=f"not done: {_why(status)}")
    if hands.guard.sure("leave"):
        return Reply(then=Then.LEAVE)
    key = hands.keyboard.shown("leave")
    return Reply(says=f"{key} again: leave this screen; stillroom shows what runs")


def _why(status: Status) -> str:
    if status.let_go:
        return "this screen was let go"
    return "the sound was given up" if status.given_up else "the connection to the sound was lost"

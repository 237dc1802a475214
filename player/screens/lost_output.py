"""What people see and press while the sound's output is lost: its name, and others by a digit."""

from __future__ import annotations

from player.screens.ink import CARE, FAINT, KEY, QUIET, Piece
from player.screens.reply import Reply
from player.timeline.commands import ChooseOutput
from player.timeline.status import State, Status

MOST = 9


def is_lost(status: Status) -> bool:
    """Whether the output is away now."""
    return status.output.state == "lost"


def lost_words(status: Status) -> list[Piece]:
    """The state of a session whose output is away, with the digits of others."""
    waits = "" if status.state == State.MUSIC_ENDED else ": the music waits"
    pieces: list[Piece] = [(f"! {status.output.name} is away{waits}", CARE)]
    for number, name in enumerate(status.output.others[:MOST], 1):
        pieces += [(" · ", FAINT), (str(number), KEY), (f" {name}", QUIET)]
    return pieces


def press_digit(character: str | None, status: Status) -> Reply | None:
    """The reply to a digit while the output is away; None where it means nothing."""
    others = status.output.others[:MOST] if is_lost(status) else ()
    if not character or character not in "123456789" or int(character) > len(others):
        return None
    name = others[int(character) - 1]
    return Reply(commands=(ChooseOutput(device=name),), says=f"looking for {name}…")

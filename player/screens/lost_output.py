"""What people see and press while nothing can be heard: the output is lost, or the sound itself."""

from __future__ import annotations

from player.screens.ink import CARE, FAINT, KEY, QUIET, Piece
from player.screens.reply import Reply
from player.timeline.commands import ChooseOutput
from player.timeline.status import State, Status

MOST = 9


def is_lost(status: Status) -> bool:
    """Whether the output is away now."""
    return status.linked and status.output.state == "lost"


def coming_back_words() -> list[Piece]:
    """The state of a session whose sound broke off."""
    return [
        ("! the sound broke off, it is being brought back", CARE),
        (" · ", FAINT),
        ("keys wait for it", QUIET),
    ]


def once_back(says: str) -> str:
    """The answer to a key that waits until the sound is there again."""
    return f"{says.removesuffix('…')}, once the sound is back"


def lost_words(status: Status, resumes: str) -> list[Piece]:
    """The state of a session whose output is away, with the digits of others.

    `resumes` is the key that brings a paused one back once its output is there.
    """
    paused = status.resting == State.PAUSED
    waits = ": it waits, paused" if paused else ": the music waits"
    if status.state == State.MUSIC_ENDED:
        waits = ""
    pieces: list[Piece] = [(f"! {status.output.name} is away{waits}", CARE)]
    if paused and not status.output.others:
        pieces += [(" · once it is back ", QUIET), (resumes, KEY), (" goes on", QUIET)]
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

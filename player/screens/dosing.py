"""The key of the dose: marks it; pressed again it marks a booster, corrects, or undoes."""

from __future__ import annotations

from typing import ClassVar

from player.screens.ago import HINT, parse_ago
from player.screens.guard import SLOWLY
from player.screens.panels import Line, Menu
from player.screens.reply import Hands, Reply
from player.screens.times import length
from player.timeline.commands import MarkBooster, MarkDose, UndoBooster, UndoDose
from player.timeline.status import Status

LONG_AGO_S = 30 * 60.0
"""A mark further back may carry the session past whole phases: it is asked for once more."""

_LONG_AGO = "long ago"
"""What the guard calls that question."""


class _DoseMenu(Menu):
    """Deaf to the key that goes back too: behind a dose that was a slip, it is pressed by habit."""

    deaf_to: ClassVar[frozenset[str]] = Menu.deaf_to | {"back"}


def dose(status: Status, hands: Hands) -> Reply:
    """Mark the dose; once it is marked, ask what another press means."""
    key = hands.keyboard.shown("dose")
    if status.doses == 0:
        return Reply(
            commands=(MarkDose(),), says=f"dose marked now; {key} again: booster, correct, undo"
        )
    booster = Reply((MarkBooster(),), "booster marked now", closes=True)
    return Reply(
        opens=_DoseMenu(
            "A dose is marked: booster or correction?",
            (
                (_letter("nxyv", hands), "booster now", booster),
                ("c", "correct the mark of the dose", Reply(opens=_correction(hands))),
                (_letter("ukjz", hands), *_undo(status, hands)),
            ),
        )
    )


def _letter(wanted: str, hands: Hands) -> str:
    """The first that is no key of the screen: what a hand presses by habit must mark nothing."""
    return next((letter for letter in wanted if hands.keyboard.name_of(letter) is None), wanted[0])


def _undo(status: Status, hands: Hands) -> tuple[str, Reply]:
    """A booster stands on a dose: it goes first."""
    if status.boosters:
        return "undo the mark of the booster", Reply((UndoBooster(),), "undone", closes=True)
    undone = "undone"
    if status.can_go_back:
        undone += f"; {hands.keyboard.shown('back')} goes back to the phase before"
    return "undo the mark of the dose", Reply((UndoDose(),), undone, closes=True)


def _correction(hands: Hands) -> Line:
    def take(text: str) -> Reply:
        ago_s = parse_ago(text, hands.wall())
        if ago_s > LONG_AGO_S:
            if hands.guard.repeats(_LONG_AGO):
                return Reply(says=SLOWLY) if hands.guard.asks_on(_LONG_AGO) else Reply()
            if not hands.guard.sure(_LONG_AGO, text):
                return Reply(
                    says=f"Enter again: {length(ago_s)} ago; the phases move with the mark"
                )
        when = "now" if ago_s < 1 else f"{length(ago_s)} ago"
        return Reply((MarkDose(ago_s=ago_s),), f"dose marked {when}", closes=True)

    return Line("When was the dose taken?", HINT, take)

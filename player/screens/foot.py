"""The rows at the foot of the session screen, and the panel above them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from player.screens.ink import CARE, FAINT, KEY, QUIET, STRONG, flow, row
from player.screens.keys import TABLE
from player.screens.reply import Hands, Panel
from player.timeline.status import NOT_BEGUN, State, Status

_ALL = frozenset(key.name for key in TABLE)
_FADING = frozenset({"back", "dose", "louder", "answer", "lock", "help", "leave"})
_LATER = frozenset({"answer", "dose", "end", "lock", "help", "leave"})


def key_entries(status: Status, hands: Hands, panel: Panel | None = None) -> list[tuple[str, str]]:
    """Which keys mean something now, and what, in few words."""
    keyboard = hands.keyboard
    names = _ALL if status.medicine or status.doses else _ALL - {"dose"}
    if hands.guard.locked or panel is not None:
        unlocks = [(keyboard.shown("lock"), "three times unlocks")]
        return unlocks if panel is None else [*panel.keys, ("Esc", "closes")]
    if status.state in NOT_BEGUN:
        return [("Enter", "begin"), ("Esc", "back"), *keyboard.footer({"louder", "lock", "help"})]
    if status.state == State.ENDED:
        return [("Enter", "leaves this screen")]
    if status.state == State.MUSIC_ENDED:
        left = (keyboard.shown("end"), "the client has left")
        return [left, *keyboard.footer(names & _LATER - {"end"})]
    if status.state == State.ENDING:
        return keyboard.footer(names & _FADING)
    return keyboard.footer(names if status.linked else {"lock", "leave"})


def foot(
    notice: str, says: str, entries: Sequence[tuple[str, str]], width: int, height: int
) -> list[Content]:
    """The quiet line, the answer to the last key, the keys; on a small screen one line for both."""
    inner = width - 2
    both = [row(inner, [(notice, CARE)]), row(inner, [(says, STRONG)])]
    rows = both if height >= 30 else [both[1] if says else both[0]]
    keys = flow(inner, [[(key, KEY), (f" {words}", QUIET)] for key, words in entries], gap=2)
    rows += keys[: max(1, height // 5)]
    return [Content.assemble(" ", line) for line in rows]


def panel_rows(panel: Panel, width: int, height: int) -> list[Content]:
    """A panel in at most `height` rows: its title, then what it shows."""
    inner = width - 2
    title = row(inner, [(panel.title, STRONG)], [("Esc", KEY), (" closes this", FAINT)])
    body = [row(inner, pieces) for pieces in panel.rows(inner, max(1, height - 1))]
    return [Content.assemble(" ", line) for line in [title, *body]]

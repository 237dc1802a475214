"""The rows at the foot of the session screen, and the panel above them."""

from __future__ import annotations

from textual.content import Content

from player.screens.ink import CARE, FAINT, KEY, QUIET, STRONG, flow, row
from player.screens.keys import Keyboard
from player.screens.reply import Panel


def foot(
    notice: str, says: str, keyboard: Keyboard, width: int, height: int, *, locked: bool
) -> list[Content]:
    """The quiet line, the answer to the last key, the keys; on a small screen one line for both."""
    inner = width - 2
    both = [row(inner, [(notice, CARE)]), row(inner, [(says, STRONG)])]
    rows = both if height >= 30 else [both[1] if says else both[0]]
    if locked:
        key = keyboard.shown("lock")
        rows += flow(inner, [[("locked  ", CARE), (key, KEY), (" three times unlocks", QUIET)]])
    else:
        entries = keyboard.footer()
        rows += flow(inner, [[(key, KEY), (f" {words}", QUIET)] for key, words in entries], gap=2)
    return [Content.assemble(" ", line) for line in rows]


def panel_rows(panel: Panel, width: int, height: int) -> list[Content]:
    """A panel in at most `height` rows: its title, then what it shows."""
    inner = width - 2
    title = row(inner, [(panel.title, STRONG)], [("Esc", KEY), (" leaves", FAINT)])
    body = [row(inner, pieces) for pieces in panel.rows(inner, max(1, height - 1))]
    return [Content.assemble(" ", line) for line in [title, *body]]

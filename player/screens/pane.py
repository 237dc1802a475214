"""A part of a screen that draws rows of a fixed height, and only when they changed."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from player.screens.ink import stack


class Pane(Static):
    """Rows of text. Its height follows the number of rows only where `follow` says so."""

    def __init__(self, *, id: str, follow: bool = False) -> None:
        super().__init__("", id=id, markup=False)
        self._follow = follow
        self._drawn: Content | None = None
        self._rows = -1

    def paint(self, rows: Sequence[Content]) -> None:
        """Show these rows; without a layout pass unless their number changed."""
        if self._follow and len(rows) != self._rows:
            self._rows = len(rows)
            self.styles.height = self._rows
        drawn = stack(rows)
        if self._drawn is None or not drawn.is_same(self._drawn):
            self._drawn = drawn
            self.update(drawn, layout=False)

"""Rows of text for the screens: pieces with a style, cut and padded to cells.

Text is never markup here, so that a `[` in a title is only a bracket.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TypeAlias

from rich.cells import cell_len, set_cell_size
from textual.content import Content

Piece: TypeAlias = tuple[str, str]
"""Words and their style, in theme variables."""

PLAIN = "$foreground"
QUIET = "$quiet"
FAINT = "$faint"
STRONG = "$bright bold"
KEY = "$primary bold"
WARM = "$accent bold"
SOFT = "$accent 55%"
CARE = "$warning"


def tidy(text: str) -> str:
    """Text without line ends or control characters, which would break a row."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def fit(text: str, width: int) -> str:
    """Text cut to so many cells, with an ellipsis where it was cut."""
    text = tidy(text)
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def row(width: int, left: Sequence[Piece], right: Sequence[Piece] = ()) -> Content:
    """One row: pieces from the left, pieces up to the right edge; the left ones give way."""
    kept_right = _cut(right, width)
    right_cells = sum(cell_len(text) for text, _ in kept_right)
    kept_left = _cut(left, width - right_cells - (1 if right_cells else 0))
    space = width - right_cells - sum(cell_len(text) for text, _ in kept_left)
    return Content.assemble(*kept_left, " " * max(0, space), *kept_right)


def before_keys(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces up to the first that names a key, without the sign that leads to it."""
    kept: list[Piece] = []
    for words, style in pieces:
        if style == KEY:
            break
        kept.append((words, style))
    while kept and not (words := kept[-1][0].rstrip(" ·:,.")):
        kept.pop()
    return [*kept[:-1], (words, kept[-1][1])] if kept else []


def stack(rows: Iterable[Content]) -> Content:
    """Rows under each other."""
    return Content("\n").join(rows)


def beside(left: Sequence[Content], right: Sequence[Content], left_width: int) -> list[Content]:
    """Two columns of rows; the left one is made `left_width` cells wide."""
    nothing = Content("")
    pairs = zip_longest(left, right, fillvalue=nothing)
    return [
        Content.assemble(one, " " * max(0, left_width - one.cell_length), other)
        for one, other in pairs
    ]


def flow(width: int, entries: Iterable[Sequence[Piece]], gap: int = 3) -> list[Content]:
    """Entries one after the other, on as many rows as they need."""
    rows: list[list[Piece]] = [[]]
    used = 0
    for entry in entries:
        cells = sum(cell_len(text) for text, _ in entry)
        if rows[-1] and used + gap + cells > width:
            rows.append([])
            used = 0
        if rows[-1]:
            rows[-1].append((" " * gap, ""))
            used += gap
        rows[-1].extend(entry)
        used += cells
    return [row(width, pieces) for pieces in rows]


def wrap(text: str, width: int, most: int) -> list[str]:
    """Words on at most `most` lines of `width` cells; what is too much ends in an ellipsis."""
    lines = [""]
    for word in tidy(text).split():
        longer = f"{lines[-1]} {word}".strip()
        if cell_len(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [fit(line, width) for line in lines]


def _cut(pieces: Sequence[Piece], width: int) -> list[Piece]:
    kept: list[Piece] = []
    for text, style in pieces:
        room = width - sum(cell_len(before) for before, _ in kept)
        kept.append((fit(text, room), style))
        if cell_len(text) > room:
            break
    return kept

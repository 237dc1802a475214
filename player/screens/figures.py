"""Large letters and figures drawn in lines, three rows high or stretched to more.

Every glyph is three rows of box characters; since each character says which of its four
sides it joins, a glyph is made larger by putting straight pieces between its cells.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import pairwise

_LETTERS = """
A ╭─╮ ├─┤ ╵.╵
B ┌─╮ ├─┤ └─╯
C ╭─╴ │.. ╰─╴
D ┌─╮ │.│ └─╯
E ┌─╴ ├─╴ └─╴
F ┌─╴ ├─╴ ╵..
G ╭─╴ │╶╮ ╰─╯
H ╷.╷ ├─┤ ╵.╵
I ╷ │ ╵
J ..╷ ..│ ╰─╯
K ╷╭╴ ├┴╮ ╵.╵
L ╷.. │.. └─╴
M ╭─┬─╮ │.│.│ ╵.╵.╵
N ╭─╮ │.│ ╵.╵
O ╭─╮ │.│ ╰─╯
P ┌─╮ ├─╯ ╵..
Q ╭─╮ │.│ ╰─┴
R ┌─╮ ├┬╯ ╵╰╴
S ╭─╴ ╰─╮ ╶─╯
T ╶┬╴ .│. .╵.
U ╷.╷ │.│ ╰─╯
V ╷.╷ │╭╯ ╰╯.
W ╷.╷.╷ │.│.│ ╰─┴─╯
X ╷.╷ ╰┬╯ ╭┴╮
Y ╷.╷ ╰┬╯ .╵.
Z ╶─┐ ┌─┘ └─╴
0 ╭─╮ │.│ ╰─╯
1 ╶╮. .│. ╶┴╴
2 ╶─╮ ╭─╯ └─╴
3 ╶─╮ ╶─┤ ╶─╯
4 ╷.╷ ╰─┤ ..╵
5 ┌─╴ └─╮ ╶─╯
6 ╭─╴ ├─╮ ╰─╯
7 ╶─┐ ..│ ..╵
8 ╭─╮ ├─┤ ╰─╯
9 ╭─╮ ╰─┤ ╶─╯
: ╷ . ╵
- ... ╶─╴ ...
+ .╷. ╶┼╴ .╵.
' ╷ . .
. . . ╷
, . . ╷
"""
_GLYPHS = {
    line[0]: tuple(row.replace(".", " ") for row in line[2:].split(" "))
    if line[0] != "."
    else (" ", " ", "╷")
    for line in _LETTERS.strip().splitlines()
} | {" ": ("  ", "  ", "  ")}

_JOINS_DOWN = frozenset("│╷╭╮┌┐├┤┬┼")
_JOINS_UP = frozenset("│╵╰╯└┘├┤┴┼")
_JOINS_RIGHT = frozenset("─╶╭╰┌└├┬┴┼")
_JOINS_LEFT = frozenset("─╴╮╯┐┘┤┬┴┼")
_HEAVY = str.maketrans("─│╭╮╰╯┌┐└┘├┤┬┴┼╴╵╶╷", "━┃┏┓┗┛┏┓┗┛┣┫┳┻╋╸╹╺╻")


def can_draw(text: str) -> bool:
    """True if every letter has a glyph, accents left off."""
    return all(letter in _GLYPHS for letter in _plain(text))


@lru_cache(maxsize=64)
def large(text: str, *, heavy: bool = False, scale: int = 1, gap: int = 1) -> tuple[str, ...]:
    """Text as 3 rows (`scale` 1) or 5 (`scale` 2), all of one width; letters must be drawable."""
    glyphs = [_stretched(_GLYPHS[letter], scale) for letter in _plain(text)]
    rows = zip(*glyphs, strict=True) if glyphs else ((),) * (3 if scale == 1 else 5)
    drawn = [(" " * gap).join(row) for row in rows]
    return tuple(row.translate(_HEAVY) if heavy else row for row in drawn)


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).upper()


def _stretched(glyph: tuple[str, ...], scale: int) -> tuple[str, ...]:
    if scale == 1:
        return glyph
    if glyph == _GLYPHS[":"]:
        return (" ", "╷", " ", "╵", " ")
    wide = ["".join(_widened(row, at) for at in range(len(row))) for row in glyph]
    tall = [wide[0]]
    for above, below in pairwise(wide):
        tall += [
            "".join(
                "│" if up in _JOINS_DOWN and down in _JOINS_UP else " "
                for up, down in zip(above, below, strict=True)
            ),
            below,
        ]
    return tuple(tall)


def _widened(row: str, at: int) -> str:
    if at + 1 == len(row):
        return row[at]
    joined = row[at] in _JOINS_RIGHT and row[at + 1] in _JOINS_LEFT
    return row[at] + ("─" if joined else " ")

"""Draws a recording as rows of text: the sentence large, how loud it is, what can be pressed."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from player.screens.figures import can_draw, large
from player.screens.ink import CARE, FAINT, KEY, PLAIN, QUIET, STRONG, WARM, Piece, flow, row, wrap
from player.screens.recording.picture import Picture, Stage
from player.units import Decibels

LOWEST_DB: Decibels = -60.0
_BAR = 32
_SMALL = 10
_WIDEST = 100
"""Cells of a line that can be read at a glance."""
_DRAWN_AS = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "“": "", "”": "", "…": "."})
_NOT_DRAWN = str.maketrans("", "", '?!;"()')


def face(picture: Picture, width: int, height: int) -> list[Content]:
    """The whole screen, `height` rows or fewer where it is very small."""
    inner = width - 2
    if height < _SMALL:
        return _small(picture, inner, height)
    top = [_head(picture, inner), *_air(height), _place(picture, inner), *_air(height)]
    foot = _foot(picture, inner)
    state = [*_air(height), *_state(picture, inner)]
    room = max(1, height - len(top) - len(state) - len(foot) - 1)
    words = _words(picture.text, inner, room)
    rows = [*top, *words, *state]
    rows = rows[: max(1, height - len(foot))]
    rows += [Content("")] * (height - len(foot) - len(rows))
    return [Content.assemble(" ", line) for line in [*rows, *foot]][:height]


def _small(picture: Picture, width: int, height: int) -> list[Content]:
    """The sentence and what happens; everything else gives way."""
    state = _state(picture, width)[:1] if height > 2 else []
    words = _words(picture.text, width, max(1, height - len(state)))
    return [Content.assemble(" ", line) for line in [*words, *state]][:height]


def _air(height: int) -> list[Content]:
    return [Content("")] if height >= 18 else []


def _head(picture: Picture, width: int) -> Content:
    done = f"{len(picture.recorded)} of {len(picture.texts)} recorded"
    return row(width, [("Your own voice  ", QUIET), (picture.title, PLAIN)], [(done, QUIET)])


def _place(picture: Picture, width: int) -> Content:
    there = ("● recorded", WARM) if picture.is_recorded else ("○ not recorded yet", QUIET)
    return row(width, [(f"sentence {picture.at + 1} of {len(picture.texts)}", QUIET)], [there])


def _words(text: str, width: int, room: int) -> list[Content]:
    """The sentence in drawn letters with its plain words below, or plain where that is too much."""
    plain = wrap(text, min(width, _WIDEST), 400)
    drawn = _drawn(text, width)
    if drawn is not None and len(drawn) + len(plain) + 1 <= room:
        below = [row(width, [(line, QUIET)]) for line in plain]
        return [*(row(width, [(line, STRONG)]) for line in drawn), Content(""), *below]
    return [row(width, [(line, STRONG)]) for line in wrap(text, min(width, _WIDEST), room)]


def _drawn(text: str, width: int) -> list[str] | None:
    """The letters three rows high, broken between words; None where one cannot be drawn."""
    letters = text.translate(_DRAWN_AS).translate(_NOT_DRAWN)
    if not can_draw(letters):
        return None
    lines = [""]
    for word in letters.split():
        longer = f"{lines[-1]} {word}".strip()
        if cell_len(large(longer)[0]) <= width:
            lines[-1] = longer
        elif cell_len(large(word)[0]) <= width:
            lines.append(word)
        else:
            return None
    return [drawn for line in lines for drawn in large(line)]


def _state(picture: Picture, width: int) -> list[Content]:
    """Two rows: what happens, and the level or what to do."""
    match picture.stage:
        case Stage.RECORDING:
            first: list[Piece] = [("● recording ", WARM), (f"{picture.length_s:.1f} s", STRONG)]
            second = [*_level(picture.level_db), (f"  {picture.level_words}", CARE)]
        case Stage.WORKING:
            first, second = [("○ listening to it…", PLAIN)], []
        case Stage.REFUSED:
            first = [(f"! {picture.why}", CARE)]
            second = [("Space", KEY), (" records it again", PLAIN)]
            if picture.may_keep:
                second += [(", ", PLAIN), ("K", KEY), (" keeps it all the same", PLAIN)]
        case Stage.PLAYING:
            first, second = [(f"▸ playing, {picture.length_s:.1f} s", WARM)], []
        case Stage.READY:
            first, second = _ready(picture), []
    return [row(width, first), row(width, second)]


def _ready(picture: Picture) -> list[Piece]:
    if picture.is_recorded:
        return [
            ("Enter", KEY),
            (" the next one, ", PLAIN),
            ("P", KEY),
            (" hears it, ", PLAIN),
            ("Space", KEY),
            (" records it again", PLAIN),
        ]
    return [("Space", KEY), (" records; speak, and press it again", PLAIN)]


def _level(level_db: Decibels) -> list[Piece]:
    share = (level_db - LOWEST_DB) / -LOWEST_DB
    full = round(_BAR * min(1.0, max(0.0, share)))
    return [("━" * full, WARM), ("─" * (_BAR - full), FAINT)]


def _foot(picture: Picture, width: int) -> list[Content]:
    keys = [("Esc", "throw away"), ("Space", "stop")]
    if picture.stage != Stage.RECORDING:
        keys = [
            ("Space", "record"),
            ("P", "stop" if picture.stage == Stage.PLAYING else "play"),
            ("Enter", "next"),
            ("B", "back"),
            ("U", "next unrecorded"),
            ("I", "another input"),
            ("Q", "leave"),
        ]
    entries = [[(key, KEY), (f" {words}", QUIET)] for key, words in keys]
    return [
        row(width, [("input  ", QUIET), (picture.input, PLAIN)]),
        row(width, [(picture.says, STRONG)]),
        *flow(width, entries, gap=2),
    ]

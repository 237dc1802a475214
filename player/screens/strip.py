"""The phases of a session side by side: names, a landscape by role, how far it is.

Chooser and session screen share it; it knows lengths and roles, nothing of a running engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from rich.cells import cell_len
from textual.content import Content

from player.screens.ink import FAINT, PLAIN, QUIET, SOFT, WARM, Piece, fit, row
from player.units import Seconds

_HEIGHT: dict[str, str] = {
    "arrival": "▂",
    "hold": "▂",
    "onset": "▃",
    "build": "▅",
    "peak": "▇",
    "return": "▄",
    "grounding": "▂",
}
_FREE = "▃"
_SILENT = "▁"
_NARROWEST = 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """One phase of the strip."""

    name: str
    role: str | None
    """A role by its name in the session file."""
    length_s: Seconds
    silence: bool = False
    passed: bool = False
    entered: bool = True
    """False for one that was passed over or never came."""
    running: bool = False
    done: float = 0.0
    """0 to 1 of it heard."""


def landscape(stretches: Sequence[Stretch], width: int) -> Content:
    """One row in which each phase is as wide as it is long and as high as its role."""
    widths = _widths([phase.length_s for phase in stretches], [1] * len(stretches), width)
    return row(
        width,
        [
            (_sign(phase) * cells, PLAIN if phase.role == "peak" else QUIET)
            for phase, cells in zip(stretches, widths, strict=True)
        ],
    )


def strip(stretches: Sequence[Stretch], width: int) -> list[Content]:
    """Three rows: names with the running one marked, the landscape, the way gone."""
    shown, before, after = _window(stretches, width)
    ends = [cell_len(text) for text in (before, after)]
    names = [f"▸{phase.name}" if phase.running else phase.name for phase in shown]
    least = [min(cell_len(name) + 1, 18) for name in names]
    inner = width - sum(ends)
    widths = _widths([phase.length_s for phase in shown], least, inner)
    name_row: list[Piece] = [(before, FAINT)]
    land: list[Piece] = [(" " * ends[0], "")]
    way: list[Piece] = [(" " * ends[0], "")]
    for phase, name, cells in zip(shown, names, widths, strict=True):
        style = WARM if phase.running else FAINT if phase.passed else QUIET
        bar = max(1, cells - 1)
        name_row += [(_padded(fit(name, bar), cells), style)]
        land += [(_padded(_sign(phase) * bar, cells), SOFT if phase.running else style)]
        whole = phase.passed and phase.entered and not phase.running
        full = round(bar * (1.0 if whole else phase.done))
        way += [("━" * full, PLAIN), ("─" * (bar - full), FAINT), (" " * (cells - bar), "")]
    name_row.append((after, FAINT))
    return [row(width, pieces) for pieces in (name_row, land, way)]


def _sign(phase: Stretch) -> str:
    if phase.silence:
        return _SILENT
    return _FREE if phase.role is None else _HEIGHT[phase.role]


def _padded(text: str, cells: int) -> str:
    return text + " " * max(0, cells - cell_len(text))


def _window(stretches: Sequence[Stretch], width: int) -> tuple[Sequence[Stretch], str, str]:
    most = max(1, (width - 8) // (_NARROWEST + 3))
    if len(stretches) <= most:
        return stretches, "", ""
    running = next((at for at, phase in enumerate(stretches) if phase.running), 0)
    first = min(max(0, running - most // 3), len(stretches) - most)
    last = first + most
    before = f"‹{first} " if first else ""
    after = f"{len(stretches) - last}›" if last < len(stretches) else ""
    return stretches[first:last], before, after


def _widths(lengths_s: Sequence[Seconds], least: Sequence[int], width: int) -> list[int]:
    """Cells for each phase by its length, none under its least while there is room for all."""
    if sum(least) > width:
        least = [min(cells, _NARROWEST) for cells in least]
    if sum(least) > width:
        least = [1] * len(least)
    spare = max(0, width - sum(least))
    # What a phase would have by its length alone, beyond the least it is given anyway.
    total_s = sum(lengths_s) or 1.0
    wishes = [
        max(0.0, length_s / total_s * width - cells)
        for length_s, cells in zip(lengths_s, least, strict=True)
    ]
    wished = sum(wishes) or 1.0
    ends = [round(reached) for reached in accumulate(wish / wished * spare for wish in wishes)]
    return [cells + end - start for cells, start, end in zip(least, [0, *ends], ends, strict=False)]

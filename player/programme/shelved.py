"""What could startle in music of the shelf, which is heard only where a key brings it in.

It has no minute in the session: its own place is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from player.library.findings import Rise, Survey
from player.programme.programme import Programme
from player.programme.risks import RISE_WITHIN
from player.session.model import SuddenRises
from player.units import clock

MOST_TOLD = 3
"""Of one file; `stillroom scan` tells them all."""


def shelf_risks(programme: Programme, surveys: Mapping[Path, Survey]) -> Iterator[str]:
    """A line for each file of the shelf that has sudden rises; none where they are left."""
    rises = programme.session.sudden_rises
    if rises is SuddenRises.LEAVE:
        return
    softened = ", softened" if rises is SuddenRises.SOFTEN else ""
    for piece in programme.session.shelf:
        for path in dict.fromkeys(piece.music.tracks):
            survey = surveys.get(path)
            if path not in programme.left_out and survey is not None and survey.rises:
                places = _places(survey.rises)
                yield (
                    f"shelf, {piece.name}: rise within {RISE_WITHIN} in {path.name}: "
                    f"{places}{softened}"
                )


def _places(rises: tuple[Rise, ...]) -> str:
    largest = sorted(rises, key=lambda rise: -rise.by_lu)[:MOST_TOLD]
    told = ", ".join(f"{rise.by_lu:.0f} LU at {clock(rise.at_s)} of it" for rise in largest)
    left = len(rises) - len(largest)
    return f"{told} and {left} more" if left else told

"""Eases a track down ahead of a place where it suddenly grows louder, and back after it.

Decided before the track plays, from what was measured of it. Knows places and levels, no sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

from player.timeline.plan import SuddenRise
from player.units import Decibels, Frames, frames_of

Contour: TypeAlias = tuple[tuple[Frames, Decibels], ...]
"""Levels in dB at places of a track, in order; linear in dB between them, level outside."""

AHEAD: Frames = frames_of(4)
"""The way down; it ends where the louder sound begins."""
STAY: Frames = frames_of(3)
"""So long the track stays down: as long as short-term loudness looks back (EBU Tech 3341)."""
BACK_DB_A_SECOND: Decibels = 1.0
"""The way back: slow enough that nobody notices it."""
LEFT_LU = 4.0
"""What may be left of a rise: half of what counts as sudden."""
SHARE = 0.7
"""Of what a track is eased down by, so much is taken off its rise: the rest was gone before it."""
MOST_DB: Decibels = 15.0


def contour(rises: Sequence[SuddenRise]) -> Contour:
    """How a track's level moves, so that none of its sudden rises startles; empty without any."""
    eases = [_ease(rise) for rise in rises]
    places = sorted({place for ease in eases for place, _ in ease})
    found: list[tuple[Frames, Decibels]] = []
    for place, following in pairwise(places):
        found += [(place, _lowest(eases, place)), *_crossings(eases, place, following)]
    return tuple(found + [(place, 0.0) for place in places[-1:]])


def _ease(rise: SuddenRise) -> Contour:
    cut_db = round(min(MOST_DB, max(0.0, rise.by_lu - LEFT_LU) / SHARE), 2)
    stays = rise.at + STAY
    back = frames_of(cut_db / BACK_DB_A_SECOND)
    return ((rise.at - AHEAD, 0.0), (rise.at, -cut_db), (stays, -cut_db), (stays + back, 0.0))


def _lowest(eases: Sequence[Contour], place: Frames) -> Decibels:
    return min(_level(ease, place) for ease in eases)


def _level(ease: Contour, place: Frames) -> Decibels:
    for (at, from_db), (end, to_db) in pairwise(ease):
        if at <= place < end:
            return from_db + (to_db - from_db) * (place - at) / (end - at)
    return 0.0


def _crossings(eases: Sequence[Contour], start: Frames, stop: Frames) -> Contour:
    """Where between two places another ease becomes the lowest; each moves evenly there."""
    found = set()
    for n, one in enumerate(eases):
        for other in eases[n + 1 :]:
            first = _level(one, start) - _level(other, start)
            last = _level(one, stop) - _level(other, stop)
            if first * last < 0:
                found.add(start + round((stop - start) * first / (first - last)))
    return tuple((place, _lowest(eases, place)) for place in sorted(found) if start < place < stop)

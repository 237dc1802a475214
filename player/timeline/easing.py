"""Eases a track down ahead of a place where it suddenly grows louder, and back after it.

Decided before the track plays, from what was measured of it. Knows places and levels, no sound.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from typing import TypeAlias

from player.timeline.plan import Ease
from player.units import Decibels, Frames, frames_of

Contour: TypeAlias = tuple[tuple[Frames, Decibels], ...]
"""Levels in dB at places of a track, in order; linear in dB between them, level outside."""

AHEAD: Frames = frames_of(2)
"""The way down, as long as a pause takes; it ends where the louder sound begins. A longer one
makes what is before the rise softer as well, and so leaves more of the rise."""
STAY: Frames = frames_of(3)
"""So long the track stays down: as long as short-term loudness looks back (EBU Tech 3341)."""
BACK_DB_A_SECOND: Decibels = 1.0
"""The way back: slow enough that nobody notices it."""
MOST_DB: Decibels = 30.0
_LONGEST: Frames = AHEAD + STAY + frames_of(MOST_DB / BACK_DB_A_SECOND)


@lru_cache(maxsize=64)
def contour(eases: tuple[Ease, ...], loop: Frames | None = None) -> Contour:
    """How a track's level moves with its eases; empty without any. The lowest of them holds.

    In a `loop` of so many frames an ease reaches over the seam.
    """
    laps = (0,) if loop is None else (-loop, 0, loop)
    moved = sorted((ease.at + lap, min(MOST_DB, ease.by_db)) for ease in eases for lap in laps)
    shapes = [_shape(at, by_db) for at, by_db in moved]
    places = sorted({place for shape in shapes for place, _ in shape})
    if loop is not None:
        places = [0, *(place for place in places if 0 < place < loop), loop]
    found: list[tuple[Frames, Decibels]] = []
    for place, following in pairwise(places if eases else ()):
        near = _near(shapes, place, following)
        found += [(place, _lowest(near, place)), *_crossings(near, place, following)]
    if loop is not None or not eases:
        return tuple(found)
    return (*found, (places[-1], 0.0))


def _shape(at: Frames, cut_db: Decibels) -> Contour:
    stays = at + STAY
    back = frames_of(cut_db / BACK_DB_A_SECOND)
    return ((at - AHEAD, 0.0), (at, -cut_db), (stays, -cut_db), (stays + back, 0.0))


def _near(shapes: Sequence[Contour], start: Frames, stop: Frames) -> Sequence[Contour]:
    """Those that may be down somewhere between two places; `shapes` are in order."""
    first = bisect_left(shapes, start - _LONGEST, key=lambda shape: shape[0][0])
    last = bisect_right(shapes, stop, key=lambda shape: shape[0][0])
    return [shape for shape in shapes[first:last] if shape[-1][0] > start]


def _lowest(shapes: Sequence[Contour], place: Frames) -> Decibels:
    return min((_level(shape, place) for shape in shapes), default=0.0)


def _level(shape: Contour, place: Frames) -> Decibels:
    for (at, from_db), (end, to_db) in pairwise(shape):
        if at <= place < end:
            return from_db + (to_db - from_db) * (place - at) / (end - at)
    return 0.0


def _crossings(shapes: Sequence[Contour], start: Frames, stop: Frames) -> Contour:
    """Where between two places another ease becomes the lowest; each moves evenly there."""
    found = set()
    for one, other in combinations(shapes, 2):
        first = _level(one, start) - _level(other, start)
        last = _level(one, stop) - _level(other, stop)
        if first * last < 0:
            found.add(start + round((stop - start) * first / (first - last)))
    return tuple((place, _lowest(shapes, place)) for place in sorted(found) if start < place < stop)

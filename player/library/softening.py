"""By how much a piece must be eased down, and where, so that no sudden rise is left in it.

Tries on its loudness curve what `timeline.easing` will do to its sound. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from player.library.findings import Rise
from player.library.loudness import SHORT_TERM, Floats
from player.library.shape import HOP_S, RISE_HOPS, RISE_LU, rises
from player.timeline.easing import MOST_DB, contour
from player.timeline.plan import Ease
from player.units import frames_of

AIM_LU = 7.0
"""More than this within 2 s is eased further; what a session plays then stays under 8."""
STEP_LU = 1.0
"""And by this more than what is wanting: it takes fewer rounds."""
ROUNDS = 20
MOST_EASES = 60
"""Music with more of them is not for sessions; the first are eased."""


def softened(powers: Floats, found: Sequence[Rise]) -> tuple[Ease, ...]:
    """The eases that take the sudden rises out of a piece, in order.

    `powers` are those of each 100 ms of it, `found` its rises. None where it has none.
    """
    eases: tuple[Ease, ...] = ()
    for _ in range(ROUNDS):
        if not found or len(eases) > MOST_EASES:
            break
        eases = _with(eases, found)
        levels = _levels(eases, len(powers))
        left = rises(powers * 10 ** (levels / 10), more_than_lu=AIM_LU)
        found = [rise for rise in left if rise.by_lu > RISE_LU or _moves(levels, rise)]
    return eases[:MOST_EASES]


def _with(eases: tuple[Ease, ...], found: Sequence[Rise]) -> tuple[Ease, ...]:
    """Deeper where a rise is left, in a place of its own where that lies elsewhere."""
    cuts = {ease.at: ease.by_db for ease in eases}
    before = contour(eases)
    for rise in found:
        at = frames_of(rise.at_s)
        cut_db = rise.by_lu - AIM_LU + STEP_LU - _level_at(before, at)
        cuts[at] = round(min(MOST_DB, max(cut_db, cuts.get(at, 0.0))), 1)
    return tuple(Ease(at, cuts[at]) for at in sorted(cuts))


def _level_at(points: Sequence[tuple[int, float]], place: int) -> float:
    for (at, level), (end, to) in pairwise(points):
        if at <= place <= end:
            return level + (to - level) * (place - at) / (end - at)
    return 0.0


def _moves(levels: Floats, rise: Rise) -> bool:
    """Whether the eases have a part in a rise: others of just under 8 LU are left alone."""
    first = round(rise.at_s / HOP_S)
    return bool(levels[max(0, first - SHORT_TERM) : first + RISE_HOPS].any())


def _levels(eases: tuple[Ease, ...], hops: int) -> Floats:
    """The level in dB in the middle of each 100 ms."""
    places, levels = zip(*contour(eases), strict=True)
    middles = (np.arange(hops) + 0.5) * frames_of(HOP_S)
    found: Floats = np.interp(middles, places, levels)
    return found

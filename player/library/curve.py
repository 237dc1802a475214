"""The loudness of a piece ten times a second, packed small: half a byte a value or less.

Each value is the loudness of one 100 ms alone, so that loudness over any time, at any gain and
across any join, can be had from it. Free of numpy, so that the chooser may draw it.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Sequence

from player.units import Lufs, Seconds

STEP_S: Seconds = 0.1
SHORT_TERM = 30
"""Values in the 3 s of short-term loudness (EBU Tech 3341)."""
LOWEST: Lufs = -100.0
STEP_LU = 0.4
"""A value is at most 0.2 LU off; a mean over 3 s, some 0.03 LU."""


def packed(loudness: Iterable[Lufs]) -> bytes:
    """Loudness values as bytes; what is under -100 LUFS or over +2 is brought to these."""
    steps = bytes(max(0, min(255, round((lufs - LOWEST) / STEP_LU))) for lufs in loudness)
    return zlib.compress(steps, 6)


def unpacked(curve: bytes) -> list[Lufs]:
    """The loudness of each 100 ms from the beginning on; empty for none, or for damage."""
    try:
        return [LOWEST + STEP_LU * step for step in zlib.decompress(curve)]
    except zlib.error:
        return []


def short_term(loudness: Sequence[Lufs]) -> list[Lufs]:
    """Loudness over the last 3 s at the end of each 100 ms; over what there is before that."""
    powers = [10 ** (lufs / 10) for lufs in loudness]
    sums = [0.0]
    for power in powers:
        sums.append(sums[-1] + power)
    found = []
    for end in range(1, len(sums)):
        start = max(0, end - SHORT_TERM)
        mean = (sums[end] - sums[start]) / (end - start)
        found.append(10 * math.log10(mean) if mean > 1e-10 else LOWEST)
    return found

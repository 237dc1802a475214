"""What the loudness of a piece over time tells: sudden rises, silences, how much it moves.

Works on the mean power of each 100 ms. Knows nothing of files.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from player.library.findings import Rise, Silence
from player.library.loudness import SHORT_TERM, Floats, loudness_of, over, power_of
from player.session.choices import Energy
from player.units import Lufs, Seconds

HOP_S: Seconds = 0.1
RISE_LU = 8.0
RISE_HOPS = 20
"""A rise is sudden where short-term loudness goes up by more than 8 LU within 2 s."""
RISE_FLOOR: Lufs = -50.0
"""What is quieter counts as this: a rise out of silence has a size too."""
FIRST_HOPS = 20
"""Short-term loudness has no value before 3 s; here it has one after 2, over what there is."""
MOST_RISES = 1000
SILENT: Lufs = -60.0
"""A 100 ms quieter than this is silence: 37 LU under the usual bed."""
INNER_SILENCE_S: Seconds = 6.0

LOW_PULSE_LU, HIGH_PULSE_LU = 0.9, 2.2
"""Mean step of loudness from one 100 ms to the next. Rules of thumb: no listener was asked.

Measured: the shipped pieces 0.25 to 0.41; forty orchestral pieces of a game 0.79 to 2.20, the
slow ones lowest, battles and fanfares highest. Two levels that take turns every 100 ms, as a
fast beat does, come to their difference."""


def rises(powers: Floats, more_than_lu: float = RISE_LU) -> tuple[Rise, ...]:
    """The sudden rises, in order; each at the place where the louder sound begins."""
    start = _first_heard(powers)
    heard = powers[start:]
    if len(heard) <= FIRST_HOPS:
        return ()
    loudness = loudness_of(_short_term(heard))
    np.maximum(RISE_FLOOR, loudness, out=loudness)
    grown = _highest_ahead(loudness) - loudness
    return tuple(
        # The value at an index is that of the end of its 100 ms.
        Rise(round((start + FIRST_HOPS + index) * HOP_S, 1), round(float(grown[index]), 1))
        for index in _tops(grown, more_than_lu)[:MOST_RISES]
    )


def silences(powers: Floats) -> tuple[Seconds, Seconds, tuple[Silence, ...]]:
    """Leading and trailing silence in seconds, and the inner ones over 6 s.

    What is silent throughout is leading silence.
    """
    quiet = powers < power_of(SILENT)
    if quiet.all():
        return round(len(powers) * HOP_S, 1), 0.0, ()
    stretches = [(first, last) for first, last in _stretches(quiet)]
    leading = stretches[0][1] if stretches and stretches[0][0] == 0 else 0
    trailing = len(quiet) - stretches[-1][0] if stretches and stretches[-1][1] == len(quiet) else 0
    inner = tuple(
        Silence(round(first * HOP_S, 1), round((last - first) * HOP_S, 1))
        for first, last in stretches
        if first > 0 and last < len(quiet) and (last - first) * HOP_S > INNER_SILENCE_S
    )
    return round(leading * HOP_S, 1), round(trailing * HOP_S, 1), inner


def energy(pulse_lu: float) -> Energy:
    """How much music with such a pulse moves."""
    if pulse_lu < LOW_PULSE_LU:
        return Energy.LOW
    return Energy.MID if pulse_lu < HIGH_PULSE_LU else Energy.HIGH


def pulse(powers: Floats) -> float:
    """The mean step of loudness between neighbouring 100 ms, in LU; 0 where nothing is heard."""
    heard = powers > power_of(SILENT)
    both = heard[1:] & heard[:-1]
    if not both.any():
        return 0.0
    steps = np.diff(loudness_of(powers))
    return round(float(np.abs(steps, out=steps).mean(where=both)), 3)


def _short_term(powers: Floats) -> Floats:
    """Mean power over the last 3 s at the end of each hop from the 20th on."""
    young = np.arange(FIRST_HOPS, min(SHORT_TERM, len(powers) + 1))
    sums = np.cumsum(powers[:SHORT_TERM])
    return np.concatenate([sums[young - 1] / young, over(powers, SHORT_TERM)])


def _highest_ahead(loudness: Floats) -> Floats:
    """The highest of the values up to 2 s behind each one; its own for the last."""
    highest = loudness.copy()
    for hops in range(1, min(RISE_HOPS + 1, len(loudness))):
        np.maximum(highest[:-hops], loudness[hops:], out=highest[:-hops])
    return highest


def _first_heard(powers: Floats) -> int:
    loud = powers >= power_of(SILENT)
    return int(loud.argmax()) if loud.any() else len(powers)


def _tops(grown: Floats, more_than_lu: float) -> list[int]:
    """Where each stretch of too great a growth is greatest; rises within 2 s are one."""
    found: list[int] = []
    last = -RISE_HOPS - 1
    for first, end in _stretches(grown > more_than_lu):
        top = first + int(np.argmax(grown[first:end]))
        if found and first - last <= RISE_HOPS:
            found[-1] = max(found[-1], top, key=lambda index: grown[index])
        else:
            found.append(top)
        last = end
    return found


def _stretches(held: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where a row of truths begins and ends, [first, end), for each."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], held, [False]]).astype(np.int8)))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]

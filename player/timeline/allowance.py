"""How much sound a week allows: the dose of Rec. ITU-T H.870.

WHO-ITU, Safe listening devices and systems (2019), mode 1, adults: 80 dBA for 40 h in seven days,
which is 1.6 Pa²h. Energy counts, so 3 dB more halve the time.
"""

from __future__ import annotations

from player.units import Decibels, Seconds

ALLOWED_DBA: Decibels = 80.0
ALLOWED_S: Seconds = 40 * 3600.0


def dose_of(seconds: Seconds, level_dba: Decibels) -> float:
    """What part of the allowance so many seconds at a level are: 1.0 is all of it."""
    return float(seconds / ALLOWED_S * 10.0 ** ((level_dba - ALLOWED_DBA) / 10.0))

"""Time that never stops: not in a pause, not while the machine sleeps, not when a clock is set."""

from __future__ import annotations

import sys
import time

from player.units import Seconds


def monotonic_s() -> Seconds:
    """Seconds on a clock that counts sleep and ignores changes of the wall clock."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()

"""Time that never stops: not in a pause, not while the machine sleeps, not when a clock is set."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from player.units import Seconds

LONGEST_BREAK_S: Seconds = 86_400.0
"""Between two runs of the machine only the wall clock can tell; it is believed up to a day."""
SAME_RUN_S: Seconds = 60.0
"""Where a run of the machine has no name: so far the two clocks may drift within one."""


def monotonic_s() -> Seconds:
    """Seconds on a clock that counts sleep and ignores changes of the wall clock."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment by the clock that never stops, which run of the machine it counts in, and wall."""

    since_start_s: Seconds
    run: str
    """Empty where the system gives its runs no name."""
    wall_s: Seconds


def moment() -> Moment:
    """Now."""
    return Moment(monotonic_s(), _run(), time.time())


def between_s(then: Moment, now: Moment) -> Seconds:
    """How long it was: a set clock counts only where the machine was started anew."""
    by_run = now.since_start_s - then.since_start_s
    by_wall = now.wall_s - then.wall_s
    if then.run or now.run:
        same = then.run == now.run
    else:
        same = by_run >= 0 and abs(by_wall - by_run) < SAME_RUN_S
    return max(0.0, by_run) if same else min(LONGEST_BREAK_S, max(0.0, by_wall))


@lru_cache(maxsize=1)
def _run() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()[:8]
    except OSError:
        return ""

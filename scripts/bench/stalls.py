"""When the machine itself stood still: times at which not even a real-time thread was run.

A virtual machine may lose its processors to others for a tenth of a second; whatever is recorded
then says nothing of the player. Seen by a process on each processor that sleeps 5 ms at a time
with a real-time priority, which wants rights for it; where there are none, nothing is excused.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

STEP_S = 0.005
LATE_S = 0.02
"""Sound servers and players are late by this now and then without harm."""
BEFORE_S = 0.6
"""What is kept ahead is used up by the stalls of so long a time before a gap."""
MOST_S = 0.06
"""Half of what the server keeps for the player: more stalls than this excuse a gap."""

CATCHES_UP_S = 0.2
"""What stood still needs so much longer until it is heard again, and no more."""


@dataclass
class Stalls:
    """Each stall as (when it began, how long it was), by the machine's monotonic clock."""

    rows: list[tuple[float, float]] = field(default_factory=list)

    def within_s(self, begin_s: float, end_s: float) -> float:
        """How long the machine stood still in a stretch of time, its processors added up."""
        return sum(
            max(0.0, min(end_s, at + long) - max(begin_s, at))
            for at, long in self.rows
            if at < end_s and at + long > begin_s
        )

    @property
    def whole_s(self) -> float:
        """How long it stood still in all."""
        return sum(long for _, long in self.rows)

    def since(self, zero_s: float) -> Stalls:
        """The same by a clock that began at a moment of the machine's."""
        return Stalls([(at - zero_s, long) for at, long in self.rows])

    def excuse(self, begin_s: float, end_s: float, beyond_s: float) -> bool:
        """Whether what is beyond the allowed in a stretch of time is the machine's."""
        stood_s = self.within_s(begin_s - BEFORE_S, end_s)
        return stood_s > MOST_S and beyond_s < stood_s + CATCHES_UP_S


@contextlib.contextmanager
def watched(folder: Path) -> Iterator[Stalls]:
    """Watch the machine; the stalls are there when it is over."""
    found = Stalls()
    processors = sorted(os.sched_getaffinity(0))
    files = [folder / f"stalls-{number}.txt" for number in processors]
    running = [
        subprocess.Popen([sys.executable, __file__, str(number)], stdout=file.open("w"))
        for number, file in zip(processors, files, strict=True)
    ]
    try:
        yield found
    finally:
        for process in running:
            process.terminate()
            process.wait()
        for file in files:
            rows = (line.split() for line in file.read_text().splitlines())
            found.rows += [(float(at), float(long)) for at, long in rows]


def _watch(processor: int) -> None:
    os.sched_setaffinity(0, {processor})
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))
    except PermissionError:
        return
    before_s = time.monotonic()
    while True:
        time.sleep(STEP_S)
        now_s = time.monotonic()
        if now_s - before_s > STEP_S + LATE_S:
            print(f"{before_s + STEP_S:.4f} {now_s - before_s - STEP_S:.4f}", flush=True)
        before_s = now_s


if __name__ == "__main__":
    _watch(int(sys.argv[1]))

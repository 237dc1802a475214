"""What went wrong since a session began: lines for people, and how often each kind was.

It is made of events alone, so that an engine that takes a session up again counts on.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable

from player.timeline.events import Event, Fault, FaultKind, OutputBack, OutputLost, TrackPassedOver
from player.timeline.status import FaultCounts
from player.units import Frame, Seconds

MOST_LINES = 50
DRY_EVERY_S: Seconds = 10.0
"""Dropouts that come close together are told in one line."""


class Faults:
    """All faults of one session."""

    def __init__(self) -> None:
        self.lines: deque[str] = deque(maxlen=MOST_LINES)
        self._counts: Counter[str] = Counter()

    @property
    def counts(self) -> FaultCounts:
        """How often each kind was."""
        return FaultCounts(**self._counts)

    def begin(self, told: Iterable[Event] = (), warnings: Iterable[str] = ()) -> None:
        """A session begins, or goes on behind what was told of it."""
        self.lines.clear()
        self._counts.clear()
        for event in told:
            self.take(event)
        self.lines.extend(warnings)

    def take(self, event: Event) -> None:
        """An event was told."""
        match event:
            case Fault(kind=kind, times=times):
                self._counts[kind] += times
            case TrackPassedOver():
                self._counts["files"] += 1
            case OutputLost():
                self._counts["outages"] += 1
            case OutputBack():
                pass
            case _:
                return
        self.lines.append(event.line())


class Dropouts:
    """Tells how often an output ran dry, from the growth of what it counts."""

    def __init__(self, told: int = 0) -> None:
        """`told` of them were told before, by an engine that this one goes on for."""
        self._told, self._told_s = told, -DRY_EVERY_S

    def look(self, underruns: int, frame: Frame, now_s: Seconds) -> Fault | None:
        """What is to be told now, if anything."""
        if underruns < self._told:
            self._told = 0  # another output counts from nought
        times = underruns - self._told
        if times == 0 or now_s - self._told_s < DRY_EVERY_S:
            return None
        self._told, self._told_s = underruns, now_s
        often = "once" if times == 1 else f"{times} times"
        text = f"the output ran dry {often}"
        return Fault(frame=frame, text=text, kind=FaultKind.UNDERRUNS, times=times)

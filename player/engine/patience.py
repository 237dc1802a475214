"""With nobody to hear it, a session waits for tracks that are not measured yet."""

from __future__ import annotations

from player.timeline import conductor
from player.timeline.decisions import StartTrack
from player.timeline.plan import Plan
from player.timeline.state import State
from player.units import Frame, Seconds

PATIENCE_S: Seconds = 60.0
"""So long a rehearsal or a file waits for a track to be measured."""


class Patience:
    """Says when to wait, and for how long at most."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._since_s: Seconds | None = None

    def waits(self, state: State, next_head: Frame, now_s: Seconds) -> bool:
        """Whether a track would begin before `next_head` out of turn, and it is worth waiting."""
        if state.quiet_until >= next_head:
            return False
        if not self._lacks_facts(state, next_head):
            self._since_s = None
        elif self._since_s is None:
            self._since_s = now_s
        return self._since_s is not None and now_s - self._since_s < PATIENCE_S

    def _lacks_facts(self, state: State, next_head: Frame) -> bool:
        """Whether a track would begin before one that comes first in the list and is unknown."""
        step = conductor.advance(self._plan, state, next_head)
        if not any(isinstance(row, StartTrack) for row in step.decisions):
            return False
        for track in state.lists[step.state.place].remaining:
            if state.facts[track] is None:
                return True
            if track not in step.state.lists[step.state.place].remaining:
                return False
        return False

"""A session that is being brought back, as people see it meanwhile: as it was when it broke off,
its clocks going on. For eyes only: what comes back is found out by the recovery itself."""

from __future__ import annotations

import traceback

from player.engine.elapsed import between_s, moment
from player.engine.faults import Faults
from player.engine.kept import Kept
from player.timeline import conductor
from player.timeline.plan import Plan
from player.timeline.state import RestKind, State
from player.timeline.status import Status
from player.timeline.view import status_of
from player.units import Frame, frames_of


class Recalled:
    """How a kept session stands until it is back."""

    def __init__(self, kept: Kept, *, paused: bool) -> None:
        self._kept = kept
        try:
            self._state = _stood(kept, paused=paused)
        except Exception:  # the way back must not fail by what is only looked at
            traceback.print_exc()
            self._state = kept.stand.state
        faults = Faults()
        faults.begin(kept.told)
        self._faults = {"faults": tuple(faults.lines), "fault_counts": faults.counts}

    def status(self) -> Status:
        """Now: since-dose clocks run on while nothing is heard."""
        kept, plan = self._kept, self._kept.score.plan
        passed = kept.heard.elapsed + frames_of(between_s(kept.heard.at, moment()))
        still = max(0, passed - self._state.elapsed)
        state = conductor.stand_still(plan, self._state, still).state
        status = status_of(plan, state, kept.heard.frame)
        more = {"coming_back": True, "path": str(kept.score.source), **self._faults}
        return status.model_copy(update=more)


def _stood(kept: Kept, *, paused: bool) -> State:
    """Where it was heard last, all that was decided by then counted."""
    plan, heard, state = kept.score.plan, kept.heard.frame, kept.stand.state
    for came in kept.inputs:
        state = _run_to(plan, state, min(came.frame, heard))
        state = came.step(plan, came.stood_before(plan, state).state).state
    return conductor.recover(plan, _run_to(plan, state, heard), 0, paused=paused).state


def _run_to(plan: Plan, state: State, frame: Frame) -> State:
    rest = state.rest
    if rest is not None and rest.kind is RestKind.PAUSED:
        frame = min(frame, rest.silent)
    return conductor.advance(plan, state, frame).state if frame > state.frame else state

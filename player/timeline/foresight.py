"""Which cue comes next, and when: what screens show and what is made ready. Decides nothing."""

from __future__ import annotations

from player.session.choices import Play, Point
from player.timeline.cue_times import OPEN_STAGES, cue_frame, projected_start
from player.timeline.plan import Plan
from player.timeline.state import FOREVER, State
from player.timeline.status import CueStage
from player.units import Frame


def foreseen(plan: Plan, state: State, cue: int) -> Frame:
    """When a cue is due; for one of a phase to come, by the planned lengths."""
    due = cue_frame(plan, state, cue)
    at = plan.cues[cue].at
    bound = at.point in (Point.PHASE_START, Point.PHASE_END)
    if due < FOREVER or not bound or at.phase < state.phase or state.holding:
        return due
    start = projected_start(state, at.phase)
    length = state.lengths[at.phase] if at.point is Point.PHASE_END else 0
    return start + length + at.offset


def next_cue(plan: Plan, state: State) -> int | None:
    """The cue that speaks, or comes next by itself or by asking."""
    if state.speech:
        return state.speech.cue
    if state.music_ended is not None or (state.ending and state.ending.by_key):
        return None
    rows = [
        (foreseen(plan, state, number), number)
        for number, row in enumerate(state.cues)
        if row.stage in OPEN_STAGES and not _only_by_hand(plan, state, number)
    ]
    due, number = min(rows, default=(FOREVER, -1))
    return None if due >= FOREVER else number


def _only_by_hand(plan: Plan, state: State, cue: int) -> bool:
    return plan.cues[cue].play is Play.HAND and state.cues[cue].stage is CueStage.COMING


def soon(plan: Plan, state: State) -> set[int]:
    """The cues whose sound may be wanted at any moment: the next, and the first by hand."""
    following = next_cue(plan, state)
    by_hand = [cue for cue in range(len(plan.cues)) if _only_by_hand(plan, state, cue)]
    called = [n for n, row in enumerate(state.cues) if row.stage is CueStage.ALLOWED]
    left = [] if state.unfinished is None else [state.unfinished.cue]
    return {*by_hand[:1], *called, *left, *([] if following is None else [following])}

"""What is offered to the counsellor: yes, no, and where the offer no longer holds."""

from __future__ import annotations

from player.timeline.cue_times import OFFER_BEFORE, place_frame
from player.timeline.speech import miss, put_stage
from player.timeline.state import CueState, RestKind, State, Step, put
from player.timeline.status import CueStage

OFFERED = (CueStage.ASKED, CueStage.ALLOWED)


def asked(state: State) -> int | None:
    """The cue that is offered now: the first that was due."""
    rows = (i for i, cue in enumerate(state.cues) if cue.stage is CueStage.ASKED)
    return next(rows, None)


def allow(step: Step) -> None:
    """Yes to the cue that is offered."""
    cue = asked(step.state)
    if cue is None:
        step.refuse("No cue is offered now.")
    elif step.plan.cues[cue].frames is None:
        put_stage(step, cue, CueStage.DONE)
    elif step.state.talking:
        step.refuse("You are talking: end that first.")
    elif step.state.rest:
        step.refuse(f"The session is {step.state.rest.kind.value}: resume first.")
    else:
        put_stage(step, cue, CueStage.ALLOWED)


def decline(step: Step) -> None:
    """No to the cue that is offered; else to one that was allowed and does not speak yet."""
    cue = asked(step.state)
    if cue is None:
        rows = enumerate(step.state.cues)
        cue = next((at for at, row in rows if row.stage is CueStage.ALLOWED), None)
    if cue is None:
        step.refuse("No cue is offered now.")
    else:
        miss(step, cue, "declined")


def pass_open(step: Step) -> None:
    """In a silence or a pause, what is offered passes."""
    cue = asked(step.state)
    while cue is not None:
        kind = step.state.rest.kind if step.state.rest else RestKind.SILENCED
        miss(step, cue, f"the session was {kind.value}")
        cue = asked(step.state)


def take_back(step: Step) -> None:
    """What a move, a stretch or a mark put off is to be offered anew; a yes was for that time.

    Else the voice would come minutes later, unasked. A call by hand has a time of its own.
    """
    plan, state = step.plan, step.state
    for cue, row in enumerate(plan.cues):
        now = state.cues[cue]
        if now.stage not in OFFERED or now.called is not None:
            continue
        if place_frame(plan, state, row.at) > step.frame + OFFER_BEFORE:
            step.set(cues=put(step.state.cues, cue, CueState()))

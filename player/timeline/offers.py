"""What is offered to the counsellor: yes, no, and where the offer no longer holds."""

from __future__ import annotations

from dataclasses import replace

from player.session.choices import Play
from player.timeline.cue_times import (
    OFFER_AFTER,
    OFFER_BEFORE,
    OFFERED,
    OPEN_STAGES,
    cue_frame,
    own_frame,
    place_frame,
)
from player.timeline.events import CuePutOff
from player.timeline.plan import Plan
from player.timeline.speech import LATE, ask, first_word, miss, offer, put_stage, voice_at
from player.timeline.state import CueState, RestKind, State, Step, put
from player.timeline.status import CueStage
from player.units import SAMPLE_RATE, Frames

SURE_AFTER: Frames = SAMPLE_RATE * 6 // 10
"""A second yes before this is the same press, made twice or held."""
SURE_UNTIL: Frames = 20 * SAMPLE_RATE
"""A second yes after this is a first one again."""


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
    elif _falls_in_quiet(step, cue) and not _sure(step, cue):
        step.refuse("Voices are off in this phase: once more, and it is spoken all the same.")
    else:
        put_stage(step, cue, CueStage.ALLOWED)


def _falls_in_quiet(step: Step, cue: int) -> bool:
    plan, state = step.plan, step.state
    return not voice_at(plan, state, first_word(plan, state, cue_frame(plan, state, cue)))


def _sure(step: Step, cue: int) -> bool:
    """Whether this yes comes behind one that was told of the phase; else it is told now."""
    now, elapsed = step.state.cues[cue], step.state.elapsed
    since = SURE_UNTIL if now.warned is None else elapsed - now.warned
    if since >= SURE_UNTIL:
        step.set(cues=put(step.state.cues, cue, replace(now, warned=elapsed)))
    return SURE_AFTER <= since < SURE_UNTIL


def ask_again(step: Step) -> None:
    """A yes no longer holds for what has come between: what was allowed is offered."""
    for cue, now in enumerate(step.state.cues):
        if now.stage is CueStage.ALLOWED:
            ask(step, cue)


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


def ask_what_waited(step: Step, *, late: Frames = 0) -> None:
    """Words that waited for a voice which was then stopped are asked for, not spoken behind it.

    Those that were due `late` frames ago or earlier. What was called by hand is still wanted.
    """
    plan = step.plan
    for cue, row in enumerate(plan.cues):
        now = step.state.cues[cue]
        due = place_frame(plan, step.state, row.at)
        by_itself = now.stage is CueStage.COMING and row.play is Play.CLOCK
        waited = (by_itself or now.stage is CueStage.ALLOWED) and now.called is None
        shifted = not late or cue_frame(plan, step.state, cue) > due
        if waited and shifted and due + late <= step.frame:
            offer(step, cue)


def pass_overtaken(step: Step, before: State) -> None:
    """What a mark, a move or a stretch puts far into the past passes: it waited for no voice."""
    for cue in range(len(step.plan.cues)):
        if _is_past(step.plan, step.state, cue) and not _is_past(step.plan, before, cue):
            miss(step, cue, "its time was past")


def _is_past(plan: Plan, state: State, cue: int) -> bool:
    row, now = plan.cues[cue], state.cues[cue]
    coming = now.stage is CueStage.COMING
    if now.stage not in OPEN_STAGES or now.called is not None or (coming and row.play is Play.HAND):
        return False
    by_itself = coming and row.play is Play.CLOCK and row.frames is not None
    return own_frame(plan, state, cue) + (LATE if by_itself else OFFER_AFTER) < state.frame


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
            step.say(CuePutOff(frame=step.frame, cue=row.name))

"""Cues: offered, spoken, missed; the bed goes down before the first word."""

from __future__ import annotations

from dataclasses import replace

from player.session.choices import Ends, Play, Point
from player.timeline.cue_times import OFFER_AFTER, OPEN_STAGES, cue_frame, own_frame, place_frame
from player.timeline.decisions import DuckBed, LiftBed, StartClip, StopClip
from player.timeline.events import CueAsked, CueEnded, CueMissed, CueStarted
from player.timeline.plan import Place, Plan, PlanCue
from player.timeline.state import (
    CueState,
    Speech,
    State,
    Step,
    Unfinished,
    put,
)
from player.timeline.status import CueStage
from player.units import SAMPLE_RATE, Frame, Frames

LATE: Frames = 10 * SAMPLE_RATE
"""A cue by the clock that is later than this passes: a voice at the wrong moment harms."""
LATE_BEHIND: Frames = 60 * SAMPLE_RATE
"""One that waited for a voice may be this late; after more it is asked for."""
STOP_FADE: Frames = SAMPLE_RATE
LAST_WORD_FADE: Frames = SAMPLE_RATE
"""A voice that reaches over the end of the music is faded, not cut."""
CALM = 2
"""In a long silence within a speech the bed moves so many times as slowly as around it."""


def wake_cue(step: Step, cue: int) -> None:
    """Decide what is due about a cue at this frame."""
    plan, state = step.plan, step.state
    stage = state.cues[cue].stage
    row = plan.cues[cue]
    if stage is CueStage.ASKED:
        miss(step, cue, "no answer")
    elif stage is CueStage.COMING and (row.play is Play.ASK or row.frames is None):
        offer(step, cue)
    else:
        speak_when_due(step, cue)


def offer(step: Step, cue: int) -> None:
    """Ask the counsellor; in silence and where voices are off the cue passes.

    What only just had its turn behind a voice is asked for, however long it waited.
    """
    state = step.state
    due = cue_frame(step.plan, state, cue)
    waited = step.frame <= due + LATE
    if not waited and step.frame >= own_frame(step.plan, state, cue) + OFFER_AFTER:
        miss(step, cue, "its time was past")
    elif state.rest:
        miss(step, cue, f"the session was {state.rest.kind.value}")
    elif not voice_at(step.plan, state, max(due, step.frame)):
        miss(step, cue, "voice is off in this phase")
    else:
        ask(step, cue)


def ask(step: Step, cue: int) -> None:
    """Let a cue stand on offer from here."""
    plan, state = step.plan, step.state
    waited = cue_frame(plan, state, cue) > own_frame(plan, state, cue)
    put_stage(step, cue, CueStage.ASKED)
    if waited:
        asked = replace(step.state.cues[cue], asked=step.frame)
        step.set(cues=put(step.state.cues, cue, asked))
    step.say(CueAsked(frame=step.frame, cue=step.plan.cues[cue].name))


def speak_when_due(step: Step, cue: int) -> None:
    """A cue by the clock, or one that was allowed, at the moment the bed should go down."""
    plan, state = step.plan, step.state
    own, due = own_frame(plan, state, cue), cue_frame(plan, state, cue)
    allowed = state.cues[cue].stage is CueStage.ALLOWED
    first = first_word(plan, state, due)
    if state.rest and plan.cues[cue].resumes:
        put_stage(step, cue, CueStage.DONE)
        step.set(unfinished=Unfinished(cue, first if allowed else own, begun=False))
    elif state.rest:
        miss(step, cue, f"the session was {state.rest.kind.value}")
    elif state.ending and (state.ending.by_key or first >= state.ending.end - LAST_WORD_FADE):
        miss(step, cue, "the music was ending")
    elif not allowed and step.frame > due + LATE:
        miss(step, cue, "its time was past")
    elif not allowed and step.frame > own + LATE_BEHIND and not plan.unattended:
        offer(step, cue)
    elif not allowed and not voice_at(plan, state, first):
        miss(step, cue, "voice is off in this phase")
    elif state.talking:
        ask(step, cue)
    else:
        speak(step, cue, first)


def speak(step: Step, cue: int, first: Frame, *, skip: Frames = 0) -> None:
    """Bring the bed down, the clip in at `first`, and the bed back after its last sample.

    The clip's first `skip` frames are not spoken.
    """
    plan, state = step.plan, step.state
    row = plan.cues[cue]
    frames = (row.frames or 0) - skip
    sound = plan.sound
    duck = f"speech {state.speeches}"
    step.decide(DuckBed(duck, first - sound.duck_down, sound.duck_down, sound.duck_db))
    step.decide(StartClip(cue, first, row.gain_db, skip))
    _give_bed_back(step, row, duck, first, skip)
    step.set(
        speech=Speech(cue, first, first + frames, duck, skip=skip),
        speeches=state.speeches + 1,
        cues=put(state.cues, cue, CueState(CueStage.SPEAKING)),
    )


def _give_bed_back(step: Step, row: PlanCue, duck: str, spoken: Frame, skip: Frames) -> None:
    """Tell where the bed comes back: in long silences, slowly, and behind the last word."""
    sound, frames = step.plan.sound, row.frames or 0
    first = spoken - skip
    down, up = CALM * sound.duck_down, CALM * sound.duck_up
    back = frames
    for begins, ends in row.rests:
        if begins < skip:
            continue
        if ends >= frames:
            back = begins
        elif ends - begins >= up + down:
            step.decide(LiftBed(duck, first + begins, up))
            step.decide(DuckBed(duck, first + ends - down, down, sound.duck_db))
    step.decide(LiftBed(duck, first + back, sound.duck_up))


def begin_speech(step: Step) -> None:
    """The first sample is here."""
    speech = step.state.speech
    if speech is None:
        return
    step.set(speech=replace(speech, began=True))
    name = step.plan.cues[speech.cue].name
    step.say(CueStarted(frame=speech.start, cue=name, frames=speech.end - speech.start))


def finish_speech(step: Step) -> None:
    """The last sample has sounded."""
    speech = step.state.speech
    if speech is None:
        return
    put_stage(step, speech.cue, CueStage.DONE)
    step.set(speech=None, last_speech=speech.end)
    step.say(CueEnded(frame=step.frame, cue=step.plan.cues[speech.cue].name))


def stop_speech(step: Step, *, offer_again: bool = False) -> None:
    """Fade the voice out now; one that had not begun may be offered again."""
    speech = step.state.speech
    if speech is None:
        return
    step.decide(StopClip(step.frame, STOP_FADE))
    release_duck(step, step.plan.sound.duck_up)
    name = step.plan.cues[speech.cue].name
    if speech.began:
        put_stage(step, speech.cue, CueStage.DONE)
        step.set(speech=None, last_speech=step.frame + STOP_FADE)
        step.say(CueEnded(frame=step.frame, cue=name))
    elif offer_again and not speech.skip:
        again = CueState(CueStage.ASKED, called=step.frame)
        step.set(speech=None, cues=put(step.state.cues, speech.cue, again))
        ask(step, speech.cue)
    else:
        step.set(speech=None)
        miss(step, speech.cue, "it was stopped")
        passed = replace(step.state.cues[speech.cue], stopped=True)
        step.set(cues=put(step.state.cues, speech.cue, passed))


def cut_short(step: Step, fade: Frames) -> None:
    """The sound broke off: what spoke is not spoken again, what was about to comes after `fade`."""
    plan, speech = step.plan, step.state.speech
    if speech is None:
        return
    first = max(speech.start, step.frame + fade + plan.sound.duck_down)
    if speech.began or not voice_at(plan, step.state, first):
        stop_speech(step)
        return
    step.decide(StopClip(step.frame, 0))
    release_duck(step, plan.sound.duck_up)
    again = CueState(CueStage.ALLOWED, called=first)
    step.set(speech=None, cues=put(step.state.cues, speech.cue, again))


def release_duck(step: Step, up: Frames) -> None:
    """Bring the bed back from a speech that was cut short."""
    speech = step.state.speech
    if speech:
        step.decide(LiftBed(speech.duck, step.frame, up))


def miss(step: Step, cue: int, why: str) -> None:
    """Let a cue pass."""
    put_stage(step, cue, CueStage.MISSED)
    step.say(CueMissed(frame=step.frame, cue=step.plan.cues[cue].name, why=why))


def first_word(plan: Plan, state: State, due: Frame) -> Frame:
    """Where the first sample of what is due at `due` would fall, if it began at this frame.

    With less than `duck.down` left: down at once, speech after `duck.down`. On the way back
    from a pause or a silence: once the sound is back.
    """
    down = plan.sound.duck_down
    first = due if due - state.frame >= down else state.frame + down
    return max(first, state.audible)


def voice_at(plan: Plan, state: State, frame: Frame) -> bool:
    """Whether a cue may begin by itself in the phase where `frame` would fall."""
    phase = state.phase
    following = phase + 1
    if state.ends is Ends.CLOCK and frame >= state.phase_end and following < len(plan.phases):
        phase = following
    return plan.phases[phase].voice


def call(step: Step, cue: int, *, sure: bool) -> None:
    """Speak a cue now, by hand."""
    plan, state = step.plan, step.state
    if cue >= len(plan.cues):
        step.refuse(f"There is no cue {cue + 1}: this session has {len(plan.cues)}.")
        return
    row = plan.cues[cue]
    if row.frames is None:
        step.refuse(f"There is no sound for this cue. Its words: {row.words}")
    elif state.rest:
        step.refuse(f"The session is {state.rest.kind.value}: resume first.")
    elif state.ending and state.ending.by_key:
        step.refuse("The music is ending.")
    elif state.talking:
        step.refuse("You are talking: end that first.")
    elif state.speech and state.speech.cue == cue:
        step.refuse("It is speaking.")
    elif not sure and not voice_at(plan, state, step.frame + plan.sound.duck_down):
        step.refuse("Voices are off in this phase: once more, and it is spoken all the same.")
    else:
        called = CueState(CueStage.ALLOWED, called=step.frame + plan.sound.duck_down)
        step.set(cues=put(state.cues, cue, called))


def leave_cues_behind(step: Step) -> None:
    """On entering a phase: cues that lay in phases now left or passed over will not come."""
    plan = step.plan
    for cue, row in enumerate(plan.cues):
        state = step.state
        cue_state = state.cues[cue]
        open_still = cue_state.stage in OPEN_STAGES and cue_state.called is None
        if open_still and _left_behind(plan, state, row.at):
            miss(step, cue, "its phase was left")


def _left_behind(plan: Plan, state: State, place: Place) -> bool:
    if place.point not in (Point.PHASE_START, Point.PHASE_END) or place.phase >= state.phase:
        return False
    left = state.lefts[place.phase]
    if state.passed[place.phase] or left is None:
        return True
    if place.point is Point.PHASE_START:
        inside = place.offset < state.lengths[place.phase]
    else:
        inside = place.offset < 0
    return inside and place_frame(plan, state, place) > left


def rearm(step: Step, phase: int, *, again: bool) -> None:
    """On entering a phase: where that is `again`, what had passed of its cues may come after all.

    So may its guided piece, heard or not: it is what the phase is for.
    """
    for cue, row in enumerate(step.plan.cues):
        bound = row.at.point in (Point.PHASE_START, Point.PHASE_END) and row.at.phase == phase
        ahead = row.at.point is Point.PHASE_END or row.at.offset >= 0
        stage = step.state.cues[cue].stage
        missed = again and stage is CueStage.MISSED
        heard = bool(row.resumes) and stage in (CueStage.MISSED, CueStage.DONE)
        if bound and ahead and (missed or heard):
            step.set(cues=put(step.state.cues, cue, CueState()))


def restored(before: tuple[CueState, ...], now: tuple[CueState, ...]) -> tuple[CueState, ...]:
    """Cues after a move is undone: what it let pass is to come again, and is offered anew."""
    return tuple(
        CueState() if old.stage in OPEN_STAGES and new.stage is CueStage.MISSED else new
        for old, new in zip(before, now, strict=True)
    )


def put_stage(step: Step, cue: int, stage: CueStage) -> None:
    """Let a cue stand at a stage; a call by hand keeps its time."""
    called = step.state.cues[cue].called
    step.set(cues=put(step.state.cues, cue, CueState(stage, called)))

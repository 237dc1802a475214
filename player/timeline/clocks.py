"""Marks of the dose and what hangs on them: where they place the phases, and the reminders.

Since-dose and since-booster run on elapsed frames, which neither a pause nor a hold nor a
stretch can move. Wall time does not occur here.
"""

from __future__ import annotations

from dataclasses import replace

from player.session.choices import Ends, Point
from player.timeline import moves
from player.timeline.cue_times import place_frame
from player.timeline.endings import call_off_ending
from player.timeline.events import (
    BoosterMarked,
    BoosterUndone,
    DoseMarked,
    DoseUndone,
    ReminderDue,
)
from player.timeline.moves import dose_phase, move
from player.timeline.plan import Place, Plan
from player.timeline.state import FOREVER, Booster, CueState, State, Step, put
from player.timeline.status import CueStage, ReminderStage
from player.units import SAMPLE_RATE, Frame, Frames, seconds_of

JUST_NOW: Frames = SAMPLE_RATE
"""A reminder that was due within this before its mark is due, not missed."""


def mark_dose(step: Step, ago: Frames) -> None:
    """The dose was taken `ago` frames ago: the clocks run from there, and so do the phases."""
    state = step.state
    corrected = state.dose is not None
    dose = state.elapsed - ago
    step.set(dose=dose)
    step.say(DoseMarked(frame=step.frame, ago_s=seconds_of(ago), corrected=corrected))
    reset_reminders(step, Point.DOSE)
    _let_come(step, _passed(step, Point.DOSE))
    if state.placed and state.music_ended is None and not (state.ending and state.ending.by_key):
        place_from(step, programme_frame_at(state, dose))


def back(step: Step) -> None:
    """Undo the last move, or call the end off; a dose marked in the last fade places the phases."""
    ending = step.state.ending
    moves.back(step)
    state = step.state
    if ending is None or not ending.by_key or state.dose is None or state.dose == ending.dose:
        return
    if state.placed and state.music_ended is None:
        place_from(step, programme_frame_at(state, state.dose))


def undo_dose(step: Step) -> None:
    """Take the mark back: its clock and reminders stop, the phases stay as they are."""
    if step.state.dose is None:
        step.refuse("No dose is marked.")
        return
    step.set(dose=None)
    step.say(DoseUndone(frame=step.frame))
    reset_reminders(step, Point.DOSE)
    _let_come(step, _passed(step, Point.DOSE))


def mark_booster(step: Step, ago: Frames) -> None:
    """A booster was taken `ago` frames ago."""
    state = step.state
    if state.dose is None:
        step.refuse("No dose is marked: mark the dose first.")
        return
    taken = state.elapsed - ago
    last = state.last_booster is None or taken >= state.last_booster
    step.set(boosters=(*state.boosters, Booster(taken, state.reminders)))
    step.say(BoosterMarked(frame=step.frame, ago_s=seconds_of(ago)))
    if last:
        _come_again(step)
    reset_reminders(step, Point.BOOSTER)
    for number in _replaced(step.plan):
        _stage(step, number, ReminderStage.DONE)


def undo_booster(step: Step) -> None:
    """Take the last mark back: what hangs on a booster or gave way to it stands as before it.

    What would have come due meanwhile is told as missed. What was ticked stays ticked, and where
    another booster is the last one taken, what hangs on that goes on.
    """
    counted = step.state.last_booster
    if not step.state.boosters:
        step.refuse("No booster is marked.")
        return
    *others, undone = step.state.boosters
    step.set(boosters=tuple(others))
    step.say(BoosterUndone(frame=step.frame))
    changed = _replaced(step.plan)
    if step.state.last_booster != counted:
        changed += _unticked(step)
        _stay_heard(step, undone)
        _let_come(step, _passed(step, Point.BOOSTER))
    for number in changed:
        _stage(step, number, undone.reminders[number])
        _look_anew(step, number)


def _unticked(step: Step) -> list[int]:
    rows = enumerate(zip(step.plan.reminders, step.state.reminders, strict=True))
    return [
        at
        for at, (row, stage) in rows
        if row.at.point is Point.BOOSTER and stage is not ReminderStage.DONE
    ]


def _come_again(step: Step) -> None:
    """What was done or heard after one booster is to be done or heard after the next."""
    for number, row in enumerate(step.plan.reminders):
        if row.at.point is Point.BOOSTER:
            _stage(step, number, ReminderStage.COMING)
    *others, marked = step.state.boosters
    heard = _ahead(step, Point.BOOSTER, CueStage.DONE) if others else []
    _let_come(step, [*heard, *_ahead(step, Point.BOOSTER, CueStage.MISSED)])
    step.set(boosters=(*others, replace(marked, again=tuple(heard))))


def _stay_heard(step: Step, undone: Booster) -> None:
    """What was to come again only after a booster that is taken back was heard before it."""
    for cue in undone.again:
        if step.state.cues[cue].stage is not CueStage.SPEAKING:
            step.set(cues=put(step.state.cues, cue, CueState(CueStage.DONE)))


def _passed(step: Step, point: Point) -> list[int]:
    """Cues that passed by a mark which no longer holds, and may come by the one that does.

    Not a voice that was stopped: it would speak by itself all the same.
    """
    cues = step.state.cues
    return [cue for cue in _ahead(step, point, CueStage.MISSED) if not cues[cue].stopped]


def _ahead(step: Step, point: Point, stage: CueStage) -> list[int]:
    """Cues of a mark that stand at a stage, and whose time is not past or not known yet."""
    plan, state = step.plan, step.state
    if state.music_ended is not None:
        return []
    return [
        cue
        for cue, row in enumerate(plan.cues)
        if row.at.point is point
        and state.cues[cue].stage is stage
        and place_frame(plan, state, row.at) >= state.frame
    ]


def _let_come(step: Step, cues: list[int]) -> None:
    for cue in cues:
        step.set(cues=put(step.state.cues, cue, CueState()))


def _replaced(plan: Plan) -> list[int]:
    """A check that has the same words at a booster counts from there, no more from the dose."""
    renewed = {row.text for row in plan.reminders if row.at.point is Point.BOOSTER}
    rows = enumerate(plan.reminders)
    return [at for at, row in rows if row.at.point is Point.DOSE and row.text in renewed]


def programme_frame_at(state: State, elapsed: Frames) -> Frame:
    """Where the programme was at an elapsed time, pauses taken out."""
    after = state.still
    for frame, before in reversed(state.stills):
        if elapsed >= frame + after:
            return elapsed - after
        if elapsed >= frame + before:
            return frame
        after = before
    return elapsed - after


def place_from(step: Step, mark: Frame) -> None:
    """Place the phases behind the `at dose` phase as if the mark had been made at `mark`.

    Those wholly past are skipped, none is entered twice, and none that waits by hand is passed.
    """
    plan, state = step.plan, step.state
    at_dose = dose_phase(plan)
    if at_dose < 0 or at_dose + 1 >= len(plan.phases):
        return
    if state.phase > at_dose + 1 and _placed(state, at_dose, state.phase, mark) > step.frame:
        _shift(step, _placed(state, at_dose, state.phase, mark))
        return
    target, start = _target(step, at_dose, mark)
    if state.phase < target:
        move(step, target, start=start)
    else:
        _shift(step, _placed(state, at_dose, state.phase, mark))


def _placed(state: State, at_dose: int, phase: int, mark: Frame) -> Frame:
    return mark + sum(state.lengths[at_dose + 1 : phase])


def _target(step: Step, at_dose: int, mark: Frame) -> tuple[int, Frame]:
    plan, state = step.plan, step.state
    phase, start = at_dose + 1, mark
    while phase + 1 < len(plan.phases) and start + state.lengths[phase] <= step.frame:
        ends = state.ends if phase == state.phase else plan.phases[phase].ends
        if ends is not Ends.CLOCK:
            break
        start += state.lengths[phase]
        phase += 1
    return phase, start


def _shift(step: Step, start: Frame) -> None:
    """The running phase stays, its span moves."""
    state = step.state
    was_end = state.phase_end
    step.set(starts=put(state.starts, state.phase, start))
    now_end = step.state.phase_end
    if now_end > was_end and state.ending and not state.ending.by_key:
        call_off_ending(step)
    if state.holding and now_end > step.frame and now_end != was_end:
        step.set(holding=False)


def reminder_wakes(plan: Plan, state: State, reminder: int) -> Frame:
    """The frame at which a reminder becomes due; FOREVER where it is done or its clock not set."""
    if state.reminders[reminder] is not ReminderStage.COMING:
        return FOREVER
    return reminder_frame(plan, state, plan.reminders[reminder].at)


def reminder_frame(plan: Plan, state: State, place: Place) -> Frame:
    """Where a reminder lies; beyond the end of the music it runs on elapsed time."""
    if never_came(state, place):
        return FOREVER
    if state.music_ended is None or place.point in (Point.DOSE, Point.BOOSTER):
        return place_frame(plan, state, place)
    if place.point is Point.START:
        return place.offset - _still_since_end(state)
    frame = place_frame(plan, state, place)
    ended = place.point is Point.END
    return frame if ended or frame >= FOREVER else frame - _still_since_end(state)


def never_came(state: State, place: Place) -> bool:
    """True where the phase that a place counts from was passed over, or the music ended first."""
    if place.point not in (Point.PHASE_START, Point.PHASE_END):
        return False
    return state.passed[place.phase] or (
        state.music_ended is not None and place.phase > state.phase
    )


def _still_since_end(state: State) -> Frames:
    return 0 if state.music_ended is None else state.elapsed - state.music_ended


def wake_reminder(step: Step, reminder: int) -> None:
    """A reminder is due."""
    step.set(reminders=put(step.state.reminders, reminder, ReminderStage.DUE))
    step.say(ReminderDue(frame=step.frame, text=step.plan.reminders[reminder].text))


def reset_reminders(step: Step, point: Point) -> None:
    """A clock was set, corrected or taken back: what hangs on it is looked at anew."""
    for number, row in enumerate(step.plan.reminders):
        if row.at.point is point:
            _look_anew(step, number)


def _look_anew(step: Step, number: int) -> None:
    stage, row = step.state.reminders[number], step.plan.reminders[number]
    due = reminder_frame(step.plan, step.state, row.at)
    told = stage is ReminderStage.DUE and due <= step.frame
    if stage is ReminderStage.DONE or told:
        return
    if due >= step.frame - JUST_NOW:
        _stage(step, number, ReminderStage.COMING)
    elif stage is ReminderStage.COMING:
        _stage(step, number, ReminderStage.MISSED)
        step.say(ReminderDue(frame=step.frame, text=row.text, missed=True))


def tick(step: Step, reminder: int) -> None:
    """The counsellor did what a reminder says."""
    if reminder >= len(step.plan.reminders):
        step.refuse("There is no such reminder.")
        return
    _stage(step, reminder, ReminderStage.DONE)


def _stage(step: Step, reminder: int, stage: ReminderStage) -> None:
    step.set(reminders=put(step.state.reminders, reminder, stage))

"""A state as the screen sees it, at the frame that is heard now. Pure."""

from __future__ import annotations

from player.session.choices import Ends, Point
from player.timeline import (
    clocks,
    cue_times,
    endings,
    exposure,
    foresight,
    moves,
    music,
    offers,
    speech,
    taking_up,
)
from player.timeline.plan import Place, Plan
from player.timeline.state import FOREVER, RestKind, State
from player.timeline.status import (
    CueView,
    PhaseView,
    ReminderView,
    Status,
)
from player.timeline.status import (
    State as Stage,
)
from player.units import Frame, Seconds, seconds_of


def status_of(plan: Plan, state: State, heard: Frame) -> Status:
    """What a screen shows of a running session, `heard` being the frame that sounds now."""
    heard = min(heard, state.frame)
    elapsed = heard + state.still
    deck = state.deck(state.current)
    upcoming = _upcoming(plan, state)
    may_speak = speech.voice_at(plan, state, state.frame + plan.sound.duck_down)
    return Status(
        state=_stage(state, heard),
        title=plan.title,
        medicine=is_medicine(plan),
        position_s=seconds_of(max(0, heard)),
        elapsed_s=seconds_of(max(0, elapsed)),
        length_s=_until_end(plan, state),
        phases=tuple(_phase(plan, state, number) for number in range(len(plan.phases))),
        phase=state.phase,
        phase_left_s=seconds_of(state.phase_end - heard),
        waits_for=state.ends,
        held=state.held,
        can_go_back=state.move is not None or bool(state.ending and state.ending.by_key),
        talking=state.talking,
        resting=Stage(state.rest.kind.value) if state.rest else None,
        doses=0 if state.dose is None else 1,
        since_dose_s=_since(elapsed, state.dose),
        boosters=len(state.boosters),
        since_booster_s=_since(elapsed, state.last_booster),
        track=plan.tracks[deck.track].title if deck else "",
        track_left_s=_until(deck.end if deck else FOREVER, heard),
        next_track=upcoming[0],
        next_track_in_s=_until(upcoming[1], heard),
        shelf=tuple(row.name for row in plan.shelf),
        shelf_held=state.shelf,
        volume_db=state.volume_db,
        level_db=exposure.level_of(plan, state),
        sound_s=exposure.counted(state, heard),
        cues=tuple(
            _cue(plan, state, number, heard, may_speak=may_speak)
            for number in range(len(plan.cues))
        ),
        cue_asked=offers.asked(state),
        cue_next=foresight.next_cue(plan, state),
        cue_speaking=state.speech.cue if state.speech else None,
        cue_goes_on=taking_up.waiting(plan, state),
        reminders=tuple(
            _reminder(plan, state, number, heard) for number in range(len(plan.reminders))
        ),
    )


def is_medicine(plan: Plan) -> bool:
    """True where a phase ends at the dose or anything is anchored to a dose."""
    places = [row.at for row in plan.cues] + [row.at for row in plan.reminders]
    return moves.dose_phase(plan) >= 0 or any(
        place.point in (Point.DOSE, Point.BOOSTER) for place in places
    )


def _stage(state: State, heard: Frame) -> Stage:
    rest, ending = state.rest, state.ending
    rows = (
        (state.ended, Stage.ENDED),
        (state.music_ended is not None, Stage.MUSIC_ENDED),
        (rest is not None and rest.kind is RestKind.PAUSED, Stage.PAUSED),
        (rest is not None, Stage.SILENCED),
        (ending is not None and heard >= ending.at, Stage.ENDING),
        (state.talking, Stage.TALKING),
        (state.holding, Stage.HOLDING),
    )
    return next((stage for holds, stage in rows if holds), Stage.PLAYING)


def _until_end(plan: Plan, state: State) -> Seconds:
    if state.music_ended is not None:
        return seconds_of(state.frame)
    last = len(plan.phases) - 1
    return seconds_of(cue_times.projected_start(state, last) + state.lengths[last])


def _phase(plan: Plan, state: State, number: int) -> PhaseView:
    row = plan.phases[number]
    start = cue_times.projected_start(state, number)
    return PhaseView(
        name=row.name,
        role=row.role,
        start_s=0.0 if start >= FOREVER else seconds_of(start),
        length_s=seconds_of(state.lengths[number]),
        ends=moves.planned_ends(plan, number),
        silence=row.silence,
        passed=number < state.phase,
        entered=number <= state.phase and not state.passed[number],
    )


def _since(elapsed: Frame, mark: Frame | None) -> Seconds | None:
    return None if mark is None else seconds_of(max(0, elapsed - mark))


def _until(frame: Frame, heard: Frame) -> Seconds | None:
    """Seconds to a frame; None for one that is not known."""
    return None if frame >= FOREVER // 2 else seconds_of(frame - heard)


def _upcoming(plan: Plan, state: State) -> tuple[str, Frame]:
    """What plays next and when: the next track here, or the first of the phase that follows."""
    if state.music_ended is not None or (state.ending and state.ending.by_key):
        return "", FOREVER
    if state.next_number == 0:
        return _first_of(plan, state, state.phase, state.frame)
    at = music.next_start(plan, state)
    last = endings.is_last(plan, state)
    held = state.shelf is not None
    if state.ends is Ends.CLOCK and not (last or held) and state.phase_end <= at:
        return _first_of(plan, state, state.phase + 1, state.phase_end)
    by_clock_over = last and state.ends is Ends.CLOCK and at >= state.phase_end
    if at >= FOREVER or state.ending or by_clock_over:
        return "", FOREVER
    return _first_of(plan, state, state.place, at)


def _first_of(plan: Plan, state: State, place: int, at: Frame) -> tuple[str, Frame]:
    if plan.music(place).silence:
        return "silence, as planned", at
    choice = music.next_choice(plan, state, place, at)
    return _title(plan, choice.track if choice else plan.safety), at


def _title(plan: Plan, track: int) -> str:
    return plan.tracks[track].title


def _cue(plan: Plan, state: State, number: int, heard: Frame, *, may_speak: bool) -> CueView:
    row = plan.cues[number]
    stage = state.cues[number].stage
    due = foresight.foreseen(plan, state, number)
    return CueView(
        name=row.name,
        words=row.words,
        play=row.play,
        stage=stage,
        in_s=_until(due, heard) if stage in cue_times.OPEN_STAGES else None,
        length_s=None if row.frames is None else seconds_of(row.frames),
        offer_left_s=_until(cue_times.offer_ends(plan, state, number), heard),
        needs_second_press=not may_speak,
    )


def _reminder(plan: Plan, state: State, number: int, heard: Frame) -> ReminderView:
    row = plan.reminders[number]
    due = clocks.reminder_frame(plan, state, row.at)
    return ReminderView(
        text=row.text,
        stage=state.reminders[number],
        in_s=_until(due, heard),
        waits=_waits(plan, row.at),
        never=clocks.never_came(state, row.at),
    )


def _waits(plan: Plan, place: Place) -> str:
    """What starts the clock of a place, in words."""
    name = plan.phases[place.phase].name
    match place.point:
        case Point.DOSE:
            return "after the dose"
        case Point.BOOSTER:
            return "after a booster"
        case Point.PHASE_START:
            return f"in {name}" if place.offset >= 0 else f"before {name}"
        case Point.PHASE_END:
            return f"in {name}" if place.offset < 0 else f"after {name}"
        case Point.START | Point.END:
            return ""

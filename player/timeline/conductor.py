"""The conductor: a pure state machine over frames. (state, command or time) -> (state, decisions).

It never sleeps, reads no clock and opens no file. Live play, render and tests call it alike:

    step = begin(plan)                        the first decisions, at the first frame
    step = advance(plan, state, until)        all that is due before `until`
    step = obey(plan, state, command)         what a key asks for, at the present frame
    step = stand_still(plan, state, frames)   time passed while the programme stood
    step = learn(plan, state, track, known)   a track was measured
    step = recover(plan, state, fade, ...)    the sound broke off, and comes again
    step = await_output(plan, state)          the output is away for long
    step = meet_output(plan, state, fade, ..) it is back, or another is there
    step = wake(plan, state, fade)            the machine slept for long
    step = reach(plan, state, away)           files went away, or came back
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from player.session.choices import Ends
from player.timeline import (
    clocks,
    cue_times,
    endings,
    exposure,
    moves,
    music,
    offers,
    rests,
    speech,
    taking_up,
)
from player.timeline.acts import AFTER_MUSIC, act_on
from player.timeline.commands import ChangeVolume, RoomCommand
from player.timeline.events import PhaseEntered
from player.timeline.lists import opened
from player.timeline.plan import Broken, Plan, TrackFacts
from player.timeline.state import FOREVER, CueState, RestKind, State, Step
from player.timeline.status import CueStage, ReminderStage
from player.units import Decibels, Frame, Frames

Due = tuple[Frame, int, Callable[[Step], None]]


def opening(plan: Plan, start: Frame = 0) -> State:
    """The session before its first sound, to begin at a frame of its written length."""
    phase, phase_start = _phase_at(plan, start)
    count = len(plan.phases)
    starts: list[Frame | None] = [None] * count
    starts[phase] = phase_start
    state = State(
        frame=start,
        still=0,
        stills=(),
        facts=tuple(track.facts for track in plan.tracks),
        lists=opened(plan),
        lengths=tuple(row.length for row in plan.phases),
        starts=tuple(starts),
        lefts=(None,) * count,
        passed=tuple(number < phase for number in range(count)),
        cues=(CueState(),) * len(plan.cues),
        reminders=(ReminderStage.COMING,) * len(plan.reminders),
        phase=phase,
        ends=moves.planned_ends(plan, phase),
    )
    return _without_past(plan, state) if start else state


def _phase_at(plan: Plan, start: Frame) -> tuple[int, Frame]:
    at = 0
    for number, row in enumerate(plan.phases):
        if start < at + row.length:
            return number, at
        at += row.length
    return len(plan.phases) - 1, at - plan.phases[-1].length


def _without_past(plan: Plan, state: State) -> State:
    """Cues and reminders before the place where a session is begun do not come.

    A guided piece that would be under way there is taken up once the music has come in.
    """
    left = taking_up.under_way(plan, state)
    cues = tuple(
        CueState(CueStage.MISSED)
        if cue_times.place_frame(plan, state, row.at) < state.frame
        or (row.at.phase < state.phase and cue_times.place_frame(plan, state, row.at) >= FOREVER)
        else CueState()
        for row in plan.cues
    )
    reminders = tuple(
        ReminderStage.DONE
        if cue_times.place_frame(plan, state, row.at) < state.frame
        else ReminderStage.COMING
        for row in plan.reminders
    )
    return replace(state, cues=cues, reminders=reminders, unfinished=left)


def begin(plan: Plan, state: State) -> Step:
    """The first phase, fading in over `first_fade`."""
    step = Step(plan, state)
    step.set(begun=True)
    step.say(PhaseEntered(frame=step.frame, phase=plan.phases[state.phase].name))
    fade = min(plan.sound.first_fade, plan.phases[state.phase].length // 2)
    music.start_next(step, fade_in=fade)
    taking_up.take_up(step, fade)
    return _settled(step)


def advance(plan: Plan, state: State, until: Frame) -> Step:
    """Decide all that is due before `until`, each at its own frame; then stand at `until`."""
    if until <= state.quiet_until:
        return Step(plan, replace(state, frame=until))
    step = Step(plan, state)
    while True:
        frame, _, act = _next_due(plan, step.state)
        if frame >= until or step.state.ended or step.state.music_ended is not None:
            break
        step.state = replace(step.state, frame=max(frame, step.frame))
        _do(step, act)
    quiet_until = min(frame, FOREVER)
    step.state = replace(step.state, frame=max(until, step.frame), quiet_until=quiet_until)
    return step


def stand_still(plan: Plan, state: State, frames: Frames) -> Step:
    """Time passes while the programme stands: only clocks and their reminders go on."""
    stills = state.stills
    if not stills or stills[-1][0] != state.frame:
        stills = (*stills, (state.frame, state.still))
    step = Step(plan, replace(state, still=state.still + frames, stills=stills, quiet_until=0))
    for number in range(len(plan.reminders)):
        if clocks.reminder_wakes(plan, step.state, number) <= step.frame:
            clocks.wake_reminder(step, number)
    return step


def obey(
    plan: Plan, state: State, command: RoomCommand, *, volume_ceiling_db: Decibels = 0.0
) -> Step:
    """Do what a key asks for, at the present frame; `refused` says why where it cannot be done."""
    step = Step(plan, state)
    if state.ended:
        step.refuse("The session is over.")
    elif state.music_ended is not None and not isinstance(command, AFTER_MUSIC):
        step.refuse("The music is over: the clocks go on until the client has left.")
    elif isinstance(command, ChangeVolume):
        rests.change_volume(step, command.by_db, volume_ceiling_db)
    else:
        act_on(step, command)
        if state.begun:
            offers.pass_overtaken(step, state)
    return _settled(step)


def keep_under(plan: Plan, state: State, ceiling_db: Decibels) -> Step:
    """Bring the volume down to its ceiling where it is higher, before anything sounds.

    It is part of the first stand of a session: no input has to say it again.
    """
    step = Step(plan, state)
    if state.volume_db > ceiling_db:
        rests.change_volume(step, ceiling_db - state.volume_db, ceiling_db)
    return _settled(step)


def learn(plan: Plan, state: State, track: int, known: TrackFacts | Broken) -> Step:
    """A track was measured, or cannot be played."""
    step = Step(plan, state)
    music.learn(step, track, known)
    return _settled(step)


def broke_off(
    plan: Plan, state: State, deck: int, end: Frame, why: str, *, broken: bool = True
) -> Step:
    """A deck's file ends at `end`, before its measured length: the next comes in before that."""
    step = Step(plan, state)
    music.broke_off(step, deck, end, why, broken=broken)
    return _settled(step)


def recover(plan: Plan, state: State, fade: Frames, *, paused: bool) -> Step:
    """The sound broke off at the present frame and is to come in again over `fade`, or to wait."""
    step = Step(plan, state)
    if paused:
        rests.recover_paused(step)
    else:
        rests.recover(step, fade)
    return _settled(step)


def await_output(plan: Plan, state: State) -> Step:
    """The output is away for long: the session waits, paused, as it would with a broken sound."""
    step = Step(plan, state)
    rests.wait_for_output(step)
    return _settled(step)


def meet_output(plan: Plan, state: State, fade: Frames, *, chosen: bool) -> Step:
    """The output is back over `fade`, or one that was chosen: that ends a wait for it alone."""
    step = Step(plan, state)
    rests.meet_output(step, fade, chosen=chosen)
    return _settled(step)


def wake(plan: Plan, state: State, fade: Frames) -> Step:
    """The machine slept for long: what sounds goes out over `fade`, and waits, paused."""
    step = Step(plan, state)
    rests.wake(step, fade)
    return _settled(step)


def reach(plan: Plan, state: State, away: frozenset[int]) -> Step:
    """The files of these tracks cannot be had at present; all others may be."""
    step = Step(plan, state)
    music.reach(step, away)
    return _settled(step)


def _settled(step: Step) -> Step:
    """Do at once what a change made due at or before the present frame; before the begin nothing.

    Else a cue at the very start would be spoken to nobody, while the first track is measured.
    """
    if not step.state.begun:
        return step
    offers.take_back(step)
    while step.state.music_ended is None and not _stands(step.state):
        frame, _, act = _next_due(step.plan, step.state)
        if frame > step.frame or (frame == step.frame and not _overdue(step)):
            break
        _do(step, act)
    exposure.keep(step)
    return step


def _do(step: Step, act: Callable[[Step], None]) -> None:
    act(step)
    offers.take_back(step)
    exposure.keep(step)


def _overdue(step: Step) -> bool:
    """At the very frame of a key only an ending of no length is done at once."""
    ending = step.state.ending
    return ending is not None and ending.end <= step.frame


def _stands(state: State) -> bool:
    rest = state.rest
    return rest is not None and rest.kind is RestKind.PAUSED and state.frame >= rest.silent


def _next_due(plan: Plan, state: State) -> Due:
    """The next thing to be decided; of several at one frame the phase goes first."""
    return min(_all_due(plan, state), key=lambda due: due[:2])


def _all_due(plan: Plan, state: State) -> list[Due]:
    rows: list[Due] = [
        (_end_due(state), 0, endings.end_music),
        (_boundary(plan, state), 1, moves.reach_end),
        (endings.end_fade_start(plan, state), 2, endings.begin_end_by_clock),
        (endings.last_word_fades(state), 3, endings.fade_last_word),
        (music.next_start(plan, state), 4, music.follow_on),
        (_first_silent(state), 5, music.forget_ended),
        (moves.way_back_ends(state), 6, _close_way_back),
    ]
    if state.speech:
        begins = FOREVER if state.speech.began else state.speech.start
        rows.append((begins, 7, speech.begin_speech))
        rows.append((state.speech.end, 8, speech.finish_speech))
    for number in range(len(plan.cues)):
        rows.append((cue_times.cue_wakes(plan, state, number), 9, partial(_wake_cue, number)))
    for number in range(len(plan.reminders)):
        wakes = clocks.reminder_wakes(plan, state, number)
        rows.append((wakes, 10, partial(_wake_reminder, number)))
    return rows


def _wake_cue(number: int, step: Step) -> None:
    speech.wake_cue(step, number)


def _wake_reminder(number: int, step: Step) -> None:
    clocks.wake_reminder(step, number)


def _close_way_back(step: Step) -> None:
    moves.close_way_back(step)
    music.forget_ended(step)


def _end_due(state: State) -> Frame:
    return state.ending.end if state.ending else FOREVER


def _boundary(plan: Plan, state: State) -> Frame:
    """The planned end of the running phase, where something else than the end of all is due."""
    by_clock = state.ends is Ends.CLOCK and endings.is_last(plan, state)
    return FOREVER if state.holding or by_clock else state.phase_end


def _first_silent(state: State) -> Frame:
    rows = [deck.silent for deck in state.decks if not deck.kept and deck.number != state.current]
    return min(rows, default=FOREVER)

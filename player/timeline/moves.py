"""From phase to phase: by the clock, by hand, by the dose; holds, stretches, the end."""

from __future__ import annotations

from dataclasses import replace

from player.session.choices import Ends
from player.timeline.decisions import Bus, FadeBus, FadeTrack, ReviveTrack, StopClip, Thaw
from player.timeline.events import MusicEnded, PhaseEntered, PhaseHeld, SessionEnded
from player.timeline.music import fade_between, fade_others, forget_ended, start_next
from player.timeline.offers import ask_again, take_back
from player.timeline.plan import Plan
from player.timeline.speech import (
    LAST_WORD_FADE,
    finish_speech,
    leave_cues_behind,
    rearm,
    release_duck,
    restored,
    stop_speech,
)
from player.timeline.state import FOREVER, Deck, Ending, Move, RestKind, State, Step, put
from player.timeline.taking_up import leave, take_up
from player.units import SAMPLE_RATE, Frame, Frames

WAY_BACK: Frames = 30 * SAMPLE_RATE
"""How long `back` can undo a move."""
LEAST_LEFT: Frames = 30 * SAMPLE_RATE
"""A phase that is made shorter keeps this much."""
RECOVER_FADE: Frames = 6 * SAMPLE_RATE
"""Back to full where an ending was called off."""
LONGEST_INTO_QUIET: Frames = 20 * SAMPLE_RATE
"""Words may be finished into a phase where voices are off; with more left than this they fade."""
ENDING = "The music is ending; going back calls that off."
LONGEST: Frames = 24 * 3600 * SAMPLE_RATE


def planned_ends(plan: Plan, phase: int) -> Ends:
    """What ends a phase by the plan; the last one by hand where the session holds at its end."""
    if phase == len(plan.phases) - 1:
        return Ends.HAND if plan.hold_at_end else Ends.CLOCK
    return plan.phases[phase].ends


def is_last(plan: Plan, state: State) -> bool:
    """True in the last phase."""
    return state.phase == len(plan.phases) - 1


def end_fade_start(plan: Plan, state: State) -> Frame:
    """Where the fade of the end begins by the clock; FOREVER where no clock ends the music."""
    if not is_last(plan, state) or state.ends is not Ends.CLOCK or state.ending:
        return FOREVER
    fade = min(plan.sound.end_fade, state.lengths[state.phase] // 2)
    return state.phase_end - fade


def enter(step: Step, phase: int, *, start: Frame, keep: bool = False) -> None:
    """Begin a phase at this frame with one crossfade; its span counts from `start`.

    Music of the shelf that is held goes on.
    """
    plan, state, at = step.plan, step.state, step.frame
    fade = fade_between(plan, state, state.phase, phase)
    held = state.shelf is not None
    if not held:
        fade_others(step, fade, keep_current=keep)
    again = phase < state.phase or state.passed[phase]
    ahead = len(plan.phases) - phase - 1
    passed = [*state.passed[:phase], *[False] * (ahead + 1)]
    for over in range(state.phase + 1, phase):
        passed[over] = True
    lefts = put(state.lefts, state.phase, at)
    step.set(
        phase=phase,
        starts=(*state.starts[:phase], start, *[None] * ahead),
        lefts=(*lefts[:phase], *[None] * (ahead + 1)),
        passed=tuple(passed),
        ends=planned_ends(plan, phase),
        held=False,
        holding=False,
        current=state.current if held else None,
        unfinished=None,
    )
    step.say(PhaseEntered(frame=at, phase=plan.phases[phase].name))
    leave_cues_behind(step)
    _keep_quiet(step)
    rearm(step, phase, again=again)
    if not held:
        start_next(step, fade_in=fade)


def _keep_quiet(step: Step) -> None:
    """Where a phase without voices begins: what speaks is stopped, a yes is asked for again."""
    if step.plan.phases[step.state.phase].voice:
        return
    speech = step.state.speech
    if speech and (not speech.began or speech.end - step.frame > LONGEST_INTO_QUIET):
        stop_speech(step)
    take_back(step)
    ask_again(step)


def move(step: Step, phase: int, *, start: Frame | None = None) -> None:
    """Go to a phase by hand or by the dose; the way back stays open for a while."""
    state = step.state
    at = step.frame
    deck = state.deck(state.current)
    fade = fade_between(step.plan, state, state.phase, phase)
    kept = deck.number if deck and deck.end > at + fade and state.shelf is None else None
    call_off_ending(step)
    leave(step, state.phase)
    step.set(
        move=Move(
            at=at,
            phase=state.phase,
            start=state.phase_start,
            ends=state.ends,
            holding=state.holding,
            placed=state.placed,
            deck=kept,
            fade=fade,
            starts=state.starts,
            lefts=state.lefts,
            passed=state.passed,
            cues=state.cues,
            unfinished=step.state.unfinished,
        )
    )
    forget_ended(step)
    enter(step, phase, start=at if start is None else start, keep=kept is not None)


def go_on(step: Step) -> None:
    """To the next phase now."""
    if is_last(step.plan, step.state):
        step.refuse("This is the last phase: after it there is only the end.")
        return
    go(step, step.state.phase + 1)


def go(step: Step, phase: int) -> None:
    """To any phase now."""
    plan, state = step.plan, step.state
    if state.ending and state.ending.by_key:
        step.refuse(ENDING)
        return
    if phase >= len(plan.phases):
        step.refuse(f"There is no phase {phase + 1}: this session has {len(plan.phases)}.")
        return
    if phase == state.phase:
        step.refuse(f"{plan.phases[phase].name} is the phase that plays.")
        return
    at_dose = dose_phase(plan)
    out_of_it = state.placed and phase == at_dose + 1 and state.phase < phase
    move(step, phase)
    step.set(placed=phase <= at_dose or out_of_it)


def dose_phase(plan: Plan) -> int:
    """The first phase that ends at the dose; -2 where none does."""
    rows = (i for i, phase in enumerate(plan.phases) if phase.ends is Ends.DOSE)
    return next(rows, -2)


def back(step: Step) -> None:
    """Undo the last move: the former phase and track go on where they were left."""
    state, at = step.state, step.frame
    if state.ending and state.ending.by_key:
        call_off_ending(step)
        return
    was = state.move
    if was is None:
        step.refuse("There is no move to undo; you can go to any phase.")
        return
    call_off_ending(step)
    _return_to(step, was)
    if state.shelf is not None:
        forget_ended(step)
        return
    fade = min(was.fade, step.plan.sound.crossfade)
    deck = state.deck(was.deck)
    if deck is not None and deck.end <= was.at + was.fade:
        deck = None  # its file broke off meanwhile
    for other in state.decks:
        if not other.kept and other.silent > at:
            frames = min(fade, other.end - at)
            step.decide(FadeTrack(other.number, at, frames))
    kept = tuple(_faded(row, at, fade) for row in step.state.decks if row.number != was.deck)
    step.set(decks=kept, current=None)
    if deck is None:
        start_next(step, fade_in=fade)
        return
    step.decide(ReviveTrack(deck.number, at, fade))
    end = deck.end + max(0, at - (was.at + was.fade))
    revived = replace(deck, end=end, silent=end, kept=False)
    step.set(decks=(*kept, revived), current=deck.number)


def _return_to(step: Step, was: Move) -> None:
    """The phase that was left runs again, as much later as the way there and back took."""
    state, at = step.state, step.frame
    step.set(
        move=None,
        phase=was.phase,
        starts=put(was.starts, was.phase, was.start + at - was.at),
        lefts=was.lefts,
        passed=was.passed,
        cues=restored(was.cues, state.cues),
        ends=was.ends,
        holding=was.holding,
        held=was.ends is Ends.HAND and planned_ends(step.plan, was.phase) is not Ends.HAND,
        placed=was.placed,
    )
    _go_on_speaking(step, was)
    step.say(PhaseEntered(frame=at, phase=step.plan.phases[was.phase].name))


def _go_on_speaking(step: Step, was: Move) -> None:
    """The guided piece that the move cut short keeps its place in its phase."""
    left = was.unfinished
    if left is not None:
        step.set(unfinished=replace(left, first=left.first + step.frame - was.at))
        take_up(step, was.fade)


def _faded(deck: Deck, at: Frame, fade: Frames) -> Deck:
    return replace(deck, silent=min(deck.silent, at + fade))


def close_way_back(step: Step) -> None:
    """The move can no longer be undone; its kept deck is forgotten."""
    step.set(move=None)


def way_back_ends(state: State) -> Frame:
    """When the way back closes; FOREVER where there is none."""
    return state.move.at + WAY_BACK if state.move else FOREVER


def hold(step: Step) -> None:
    """Let the running phase end by hand."""
    if step.state.ends is Ends.HAND:
        step.refuse("It waits for you already.")
        return
    if step.state.ending and step.state.ending.by_key:
        step.refuse(ENDING)
        return
    call_off_ending(step)
    step.set(ends=Ends.HAND, held=True)


def release(step: Step) -> None:
    """Let the running phase end by the clock, or at once if its end is past."""
    if step.state.ends is Ends.CLOCK:
        step.refuse("It ends by the clock already.")
        return
    plan, state = step.plan, step.state
    at_dose = planned_ends(plan, state.phase) is Ends.DOSE
    ends = Ends.DOSE if at_dose and state.held and state.dose is None else Ends.CLOCK
    step.set(ends=ends, held=False, holding=False)


def stretch(step: Step, frames: Frames) -> None:
    """Make the running phase longer or shorter."""
    state = step.state
    base = max(state.phase_end, step.frame) if frames > 0 else state.phase_end
    end = base + frames
    if frames < 0:
        if state.phase_end <= step.frame + LEAST_LEFT:
            step.refuse("The phase is nearly over: it can be left instead.")
            return
        end = max(end, step.frame + LEAST_LEFT)
    length = end - state.phase_start
    if length > LONGEST:
        step.refuse("A phase lasts 24 hours at most.")
        return
    if frames > 0 and not (state.ending and state.ending.by_key):
        call_off_ending(step)
    step.set(lengths=put(state.lengths, state.phase, length), holding=False)


def call_off_ending(step: Step) -> None:
    """Bring the music back where its end had begun."""
    state = step.state
    if state.ending is None or state.music_ended is not None:
        return
    bus = Bus.MASTER if state.ending.by_key else Bus.BED
    silenced = state.ending.silenced
    if silenced is not None:
        silent = step.frame + RECOVER_FADE
        step.set(ending=None, rest=replace(silenced, kind=RestKind.SILENCED, silent=silent))
        step.decide(FadeBus(bus, step.frame, RECOVER_FADE, up=False))
        return
    step.set(ending=None)
    step.decide(FadeBus(bus, step.frame, RECOVER_FADE, up=True))


def reach_end(step: Step) -> None:
    """The planned end of the running phase is here: go on, hold, or nothing."""
    plan, state = step.plan, step.state
    if state.ends is not Ends.CLOCK:
        step.set(holding=True)
        step.say(PhaseHeld(frame=step.frame, phase=plan.phases[state.phase].name))
    elif not is_last(plan, state):
        step.set(move=None)
        enter(step, state.phase + 1, start=step.frame)


def begin_end_by_clock(step: Step) -> None:
    """The last fade begins, so as to end on the last frame of the last phase."""
    plan, state = step.plan, step.state
    fade = min(plan.sound.end_fade, state.lengths[state.phase] // 2)
    end = max(state.phase_end, step.frame + fade)
    step.set(ending=Ending(step.frame, end, by_key=False), move=None)
    step.decide(FadeBus(Bus.BED, step.frame, end - step.frame, up=False))


def end_by_key(step: Step) -> None:
    """Fade everything out from here and end the music."""
    state, at = step.state, step.frame
    if state.ending and state.ending.by_key:
        step.refuse("It is ending; going back calls that off.")
        return
    fade = step.plan.sound.end_fade
    if state.rest and at >= state.rest.silent:
        fade = 0
    if state.rest and state.rest.kind is RestKind.PAUSED:
        step.decide(Thaw())
    step.set(
        ending=Ending(at, at + fade, by_key=True, silenced=state.rest, dose=state.dose), rest=None
    )
    step.decide(FadeBus(Bus.MASTER, at, fade, up=False))
    if state.speech:
        stop_speech(step)


def last_word_fades(state: State) -> Frame:
    """Where a voice that would reach over the end by the clock begins to fade."""
    ending, speech = state.ending, state.speech
    if ending is None or ending.by_key or speech is None or speech.end <= ending.end:
        return FOREVER
    return ending.end - LAST_WORD_FADE


def fade_last_word(step: Step) -> None:
    """Bring a voice to its end with the music."""
    state = step.state
    if state.ending and state.speech:
        left = max(0, state.ending.end - step.frame)
        step.decide(StopClip(step.frame, left))
        step.set(speech=replace(state.speech, end=step.frame + left))


def end_music(step: Step) -> None:
    """The music is over; so is the session, unless clocks of a dose go on."""
    state = step.state
    if state.speech:
        step.decide(StopClip(step.frame, 0))
        release_duck(step, 0)
        finish_speech(step)
    decks = [deck for deck in state.decks if deck.silent > step.frame]
    for deck in decks:
        step.decide(FadeTrack(deck.number, step.frame, 0))
    step.set(
        music_ended=state.elapsed,
        lefts=put(state.lefts, state.phase, step.frame),
        decks=(),
        current=None,
        move=None,
        rest=None,
        talking=False,
    )
    step.say(MusicEnded(frame=step.frame))
    if state.dose is None and not state.boosters:
        end_session(step)


def end_session(step: Step) -> None:
    """All is over."""
    step.set(ended=True)
    step.say(SessionEnded(frame=step.frame))


def client_left(step: Step) -> None:
    """The client has left: clocks and reminders end."""
    if step.state.music_ended is None:
        step.refuse("The music still plays: end it first.")
        return
    end_session(step)

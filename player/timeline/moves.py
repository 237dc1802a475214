"""From phase to phase: by the clock, by hand, by the dose; holds and stretches."""

from __future__ import annotations

from dataclasses import replace

from player.session.choices import Ends
from player.timeline.decisions import FadeTrack, ReviveTrack
from player.timeline.endings import call_off_ending, is_last
from player.timeline.events import PhaseEntered, PhaseHeld
from player.timeline.music import fade_between, fade_others, forget_ended, start_next
from player.timeline.offers import ask_again, ask_what_waited, take_back
from player.timeline.plan import Plan
from player.timeline.speech import leave_cues_behind, rearm, restored, stop_speech
from player.timeline.state import FOREVER, Deck, Move, State, Step, put
from player.timeline.taking_up import end_piece, leave, take_up
from player.units import SAMPLE_RATE, Frame, Frames

WAY_BACK: Frames = 30 * SAMPLE_RATE
"""How long `back` can undo a move."""
LEAST_LEFT: Frames = 30 * SAMPLE_RATE
"""A phase that is made shorter keeps this much."""
LONGEST_INTO_QUIET: Frames = 20 * SAMPLE_RATE
"""Words may be finished into a phase where voices are off; with more left than this they fade."""
ENDING = "The music is ending; going back calls that off."
LONGEST: Frames = 24 * 3600 * SAMPLE_RATE


def planned_ends(plan: Plan, phase: int) -> Ends:
    """What ends a phase by the plan; the last one by hand where the session holds at its end."""
    if phase == len(plan.phases) - 1:
        return Ends.HAND if plan.hold_at_end else Ends.CLOCK
    return plan.phases[phase].ends


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
    leave(step, phase)  # its last words, if it ran just before, would keep its piece from coming
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
    if state.speech is not None and step.state.speech is None:
        ask_what_waited(step)


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
    leave(step, state.phase)
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
        unfinished=None,
    )
    _keep_quiet(step)
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


def reach_end(step: Step) -> None:
    """The planned end of the running phase is here: go on, hold, or nothing."""
    plan, state = step.plan, step.state
    if state.ends is not Ends.CLOCK:
        step.set(holding=True)
        step.say(PhaseHeld(frame=step.frame, phase=plan.phases[state.phase].name))
    elif not is_last(plan, state):
        step.set(move=None)
        end_piece(step)
        enter(step, state.phase + 1, start=step.frame)

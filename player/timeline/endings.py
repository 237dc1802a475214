"""The end of the music: by the clock, by its key, called off, and the end of the session."""

from __future__ import annotations

from dataclasses import replace

from player.session.choices import Ends
from player.timeline.cue_times import OFFERED
from player.timeline.decisions import Bus, FadeBus, FadeTrack, StopClip, Thaw
from player.timeline.events import MusicEnded, SessionEnded
from player.timeline.plan import Plan
from player.timeline.speech import LAST_WORD_FADE, finish_speech, miss, release_duck
from player.timeline.state import FOREVER, Ending, RestKind, State, Step, put
from player.timeline.taking_up import interrupt, take_up
from player.units import SAMPLE_RATE, Frame, Frames

RECOVER_FADE: Frames = 6 * SAMPLE_RATE
"""Back to full where an ending was called off."""


def is_last(plan: Plan, state: State) -> bool:
    """True in the last phase."""
    return state.phase == len(plan.phases) - 1


def end_fade_start(plan: Plan, state: State) -> Frame:
    """Where the fade of the end begins by the clock; FOREVER where no clock ends the music."""
    if not is_last(plan, state) or state.ends is not Ends.CLOCK or state.ending:
        return FOREVER
    fade = min(plan.sound.end_fade, state.lengths[state.phase] // 2)
    return state.phase_end - fade


def begin_end_by_clock(step: Step) -> None:
    """The last fade begins, so as to end on the last frame of the last phase."""
    plan, state = step.plan, step.state
    fade = min(plan.sound.end_fade, state.lengths[state.phase] // 2)
    end = max(state.phase_end, step.frame + fade)
    step.set(ending=Ending(step.frame, end, by_key=False), move=None)
    step.decide(FadeBus(Bus.BED, step.frame, end - step.frame, up=False))


def end_by_key(step: Step) -> None:
    """Fade everything out from here and end the music, no later than a last fade by the clock."""
    state, at = step.state, step.frame
    if state.ending and state.ending.by_key:
        step.refuse("It is ending; going back calls that off.")
        return
    fade = step.plan.sound.end_fade
    if state.rest and at >= state.rest.silent:
        fade = 0
    if state.rest and state.rest.kind is RestKind.PAUSED:
        step.decide(Thaw())
    clock = state.ending
    if clock:
        fade = max(0, min(fade, clock.end - at))
    ending = Ending(at, at + fade, by_key=True, silenced=state.rest, dose=state.dose, clock=clock)
    step.set(ending=ending, rest=None)
    step.decide(FadeBus(Bus.MASTER, at, fade, up=False))
    interrupt(step)


def call_off_ending(step: Step) -> None:
    """Bring the music back where its end had begun; one by the clock that it began in goes on."""
    ending = step.state.ending
    if ending is None or step.state.music_ended is not None:
        return
    if not ending.by_key:
        step.set(ending=None)
        step.decide(FadeBus(Bus.BED, step.frame, RECOVER_FADE, up=True))
        return
    drop_end_by_key(step)
    if ending.silenced is not None:
        silent = step.frame + RECOVER_FADE
        step.set(rest=replace(ending.silenced, kind=RestKind.SILENCED, silent=silent))
        step.decide(FadeBus(Bus.MASTER, step.frame, RECOVER_FADE, up=False))
    else:
        step.decide(FadeBus(Bus.MASTER, step.frame, RECOVER_FADE, up=True))
        step.set(audible=step.frame + RECOVER_FADE)
        take_up(step, RECOVER_FADE)


def drop_end_by_key(step: Step) -> None:
    """Forget an end by key: a last fade that it began in goes on, if its phase still ends there."""
    ending = step.state.ending
    if ending is None or not ending.by_key:
        return
    step.set(ending=ending.clock)
    if ending.clock and step.state.phase_end > ending.clock.end:
        call_off_ending(step)  # the phase was made longer meanwhile


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
    _let_offers_pass(step)
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


def _let_offers_pass(step: Step) -> None:
    """What nobody can say yes or no to any more would stand on the screen for ever."""
    for cue, row in enumerate(step.state.cues):
        if row.stage in OFFERED:
            miss(step, cue, "the music has ended")


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

"""A guided piece that was cut short, or begun in its middle: taken up at its next sentence.

It goes by the clock: its sentences keep their places on the programme, so that it still ends
with its phase. A short cue stays stopped.
"""

from __future__ import annotations

from player.session.model import Play, Point
from player.timeline.cue_times import APART, place_frame
from player.timeline.decisions import StopClip
from player.timeline.plan import Plan
from player.timeline.speech import (
    LATE,
    STOP_FADE,
    cut_short,
    release_duck,
    speak,
    stop_speech,
)
from player.timeline.state import FOREVER, CueState, State, Step, Unfinished, put
from player.timeline.status import CueStage
from player.units import Frames


def interrupt(step: Step) -> None:
    """Stop what speaks for a pause or a silence; of a guided piece, remember where it lies."""
    if not _remember(step):
        stop_speech(step)


def interrupt_by_break(step: Step, fade: Frames) -> None:
    """The sound broke off, and comes in again over `fade`: a guided piece with it."""
    if _remember(step):
        take_up(step, fade)
    else:
        cut_short(step, fade)


def under_way(plan: Plan, state: State) -> Unfinished | None:
    """The guided piece in whose middle a session begins, if it does."""
    for cue, row in enumerate(plan.cues):
        if row.resumes and row.play is Play.CLOCK:
            first = place_frame(plan, state, row.at)
            if first < state.frame < first + (row.frames or 0):
                return Unfinished(cue, first, begun=True)
    return None


def leave(step: Step, phase: int) -> None:
    """Stop the guided piece of a phase that is left by hand, and remember it for the way back.

    Without this it would speak on for minutes, over music that was chosen in its place.
    """
    speech = step.state.speech
    if speech is None:
        return
    at = step.plan.cues[speech.cue].at
    if at.point in (Point.PHASE_START, Point.PHASE_END) and at.phase == phase:
        _remember(step)


def end_piece(step: Step) -> None:
    """A guided piece ends with its phase: what a shorter phase has no room for is not spoken.

    One that began late ends as late.
    """
    speech = step.state.speech
    if speech and speech.end - step.frame > LATE:
        leave(step, step.state.phase)


def _remember(step: Step) -> bool:
    """Stop a guided piece so that it can be taken up; False where none speaks."""
    speech = step.state.speech
    if speech is None or not step.plan.cues[speech.cue].resumes:
        return False
    first = speech.start - speech.skip
    if speech.began:
        stop_speech(step)
    else:
        step.decide(StopClip(step.frame, STOP_FADE))
        release_duck(step, step.plan.sound.duck_up)
    done = put(step.state.cues, speech.cue, CueState(CueStage.DONE))
    step.set(speech=None, cues=done, unfinished=Unfinished(speech.cue, first, speech.began))
    return True


def waiting(plan: Plan, state: State) -> int | None:
    """The guided piece that is taken up once the music is back; None where no sentence is left."""
    left = state.unfinished
    if left is None or not (state.rest or state.talking) or state.music_ended is not None:
        return None
    ready = state.frame + plan.sound.duck_down
    last = left.first + plan.cues[left.cue].resumes[-1]
    begins = not left.begun and ready - LATE <= left.first
    return left.cue if begins or ready <= last else None


def take_up(step: Step, fade: Frames) -> None:
    """Go on with the first sentence whose time comes once the music is back, if one is left.

    Where nothing was heard yet, it begins with its first, a little late.
    """
    state, left = step.state, step.state.unfinished
    if left is None or state.rest or state.talking or state.music_ended is not None:
        return
    step.set(unfinished=None)
    resumes = step.plan.cues[left.cue].resumes
    if left.first + resumes[-1] + LATE < step.frame:
        return
    stop_speech(step)  # two voices at once would be none
    ready = step.frame + max(fade, step.plan.sound.duck_down)
    ready = max(ready, step.state.last_speech + APART)
    if not left.begun and ready - LATE <= left.first:
        speak(step, left.cue, max(ready, left.first))
        return
    skip = next((at for at in resumes if left.first + at >= ready), FOREVER)
    if skip < FOREVER:
        speak(step, left.cue, left.first + skip, skip=skip)

"""Pause, silence, talk and volume: what makes the sound less, and brings it back."""

from __future__ import annotations

from dataclasses import replace

from player.timeline.decisions import (
    Bus,
    DuckBed,
    FadeBus,
    Freeze,
    LiftBed,
    SetVolume,
    StopClip,
    Thaw,
)
from player.timeline.endings import drop_end_by_key
from player.timeline.events import Paused, Resumed, Silenced, TalkBegan, TalkEnded
from player.timeline.offers import ask_again, ask_what_waited, pass_open
from player.timeline.speech import LATE, stop_speech
from player.timeline.state import Rest, RestKind, State, Step, VolumeWay
from player.timeline.taking_up import interrupt, interrupt_by_break, take_up
from player.units import SAMPLE_RATE, Decibels, Frame, Frames

PAUSE_FADE: Frames = 2 * SAMPLE_RATE
SILENCE_FADE: Frames = 6 * SAMPLE_RATE
LONG_REST: Frames = 60 * SAMPLE_RATE
LONG_REST_FADE: Frames = 10 * SAMPLE_RATE
"""The way back after more than a minute."""
TALK_DB: Decibels = 18.0
TALK_DOWN: Frames = SAMPLE_RATE * 3 // 2
TALK_UP: Frames = 6 * SAMPLE_RATE
VOLUME_FADE: Frames = SAMPLE_RATE // 2
"""One step of 1 dB."""
LEAST_VOLUME_DB: Decibels = -40.0
TALK = "talk"


def pause(step: Step) -> None:
    """Fade over 2 s, then the programme stands still; a cue is stopped."""
    state, at = step.state, step.frame
    if state.ending and state.ending.by_key:
        step.refuse("The music is ending; going back calls that off.")
        return
    if state.rest and state.rest.kind is RestKind.PAUSED:
        _keep_paused(step, state.rest)
        return
    silent = state.rest.silent if state.rest else at + PAUSE_FADE
    silent = max(at, min(silent, at + PAUSE_FADE))
    _rest(step, RestKind.PAUSED, silent)
    step.decide(FadeBus(Bus.MASTER, at, silent - at, up=False))
    step.decide(Freeze(silent))
    step.say(Paused(frame=at))


def _keep_paused(step: Step, rest: Rest) -> None:
    """Asked for now, a pause is no longer over once another output is chosen."""
    if rest.for_output:
        step.set(rest=replace(rest, for_output=False, silenced=False))
    else:
        step.refuse("It is paused already.")


def silence(step: Step) -> None:
    """Fade over 6 s; the programme runs on unheard, and cues pass."""
    state, at = step.state, step.frame
    if state.ending and state.ending.by_key:
        step.refuse("The music is ending; going back calls that off.")
        return
    if state.rest and state.rest.kind is RestKind.SILENCED:
        step.refuse("It is silent already.")
        return
    silent = at + SILENCE_FADE
    if state.rest:
        silent = max(at, state.rest.silent)
        step.decide(Thaw())
    _rest(step, RestKind.SILENCED, silent)
    step.decide(FadeBus(Bus.MASTER, at, silent - at, up=False))
    step.say(Silenced(frame=at))


def _rest(step: Step, kind: RestKind, silent: Frame) -> None:
    since = step.state.rest.since if step.state.rest else step.state.elapsed
    interrupt(step)
    step.set(rest=Rest(kind, since, silent))
    pass_open(step)


def resume(step: Step) -> None:
    """Fade in over 2 s after a pause, 6 s after a silence, 10 s after more than a minute."""
    state, at = step.state, step.frame
    rest = state.rest
    if rest is None:
        step.refuse("Nothing is paused or silenced.")
        return
    fade = PAUSE_FADE if rest.kind is RestKind.PAUSED else SILENCE_FADE
    if state.elapsed - rest.since > LONG_REST:
        fade = LONG_REST_FADE
    if rest.kind is RestKind.PAUSED:
        step.decide(Thaw())
    step.decide(FadeBus(Bus.MASTER, at, fade, up=True))
    step.set(rest=None, audible=at + fade)
    take_up(step, fade)
    step.say(Resumed(frame=at))
    ask_what_waited(step, late=LATE)
    if state.elapsed - rest.since > LONG_REST:
        ask_again(step)


def recover(step: Step, fade: Frames) -> None:
    """The sound broke off for seconds: it comes back as it was, a pause or silence stays one."""
    interrupt_by_break(step, fade)
    rest = step.state.rest
    if rest is None:
        step.set(audible=max(step.state.audible, step.frame + fade))
    else:
        _stand_silent(step, replace(rest, silent=step.frame))


def recover_paused(step: Step) -> None:
    """The sound broke off for longer: it waits at this frame; an ending that was asked for is one.

    Call it before the time of the break is counted, so that the way back is a slow one.
    """
    if not _ends(step):
        _wait(step, Rest(RestKind.PAUSED, _since(step), step.frame))


def wait_for_output(step: Step) -> None:
    """The output is away for long: as `recover_paused`, until it is back or another is chosen.

    A pause or a silence that was asked for outlasts the choice of another.
    """
    if _ends(step):
        return
    rest = step.state.rest
    paused = rest is not None and rest.kind is RestKind.PAUSED
    if rest is None or not paused:
        silenced = rest is not None
        rest = Rest(RestKind.PAUSED, _since(step), step.frame, for_output=True, silenced=silenced)
    _wait(step, replace(rest, silent=step.frame))


def meet_output(step: Step, fade: Frames, *, chosen: bool) -> None:
    """The output is back, or one that was chosen is there: then a wait for it is over."""
    recover(step, fade)
    rest = step.state.rest
    if rest is None or not rest.for_output:
        return
    if not chosen:
        step.set(rest=replace(rest, for_output=False, silenced=False))
    elif rest.silenced:
        silence(step)
    else:
        resume(step)


def wake(step: Step, fade: Frames) -> None:
    """The machine slept for long: what sounds goes out over `fade`, and it waits, whatever went on.

    An ending that was asked for is called off: a last fade is not to be heard hours later.
    """
    rest = step.state.rest
    if step.state.music_ended is not None:
        return
    drop_end_by_key(step)
    silent = step.frame + fade if rest is None else min(rest.silent, step.frame + fade)
    _wait(step, Rest(RestKind.PAUSED, _since(step), max(step.frame, silent)))


def _ends(step: Step) -> bool:
    """Whether the music is over, now that an ending which was asked for is not heard any more."""
    ending = step.state.ending
    if ending and ending.by_key and step.state.music_ended is None:
        step.set(ending=replace(ending, end=step.frame))
        return True
    return step.state.music_ended is not None


def _since(step: Step) -> Frames:
    return step.state.rest.since if step.state.rest else step.state.elapsed


def _wait(step: Step, rest: Rest) -> None:
    before = step.state.rest
    interrupt(step)
    _stand_silent(step, rest)
    # Else the last of a voice would be heard with the music, when that is brought back.
    step.decide(StopClip(step.frame, rest.silent - step.frame))
    pass_open(step)
    if before is None or before.kind is not RestKind.PAUSED:
        step.say(Paused(frame=step.frame))


def _stand_silent(step: Step, rest: Rest) -> None:
    """Silent from where the rest says: mostly this very frame, before which nothing was heard."""
    step.set(rest=rest)
    step.decide(FadeBus(Bus.MASTER, step.frame, rest.silent - step.frame, up=False))
    if rest.kind is RestKind.PAUSED:
        step.decide(Freeze(rest.silent))


def begin_talk(step: Step) -> None:
    """Bring the bed down by 18 dB until released; a cue that speaks or is about to gives way."""
    state = step.state
    if state.talking:
        step.refuse("The music is softened already.")
        return
    stop_speech(step, offer_again=True)
    step.set(talking=True)
    step.decide(DuckBed(TALK, step.frame, TALK_DOWN, TALK_DB))
    step.say(TalkBegan(frame=step.frame))


def end_talk(step: Step) -> None:
    """Bring the bed back over 6 s."""
    if not step.state.talking:
        step.refuse("The music is not softened.")
        return
    step.set(talking=False)
    step.decide(LiftBed(TALK, step.frame, TALK_UP))
    take_up(step, TALK_UP)
    step.say(TalkEnded(frame=step.frame))


def change_volume(step: Step, by_db: Decibels, ceiling_db: Decibels) -> None:
    """Volume in dB, never above the ceiling of the settings: down over half a second.

    Up over as much for each dB, counted from where it has come to, so that no rise is sudden.
    """
    wanted = round(step.state.volume_db + by_db, 2)
    to_db = max(LEAST_VOLUME_DB, min(ceiling_db, wanted))
    if to_db == step.state.volume_db:
        step.refuse(f"The volume stays at {to_db:+g} dB: that is as far as it goes.")
        return
    now_db = _volume_now(step.state)
    fade = max(VOLUME_FADE, round((to_db - now_db) * VOLUME_FADE))
    step.set(volume_db=to_db, volume_way=VolumeWay(step.frame, fade, now_db))
    step.decide(SetVolume(step.frame, fade, to_db))


def _volume_now(state: State) -> Decibels:
    """The level that the volume has come to on its way."""
    way, to_db = state.volume_way, state.volume_db
    gone = state.frame - way.at
    return to_db if gone >= way.frames else way.from_db + (to_db - way.from_db) * gone / way.frames

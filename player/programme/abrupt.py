"""What of a session's own fades, levels and lengths would be heard as sudden: notes, no faults.

Knows what is written, not the music: what is sudden within a file, `risks` tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from player.session.model import Phase, Session
from player.timeline.events import CueStarted, Event
from player.units import Decibels, Frame, Seconds, seconds_of, span

SHORT_FADE_S: Seconds = 2.0
STEP_DB: Decibels = 8.0
"""A sudden rise within a file is one of so much and more; between phases, a fade helps."""
VOICE_OVER_DB: Decibels = 25.0
"""Where nothing is written a voice is 13 dB over the softened music, in home sessions 18."""
NAMED = 3
GENTLE = f"from {span(SHORT_FADE_S)} on that is gentle"


def notes_on_abruptness(session: Session, events: Sequence[Event]) -> Iterator[str]:
    """A line for each; `events` are those of the session as it would run by itself."""
    yield from _fades(session)
    yield from _lengths(session)
    yield from _levels(session)
    yield from _voices(session, events)


def _fades(session: Session) -> Iterator[str]:
    sound = session.sound
    if sound.first_fade_s < SHORT_FADE_S and not session.phases[0].music.silence:
        yield f"first_fade is {_short(sound.first_fade_s)}: the music begins abruptly; {GENTLE}"
    if sound.phase_crossfade_s < SHORT_FADE_S and len(session.phases) > 1:
        fade = _short(sound.phase_crossfade_s)
        yield f"phase_crossfade is {fade}: each phase breaks into the one before; {GENTLE}"
    lists = any(len(phase.music.tracks) > 1 for phase in session.phases)
    if sound.crossfade_s < SHORT_FADE_S and lists:
        yield f"crossfade is {_short(sound.crossfade_s)}: each piece breaks in; {GENTLE}"
    if sound.end_fade_s < SHORT_FADE_S and not session.phases[-1].music.silence:
        yield f"end_fade is {_short(sound.end_fade_s)}: the music ends abruptly; {GENTLE}"


def _lengths(session: Session) -> Iterator[str]:
    fade_s = session.sound.phase_crossfade_s
    short = [phase.name for phase in session.phases if phase.length_s < 2 * fade_s]
    if not short or len(session.phases) == 1:
        return
    more = f" and {len(short) - NAMED} more" if len(short) > NAMED else ""
    are = "is" if len(short) == 1 else "are"
    yield (
        f"{', '.join(short[:NAMED])}{more} {are} shorter than two fades of {_short(fade_s)} "
        "(phase_crossfade): the music changes faster there"
    )


def _levels(session: Session) -> Iterator[str]:
    """Silence between two phases makes the later one no softer."""
    sounding = [phase for phase in session.phases if not phase.music.silence]
    for before, after in pairwise(sounding):
        step_db = after.level_db - before.level_db
        if step_db > STEP_DB:
            yield (
                f"{after.name} is {step_db:g} dB louder than {before.name}: "
                f"more than {STEP_DB:g} dB from one phase to the next may startle"
            )


def _voices(session: Session, events: Sequence[Event]) -> Iterator[str]:
    sound = session.sound
    over_db = sound.voice_lufs - sound.bed_lufs + sound.duck.by_db
    if session.cues and over_db > VOICE_OVER_DB:
        yield f"a voice is {_far_over(over_db)}"
        return
    for event in events:
        if not isinstance(event, CueStarted):
            continue
        phase = _phase_at(session, event.frame)
        if not phase.music.silence and over_db - phase.level_db > VOICE_OVER_DB:
            yield f"cue {event.cue}: its voice is {_far_over(over_db - phase.level_db)}"


def _phase_at(session: Session, frame: Frame) -> Phase:
    left_s = seconds_of(frame)
    for phase in session.phases:
        if left_s < phase.length_s:
            return phase
        left_s -= phase.length_s
    return session.phases[-1]


def _far_over(over_db: Decibels) -> str:
    return f"{over_db:g} dB over the music: more than {VOICE_OVER_DB:g} dB may startle"


def _short(seconds: Seconds) -> str:
    """A length that may be part of a second."""
    return f"{seconds:g}s" if seconds < SHORT_FADE_S else span(seconds)

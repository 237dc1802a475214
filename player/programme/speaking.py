"""Makes the sound of a session's words that have none yet: before it begins, never during it."""

from __future__ import annotations

from player.errors import RunFailed
from player.programme.words import missing, own_voice_notes, texts_of
from player.session.model import Session
from player.text.words import shown
from player.voice.making import NOT_INSTALLED, Progress, installed, make
from player.voice.shelf import mark_used


def speak_words(session: Session, progress: Progress) -> tuple[str, ...]:
    """Have what can be spoken made and kept; what is worth knowing of the words, in lines.

    What cannot be spoken stays on the counsellor's screen. Raises SessionFaulty for a script with
    faults.
    """
    return (*own_voice_notes(session.cues), *_unspoken(session, progress))


def _unspoken(session: Session, progress: Progress) -> tuple[str, ...]:
    """Have it made; what cannot be, and why."""
    mark_used(text for cue in session.cues for text in texts_of(cue))
    texts = missing(session.cues)
    if not texts:
        return ()
    if not installed():
        return (NOT_INSTALLED,)
    try:
        unmade = make(texts, progress)
    except RunFailed as fault:
        return (str(fault),)
    return tuple(f"{shown(row.text)} cannot be spoken: {row.why}" for row in unmade)

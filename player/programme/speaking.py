"""Makes the sound of a session's words that have none yet: before it begins, never during it."""

from __future__ import annotations

from player.errors import RunFailed
from player.programme.words import missing
from player.session.model import Session
from player.text.words import shown
from player.voice.making import NOT_INSTALLED, Progress, installed, make


def speak_words(session: Session, progress: Progress) -> tuple[str, ...]:
    """Have what can be spoken made and kept; what cannot be, and why, in words.

    Those words stay on the counsellor's screen. Raises SessionFaulty for a script with faults.
    """
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

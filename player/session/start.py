"""Where a session is begun if not at its start: a phase, a place such as "peak + 2m", or a time."""

from __future__ import annotations

from player.errors import InputWrong
from player.session.anchors import parse_anchor, written_place_s
from player.session.lengths import parse_length
from player.session.model import Session
from player.text.words import Misread, shown
from player.units import Seconds


def start_s(session: Session, written: str | None) -> Seconds:
    """Seconds from the written start; 0 where nothing was asked for. Raises InputWrong."""
    if written is None:
        return 0.0
    place_s = _time_s(written)
    if place_s is None:
        place_s = _place_s(session, written)
    if not 0 <= place_s < session.length_s:
        raise InputWrong(f"--from {shown(written)}: this lies outside the session")
    return place_s


def _time_s(written: str) -> Seconds | None:
    try:
        return parse_length(written, zero=True)
    except Misread:
        return None


def _place_s(session: Session, written: str) -> Seconds:
    try:
        place_s = written_place_s(parse_anchor(written, session.phases), session)
    except Misread as fault:
        names = ", ".join(phase.name for phase in session.phases)
        raise InputWrong(
            f"--from {shown(written)}: {fault}; a phase is {names}, a time is like 12:30"
        ) from None
    if place_s is None:
        raise InputWrong(f"--from {shown(written)}: nobody knows yet when that is")
    return place_s

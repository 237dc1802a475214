"""When a dose was taken, as people say it: ``4m ago``, ``4``, ``14:32``, ``1432``, ``2:32 pm``.

Turns a time of the wall clock into seconds ago, once, at the moment it is said.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from player.errors import InputWrong
from player.session.lengths import parse_length
from player.text.words import shown
from player.units import Seconds, span

LONGEST_AGO_S = 24 * 3600.0
CLOCK_AT_MOST_S = 6 * 3600.0
"""A time of the day that lies further back is a slip of the hand, or one of the other half day."""

_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})|(\d{1,2})(\d{2})")
_HALF_DAY = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))? ?([ap])\.?m\.?")
_UNIT_WORDS = re.compile(r"(?<=[0-9 ])(h|m|s)(?:ours?|ins?|inutes?|ecs?|econds?)\b")
HINT = "say 4, 4m ago, 14:32, 2:32 pm, or now"


def parse_ago(text: str, now: datetime) -> Seconds:
    """Seconds ago; nothing and ``now`` are 0, one or two digits are minutes, more are a time.

    A time of the day more than 6 h ago is refused. Raises InputWrong.
    """
    said = text.strip().lower().removeprefix("at ").removesuffix("ago").strip()
    if said in {"", "now"}:
        return 0.0
    half, clock = _HALF_DAY.fullmatch(said), _CLOCK.fullmatch(said)
    if half:
        return _since(_of_half_day(half, text), now, said)
    if clock:
        return _since(_of_day(clock, text), now, said)
    ago_s = _length(said, text)
    if ago_s > LONGEST_AGO_S:
        raise InputWrong(f"{shown(text)} is more than a day ago")
    return ago_s


def _length(said: str, text: str) -> Seconds:
    if re.fullmatch(r"\d{1,2}", said):
        return int(said) * 60.0
    if ":" in said:
        raise InputWrong(f"{shown(text)} is not a time of the day: {HINT}")
    try:
        return parse_length(_UNIT_WORDS.sub(r"\1", said), zero=True)
    except InputWrong:
        raise InputWrong(f"{shown(text)} is not a time: {HINT}") from None


def _of_day(clock: re.Match[str], text: str) -> tuple[int, int]:
    """Hour and minute; three digits are never minutes, or 932 would be fifteen hours."""
    hour, minute = int(clock[1] or clock[3]), int(clock[2] or clock[4])
    if hour > 23 or minute > 59:
        way = f"for minutes write {int(clock[0])}m" if clock[3] else HINT
        raise InputWrong(f"{shown(text)} is not a time of the day: {way}")
    return hour, minute


def _of_half_day(half: re.Match[str], text: str) -> tuple[int, int]:
    hour, minute = int(half[1]), int(half[2] or 0)
    if not 1 <= hour <= 12 or minute > 59:
        raise InputWrong(f"{shown(text)} is not a time of the day: {HINT}")
    return hour % 12 + (12 if half[3] == "p" else 0), minute


def _since(at: tuple[int, int], now: datetime, said: str) -> Seconds:
    """Just after midnight 23:50 means yesterday; at noon it is refused."""
    ago_s = _back_to(at, now)
    if ago_s <= CLOCK_AT_MOST_S:
        return ago_s
    other = ((at[0] + 12) % 24, at[1])
    meant = f"{other[0]}:{other[1]:02d}" if _back_to(other, now) <= CLOCK_AT_MOST_S else ""
    if at > (now.hour, now.minute):
        ahead = span(max(60.0, (86400 - ago_s) // 60 * 60))
        rest = f"; did you mean {meant}?" if meant else ""
        raise InputWrong(
            f"{at[0]:02d}:{at[1]:02d} is still to come, in {ahead}: it is {now:%H:%M} now{rest}"
        )
    ago = span(ago_s // 60 * 60)
    ways = f"{meant}, or {ago}" if meant else ago
    minutes = f"; for minutes write {int(said)}m" if re.fullmatch(r"\d{3}", said) else ""
    raise InputWrong(f"{said} was {ago} ago: write {ways} if it is so{minutes}")


def _back_to(at: tuple[int, int], now: datetime) -> Seconds:
    then = now.replace(hour=at[0], minute=at[1], second=0, microsecond=0)
    if then > now:
        then -= timedelta(days=1)
    return (now - then).total_seconds()

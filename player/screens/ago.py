"""When a dose was taken, as people say it: ``4m ago``, ``4``, ``14:32``.

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
YESTERDAY_AT_MOST_S = 6 * 3600.0
"""Just after midnight 23:50 means yesterday; at noon 23:50 is a slip of the hand."""

_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")
_UNIT_WORDS = re.compile(r"(?<=[0-9 ])(h|m|s)(?:ours?|ins?|inutes?|ecs?|econds?)\b")
HINT = "say 4, 4m ago, a time such as 14:32, or now"


def parse_ago(text: str, now: datetime) -> Seconds:
    """Seconds ago; nothing and ``now`` are 0, a bare number is minutes. Raises InputWrong."""
    said = text.strip().lower().removeprefix("at ").removesuffix("ago").strip()
    if said in {"", "now"}:
        return 0.0
    clock = _CLOCK.fullmatch(said)
    ago_s = _since(clock, now) if clock else _length(said, text)
    if ago_s > LONGEST_AGO_S:
        raise InputWrong(f"{shown(text)} is more than a day ago")
    return ago_s


def _length(said: str, text: str) -> Seconds:
    if re.fullmatch(r"\d{1,4}", said):
        return int(said) * 60.0
    try:
        return parse_length(_UNIT_WORDS.sub(r"\1", said), zero=True)
    except InputWrong:
        raise InputWrong(f"{shown(text)} is not a time: {HINT}") from None


def _since(clock: re.Match[str], now: datetime) -> Seconds:
    hour, minute = int(clock[1]), int(clock[2])
    if hour > 23 or minute > 59:
        raise InputWrong(f"{clock[0]} is not a time of the day: {HINT}")
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if then > now:
        then -= timedelta(days=1)
        if (now - then).total_seconds() > YESTERDAY_AT_MOST_S:
            ahead = span(max(60.0, (86400 - (now - then).total_seconds()) // 60 * 60))
            raise InputWrong(
                f"{hour:02d}:{minute:02d} is still to come, in {ahead}: it is {now:%H:%M} now"
            )
    return (now - then).total_seconds()

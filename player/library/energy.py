"""How much a piece moves, as its tags say it: a level, a mood, or a kind of music.

Knows nothing of sound: where the tags say nothing, `shape` asks the loudness curve.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from player.session.choices import Energy

LEVELS = {
    Energy.LOW: "low calm soft quiet",
    Energy.MID: "mid middle medium moderate",
    Energy.HIGH: "high strong loud",
}
MOODS = {
    Energy.LOW: "calm relaxed relaxing peaceful sleep sleepy meditative serene gentle tender quiet "
    "soothing dreamy floating still ambient",
    Energy.MID: "warm hopeful reflective nostalgic flowing tribal bittersweet",
    Energy.HIGH: "energetic aggressive angry excited exciting epic intense powerful driving "
    "uplifting party wild triumphant",
}
GENRES = {
    Energy.LOW: "ambient drone meditation newage sleep lullaby spa nature",
    Energy.HIGH: "metal punk techno trance house dance edm hardcore dubstep rock drum disco "
    "hardstyle industrial ska",
}
"""Only those kinds that leave little doubt: of most, the curve knows more."""

_WORDS = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\s*(\d{1,3})(?:\s*/\s*10)?\s*")
MOST_LEVEL = 10


def tagged_energy(tags: Mapping[str, str]) -> Energy | None:
    """What a file's tags say of its energy; None where they say nothing that is understood.

    A number is one of 1 to 10, as programs for disc jockeys write it.
    """
    stated = tags.get("energy", "")
    number = _NUMBER.fullmatch(stated)
    if number and 1 <= int(number[1]) <= MOST_LEVEL:
        level = int(number[1])
        return Energy.LOW if level < 4 else Energy.MID if level < 7 else Energy.HIGH
    return (
        _spoken(stated, LEVELS)
        or _spoken(tags.get("mood", ""), MOODS)
        or _spoken(tags.get("genre", "").replace("New Age", "newage"), GENRES)
    )


def _spoken(text: str, table: Mapping[Energy, str]) -> Energy | None:
    """The one level that the words of a text belong to; None for none or for several."""
    words = {word.casefold() for word in _WORDS.findall(text)}
    found = {level for level, known in table.items() if words & set(known.split())}
    return found.pop() if len(found) == 1 else None

"""Places in a session as people write them: ``peak + 2m``, ``dose + 40m``, ``rest end - 1m``.

Knows the names and roles of phases and, for the written place, their lengths; nothing of frames.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Protocol

from player.session.lengths import HOW_LENGTHS, parse_length
from player.session.model import Anchor, Ends, Point, Role, Session
from player.text.words import Misread, nearest_hint, same, shown
from player.units import Seconds

POINTS = (Point.START, Point.END, Point.DOSE, Point.BOOSTER)
"""The points that every session has; a word for one of them never means a phase."""

_ENDINGS = (("", Point.PHASE_START), (" start", Point.PHASE_START), (" end", Point.PHASE_END))
_OFFSET = re.compile(r"^(.*?)\s*([+\-−–—])\s*([^+\-−–—]*)$", re.DOTALL)


class Named(Protocol):
    """What an anchor needs of a phase."""

    @property
    def name(self) -> str:
        """As the file has it."""
        ...

    @property
    def role(self) -> Role | None:
        """What the phase is for, if it says so."""
        ...


def parse_anchor(text: str, phases: Sequence[Named], *, guess: bool = True) -> Anchor:
    """A written anchor, with the phase that it means, counted from 0.

    Case and runs of spaces do not matter; a phase's name wins over a role; a repeated
    role means its first phase. Raises Misread, with the nearest known word if `guess` is set.
    """
    written = " ".join(text.split())
    whole = _base(written, phases)
    if whole:
        return whole.model_copy(update={"written": written})
    split = _OFFSET.match(written)
    if not split:
        raise _unknown(written, phases, guess)
    base, sign, offset = split.groups()
    if not base:
        raise Misread(f"{shown(text)} does not say from where", f"write start {sign} {offset}")
    place = _base(base, phases)
    if not place:
        unknown = base if _is_length(offset) else written
        raise _two_offsets(base, phases) or _unknown(unknown, phases, guess)
    offset_s = _offset_s(offset) * (1 if sign == "+" else -1)
    return place.model_copy(update={"offset_s": offset_s, "written": written})


def hidden_phase(anchor: Anchor, phases: Sequence[Named]) -> str:
    """The name of a phase that bears the word for this anchor's point, and is not meant by it."""
    words = {same(phase.name): phase.name for phase in phases}
    return words.get(anchor.point.value, "") if anchor.phase is None else ""


def place_s(anchor: Anchor, lengths_s: Sequence[Seconds], dose_s: Seconds | None) -> Seconds | None:
    """Where an anchor falls by the written lengths; None where only the room can tell.

    `dose_s` is where the dose stands by the plan, None in a session without one.
    """
    starts_s = (0.0, *accumulate(lengths_s))
    phase = anchor.phase or 0
    base_s = {
        Point.START: 0.0,
        Point.END: starts_s[-1],
        Point.DOSE: dose_s,
        Point.BOOSTER: None,
        Point.PHASE_START: starts_s[phase],
        Point.PHASE_END: starts_s[phase + 1],
    }[anchor.point]
    return None if base_s is None else base_s + anchor.offset_s


def written_place_s(anchor: Anchor, session: Session) -> Seconds | None:
    """Where an anchor falls in a session as written; the dose stands at its phase's end."""
    lengths_s = [phase.length_s for phase in session.phases]
    return place_s(anchor, lengths_s, dose_place_s(lengths_s, [p.ends for p in session.phases]))


def dose_place_s(lengths_s: Sequence[Seconds], ends: Sequence[Ends]) -> Seconds | None:
    """The end of the phase that ends at the dose, None where there is no such phase."""
    if Ends.DOSE not in ends:
        return None
    return sum(lengths_s[: ends.index(Ends.DOSE) + 1])


def known_words(phases: Sequence[Named]) -> list[str]:
    """Every word that an anchor may begin with, in this session."""
    names = [phase.name for phase in phases if phase.name]
    return [point.value for point in POINTS] + names + list(_roles(phases))


def _base(text: str, phases: Sequence[Named]) -> Anchor | None:
    """An anchor without an offset, or None."""
    word = same(text)
    if word in {point.value for point in POINTS}:
        return Anchor(point=Point(word))
    for ending, point in _ENDINGS:
        phase = _phase(word.removesuffix(ending), phases) if word.endswith(ending) else None
        if phase is not None:
            return Anchor(point=point, phase=phase)
    return None


def _phase(word: str, phases: Sequence[Named]) -> int | None:
    named = (n for n, phase in enumerate(phases) if phase.name and same(phase.name) == word)
    given = (n for n, phase in enumerate(phases) if phase.role and phase.role.value == word)
    return next(named, next(given, None))


def _roles(phases: Sequence[Named]) -> Iterator[str]:
    return (phase.role.value for phase in phases if phase.role)


def _unknown(text: str, phases: Sequence[Named], guess: bool) -> Misread:
    word = same(text).removesuffix(" end").removesuffix(" start")
    if word in {role.value for role in Role}:
        message = f"no phase has the role {shown(word)}"
        return Misread(message, nearest_hint(word, known_words(phases) if guess else ()))
    if _is_length(word):
        return Misread(f"{shown(text)} does not say from where", f"write start + {word}")
    hint = nearest_hint(word, known_words(phases) if guess else ())
    return Misread(f"{shown(text)} is no place here", hint)


def _two_offsets(base: str, phases: Sequence[Named]) -> Misread | None:
    first = _OFFSET.match(base)
    if first and _base(first[1], phases) and _is_length(first[3]):
        return Misread("two offsets in one place", "write their sum: peak + 2m30s")
    return None


def _is_length(text: str) -> bool:
    try:
        parse_length(text, zero=True)
    except Misread as fault:
        return "unit is missing" in fault.hint
    return True


def _offset_s(text: str) -> Seconds:
    if not text:
        raise Misread("the length after + or - is missing", HOW_LENGTHS)
    return parse_length(text, zero=True)

"""Lengths and levels as people write them: ``1h30m``, ``12:30``, ``-23 LUFS``, ``+1 dB``.

Knows nothing of where in a file they stand.
"""

from __future__ import annotations

import math
import re

from player.text.words import Misread, curly_hint, shown
from player.units import Decibels, Seconds

LONGEST_S = 24 * 3600.0
"""A phase, a fade or an offset is at most a day long."""

LONGEST_WRITTEN = 60
"""Characters."""

HOW_LENGTHS = "write 45s, 10m, 1h30m or 12:30"

UNITS_PATTERN = (
    r"^\s*(?=[0-9])(?:([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*[hH]\s*)?"
    r"(?:([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*[mM]\s*)?(?:([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*[sS])?\s*$"
)
CLOCK_PATTERN = r"^\s*(?:([0-9]{1,2}):([0-5][0-9])|([0-9]{1,4})):([0-5][0-9](?:\.[0-9]{1,6})?)\s*$"
LEVEL_PATTERN = r"^\s*([+-]?)\s*([0-9]{1,4}(?:\.[0-9]{1,4})?)\s*([A-Za-z]+)\s*$"

_UNITS = re.compile(UNITS_PATTERN)
_CLOCK = re.compile(CLOCK_PATTERN)
_LEVEL = re.compile(LEVEL_PATTERN)
_BARE = re.compile(r"^\s*[0-9]{1,9}(?:[.,][0-9]{1,9})?\s*$")
_WORDED = re.compile(r"^\s*([0-9]{1,6})\s*(h|m|s|)[a-z.]*\s*$")
_DASHES = str.maketrans({"−": "-", "–": "-", "—": "-"})


def parse_length(
    text: str, *, zero: bool = False, least_s: Seconds = 0.0, most_s: Seconds = LONGEST_S
) -> Seconds:
    """A written length in seconds: ``45s``, ``1.5s``, ``1h30m``, ``12:30`` (m:ss), ``1:30:00``.

    Zero is refused unless `zero`. Raises Misread, with a hint, for anything else.
    """
    written = _short(text).translate(_DASHES)
    if written.strip().startswith("-"):
        raise Misread(f"{shown(text)} is negative; a length goes forward", HOW_LENGTHS)
    length_s = _seconds(written)
    if length_s is None:
        raise Misread(f"{shown(text)} is not a length", _length_hint(text))
    if length_s == 0 and not zero:
        raise Misread(f"{shown(text)} is no time at all", HOW_LENGTHS)
    if length_s > most_s:
        raise Misread(f"{shown(text)} is too long", f"at most {length_text(most_s)}")
    if length_s < least_s:
        raise Misread(f"{shown(text)} is too short", f"at least {length_text(least_s)}")
    return length_s


def length_text(length_s: Seconds) -> str:
    """Seconds as a session file takes them, to the millisecond: ``1h30m``, ``1.5s``."""
    whole_ms = round(length_s * 1000)
    hours, minutes = whole_ms // 3_600_000, whole_ms // 60_000 % 60
    rest = f"{whole_ms % 60_000 / 1000:.3f}".rstrip("0").rstrip(".")
    parts = [f"{n}{unit}" for n, unit in ((hours, "h"), (minutes, "m")) if n]
    return "".join(parts + ([f"{rest}s"] if rest != "0" else [])) or "0s"


def parse_level(text: str, unit: str, *, least: Decibels, most: Decibels) -> Decibels:
    """A written level, its unit required: ``-23 LUFS``, ``-1 dBTP``, ``9 dB``.

    Raises Misread where the unit is missing or another, or the figure is out of range.
    """
    match = _LEVEL.match(_short(text).translate(_DASHES))
    example = f"{level_text(least, unit)} to {level_text(most, unit)}"
    if not match:
        raise Misread(f"{shown(text)} is not a level in {unit}", _level_hint(text, unit, example))
    if match[3].casefold() != unit.casefold():
        raise Misread(f"{shown(text)} is in {match[3]}, it wants {unit}", example)
    level = float(match[1] + match[2])
    if not least <= level <= most:
        turned = f"do you mean {level_text(-level, unit)}? " if least <= -level <= most else ""
        raise Misread(f"{shown(text)} is out of range", turned + example)
    return level


def level_text(level: Decibels, unit: str) -> str:
    """A level as a session file takes it: ``-23 LUFS``."""
    return f"{level:g} {unit}"


def _short(text: str) -> str:
    """The text, if it is short enough to be a figure; the patterns are slow on long ones."""
    if len(text) > LONGEST_WRITTEN:
        raise Misread(f"{shown(text)} is too long to be a length or a level", HOW_LENGTHS)
    return text


def _seconds(text: str) -> Seconds | None:
    units = _UNITS.match(text)
    if units:
        hours, minutes, seconds = (float(part or 0) for part in units.groups())
        return math.fsum((hours * 3600, minutes * 60, seconds))
    clock = _CLOCK.match(text)
    if not clock:
        return None
    hours, minutes, seconds = float(clock[1] or 0), float(clock[2] or clock[3]), float(clock[4])
    return math.fsum((hours * 3600, minutes * 60, seconds))


def _length_hint(text: str) -> str:
    if _BARE.match(text):
        figure = text.strip().replace(",", ".")
        return f"the unit is missing: write {figure}m or {figure}s"
    worded = _WORDED.match(text.casefold())
    if worded and text.strip().casefold().endswith(("ms", "msec")):
        return f"write {length_text(int(worded[1]) / 1000)}"
    if worded and worded[2]:
        return f"write {worded[1]}{worded[2]}"
    return curly_hint(text) or HOW_LENGTHS


def _level_hint(text: str, unit: str, example: str) -> str:
    figure = re.fullmatch(r"\s*([+-]?[0-9]{1,4}(?:\.[0-9]{1,4})?)\s*", text.translate(_DASHES))
    if figure:
        return f"the unit is missing: write {figure[1]} {unit}"
    return curly_hint(text) or example

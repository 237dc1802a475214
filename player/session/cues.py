"""Cues and reminders of a file: their words, their names, and whether their places exist.

Knows phases as drafts, since a file's phases may be faulty where its cues are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Protocol

from player.session.anchors import dose_place_s, hidden_phase, parse_anchor, place_s
from player.session.fields import Fields, Reading
from player.session.lengths import length_text
from player.session.model import Anchor, Cue, Ends, Play, Point, Reminder, Role
from player.session.music import Shelf
from player.session.scripts import script_file
from player.text.words import Misread, same, shown
from player.units import Seconds

NAME_WORDS = 4
"""Words of a cue that make its name where it has none."""


MOST_GUESSED = 20
"""Unknown places of one file for which a near word is sought."""


class Draft(Protocol):
    """What cues and reminders need of a phase."""

    @property
    def name(self) -> str: ...
    @property
    def role(self) -> Role | None: ...
    @property
    def length_s(self) -> Seconds | None: ...
    @property
    def ends(self) -> Ends: ...
    @property
    def voice(self) -> bool: ...


def read_cues(
    parts: Sequence[Fields | None],
    phases: Sequence[Draft],
    shelf: Shelf,
    reading: Reading,
    taken: Sequence[str] = (),
) -> list[Cue]:
    """The cues that could be read, with no name that is taken; faults go to `reading`."""
    places = _Places(phases, reading)
    used = {same(name) for name in taken}
    cues = []
    for number, fields in enumerate(parts, start=1):
        cue = _cue(fields, number, places, shelf, reading) if fields else None
        if cue:
            cues.append(cue.model_copy(update={"name": _unique(cue.name, used)}))
    return cues


def read_reminders(
    parts: Sequence[Fields | None], phases: Sequence[Draft], reading: Reading
) -> list[Reminder]:
    """The reminders that could be read; faults and warnings go to `reading`."""
    places = _Places(phases, reading)
    reminders = []
    for fields in parts:
        anchor = places.anchor(fields) if fields else None
        if fields and anchor and "text" in fields.values:
            places.check_start(anchor, fields.line_of("at"))
            reminders.append(Reminder(at=anchor, text=fields.values["text"]))
    return reminders


def _cue(
    fields: Fields, number: int, places: _Places, shelf: Shelf, reading: Reading
) -> Cue | None:
    anchor = places.anchor(fields)
    if anchor:
        places.check_cue(anchor, fields)
    audio = _audio(fields, shelf, reading)
    script = read_script(fields, shelf, reading)
    _check_ways(fields, reading)
    words: str = fields.values.get("say", "")
    if not anchor:
        return None
    return Cue(
        name=fields.values.get("name") or _name_of(words) or _titled(script) or f"Cue {number}",
        at=anchor,
        say=words,
        script=script,
        length_s=fields.values.get("length_s"),
        audio=audio,
        play=fields.values.get("play", Play.CLOCK),
        line=fields.line_of("audio"),
    )


def read_script(fields: Fields, shelf: Shelf, reading: Reading) -> Path | None:
    """The script that a cue or a phase names; None where it names none, or none that is there."""
    if "script" not in fields.values:
        return None
    try:
        return script_file(fields.values["script"], shelf.base)
    except Misread as why:
        reading.misread(fields.line_of("script"), "script", why)
        return None


def _check_ways(fields: Fields, reading: Reading) -> None:
    """Fault a cue with nothing to say, or with two things that exclude each other."""
    lines = fields.lines
    if not {"say", "audio", "script"} & lines.keys():
        hint = "write say: with the words, script: with a script's name, or audio: with a recording"
        reading.fault(fields.line, "say", "is missing: a cue wants words or a recording", hint)
    for other in ("say", "audio"):
        if "script" in lines and other in lines:
            message = f"stands beside {other}, and a cue speaks one of them"
            reading.fault(lines["script"], "script", message, "keep one")
    if "length" in lines and "script" not in lines:
        message = "stretches the silences of a script, and this cue names none"
        reading.fault(lines["length"], "length", message, "leave it out, or name a script")


def _titled(script: Path | None) -> str:
    """A script's name as a cue's: body-scan is Body scan."""
    return script.stem.replace("-", " ").capitalize() if script else ""


def _audio(fields: Fields, shelf: Shelf, reading: Reading) -> Path | None:
    if "audio" not in fields.values:
        return None
    try:
        return shelf.sound_file(fields.values["audio"])
    except Misread as why:
        reading.misread(fields.line_of("audio"), "audio", why)
        return None


def _name_of(words: str) -> str:
    """The first words of a cue, without the mark that ends them."""
    return " ".join(words.split()[:NAME_WORDS])[:40].rstrip(".,;:!?…- ")


def _unique(name: str, used: set[str]) -> str:
    unique, number = name, 2
    while same(unique) in used:
        unique, number = f"{name} {number}", number + 1
    used.add(same(unique))
    return unique


class _Places:
    """Checks anchors against the phases of one file."""

    def __init__(self, phases: Sequence[Draft], reading: Reading) -> None:
        self._phases = phases
        self._reading = reading
        self._misread = 0
        lengths_s = [phase.length_s for phase in phases if phase.length_s is not None]
        self._lengths_s = lengths_s if len(lengths_s) == len(phases) else []
        self._ends_s = list(accumulate(self._lengths_s))
        ends = [phase.ends for phase in phases]
        self._doses = Ends.DOSE in ends
        self._dose_s = dose_place_s(self._lengths_s, ends) if self._lengths_s else None

    def anchor(self, fields: Fields) -> Anchor | None:
        """The anchor of a cue or reminder; None where there is none, or no phases to check by."""
        if "at" not in fields.values or not self._phases:
            return None
        line = fields.line_of("at")
        try:
            guess = self._misread < MOST_GUESSED
            anchor = parse_anchor(fields.values["at"], self._phases, guess=guess)
        except Misread as why:
            self._misread += 1
            self._reading.misread(line, "at", why)
            return None
        self._warn_of_dose(anchor, line)
        hidden = hidden_phase(anchor, self._phases)
        if hidden:
            told = f"{anchor.point.value} means the session's, not the phase {shown(hidden)}"
            self._reading.warn(line, "at", told)
        return anchor

    def check_start(self, anchor: Anchor, line: int) -> Seconds | None:
        """The written place, where it is known; a fault where it lies before the start."""
        if not self._lengths_s:
            return None
        at_s = place_s(anchor, self._lengths_s, self._dose_s)
        if at_s is not None and at_s < -_NEAR_S:
            before = length_text(-at_s)
            message = f"{shown(anchor.written)} lies {before} before the start"
            self._reading.fault(line, "at", message, "the first place is: start")
        return at_s

    def check_cue(self, anchor: Anchor, fields: Fields) -> None:
        """Fault a cue outside the session; warn of one where no voice sounds by itself."""
        line = fields.line_of("at")
        at_s = self.check_start(anchor, line)
        if at_s is None:
            return
        if at_s > self._ends_s[-1] - _NEAR_S:
            self._fault_beyond(anchor, at_s, line)
            return
        by_hand = fields.values.get("play") is Play.HAND
        phase = self._phases[sum(end_s <= at_s + _NEAR_S for end_s in self._ends_s)]
        if not phase.voice and not by_hand:
            told = f"falls in {shown(phase.name)}, where voice is off: it waits for a key"
            self._reading.warn(line, "at", told)

    def _fault_beyond(self, anchor: Anchor, at_s: Seconds, line: int) -> None:
        over_s = at_s - self._ends_s[-1]
        where = "at the end" if over_s < _NEAR_S else f"{length_text(over_s)} beyond the end"
        hint = f"the session is {length_text(self._ends_s[-1])} long; reminders may lie beyond"
        self._reading.fault(line, "at", f"{shown(anchor.written)} lies {where}", hint)

    def _warn_of_dose(self, anchor: Anchor, line: int) -> None:
        if anchor.point not in (Point.DOSE, Point.BOOSTER):
            return
        point = anchor.point.value
        if not self._doses:
            told = f"no phase ends at dose: it counts from the {point}, whenever that is marked"
            self._reading.warn(line, "at", told)
        if anchor.offset_s < 0:
            told = f"lies before the {point}, and is past as soon as the {point} is marked"
            self._reading.warn(line, "at", told)


_NEAR_S = 1e-6
"""Sums of written lengths are exact to far less."""

"""What a scan found, for people: the worst first, and what to do about each.

Knows nothing of how things are found. Whatever a name or a tag holds, it upsets no terminal.
"""

from __future__ import annotations

import heapq
import os
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Protocol, TypeAlias

from player.library.findings import HEAVY_CLIPPING, Rise, Silence, Survey
from player.timeline.plan import Broken
from player.units import Seconds

MOST_FILES = 40
"""So many are printed; the rest are counted."""
MOST_PLACES = 3
LONG_END_S = 5.0
"""Silence at either end is trimmed where tracks join; this much is worth knowing."""
Weight: TypeAlias = tuple[float, float]
NOTHING: Weight = (0.0, 0.0)
MARGIN = " " * 16
LEAST_WIDTH = 30


class Line(Protocol):
    """A file and what is known of it."""

    @property
    def place(self) -> str:
        """Where it lies."""
        ...

    @property
    def found(self) -> Survey | Broken:
        """What was found out, or why it cannot be played."""
        ...

    @property
    def not_music(self) -> str:
        """What it is, where nobody would take it for music."""
        ...


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was found, how bad it is, and what to do."""

    weight: float
    tell: Callable[[], str]
    """Says what; asked only of what is shown, for there may be tens of thousands."""
    do: str = ""


def table(lines: Iterable[Line], *, whole: bool = False, columns: int = 80) -> Iterator[str]:
    """The lines of the table; with `whole`, every file, however many there are."""
    count = _Count()
    music = ((_weight(line.found), line) for line in map(count.take, lines) if not line.not_music)
    weighed = map(count.weigh, music)
    if whole:
        # As text they take a third of the room.
        entries = ((weight, _entry(line, columns)) for weight, line in weighed)
        shown = [entry for _, entry in sorted(entries, key=itemgetter(0), reverse=True)]
    else:
        worst = heapq.nlargest(MOST_FILES, weighed, key=itemgetter(0))
        shown = [_entry(line, columns) for _, line in worst]
    base = count.common_folder
    if shown:
        yield " Length   LUFS  File, what was found, and what to do"
    for place, figures, notes in shown:
        yield f"{figures}  {safe(_relative(place, base))}"
        if notes:
            yield notes
    yield from count.told(len(shown))


def _entry(line: Line, columns: int) -> tuple[str, str, str]:
    """A file's place, its figures, and what is to be said of it, as lines."""
    told = [part for note in notes_on(line.found) for part in _told(note, columns)]
    return line.place, _figures(line.found), "\n".join(told)


def _told(note: Note, columns: int) -> Iterator[str]:
    yield from _wrapped(note.tell(), columns)
    if note.do:
        yield from _wrapped(f"  > {note.do}", columns)


def _wrapped(text: str, columns: int) -> Iterator[str]:
    width = max(LEAST_WIDTH, columns - len(MARGIN))
    for line in textwrap.wrap(text, width, subsequent_indent="    ", break_on_hyphens=False):
        yield MARGIN + line


def notes_on(found: Survey | Broken) -> list[Note]:
    """What is worth saying of a file, the worst first; nothing where all is well."""
    if isinstance(found, Broken):
        why = found.why
        return [Note(60, lambda: f"cannot be played: {safe(why)}", "sessions pass over it")]
    notes = [
        *_rises(found.rises),
        *(Note(40, partial(safe, fault), _remedy(fault)) for fault in found.faults),
        *_clipping(found.clipped_samples),
        *_silences(found.silences),
        *_ends(found),
    ]
    return sorted(notes, key=lambda note: -note.weight)


def _remedy(fault: str) -> str:
    return "try another copy of it" if "damaged" in fault or "breaks off" in fault else ""


def safe(text: str) -> str:
    """Text as it may stand on a terminal: one line, and nothing that steers it."""
    plain = os.fsencode(text).decode("utf-8", "replace")
    return "".join("?" if _steers(letter) else letter for letter in plain)


def _steers(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") and letter != "\u200d"


def minutes(seconds: float) -> str:
    """A place or length as m:ss or h:mm:ss."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def _rises(rises: tuple[Rise, ...]) -> Iterator[Note]:
    if not rises:
        return
    do = "choose another piece, or let the session ease it (sudden_rises: soften)"
    yield Note(100 + max(rise.by_lu for rise in rises), partial(_told_rises, rises), do)


def _told_rises(rises: tuple[Rise, ...]) -> str:
    worst = sorted(rises, key=lambda rise: -rise.by_lu)
    places = ", ".join(
        f"{rise.by_lu:.0f} LU at {minutes(rise.at_s)}" for rise in worst[:MOST_PLACES]
    )
    more = f", and {len(rises) - MOST_PLACES} more" if len(rises) > MOST_PLACES else ""
    return f"grows louder suddenly: {places}{more}"


def _clipping(samples: int) -> Iterator[Note]:
    if samples >= HEAVY_CLIPPING:
        what = f"was recorded too loud: {samples:,} samples are cut off"
        yield Note(20, lambda: what, "it may sound harsh; try another copy of it")


def _silences(silences: tuple[Silence, ...]) -> Iterator[Note]:
    if silences:
        do = "no fault of the player: know it beforehand, or choose another"
        yield Note(10, partial(_told_silences, silences), do)


def _told_silences(silences: tuple[Silence, ...]) -> str:
    places = ", ".join(
        f"{each.seconds:.0f} s at {minutes(each.at_s)}" for each in silences[:MOST_PLACES]
    )
    more = f", and {len(silences) - MOST_PLACES} more" if len(silences) > MOST_PLACES else ""
    return f"is silent within: {places}{more}"


def _ends(survey: Survey) -> Iterator[Note]:
    facts = survey.facts
    begins = ("begins", survey.leading_silence_s, facts.lead)
    for where, seconds, left_out in (begins, ("ends", survey.trailing_silence_s, facts.tail)):
        if seconds >= LONG_END_S:
            yield Note(2, partial(_told_end, where, seconds, trimmed=bool(left_out)))


def _told_end(where: str, seconds: Seconds, *, trimmed: bool) -> str:
    if trimmed:
        return f"{where} with {seconds:.0f} s of silence: trimmed where tracks join"
    return f"{where} with {seconds:.0f} s that are too soft to be heard"


def _weight(found: Survey | Broken) -> Weight:
    """By the worst of all that was found; among equals, by the rest. Zero where all is well."""
    weights = [note.weight for note in notes_on(found)]
    return (weights[0], sum(weights)) if weights else NOTHING


def _figures(found: Survey | Broken) -> str:
    if isinstance(found, Broken):
        return f"{'-':>7}{'-':>7}"
    return f"{minutes(found.seconds):>7}{found.lufs:>7.1f}"


class _Count:
    """What the table says of all files together, while they pass by: none is held."""

    def __init__(self) -> None:
        self._music = 0
        self._noted = 0
        self._total_s: Seconds = 0.0
        self._others: Counter[str] = Counter()
        self._first: str | None = None
        """By name; with the last by name it has in common what all have."""
        self._last = ""

    def take(self, line: Line) -> Line:
        """Count a line."""
        place = line.place
        self._first = place if self._first is None else min(self._first, place)
        self._last = max(self._last, place)
        if line.not_music:
            self._others[line.not_music] += 1
        return line

    def weigh(self, weighed: tuple[Weight, Line]) -> tuple[Weight, Line]:
        """Count a piece of music and whether there is something to note of it."""
        weight, line = weighed
        self._music += 1
        self._noted += weight > NOTHING
        if isinstance(line.found, Survey):
            self._total_s += line.found.seconds
        return weighed

    @property
    def common_folder(self) -> Path | None:
        """The folder that all lie in, where that makes the names shorter."""
        if self._first is None:
            return None
        try:
            ends = (self._first, self._last)
            return Path(os.path.commonpath([os.path.dirname(end) for end in ends]))  # noqa: PTH120
        except ValueError:  # on several drives
            return None

    def told(self, shown: int) -> Iterator[str]:
        """The lines under the table."""
        music, noted = self._music, self._noted
        if music > shown:
            hidden = max(0, noted - shown)
            yield f"{MARGIN}… and {music - shown} more, {hidden} of them with something to note"
        yield ""
        yield f"{_many(music, 'file')}, {minutes(self._total_s)} of music: " + (
            f"{noted} with something to note, {music - noted} without."
            if noted
            else "nothing to note."
        )
        if self._others:
            kinds = ", ".join(_many(count, kind) for kind, count in self._others.most_common())
            yield f"Not music, and left alone: {kinds}."


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"


def _relative(place: str, base: Path | None) -> str:
    path = Path(place)
    return str(path.relative_to(base)) if base is not None and path.is_relative_to(base) else place

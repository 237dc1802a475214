"""What a scan found, for people: the worst first, and what to do about each.

Knows nothing of how things are found. Whatever a name or a tag holds, it upsets no terminal.
"""

from __future__ import annotations

import os
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from player.library.findings import Rise, Silence, Survey
from player.timeline.plan import Broken

MOST_FILES = 40
"""So many are printed; the rest are counted."""
MOST_PLACES = 3
HEAVY_CLIPPING = 100
"""Fewer cut-off samples, 2 ms of them, nobody hears."""
LONG_END_S = 5.0
"""Silence at either end is trimmed where tracks join; this much is worth knowing."""
Weight: TypeAlias = tuple[float, float]
NOTHING: Weight = (0.0, 0.0)
MARGIN = " " * 16
LEAST_WIDTH = 30


class Line(Protocol):
    """A file and what is known of it."""

    @property
    def path(self) -> Path:
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
    what: str
    do: str = ""


def table(lines: Sequence[Line], *, whole: bool = False, columns: int = 80) -> Iterator[str]:
    """The lines of the table; with `whole`, every file, however many there are."""
    base = _common_folder([line.path for line in lines])
    music = [(_weight(line.found), line) for line in lines if not line.not_music]
    music.sort(key=lambda each: each[0], reverse=True)
    shown = music if whole else music[:MOST_FILES]
    if shown:
        yield " Length   LUFS  File, what was found, and what to do"
    for _, line in shown:
        yield f"{_figures(line.found)}  {safe(_relative(line.path, base))}"
        for note in notes_on(line.found):
            yield from _wrapped(note.what, columns)
            if note.do:
                yield from _wrapped(f"  > {note.do}", columns)
    yield from _counts(lines, music, len(shown))


def _wrapped(text: str, columns: int) -> Iterator[str]:
    width = max(LEAST_WIDTH, columns - len(MARGIN))
    for line in textwrap.wrap(text, width, subsequent_indent="    ", break_on_hyphens=False):
        yield MARGIN + line


def notes_on(found: Survey | Broken) -> list[Note]:
    """What is worth saying of a file, the worst first; nothing where all is well."""
    if isinstance(found, Broken):
        return [Note(60, f"cannot be played: {safe(found.why)}", "sessions pass over it")]
    notes = [
        *_rises(found.rises),
        *(Note(40, safe(fault), _remedy(fault)) for fault in found.faults),
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
    worst = sorted(rises, key=lambda rise: -rise.by_lu)
    places = ", ".join(
        f"{rise.by_lu:.0f} LU at {minutes(rise.at_s)}" for rise in worst[:MOST_PLACES]
    )
    more = f", and {len(rises) - MOST_PLACES} more" if len(rises) > MOST_PLACES else ""
    do = "choose another piece, or let the session ease it (sudden_rises: soften)"
    yield Note(100 + worst[0].by_lu, f"grows louder suddenly: {places}{more}", do)


def _clipping(samples: int) -> Iterator[Note]:
    if samples >= HEAVY_CLIPPING:
        what = f"was recorded too loud: {samples:,} samples are cut off"
        yield Note(20, what, "it may sound harsh; try another copy of it")


def _silences(silences: tuple[Silence, ...]) -> Iterator[Note]:
    if not silences:
        return
    places = ", ".join(
        f"{each.seconds:.0f} s at {minutes(each.at_s)}" for each in silences[:MOST_PLACES]
    )
    more = f", and {len(silences) - MOST_PLACES} more" if len(silences) > MOST_PLACES else ""
    do = "no fault of the player: know it beforehand, or choose another"
    yield Note(10, f"is silent within: {places}{more}", do)


def _ends(survey: Survey) -> Iterator[Note]:
    facts = survey.facts
    begins = ("begins", survey.leading_silence_s, facts.lead)
    for where, seconds, left_out in (begins, ("ends", survey.trailing_silence_s, facts.tail)):
        if seconds >= LONG_END_S and left_out:
            yield Note(2, f"{where} with {seconds:.0f} s of silence: trimmed where tracks join")
        elif seconds >= LONG_END_S:
            yield Note(2, f"{where} with {seconds:.0f} s that are too soft to be heard")


def _weight(found: Survey | Broken) -> Weight:
    """By the worst of all that was found; among equals, by the rest. Zero where all is well."""
    weights = [note.weight for note in notes_on(found)]
    return max(weights, default=0.0), sum(weights)


def _figures(found: Survey | Broken) -> str:
    if isinstance(found, Broken):
        return f"{'-':>7}{'-':>7}"
    return f"{minutes(found.seconds):>7}{found.lufs:>7.1f}"


def _counts(lines: Sequence[Line], music: list[tuple[Weight, Line]], shown: int) -> Iterator[str]:
    noted = sum(weight > NOTHING for weight, _ in music)
    total_s = sum(line.found.seconds for _, line in music if isinstance(line.found, Survey))
    if len(music) > shown:
        hidden = max(0, noted - shown)
        yield f"{MARGIN}… and {len(music) - shown} more, {hidden} of them with something to note"
    yield ""
    yield f"{_many(len(music), 'file')}, {minutes(total_s)} of music: " + (
        f"{noted} with something to note, {len(music) - noted} without."
        if noted
        else "nothing to note."
    )
    others = Counter(line.not_music for line in lines if line.not_music)
    if others:
        kinds = ", ".join(_many(count, kind) for kind, count in others.most_common())
        yield f"Not music, and left alone: {kinds}."


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"


def _common_folder(paths: Sequence[Path]) -> Path | None:
    """The folder that all lie in, where that makes the names shorter."""
    if not paths:
        return None
    try:
        # What the first and the last by name share, all between them share.
        ends = (min(map(str, paths)), max(map(str, paths)))
        return Path(os.path.commonpath([os.path.dirname(end) for end in ends]))  # noqa: PTH120
    except ValueError:  # on several drives
        return None


def _relative(path: Path, base: Path | None) -> str:
    return (
        str(path.relative_to(base)) if base is not None and path.is_relative_to(base) else str(path)
    )

"""A session at a glance: what it is about, its phases, what waits for whom.

Draws a loaded session, or the faults of one that cannot be loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from player.screens.ink import CARE, FAINT, PLAIN, QUIET, STRONG, Piece, row, wrap
from player.screens.strip import Stretch, landscape
from player.screens.times import length

if TYPE_CHECKING:
    # Loaded with the first session, after the first paint: its import takes a while.
    from player.session.model import After, Phase, Session


@dataclass(slots=True)
class Entry:
    """One session of the chooser: where it is, and what came of reading it."""

    path: Path
    own: bool
    session: Session | None = None
    faults: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    """What in its music could startle, as the engine found when it was opened ahead."""

    @property
    def title(self) -> str:
        """Its title, or its file's name while that is not known."""
        return self.session.title if self.session else self.path.stem


def overview(entry: Entry, width: int, height: int) -> list[Content]:
    """At most `height` rows about a session."""
    if entry.faults:
        return _faulty(entry, width)[:height]
    if entry.session is None:
        return [row(width, [(entry.title, STRONG)]), row(width, [("reading…", QUIET)])][:height]
    return _of(entry.session, entry.risks, width, height)[:height]


def _of(session: Session, risks: Sequence[str], width: int, height: int) -> list[Content]:
    counts = _counts(session)
    warning = [row(width, [(line, CARE)]) for line in _warning(risks, width)]
    about = wrap(session.about, width, max(2, min(6, height - len(session.phases) - 6)))
    rows = [
        row(width, [(session.title, STRONG)], [(length(session.length_s), PLAIN)]),
        *(row(width, [(line, QUIET)]) for line in about if line),
        Content(""),
        landscape([_stretch(phase) for phase in session.phases], width),
        Content(""),
    ]
    fits = max(1, height - len(rows) - 2 - len(warning))
    phases = session.phases[:fits]
    if len(session.phases) > fits:
        phases = session.phases[: fits - 1]
    last = session.phases[-1]
    name_cells = min(20, max(cell_len(phase.name) for phase in session.phases))
    rows += [
        _phase_row(phase, session.after if phase is last else None, name_cells, width)
        for phase in phases
    ]
    if len(phases) < len(session.phases):
        rows.append(row(width, [(f"and {len(session.phases) - len(phases)} more", FAINT)]))
    rows += [Content(""), row(width, [(counts, QUIET)]), *warning]
    rows += [row(width, [(f"! {warning}", CARE)]) for warning in session.warnings]
    return rows


def _warning(risks: Sequence[str], width: int) -> list[str]:
    """How many there are, and the first; `stillroom check` tells them all."""
    if not risks:
        return []
    count = "1 warning" if len(risks) == 1 else f"{len(risks)} warnings, the first"
    return wrap(f"! {count}: {risks[0]}", width, 2)


def _phase_row(phase: Phase, after: After | None, name_cells: int, width: int) -> Content:
    from player.session.model import After, Ends

    pieces: list[Piece] = [(f"{length(phase.length_s):>10}", PLAIN), ("  ", "")]
    waits = {
        Ends.CLOCK: "",
        Ends.HAND: "waits for you",
        Ends.DOSE: "waits for the dose",
    }[phase.ends]
    if after == After.HOLD and not waits:
        waits = "until you end it"
    if phase.music.silence:
        waits = f"silence{', ' if waits else ''}{waits}"
    name = row(name_cells, [(phase.name, PLAIN)])
    return row(width, [(name.plain, PLAIN), *pieces, (waits, QUIET)])


def _stretch(phase: Phase) -> Stretch:
    return Stretch(phase.name, phase.role, phase.length_s, phase.music.silence)


def _counts(session: Session) -> str:
    parts = [
        _many(len(session.phases), "phase"),
        _many(len(session.cues), "cue"),
        _many(len(session.reminders), "reminder"),
    ]
    return " · ".join(part for part in parts if part)


def _many(number: int, word: str) -> str:
    return "" if number == 0 else f"{number} {word}{'' if number == 1 else 's'}"


def _faulty(entry: Entry, width: int) -> list[Content]:
    number = len(entry.faults)
    what = "one fault" if number == 1 else f"{number} faults"
    rows = [
        row(width, [(entry.title, STRONG)]),
        row(width, [(f"! cannot be played: {what} in {entry.path.name}", CARE)]),
        Content(""),
    ]
    for fault in entry.faults:
        rows += [row(width, [(line, PLAIN)]) for line in wrap(fault, width, 3)]
    return rows

"""Which music of a session could not be played, told by the line of the session that names it.

A file that the session names itself must play, and so must something in every phase: else the
session cannot be played as written. What is broken among many in a folder or a list is passed
over with a crossfade, and only told.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from player.errors import Fault
from player.programme.facts import Knowledge
from player.session.model import Music, Origin, Session, ShelfPiece
from player.timeline.lists import SILENT, TOO_SHORT, why_dead
from player.timeline.plan import SHORTEST
from player.units import Frames, Seconds

PATIENCE_S: Seconds = 1.0
"""So long, at most, files that were never measured are opened to see whether they can be."""
MOST_NAMED = 20
"""Broken files of one phase that are told one by one."""
HINT = "put a good copy in its place, or leave it out"
HINT_SILENT = "write `music: silence` where silence is meant, or leave it out"


@dataclass(slots=True)
class Findings:
    """Why a session could not be played as written, and what else is worth knowing: lines."""

    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Looks:
    """Looks at each file once: asks what is known, and opens what was never measured."""

    def __init__(self, knowledge: Knowledge, patience_s: Seconds = PATIENCE_S) -> None:
        self._knowledge = knowledge
        self._why: dict[Path, str] = {}
        self._patience_s = patience_s
        self._spent_s: Seconds = 0.0
        self.left: set[Path] = set()
        """Files that nothing is known of, since opening them all would take too long."""

    def why_not(self, path: Path) -> str:
        """Why a file cannot be played; nothing where it can, as far as is known."""
        if path not in self._why:
            self._why[path] = self._look(path)
        return self._why[path]

    def _look(self, path: Path) -> str:
        known = self._knowledge.known(path)
        if known is not None:
            return why_dead(known)
        if self._spent_s >= self._patience_s:
            self.left.add(path)
            return ""
        begun_s = time.monotonic()
        why = _opening_fault(path)
        self._spent_s += time.monotonic() - begun_s
        return why


def _opening_fault(path: Path) -> str:
    """Why a file cannot be played, as far as its first second tells."""
    from player.sound.decode import Undecodable, blocks

    frames: Frames = 0
    try:
        with blocks(path) as decoded:
            for block in decoded:
                frames += len(block)
                if frames >= SHORTEST:
                    return ""
    except Undecodable as fault:
        return fault.why
    return TOO_SHORT


def broken_music(session: Session, looks: Looks) -> Findings:
    """What in a session's music cannot be played."""
    findings = Findings()
    file = str(session.source)
    for phase in session.phases:
        broken = list(_broken_in(phase.music, looks))
        named = [row for row in broken if row[1].named]
        found = [row for row in broken if not row[1].named]
        findings.faults += [_told(file, *row) for row in named]
        findings.warnings += [_told(file, *row) for row in found[:MOST_NAMED]]
        if len(found) > MOST_NAMED:
            more = f"{len(found) - MOST_NAMED} more files would be passed over"
            findings.warnings.append(Fault(found[-1][1].line, "music", more).text(file))
        if broken and not any(not looks.why_not(track) for track in phase.music.tracks):
            told = f"nothing in the music of {phase.name} can be played"
            hint = "a quiet piece that comes with Stillroom would sound in its place"
            findings.faults.append(Fault(broken[0][1].line, "music", told, hint).text(file))
    for piece in session.shelf:
        _shelved(findings, file, piece, looks)
    if looks.left:
        findings.warnings.append(
            f"{len(looks.left)} files were never measured, too many to open them all here"
        )
    return findings


def _shelved(findings: Findings, file: str, piece: ShelfPiece, looks: Looks) -> None:
    """Warn of what is broken on the shelf: the session itself can be played without it."""
    broken = list(_broken_in(piece.music, looks))
    findings.warnings += [_told(file, *row) for row in broken[:MOST_NAMED]]
    if len(broken) > MOST_NAMED:
        more = f"{len(broken) - MOST_NAMED} more files would be passed over"
        findings.warnings.append(Fault(broken[-1][1].line, "shelf", more).text(file))
    if broken and all(looks.why_not(track) for track in piece.music.tracks):
        told = f"nothing in {piece.name}, on the shelf, can be played"
        hint = "its key would say so, and the plan's music would go on"
        findings.warnings.append(Fault(broken[0][1].line, "shelf", told, hint).text(file))


def _broken_in(music: Music, looks: Looks) -> Iterator[tuple[Path, Origin, str]]:
    """Each broken file once, the entry that names it and why it is passed over."""
    origins = music.origins or (Origin(line=1, named=True),) * len(music.tracks)
    seen: set[tuple[Path, int]] = set()
    for path, origin in zip(music.tracks, origins, strict=True):
        why = looks.why_not(path)
        if why and (path, origin.line) not in seen:
            seen.add((path, origin.line))
            yield path, origin, why


def _told(file: str, path: Path, origin: Origin, why: str) -> str:
    hint = HINT_SILENT if why == SILENT else HINT
    return Fault(origin.line, "music", f"{path}: would be passed over: {why}", hint).text(file)

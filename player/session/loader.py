"""Reads a session file: the session, or every fault in it at once.

Opens the music that the file names, as far as to know that it is there. Decodes nothing,
and knows nothing of frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from player.errors import SessionFaulty
from player.session.cues import read_cues, read_reminders
from player.session.fields import Fields, Reading, TooMany
from player.session.guided import guided_cues
from player.session.keys import SESSION
from player.session.model import Duck, Ends, Phase, Role, Session, ShelfPiece, Sound
from player.session.music import Shelf
from player.session.playing import read_music
from player.settings import Avoid
from player.text.small_files import absolute
from player.text.words import same, shown
from player.text.yaml_nodes import Node, read
from player.units import Seconds


@dataclass(frozen=True, slots=True)
class PhaseDraft:
    """A phase as far as it could be read, so that anchors can be checked beside its faults."""

    name: str
    role: Role | None
    length_s: Seconds | None
    ends: Ends
    voice: bool
    phase: Phase | None


def load(path: Path) -> Session:
    """The session in a file. Raises SessionFaulty, with every fault in it."""
    reading = Reading(str(path))
    session = None
    try:
        document = read(path)
        reading.faults.extend(document.faults)
        if document.root is not None:
            session = _session(document.root, reading, absolute(path))
    except TooMany:
        session = None
    if session is None or reading.faults:
        raise SessionFaulty(str(path), reading.faults)
    return session


def _session(root: Node, reading: Reading, source: Path) -> Session | None:
    fields = reading.fields(root, SESSION)
    if fields is None:
        return None
    shelf = Shelf(source.parent)
    sound = _sound(fields.values.pop("sound", None))
    parts = fields.values.pop("phases", None) or []
    drafts = _phases(parts, shelf, reading)
    guided = guided_cues(parts, drafts, sound, shelf, reading)
    names = [cue.name for cue in guided]
    cues = read_cues(fields.values.pop("cues", None) or [], drafts, shelf, reading, names)
    reminders = read_reminders(fields.values.pop("reminders", None) or [], drafts, reading)
    pieces = _shelf(fields.values.pop("shelf", None) or [], shelf, reading)
    avoid: Fields | None = fields.values.pop("avoid", None)
    fields.values.pop("format", None)
    if reading.faults:
        return None
    return Session(
        sound=sound,
        phases=tuple(draft.phase for draft in drafts if draft.phase),
        cues=(*guided, *cues),
        reminders=tuple(reminders),
        shelf=tuple(pieces),
        avoid=Avoid(**avoid.values) if avoid else Avoid(),
        source=source,
        warnings=tuple(reading.warnings),
        **fields.values,
    )


def _sound(fields: Fields | None) -> Sound:
    if fields is None:
        return Sound()
    values = dict(fields.values)
    duck: Fields | None = values.pop("duck", None)
    return Sound(duck=Duck(**duck.values) if duck else Duck(), **values)


def _phases(parts: Sequence[Fields | None], shelf: Shelf, reading: Reading) -> list[PhaseDraft]:
    drafts: list[PhaseDraft] = []
    names: dict[str, int] = {}
    for fields in parts:
        drafts.append(_phase(fields, shelf, reading))
        if fields and drafts[-1].name:
            line = fields.line_of("name")
            first = names.setdefault(same(drafts[-1].name), line)
            if first != line:
                message = f"{shown(drafts[-1].name)} stands twice, first on line {first}"
                reading.fault(line, "name", message, "give each phase a name of its own")
    _one_dose(parts, reading)
    return drafts


def _one_dose(parts: Sequence[Fields | None], reading: Reading) -> None:
    waiting = [part for part in parts if part and part.values.get("ends") is Ends.DOSE]
    for part in waiting[1:]:
        first = waiting[0].line_of("ends")
        message = f"a phase that ends at the dose stands on line {first} already"
        reading.fault(part.line_of("ends"), "ends", message, "by hand waits for a key")


def _phase(fields: Fields | None, shelf: Shelf, reading: Reading) -> PhaseDraft:
    values: dict[str, Any] = dict(fields.values) if fields else {}
    values.pop("script", None)
    node = values.pop("music", None)
    music = None
    if fields and node is not None:
        music = read_music(node, fields.line_of("music"), shelf, reading)
    whole = music is not None and {"name", "length_s"} <= values.keys()
    return PhaseDraft(
        name=values.get("name", ""),
        role=values.get("role"),
        length_s=values.get("length_s"),
        ends=values.get("ends", Ends.CLOCK),
        voice=values.get("voice", True),
        phase=Phase(music=music, **values) if whole else None,
    )


def _shelf(parts: Sequence[Fields | None], shelf: Shelf, reading: Reading) -> list[ShelfPiece]:
    pieces: list[ShelfPiece] = []
    for fields in parts:
        if not fields or not {"name", "music"} <= fields.values.keys():
            continue
        name, line = fields.values["name"], fields.line_of("music")
        music = read_music(fields.values["music"], line, shelf, reading)
        if music and music.silence:
            reading.fault(line, "music", "silence is no piece of the shelf", "one key fades to it")
        elif any(same(name) == same(other.name) for other in pieces):
            line = fields.line_of("name")
            reading.fault(
                line, "name", f"{shown(name)} stands twice", "give each a name of its own"
            )
        elif music:
            pieces.append(ShelfPiece(name=name, music=music))
    return pieces

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
from player.session.keys import MUSIC, SESSION
from player.session.model import Duck, Ends, Music, Origin, Phase, Role, Session, Sound
from player.session.music import SHIPPED, SILENCE, Shelf
from player.text.small_files import absolute
from player.text.words import Misread, same, shown
from player.text.yaml_nodes import Listing, Mapping, Node, Scalar, read
from player.units import Seconds

MOST_TRACKS = 10_000
"""In one phase."""


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
    fields.values.pop("format", None)
    if reading.faults:
        return None
    return Session(
        sound=sound,
        phases=tuple(draft.phase for draft in drafts if draft.phase),
        cues=(*guided, *cues),
        reminders=tuple(reminders),
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
        music = _music(node, fields.line_of("music"), shelf, reading)
    whole = music is not None and {"name", "length_s"} <= values.keys()
    return PhaseDraft(
        name=values.get("name", ""),
        role=values.get("role"),
        length_s=values.get("length_s"),
        ends=values.get("ends", Ends.CLOCK),
        voice=values.get("voice", True),
        phase=Phase(music=music, **values) if whole else None,
    )


def _music(node: Node, line: int, shelf: Shelf, reading: Reading) -> Music | None:
    """What a phase plays; None where it cannot be read, with the faults noted."""
    if isinstance(node, Scalar) and same(node.text) == SILENCE:
        return Music(silence=True)
    if not isinstance(node, Mapping):
        return _filled(_tracks(node, line, shelf, reading))
    fields = reading.fields(node, MUSIC, "music")
    if not fields or "from" not in fields.values:
        return None
    values = dict(fields.values)
    tracks = _tracks(values.pop("from"), fields.line_of("from"), shelf, reading)
    if values.get("seamless") and len(tracks) > 1:
        message = f"seamless joins one track to itself, and here are {len(tracks)}"
        reading.fault(fields.line_of("loop"), "music.loop", message, "name one track")
    return _filled(tracks, **values)


def _filled(tracks: list[tuple[Path, Origin]], **values: Any) -> Music | None:
    if not tracks:
        return None
    paths, origins = zip(*tracks, strict=True)
    return Music(tracks=paths, origins=origins, **values)


def _tracks(node: Node, line: int, shelf: Shelf, reading: Reading) -> list[tuple[Path, Origin]]:
    """The files of one entry or a list of them, as far as they are there."""
    entries = node.items if isinstance(node, Listing) else (node,)
    if not entries:
        reading.fault(line, "music", "the list is empty", f"for planned silence: music: {SILENCE}")
    tracks: list[tuple[Path, Origin]] = []
    for entry in entries:
        at_line = entry.line if isinstance(node, Listing) else line
        try:
            opened = shelf.open(_entry(entry))
        except Misread as why:
            reading.misread(at_line, "music", why)
            continue
        origin = Origin(line=at_line, named=opened.named)
        tracks.extend((track, origin) for track in opened.tracks)
        for note in opened.notes:
            reading.warn(at_line, "music", note)
        if len(tracks) > MOST_TRACKS:
            reading.fault(line, "music", f"more than {MOST_TRACKS} tracks", "name fewer")
            break
    return tracks


def _entry(node: Node) -> str:
    if isinstance(node, Listing):
        raise Misread("a list within a list", "write one list")
    if isinstance(node, Mapping):
        first = node.pairs[0] if node.pairs else None
        if first and isinstance(first[0], Scalar) and same(first[0].text) == SHIPPED[:-1]:
            raise Misread("a space splits the entry", 'write "shipped:NAME", without a space')
        raise Misread("an entry is a text, not a mapping of keys", "order and loop stand by from")
    if same(node.text) == SILENCE:
        raise Misread("silence stands alone", f"for planned silence: music: {SILENCE}")
    return node.text

"""Reads what a phase or a piece of the shelf plays: entries, their order, their energy.

Opens the music as far as to know that it is there; knows nothing of phases.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

from player.session.fields import Reading
from player.session.model import Energy, Music, Origin
from player.session.music import SHIPPED, SILENCE, Shelf
from player.session.music_keys import ENTRY, MUSIC
from player.text.words import Misread, same
from player.text.yaml_nodes import Listing, Mapping, Node, Scalar

MOST_TRACKS = 10_000
"""In one phase."""

Track: TypeAlias = tuple[Path, Origin, Energy | None]


def read_music(node: Node, line: int, shelf: Shelf, reading: Reading) -> Music | None:
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


def _filled(tracks: list[Track], energy: Energy | None = None, **values: Any) -> Music | None:
    if not tracks:
        return None
    paths, origins, said = zip(*tracks, strict=True)
    energies: dict[Path, Energy] = {}
    for path, own in zip(paths, said, strict=True):
        known = own or energy
        if known is not None:
            energies.setdefault(path, known)
    return Music(tracks=paths, origins=origins, energies=energies, **values)


def _tracks(node: Node, line: int, shelf: Shelf, reading: Reading) -> list[Track]:
    """The files of one entry or a list of them, as far as they are there."""
    entries = node.items if isinstance(node, Listing) else (node,)
    if not entries:
        reading.fault(line, "music", "the list is empty", f"for planned silence: music: {SILENCE}")
    tracks: list[Track] = []
    for written in entries:
        at_line = written.line if isinstance(node, Listing) else line
        entry, energy = written, None
        if isinstance(written, Mapping) and isinstance(node, Listing) and _says_more(written):
            fields = reading.fields(written, ENTRY, "music")
            if not fields or "from" not in fields.values:
                continue
            energy = fields.values.get("energy")
            entry = Scalar(fields.line_of("from"), fields.values["from"], plain=True)
        try:
            opened = shelf.open(_entry(entry))
        except Misread as why:
            reading.misread(at_line, "music", why)
            continue
        origin = Origin(line=at_line, named=opened.named)
        tracks.extend((track, origin, energy) for track in opened.tracks)
        for note in opened.notes:
            reading.warn(at_line, "music", note)
        if len(tracks) > MOST_TRACKS:
            reading.fault(line, "music", f"more than {MOST_TRACKS} tracks", "name fewer")
            break
    return tracks


def _says_more(entry: Mapping) -> bool:
    """Whether an entry of a list is a mapping that is meant as one."""
    return any(isinstance(key, Scalar) and ENTRY.named(key.text) for key, _ in entry.pairs)


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

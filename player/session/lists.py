"""Reads lists of music made by other programs: .m3u, .m3u8 and .xspf.

Gives each entry's place on disk as it is meant; whether it is there is asked by `music`.
Nothing is fetched: an address on the network is named, not followed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from player.text.small_files import read_bytes
from player.text.words import Misread
from player.units import Seconds

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LIST_ENDINGS = frozenset((".m3u", ".m3u8", ".xspf"))
MOST_BYTES = 4_000_000
MOST_ENTRIES = 10_000
LONGEST_MOVED = 1000
MOST_MOVED_PARTS = 20
"""A path with a drive that is longer than these is looked for as it stands, and nowhere else:
each of its parts makes another path of nearly the same length."""

_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+:/")
_DRIVE = re.compile(r"^/?[A-Za-z]:[\\/]|^\\\\")
_NOTE = re.compile(r"#EXTINF:\s*(-?\d+(?:\.\d+)?)[^,]*(?:,(.*))?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Note:
    """What a list says of a piece beside its place."""

    title: str = ""
    length_s: Seconds | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: where it stands, its words, and what paths it may mean."""

    where: str
    written: str
    paths: tuple[Path, ...]
    """The likeliest first; empty for an address on the network."""
    note: Note = Note()


def entries(list_file: Path) -> list[Entry]:
    """The entries of a list file. Raises Misread where it cannot be read as one."""
    body = read_bytes(list_file, MOST_BYTES)
    folder = list_file.parent
    if list_file.suffix.casefold() == ".xspf":
        found = (_entry(f"track {n}", text, folder, note) for n, text, note in _xspf(body))
    else:
        found = (_entry(f"line {n}", text, folder, note) for n, text, note in _m3u(body))
    return _bounded(found)


def is_address(text: str) -> bool:
    """Whether a text is a URL other than a Windows path."""
    return _ADDRESS.match(text) is not None


def file_of_address(text: str) -> Path | None:
    """The file of a ``file://`` URL, or None for any other."""
    try:
        address = urlsplit(text)
    except ValueError:
        return None
    if address.scheme.casefold() != "file" or address.netloc.casefold() not in ("", "localhost"):
        return None
    path = unquote(address.path)
    return Path(path[1:] if os.name == "nt" and _DRIVE.match(path) else path)


def _bounded(found: Iterable[Entry]) -> list[Entry]:
    kept = []
    for entry in found:
        kept.append(entry)
        if len(kept) > MOST_ENTRIES:
            raise Misread(f"lists more than {MOST_ENTRIES} pieces", "is it a list of music?")
    return kept


def _m3u(body: bytes) -> Iterator[tuple[int, str, Note]]:
    note = Note()
    for number, line in enumerate(re.split(r"\r\n|\r|\n", _text_of(body)), start=1):
        written = line.strip()
        if told := _NOTE.match(written):
            note = Note((told[2] or "").strip(), _positive(told[1]))
        elif written and not written.startswith("#"):
            yield number, written, note
            note = Note()


def _text_of(body: bytes) -> str:
    """Lists of today are UTF-8; old ones are in Latin letters, some of Windows in UTF-16."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", errors="replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")


def _positive(figure: str, unit_s: Seconds = 1.0) -> Seconds | None:
    """A length in seconds; None where the list has 0 or -1 for "not known", or no figure."""
    try:
        length_s = float(figure) * unit_s
    except ValueError:
        return None
    return length_s if 0 < length_s < float("inf") else None


def _xspf(body: bytes) -> Iterator[tuple[int, str, Note]]:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        what = "holds declarations that no list of music needs and that can do harm"
        raise Misread(f"is not an xspf list that is safe to read: it {what}") from None
    except (ParseError, ValueError, LookupError, RecursionError):
        raise Misread("is not an xspf list that can be read", "export the list again") from None
    tracks = (element for element in root.iter() if _tag(element) == "track")
    for number, track in enumerate(tracks, start=1):
        told = {_tag(each): each.text.strip() for each in reversed(track) if each.text}
        title = " - ".join(told[key] for key in ("creator", "title") if told.get(key))
        note = Note(title, _positive(told.get("duration", ""), 0.001))
        yield number, told.get("location", ""), note


def _tag(element: Element) -> str:
    """An element's name without its name space; nothing for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _entry(where: str, written: str, folder: Path, note: Note) -> Entry:
    if is_address(written):
        file = file_of_address(written)
        found = (file, *_moved(str(file), folder)) if file else ()
        return Entry(where, written, found, note)
    slashed = written.replace("\\", "/")
    readings = (written, unquote(written), slashed, unquote(slashed))
    paths = (folder / each for each in readings if each)
    return Entry(where, written, tuple(dict.fromkeys((*paths, *_moved(written, folder)))), note)


def _moved(written: str, folder: Path) -> tuple[Path, ...]:
    """Where a file with a Windows drive may lie on another system: under the list, by its end."""
    if os.name == "nt" or len(written) > LONGEST_MOVED or not _DRIVE.match(written):
        return ()
    parts = [part for part in re.split(r"[\\/]+", written) if part][1:]
    if len(parts) > MOST_MOVED_PARTS:
        return ()
    plain = [part for part in parts if part not in (".", "..")]
    return tuple(folder.joinpath(*plain[first:]) for first in range(len(plain)))

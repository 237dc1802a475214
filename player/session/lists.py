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
from urllib.parse import unquote, urlsplit

from player.text.small_files import read_bytes
from player.text.words import Misread

LIST_ENDINGS = frozenset((".m3u", ".m3u8", ".xspf"))
MOST_BYTES = 4_000_000
MOST_ENTRIES = 10_000

_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+:/")
_DRIVE = re.compile(r"^/[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: where it stands, its words, and what paths it may mean."""

    where: str
    written: str
    paths: tuple[Path, ...]
    """The likeliest first; empty for an address on the network."""


def entries(list_file: Path) -> list[Entry]:
    """The entries of a list file. Raises Misread where it cannot be read as one."""
    body = read_bytes(list_file, MOST_BYTES)
    folder = list_file.parent
    if list_file.suffix.casefold() == ".xspf":
        found = (_entry(f"track {n}", text, folder) for n, text in _xspf(body))
    else:
        found = (_entry(f"line {n}", text, folder) for n, text in _m3u(body))
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


def _m3u(body: bytes) -> Iterator[tuple[int, str]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", errors="replace")
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        written = line.strip()
        if written and not written.startswith("#"):
            yield number, written


def _xspf(body: bytes) -> Iterator[tuple[int, str]]:
    from xml.etree.ElementTree import ParseError

    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, ValueError, LookupError):
        raise Misread("is not an xspf list that can be read", "export the list again") from None
    tracks = (element for element in root.iter() if _tag(element.tag) == "track")
    for number, track in enumerate(tracks, start=1):
        places = (each for each in track if _tag(each.tag) == "location")
        yield number, next((place.text.strip() for place in places if place.text), "")


def _tag(name: object) -> str:
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def _entry(where: str, written: str, folder: Path) -> Entry:
    if is_address(written):
        file = file_of_address(written)
        return Entry(where, written, (file,) if file else ())
    readings = (written, unquote(written), written.replace("\\", "/"))
    return Entry(where, written, tuple(folder / each for each in dict.fromkeys(readings) if each))

"""Writes lists of music for other programs: .m3u8 and .xspf, as text.

Files in or under the list's folder are named from there, so that both can be moved together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from player.errors import InputWrong
from player.units import Seconds

XSPF = "http://xspf.org/ns/0/"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a list."""

    path: Path
    title: str
    length_s: Seconds | None
    """None where nobody knows it."""


def text_of(pieces: Sequence[Piece], *, title: str, file: Path) -> str:
    """The list that belongs into `file`, by its ending. Raises InputWrong for another ending."""
    ending = file.suffix.casefold()
    if ending == ".m3u8":
        return _m3u8(pieces, title, file.parent)
    if ending == ".xspf":
        return _xspf(pieces, title, file.parent)
    raise InputWrong(f"{file}: a list is written as .m3u8 or .xspf")


def _m3u8(pieces: Sequence[Piece], title: str, folder: Path) -> str:
    lines = ["#EXTM3U", f"#PLAYLIST:{_line(title)}"]
    for piece in pieces:
        length = -1 if piece.length_s is None else round(piece.length_s)
        lines += [f"#EXTINF:{length},{_line(piece.title)}", _place(piece.path, folder)]
    return "\n".join(lines) + "\n"


def _place(path: Path, folder: Path) -> str:
    """A path as the list names it; one that could be read otherwise is written with a ``./``."""
    try:
        name = path.relative_to(folder).as_posix()
    except ValueError:
        return str(path)
    return f"./{name}" if name.startswith(("#", " ")) or ":" in name else name


def _xspf(pieces: Sequence[Piece], title: str, folder: Path) -> str:
    rows = ['<?xml version="1.0" encoding="UTF-8"?>', f'<playlist version="1" xmlns="{XSPF}">']
    rows += [f"  <title>{escape(_line(title))}</title>", "  <trackList>"]
    for piece in pieces:
        rows += [
            "    <track>",
            f"      <location>{escape(_address(piece.path, folder))}</location>",
        ]
        rows.append(f"      <title>{escape(_line(piece.title))}</title>")
        if piece.length_s is not None:
            rows.append(f"      <duration>{round(piece.length_s * 1000)}</duration>")
        rows.append("    </track>")
    return "\n".join([*rows, "  </trackList>", "</playlist>"]) + "\n"


def _address(path: Path, folder: Path) -> str:
    try:
        return quote(path.relative_to(folder).as_posix())
    except ValueError:
        return path.as_uri()


def _line(words: str) -> str:
    """A title in one line, without signs that no XML may hold."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())

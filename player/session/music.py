"""Music as a session file names it, as absolute paths of files that are there.

A file, a folder, a list made by another program, or a shipped piece. Goes by names and
endings; nothing is decoded. Knows nothing of phases.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from player.errors import InputWrong
from player.session.folders import AUDIO_ENDINGS, Budget, music_in
from player.session.lists import LIST_ENDINGS, Entry, entries, file_of_address, is_address
from player.session.shipped import ShippedPiece, pieces
from player.text.small_files import absolute, kind_of
from player.text.words import (
    Misread,
    curly_hint,
    has_controls,
    near,
    nearest_hint,
    same,
    shown,
)
from player.units import Seconds

SILENCE = "silence"
SHIPPED = "shipped:"
MOST_GUESSED = 20
"""Missing files of one session for which a near name is sought."""
MOST_NAMED = 10
"""Missing entries of one list that are named one by one."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The files of one entry in their order, and what is worth knowing about it."""

    tracks: tuple[Path, ...]
    notes: tuple[str, ...] = ()
    lengths_s: tuple[Seconds | None, ...] = ()
    """As a list tells them, one for each track; empty where nobody does."""
    named: bool = False
    """The entry is the one file itself, not a folder or a list of files."""


class Shelf:
    """Opens entries relative to one folder, and remembers what it has opened."""

    def __init__(self, folder: Path) -> None:
        self.base = folder
        """What relative paths are relative to."""
        self._opened: dict[str, Opened | Misread] = {}
        self._guesses_left = MOST_GUESSED
        self._budget = Budget()
        self._pieces: dict[str, ShippedPiece] | None = None

    def open(self, entry: str) -> Opened:
        """The files that an entry means. Raises Misread, with a hint, where there are none."""
        if entry not in self._opened:
            try:
                self._opened[entry] = self._open(entry.strip())
            except Misread as fault:
                self._opened[entry] = fault
        opened = self._opened[entry]
        if isinstance(opened, Misread):
            raise Misread(opened.message, opened.hint)
        return opened

    def sound_file(self, entry: str) -> Path:
        """The one file that an entry names. Raises Misread where it is not there."""
        path = self._path(entry.strip())
        kind = kind_of(path)
        if kind == "nothing":
            raise self._missing(entry, path)
        if kind != "file":
            raise Misread(f"{shown(entry)} is not a file: {kind}", "name a sound file")
        return path

    def _open(self, entry: str) -> Opened:
        if not entry:
            raise Misread("is empty", "name a file, a folder or a shipped piece, or: silence")
        if same(entry).startswith(SHIPPED):
            return self._shipped(entry[len(SHIPPED) :])
        path = self._path(entry)
        kind = kind_of(path)
        if kind == "folder":
            return self._all_in(entry, path)
        if kind == "nothing":
            raise self._missing(entry, path)
        if kind != "file":
            raise Misread(f"{shown(entry)} cannot be played: {kind}")
        return listed(path) if path.suffix.casefold() in LIST_ENDINGS else _file(entry, path)

    def _path(self, entry: str) -> Path:
        if has_controls(entry):
            raise Misread(f"{shown(entry)} holds a control character", "leave it out")
        if is_address(entry):
            return _local(entry)
        try:
            path = Path(entry).expanduser() if entry[:1] == "~" else Path(entry)
        except RuntimeError:
            raise Misread(f"{shown(entry)} names a home folder that is not there") from None
        return absolute(self.base / path)

    def _shipped(self, written: str) -> Opened:
        try:
            known = self._pieces = pieces() if self._pieces is None else self._pieces
        except InputWrong as fault:
            raise Misread(str(fault)) from None
        piece = known.get(same(written))
        if piece is None:
            hint = nearest_hint(written, (each.name for each in known.values()))
            raise Misread(f"no shipped piece is called {shown(written.strip())}", hint)
        if kind_of(piece.file) != "file":
            raise Misread(f"the shipped piece {shown(piece.name)} is missing", "install again")
        return Opened((absolute(piece.file),), named=True)

    def _all_in(self, entry: str, path: Path) -> Opened:
        found = music_in(path, self._budget)
        if not found.tracks:
            reasons = f": {found.notes[0]}" if found.notes else ""
            known = " ".join(sorted(ending[1:] for ending in AUDIO_ENDINGS))
            raise Misread(f"the folder {shown(entry)} holds no music{reasons}", f"endings: {known}")
        return Opened(tuple(found.tracks), tuple(found.notes))

    def _missing(self, entry: str, path: Path) -> Misread:
        message = f"{shown(entry)} is not there"
        self._guesses_left -= 1
        close = near(path.name, _names_in(path.parent)) if self._guesses_left >= 0 else ""
        if close:
            return Misread(message, f"do you mean {shown(close)}?")
        return Misread(message, curly_hint(entry) or f"looked for {shown(str(path), 200)[1:-1]}")


def _local(address: str) -> Path:
    file = file_of_address(address)
    if file is None:
        raise Misread(
            f"{shown(address)} is on the network", "only files on this machine are played"
        )
    return file


def _file(entry: str, path: Path) -> Opened:
    if path.suffix.casefold() in AUDIO_ENDINGS:
        return Opened((path,), named=True)
    note = f"{shown(entry)} has no ending of a kind of music that is known: it may not play"
    return Opened((path,), (note,), named=True)


def listed(list_file: Path) -> Opened:
    """The pieces of a list file that are there. Raises Misread where none is."""
    tracks: list[Path] = []
    lengths_s: list[Seconds | None] = []
    notes = []
    for entry in _entries(list_file):
        track = next((path for path in entry.paths if kind_of(path) == "file"), None)
        inner = track is not None and track.suffix.casefold() in LIST_ENDINGS
        if track and not inner and not has_controls(str(track)):
            tracks.append(absolute(track))
            lengths_s.append(entry.note.length_s)
        else:
            why = _why_not(entry, inner=inner)
            notes.append(f"{list_file.name} {entry.where}: {why}")
    if not tracks:
        why = notes[0] if notes else "it is empty"
        raise Misread(f"{shown(list_file.name)} lists no music that is there", why)
    return Opened(tuple(tracks), tuple(_shortened(notes, list_file.name)), tuple(lengths_s))


def _why_not(entry: Entry, *, inner: bool) -> str:
    if inner:
        return f"{shown(entry.written)} is a list itself: name it in the session, beside this one"
    if not entry.written:
        return "it names no file"
    return f"{shown(entry.written)} {'is not there' if entry.paths else 'is on the network'}"


def _entries(list_file: Path) -> list[Entry]:
    try:
        return entries(list_file)
    except Misread as fault:
        raise Misread(f"{shown(list_file.name)} {fault.message}", fault.hint) from None


def _shortened(notes: list[str], name: str) -> list[str]:
    more = len(notes) - MOST_NAMED
    return notes if more <= 0 else [*notes[:MOST_NAMED], f"{name}: {more} more are not there"]


def _names_in(folder: Path, most: int = 300) -> list[str]:
    try:
        with os.scandir(folder) as found:
            return [entry.name for _, entry in zip(range(most), found, strict=False)]
    except (OSError, ValueError):
        return []

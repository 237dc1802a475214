"""Finds the music in a folder and all folders in it, in the order in which people count.

Goes by the endings of names alone; nothing is opened. Links that lead in a circle are
followed once.
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from player.text.small_files import reason
from player.text.words import Misread, has_controls, shown

AUDIO_ENDINGS = frozenset(
    f".{kind}"
    for kind in (
        *("mp3", "m4a", "aac", "flac", "ogg", "oga", "opus"),
        *("wav", "aif", "aiff", "wma", "mka", "mp4"),
    )
)
MOST_ENTRIES = 20_000
"""Files and folders looked at for one session; more is a whole disk, named by mistake."""
DEEPEST = 40

_NOT_ON_DISK = frozenset(("/proc", "/sys", "/dev"))
"""The system's own views of itself: slow to walk, and never music."""

_DIGITS = re.compile(r"([0-9]+)")


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts without case and with numbers by their value: track 2 before track 10."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    parts = (part for part in _DIGITS.split(folded) if part)
    return tuple((0, int(p), p) if p[0] in "0123456789" else (1, 0, p) for p in parts)


def _is_audio(name: str) -> bool:
    return PurePath(name).suffix.casefold() in AUDIO_ENDINGS


def _kind(entry: os.DirEntry[str]) -> str:
    """Says "folder", "track", or nothing for all else, such as a link in a circle."""
    try:
        if entry.is_dir():
            return "folder"
        return "track" if _is_audio(entry.name) and entry.is_file() else ""
    except OSError:
        return ""


@dataclass(slots=True)
class Budget:
    """How many files and folders may still be looked at; several walks may share it."""

    entries: int = MOST_ENTRIES


@dataclass(slots=True)
class FolderMusic:
    """What a folder holds: music files in natural order, and what could not be used."""

    tracks: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def music_in(folder: Path, budget: Budget | None = None) -> FolderMusic:
    """All music in a folder and the folders in it.

    Raises Misread where the folder itself cannot be read, or holds too much.
    """
    walk = _Walk(budget or Budget())
    try:
        walk.enter(folder, depth=0)
    except OSError as fault:
        raise Misread(
            f"the folder {shown(str(folder), 200)} cannot be read: {reason(fault)}"
        ) from None
    return walk.found


class _Walk:
    """One walk: counts entries, and remembers folders by device and number."""

    def __init__(self, budget: Budget) -> None:
        self.found = FolderMusic()
        self._budget = budget
        self._seen: set[tuple[int, int]] = set()

    def enter(self, folder: Path, depth: int) -> None:
        if str(folder) in _NOT_ON_DISK:
            return
        status = folder.stat()
        if (status.st_dev, status.st_ino) in self._seen:
            return
        self._seen.add((status.st_dev, status.st_ino))
        for name, is_folder in self._entries(folder):
            if is_folder:
                self._enter_within(folder / name, depth + 1)
            elif self._usable(folder, name):
                self.found.tracks.append(folder / name)

    def _entries(self, folder: Path) -> list[tuple[str, bool]]:
        with os.scandir(folder) as entries:
            found = []
            for entry in entries:
                self._count(folder)
                if entry.name.startswith("."):
                    continue
                kind = _kind(entry)
                if kind:
                    found.append((entry.name, kind == "folder"))
        return sorted(found, key=lambda each: (natural(each[0]), each[0]))

    def _enter_within(self, folder: Path, depth: int) -> None:
        if depth > DEEPEST:
            self.found.notes.append(f"the folder {shown(str(folder), 200)} lies too deep: left out")
            return
        try:
            self.enter(folder, depth)
        except OSError as fault:
            why = reason(fault)
            self.found.notes.append(f"the folder {shown(str(folder), 200)} cannot be read: {why}")

    def _usable(self, folder: Path, name: str) -> bool:
        if has_controls(name):
            where = shown(str(folder / name).encode("utf-8", "replace").decode())
            self.found.notes.append(f"{where} has a name that is not plain text: left out")
            return False
        return True

    def _count(self, folder: Path) -> None:
        self._budget.entries -= 1
        if self._budget.entries < 0:
            raise Misread(
                f"the folder {shown(str(folder), 200)} and its folders hold too many files",
                "name the folder with this phase's music",
            )

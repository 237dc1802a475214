"""Finds the files to scan in folders and lists, each once, whatever lies in the way.

Unlike a session, which takes what it knows as music, a scan names every file that it meets.
Nothing is opened but lists. Hidden files are left out.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from player.errors import InputWrong
from player.session.folders import natural
from player.session.lists import LIST_ENDINGS, entries
from player.stopping import Telling
from player.text.small_files import absolute, reason
from player.text.words import Misread, has_controls, shown

KINDS = {
    "picture": "jpg jpeg png gif bmp webp tif tiff heic svg ico psd",
    "text": "txt nfo log cue md pdf htm html rtf doc docx odt csv json xml yaml yml lrc srt",
    "list": "m3u m3u8 xspf pls wpl asx",
    "other file": "sfv md5 db ini lnk url exe dll app plist torrent part",
    "archive": "zip rar 7z gz tar iso dmg",
}
NOT_MUSIC = {f".{ending}": kind for kind, endings in KINDS.items() for ending in endings.split()}
"""What no one takes for music: named by its ending, and never opened."""
TOLD_EVERY = 200
"""Files between two looks at whether the walk is to end."""
VIEWS = frozenset(("/proc", "/sys", "/dev"))
"""The system's own views of itself."""


@dataclass(frozen=True, slots=True)
class Met:
    """A file on the way: to be measured, or not, and why not."""

    place: str
    """Its absolute path, as text: tens of thousands are held."""
    not_music: str = ""
    """What nobody would take for music: "picture", by its ending."""
    fault: str = ""
    """Why it cannot even be opened."""

    @property
    def path(self) -> Path:
        """The same as a path."""
        return Path(self.place)


def _nothing(what: str, fraction: float) -> None:
    """Told how far the walk is, does nothing."""


def met(paths: Sequence[Path], tell: Telling = _nothing) -> list[Met]:
    """Every file in these folders, lists and files, in natural order. Raises InputWrong.

    It does so where one of the paths is not there, before anything is looked at. `tell` is
    called now and then, and may raise to end the walk.
    """
    missing = [path for path in paths if not _is_there(path)]
    if missing:
        names = ", ".join(shown(_text(path), 200) for path in missing)
        raise InputWrong(f"{names}: there is no such file or folder")
    walk = _Walk()
    found: dict[str, Met] = {}
    for path in paths:
        for each in walk.at(absolute(path)):
            found.setdefault(each.place, each)
            if len(found) % TOLD_EVERY == 0:
                tell(f"{len(found)} files met", 0.0)
    return list(found.values())


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except PermissionError:  # what lies beyond a closed folder is a line in the result
        return True
    except (OSError, ValueError):
        return False
    return True


def _text(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


class _Walk:
    """One walk: remembers folders by device and number, so that links in circles end."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, int]] = set()

    def at(self, path: Path) -> Iterator[Met]:
        """What a path that was named means: a folder, a list, or a file."""
        if _mode(path) == stat.S_IFDIR:
            yield from self._within(path)
        elif path.suffix.casefold() in LIST_ENDINGS:
            yield from _listed(path)
        else:
            yield _file(str(path), named=True)

    def _within(self, top: Path) -> Iterator[Met]:
        """All files in a folder; deeper folders after the files beside them."""
        waiting = [str(top)]
        while waiting:
            folder = waiting.pop()
            try:
                if folder in VIEWS or not self._is_new(folder):
                    if Path(folder).is_symlink():
                        fault = "is a link to a folder that was met before"
                        yield Met(folder, not_music="circular link", fault=fault)
                    continue
                files, folders = _entries(folder)
            except OSError as fault:
                yield Met(folder, fault=f"is a folder that cannot be read: {reason(fault)}")
                continue
            within = folder if folder.endswith(os.sep) else folder + os.sep
            yield from (_file(within + name) for name in files)
            waiting += [within + name for name in reversed(folders)]

    def _is_new(self, folder: str) -> bool:
        status = Path(folder).stat()
        key = (status.st_dev, status.st_ino)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True


def _entries(folder: str) -> tuple[list[str], list[str]]:
    """The names of files and of folders in a folder, each in natural order."""
    files: list[str] = []
    folders: list[str] = []
    with os.scandir(folder) as entries_in:
        for entry in entries_in:
            if not entry.name.startswith("."):
                (folders if _is_folder(entry) else files).append(entry.name)
    return _sorted(files), _sorted(folders)


def _sorted(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: (natural(name), name))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _file(place: str, *, named: bool = False) -> Met:
    """A file by its name. One that was named is opened whatever it is called."""
    kind = "" if named else NOT_MUSIC.get("." + place.rpartition(".")[2].casefold(), "")
    return Met(place, not_music=kind)


def _listed(list_file: Path) -> Iterator[Met]:
    """The files of a list, each at the first place that is there."""
    try:
        rows = entries(list_file)
    except Misread as fault:
        yield Met(str(list_file), fault=str(fault))
        return
    for row in rows:
        there = next((path for path in row.paths if _mode(path) == stat.S_IFREG), None)
        if there is not None:
            yield _file(str(absolute(there)), named=True)
        elif row.paths and not has_controls(row.written):
            why = f"is not there ({row.where} of {_text(Path(list_file.name))})"
            yield Met(str(absolute(row.paths[0])), fault=why)
        elif row.written:
            yield Met(str(list_file), fault=f"{row.where}: {shown(row.written)} is on the network")


def _mode(path: Path) -> int:
    try:
        return stat.S_IFMT(path.stat().st_mode)
    except (OSError, ValueError):
        return 0

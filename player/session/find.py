"""Finds session files: by path, or by name among the shipped ones and one's own.

Opens none of them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from player import paths
from player.errors import InputWrong
from player.session.folders import natural
from player.text.small_files import kind_of
from player.text.words import near, nearest_hint, same, shown

SHIPPED_ORDER = (
    "rest",
    "lozenge",
    "injection",
    "infusion",
    "esketamine",
    "low-dose",
    "long",
    "grounding-5",
    "grounding-10",
    "grounding-20",
)
"""As the chooser shows them; any others follow by name."""

ENDINGS = (".yaml", ".yml")
_NOT_SESSIONS = ("music", "voice")


@dataclass(frozen=True, slots=True)
class SessionFile:
    """A session file that can be chosen by name."""

    path: Path
    own: bool
    """One's own; otherwise shipped."""

    @property
    def name(self) -> str:
        """The file's name without its ending: what commands take."""
        return self.path.stem


def everything() -> list[SessionFile]:
    """All session files: the shipped ones in their order, then one's own by name."""
    shipped = [path for path in yaml_files(paths.shipped()) if path.stem not in _NOT_SESSIONS]
    known = {name: place for place, name in enumerate(SHIPPED_ORDER)}
    shipped.sort(key=lambda path: known.get(path.stem, len(known)))
    own = [SessionFile(path, True) for path in _own()]
    return [SessionFile(path, False) for path in shipped] + own


def find(name: str) -> Path:
    """The session file of a path or a name; one's own comes before a shipped one of that name.

    Raises InputWrong, with the nearest names, where there is none.
    """
    path = _path(name)
    if _is_path(name):
        if kind_of(path) == "nothing":
            raise _no_file(name, path)
        return path
    found = [each for each in everything() if same(each.name) == same(name)]
    if found:
        return found[-1].path
    if kind_of(path) == "file":
        return path
    hint = nearest_hint(name, (each.name for each in everything()))
    raise InputWrong(f"no session is called {shown(name)} ({hint})")


def _own() -> list[Path]:
    try:
        return yaml_files(paths.own_sessions())
    except OSError:
        return []


def _path(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def _is_path(name: str) -> bool:
    separators = (os.sep, os.altsep or os.sep)
    written_as_one = any(each in name for each in separators) or name.startswith((".", "~"))
    return written_as_one or name.casefold().endswith(ENDINGS)


def _no_file(name: str, path: Path) -> InputWrong:
    close = near(path.name, (each.name for each in yaml_files(path.parent)))
    called = near(path.stem, (each.name for each in everything()))
    hint = f" (do you mean {shown(close or called)}?)" if close or called else ""
    return InputWrong(f"{shown(name, 200)} is not there{hint}")


def yaml_files(folder: Path) -> list[Path]:
    """The YAML files of a folder in natural order; none where it cannot be read."""
    try:
        found = [path for path in folder.iterdir() if path.suffix.casefold() in ENDINGS]
    except (OSError, ValueError):
        return []
    shown_ones = [path for path in found if not path.name.startswith(".") and path.is_file()]
    return sorted(shown_ones, key=lambda path: (natural(path.stem), path.name))

"""Finds script files by name, shipped ones and one's own. Opens none of them."""

from __future__ import annotations

from pathlib import Path

from player import paths
from player.session.find import ENDINGS, yaml_files
from player.text.small_files import absolute, kind_of
from player.text.words import Misread, has_controls, nearest_hint, same, shown

FOLDER = "scripts"


def script_files() -> dict[str, Path]:
    """Every script by name; one's own takes the place of a shipped one of the same name."""
    found = yaml_files(paths.shipped() / FOLDER) + yaml_files(paths.own_scripts())
    return {path.stem: absolute(path) for path in found}


def script_file(written: str, base: Path) -> Path:
    """The file of a script that a session names: by name, or by a path relative to `base`.

    Raises Misread, with the nearest name, where there is none.
    """
    if has_controls(written):
        raise Misread(f"{shown(written)} holds a control character", "leave it out")
    if written.casefold().endswith(ENDINGS):
        return _by_path(written, base)
    known = script_files()
    found = [path for name, path in known.items() if same(name) == _dashed(written)]
    if not found:
        hint = nearest_hint(_dashed(written), known)
        raise Misread(f"no script is called {shown(written)}", hint)
    return found[-1]


def _by_path(written: str, base: Path) -> Path:
    try:
        path = absolute(base / Path(written).expanduser())
    except RuntimeError:
        raise Misread(f"{shown(written)} names a home folder that is not there") from None
    kind = kind_of(path)
    if kind == "nothing":
        raise Misread(f"{shown(written)} is not there", nearest_hint(path.stem, script_files()))
    if kind != "file":
        raise Misread(f"{shown(written)} is not a file: {kind}", "name a script")
    return path


def _dashed(written: str) -> str:
    """A name as its file has it: "Body scan" is body-scan."""
    return same(written).replace(" ", "-").replace("_", "-")

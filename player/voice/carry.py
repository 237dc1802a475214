"""A recorded script as one zip file: out of this machine, and into another.

What comes in takes its place whole or not at all. How it is read is not known here.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from player import paths
from player.errors import InputWrong, RunFailed
from player.session.scripts import script_files
from player.text.whole_files import draft_of
from player.voice import unpacking
from player.voice.scripts import load
from player.voice.takes import FORMAT, INDEX, ORIGINALS, folder_of, texts_of
from player.voice.unpacking import SCRIPT


@dataclass(frozen=True, slots=True)
class Carried:
    """What was packed or unpacked."""

    script: str
    sentences: int


def export(script: str, out: Path) -> Carried:
    """Write every recording of a script, with its original, to one zip. Raises InputWrong."""
    folder, texts = folder_of(script), texts_of(script)
    held = {key: text for key, text in texts.items() if (folder / f"{key}.wav").is_file()}
    if not held:
        raise InputWrong(f"{script}: nothing of it is recorded here (stillroom voice record)")
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise InputWrong(f"{out}: a file name in a folder that is there is needed")
    try:
        with draft_of(out, b"") as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as pack:
            index = {"format": FORMAT, "script": script, "sentences": held}
            pack.writestr(INDEX, json.dumps(index, ensure_ascii=False, indent=1))
            if (own := _own_script(script)) is not None:
                pack.write(own, SCRIPT)
            for key in held:
                for name in (f"{key}.wav", f"{ORIGINALS}/{key}.wav"):
                    if (folder / name).is_file():
                        pack.write(folder / name, name)
    except OSError as fault:
        raise RunFailed(f"{out}: cannot be written: {fault.strerror}") from None
    return Carried(script, len(held))


def take_in(file: Path, *, replace: bool = False) -> Carried:
    """Unpack such a zip into one's own recordings. Raises InputWrong, and changes nothing then.

    Recordings of the same script that are there already are only replaced where `replace`.
    """
    with unpacking.opened(file) as pack:
        members = unpacking.members(file, pack)
        script, texts = unpacking.index(file, pack, members)
        target = folder_of(script)
        if target.exists() and not replace:
            raise InputWrong(
                f"{script}: recordings of it are here already; --replace takes these in their place"
            )
        draft = Path(tempfile.mkdtemp(prefix=".coming-", dir=paths.own_voice()))
        try:
            unpacking.unpack(file, pack, members, draft)
            written = _unknown_script(file, script, draft / SCRIPT)
            _take_the_place(draft, target)
            if written is not None:
                with draft_of(paths.own_scripts() / f"{script}.yaml", written):
                    pass
        except OSError as fault:
            raise RunFailed(f"{target}: cannot be written: {fault.strerror}") from None
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return Carried(script, len(texts))


def _own_script(script: str) -> Path | None:
    """The file of a script that did not come with Stillroom."""
    path = script_files().get(script)
    return path if path is not None and path.is_relative_to(paths.own_scripts()) else None


def _unknown_script(file: Path, script: str, came: Path) -> bytes | None:
    """A script that came along and is not known here, once it was read without a fault."""
    if not came.exists():
        return None
    body = came.read_bytes()
    try:
        load(came)
    except InputWrong:
        raise InputWrong(f"{file}: the script in it cannot be read") from None
    came.unlink()
    return None if script in script_files() else body


def _take_the_place(draft: Path, target: Path) -> None:
    """The new folder in place of the old one, which is kept until the new one stands."""
    if not target.exists():
        draft.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=".going-", dir=target.parent)) / "old"
    target.rename(old)
    try:
        draft.rename(target)
    except OSError:
        old.rename(target)
        raise
    finally:
        shutil.rmtree(old.parent, ignore_errors=True)

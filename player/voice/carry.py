"""A recorded script as one zip file: out of this machine, and into another.

What comes in is read with care: only names that are expected, bounded sizes as they are unpacked
and not as they are promised, only plain wav files whose words match their names. It takes its
place whole or not at all. Knows nothing of sound beyond the wav header.
"""

from __future__ import annotations

import io
import json
import shutil
import stat
import tempfile
import wave
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from player import paths
from player.errors import InputWrong, RunFailed
from player.session.scripts import script_files
from player.text.whole_files import draft_of
from player.units import SAMPLE_RATE
from player.voice.key import key_of
from player.voice.scripts import load
from player.voice.takes import FORMAT, INDEX, LARGEST_INDEX, ORIGINALS, folder_of, texts_of

MOST_SENTENCES = 400
LARGEST_ZIP = 1 << 30
LARGEST_WAV = 60 * SAMPLE_RATE * 2 + 4096
"""A minute, which is as long as a recording may become."""
PIECE = 1 << 16
LONGEST_TEXT = 2000
SCRIPT = "script.yaml"
"""The script itself, where it is one's own: a shipped one is on the other machine already."""
LARGEST_SCRIPT = 1 << 18
LARGEST_WHOLE = 1 << 29
"""Unpacked: an hour and a half of speech."""

_DAMAGED = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What reading a damaged member may raise."""
_MOST = {INDEX: LARGEST_INDEX, SCRIPT: LARGEST_SCRIPT}
"""The bounds of what is not sound."""


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
    with _opened(file) as pack:
        members = _members(file, pack)
        script, texts = _index(file, pack, members)
        target = folder_of(script)
        if target.exists() and not replace:
            raise InputWrong(
                f"{script}: recordings of it are here already; --replace takes these in their place"
            )
        draft = Path(tempfile.mkdtemp(prefix=".coming-", dir=paths.own_voice()))
        try:
            _unpack(file, pack, members, draft)
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


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        if not file.is_file():
            raise InputWrong(f"{file}: there is no such file")
        if file.stat().st_size > LARGEST_ZIP:
            raise InputWrong(f"{file}: is larger than any recorded script")
        return zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        raise InputWrong(f"{file}: is not a zip that can be read") from None


def _members(file: Path, pack: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """What is in it by name; every name must be one that an export writes."""
    rows = pack.infolist()
    if len(rows) > 2 * MOST_SENTENCES + 2:
        raise InputWrong(f"{file}: holds more files than any recorded script")
    found: dict[str, zipfile.ZipInfo] = {}
    for row in rows:
        if row.filename == f"{ORIGINALS}/":
            continue
        if not _expected(row) or row.filename in found:
            name = row.filename[:80].encode("ascii", "backslashreplace").decode()
            raise InputWrong(f"{file}: is not a recorded script: “{name}” does not belong in it")
        found[row.filename] = row
    return found


def _expected(row: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(row.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or row.flag_bits & 1:
        return False
    if row.filename in (INDEX, SCRIPT):
        return True
    key = row.filename.removeprefix(f"{ORIGINALS}/").removesuffix(".wav")
    known = row.filename in (f"{key}.wav", f"{ORIGINALS}/{key}.wav")
    return known and len(key) == 16 and set(key) <= set("0123456789abcdef")


def _index(
    file: Path, pack: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]
) -> tuple[str, dict[str, str]]:
    """The script's name and its sentences by key."""
    wrong = InputWrong(f"{file}: is not a recorded script: its {INDEX} cannot be read")
    if INDEX not in members:
        raise InputWrong(f"{file}: is not a recorded script: there is no {INDEX} in it")
    try:
        body = json.loads(_bytes(file, pack, members[INDEX], LARGEST_INDEX))
        number, script, texts = body["format"], body["script"], body["sentences"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise wrong from None
    if not isinstance(script, str) or not isinstance(texts, dict) or not texts:
        raise wrong
    if number != FORMAT:
        raise InputWrong(f"{file}: was made by another version of Stillroom")
    folder_of(script)
    wavs = {
        name.removesuffix(".wav") for name in members if "/" not in name and name.endswith(".wav")
    }
    matched = all(
        isinstance(text, str) and len(text) <= LONGEST_TEXT and key == key_of(text)
        for key, text in texts.items()
    )
    if not matched or wavs != set(texts) or len(texts) > MOST_SENTENCES:
        raise InputWrong(f"{file}: is not a recorded script: its words and its sound do not match")
    return script, texts


def _unpack(
    file: Path,
    pack: zipfile.ZipFile,
    members: dict[str, zipfile.ZipInfo],
    draft: Path,
) -> None:
    (draft / ORIGINALS).mkdir(mode=0o700)
    whole = 0
    for name, row in members.items():
        body = _bytes(file, pack, row, _MOST.get(name, LARGEST_WAV))
        whole += len(body)
        if whole > LARGEST_WHOLE:
            raise InputWrong(f"{file}: holds more sound than any recorded script")
        if name not in _MOST:
            _check_wav(file, name, body)
        place = draft / name
        place.write_bytes(body)
        place.chmod(0o600)


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


def _bytes(file: Path, pack: zipfile.ZipFile, row: zipfile.ZipInfo, most: int) -> bytes:
    """A member, counted as it is unpacked: what its header promises may be a lie."""
    body = bytearray()
    try:
        with pack.open(row) as stream:
            for piece in _pieces(stream):
                body += piece
                if len(body) > most:
                    raise InputWrong(f"{file}: {row.filename} is far too large for a sentence")
    except _DAMAGED:
        raise InputWrong(f"{file}: {row.filename} in it is damaged") from None
    return bytes(body)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def _check_wav(file: Path, name: str, body: bytes) -> None:
    """A sentence is 48 kHz, mono, 16 bits, and has its samples."""
    try:
        with wave.open(io.BytesIO(body), "rb") as wav:
            kind = (wav.getframerate(), wav.getnchannels(), wav.getsampwidth())
            whole = len(wav.readframes(wav.getnframes())) == 2 * wav.getnframes() > 0
    except (wave.Error, EOFError, ValueError):
        kind, whole = (0, 0, 0), False
    if kind != (SAMPLE_RATE, 1, 2) or not whole:
        raise InputWrong(f"{file}: {name} in it is not a recorded sentence")


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

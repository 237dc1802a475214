"""Reads a zip of recordings with care, since anybody may have made it.

Only names that an export writes; sizes counted as they are unpacked, not as they are promised;
only plain wav files, whose words match their names. Knows not where they will lie.
"""

from __future__ import annotations

import io
import json
import stat
import wave
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from player.errors import InputWrong
from player.units import SAMPLE_RATE
from player.voice.key import key_of
from player.voice.takes import FORMAT, INDEX, LARGEST_INDEX, ORIGINALS, folder_of

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
LARGEST_TABLE = 1 << 18
"""Of the names at a zip's end, which are all read before any can be looked at: three times what
the longest script needs."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""An export writes the second. The others may unpack far more at once than was asked for."""

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


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """A zip of a bearable size, closed behind the block. Raises InputWrong."""
    with ExitStack() as open_files:
        try:
            if not file.is_file():
                raise InputWrong(f"{file}: there is no such file")
            if file.stat().st_size > LARGEST_ZIP:
                raise InputWrong(f"{file}: is larger than any recorded script")
            stream = open_files.enter_context(_BoundedFile(io.FileIO(file)))
            pack = open_files.enter_context(zipfile.ZipFile(stream))
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
            raise InputWrong(f"{file}: is not a zip that can be read") from None
        except _TableTooLarge:
            raise _too_many(file) from None
        yield pack


class _TableTooLarge(Exception):
    """More was to be read at once than the names of a script can be."""


class _BoundedFile(io.BufferedReader):
    """Refuses to read much at once, as is done for a zip's table, whatever that says of itself.

    Raises _TableTooLarge.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0 or size > LARGEST_TABLE:
            at = self.tell()
            if self.seek(0, io.SEEK_END) - at > LARGEST_TABLE:
                raise _TableTooLarge
            self.seek(at)
        return super().read(size)


def _too_many(file: Path) -> InputWrong:
    return InputWrong(f"{file}: holds more files than any recorded script")


def members(file: Path, pack: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """What is in it by name; every name must be one that an export writes. Raises InputWrong."""
    rows = pack.infolist()
    if len(rows) > 2 * MOST_SENTENCES + 2:
        raise _too_many(file)
    found: dict[str, zipfile.ZipInfo] = {}
    for row in rows:
        if row.filename == f"{ORIGINALS}/":
            continue
        if not _expected(row) or row.filename in found:
            name = row.filename[:80].encode("ascii", "backslashreplace").decode()
            raise InputWrong(f"{file}: is not a recorded script: “{name}” does not belong in it")
        if row.compress_type not in _METHODS:
            raise InputWrong(
                f"{file}: is packed in another way than “stillroom voice export” does: export the"
                " script again, and carry that zip as it is"
            )
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


def index(
    file: Path, pack: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]
) -> tuple[str, dict[str, str]]:
    """The script's name and its sentences by key. Raises InputWrong where they differ."""
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


def unpack(
    file: Path,
    pack: zipfile.ZipFile,
    members: dict[str, zipfile.ZipInfo],
    draft: Path,
) -> None:
    """Write all that is in it into an empty folder, files 0600. Raises InputWrong, OSError."""
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

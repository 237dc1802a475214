"""Wav files, written as they come: 16-bit or float, beyond 4 GiB as RF64.

Under a temporary name in the same folder until they are whole, and for their owner alone. Knows
nothing of codecs.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from player.errors import InputWrong, RunFailed
from player.sound.streams import BLOCK, Sound
from player.text.whole_files import opened_for_owner
from player.units import CHANNELS, SAMPLE_RATE, Frames

_PCM, _FLOAT = 1, 3
_UNKNOWN = 0xFFFF_FFFF
"""In place of a size that 32 bits cannot hold."""
_RIFF_LIMIT = _UNKNOWN - 1
_MACHINE = re.sub(r"[^A-Za-z0-9]+", "_", platform.node())[:40]
"""Stands in the names of unfinished files: a shared folder may hold those of other machines."""
_DS64 = 28
"""Bytes of the chunk that holds 64-bit sizes; room for it is kept as `JUNK`."""


def temporary_beside(path: Path) -> Path:
    """The name that a file has until it is whole; what a killed run left of it is taken away.

    Raises InputWrong where it cannot be made, RunFailed where it must not be replaced.
    """
    if path.is_dir():
        raise InputWrong(f"{path}: is a folder, a file name is needed")
    if not path.parent.is_dir():
        raise InputWrong(f"{path.parent}: there is no such folder")
    if path.exists() and not os.access(path, os.W_OK):
        raise RunFailed(f"{path}: cannot be written: it is write-protected")
    _clear_left_over(path)
    return path.with_name(f".{path.name}.{_MACHINE}-{os.getpid()}.part")


def unwritable(path: Path, fault: OSError) -> RunFailed:
    """What to say where the system refuses to write a file."""
    return RunFailed(f"{path}: cannot be written: {fault.strerror or fault}")


def _clear_left_over(path: Path) -> None:
    """Remove parts of this very name whose process on this machine is gone."""
    ours = re.compile(re.escape(f".{path.name}.{_MACHINE}-") + r"([0-9]{1,10})\.part")
    with contextlib.suppress(OSError):
        for part in path.parent.iterdir():
            named = ours.fullmatch(part.name)
            if named and not _runs(int(named[1])):
                with contextlib.suppress(OSError):
                    part.unlink()


def _runs(process: int) -> bool:
    """Whether a process is there. Windows is not asked: there an open file cannot be removed."""
    if os.name == "nt":
        return process == os.getpid()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


class WavWriter:
    """Stereo at 48 kHz; rounded to 16 bits, or the float samples as they are."""

    def __init__(
        self, path: Path, *, whole_numbers: bool = True, tags: dict[bytes, str] | None = None
    ) -> None:
        """`tags` are by RIFF's four letters, as `INAM`. Raises InputWrong or RunFailed."""
        self._path, self._part = path, temporary_beside(path)
        self._whole_numbers = whole_numbers
        self._width = CHANNELS * (2 if whole_numbers else 4)
        self._frames: Frames = 0
        self._rounding = Rounding()
        try:
            self._file = os.fdopen(opened_for_owner(self._part), "wb")
            self._file.write(self._header(_tag_chunk(tags or {})))
        except OSError as fault:
            raise unwritable(path, fault) from None

    def write(self, block: Sound) -> None:
        """Append frames, at most BLOCK of them, (n, 2). Raises RunFailed."""
        try:
            frames = self._rounding.of(block) if self._whole_numbers else block
            self._file.write(np.ascontiguousarray(frames).data)
        except OSError as fault:
            raise unwritable(self._path, fault) from None
        self._frames += len(block)

    def finish(self) -> None:
        """Fill the sizes in and give the file its name. Raises RunFailed."""
        try:
            self._write_sizes()
            self._file.close()
            self._part.replace(self._path)
        except OSError as fault:
            raise unwritable(self._path, fault) from None

    def abandon(self) -> None:
        """Leave nothing behind."""
        try:
            self._file.close()
        except OSError:
            pass  # what could not be written is not wanted any more
        finally:
            self._part.unlink(missing_ok=True)

    def _header(self, tags: bytes) -> bytes:
        kind = _PCM if self._whole_numbers else _FLOAT
        sample = self._width // CHANNELS
        layout = struct.pack(
            "<HHIIHH",
            kind,
            CHANNELS,
            SAMPLE_RATE,
            SAMPLE_RATE * self._width,
            self._width,
            8 * sample,
        )
        head = b"RIFF\0\0\0\0WAVE" + _chunk(b"JUNK", bytes(_DS64)) + _chunk(b"fmt ", layout)
        self._data_size_at = len(head) + len(tags) + 4
        return head + tags + b"data\0\0\0\0"

    def _write_sizes(self) -> None:
        size = self._frames * self._width
        whole = self._data_size_at - 4 + size
        if whole <= _RIFF_LIMIT:
            self._patch(4, struct.pack("<I", whole))
            self._patch(self._data_size_at, struct.pack("<I", size))
            return
        sizes = struct.pack("<QQQI", whole, size, self._frames, 0)
        self._patch(0, b"RF64" + struct.pack("<I", _UNKNOWN))
        self._patch(12, _chunk(b"ds64", sizes))
        self._patch(self._data_size_at, struct.pack("<I", _UNKNOWN))

    def _patch(self, at: int, what: bytes) -> None:
        self._file.seek(at)
        self._file.write(what)


class Rounding:
    """Float frames as 16-bit ones, rounded to the nearest, full scale at 32767."""

    def __init__(self) -> None:
        self._scaled = np.empty((BLOCK, CHANNELS), np.float32)
        self._whole = np.empty((BLOCK, CHANNELS), "<i2")

    def of(self, block: Sound) -> NDArray[np.int16]:
        """At most BLOCK frames, (n, 2), valid until the next call."""
        scaled, whole = self._scaled[: len(block)], self._whole[: len(block)]
        np.multiply(block, np.float32(32767.0), out=scaled)
        np.rint(scaled, out=scaled)
        np.clip(scaled, -32768.0, 32767.0, out=scaled)
        np.copyto(whole, scaled, casting="unsafe")
        return whole


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _tag_chunk(tags: dict[bytes, str]) -> bytes:
    if not tags:
        return b""
    texts = (_chunk(name, text.encode() + b"\0") for name, text in tags.items())
    return _chunk(b"LIST", b"INFO" + b"".join(texts))

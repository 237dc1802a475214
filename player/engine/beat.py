"""Signs of life in shared memory: the engine's threads count up, the keeper looks.

A file that both hold in memory: a count costs no call to the system, and a process that was killed
leaves its last one behind. It lies in memory too where the system has a folder for that: a store
into a file of a disk waits now and then until the disk has written. Standard library only: the
keeper loads it.
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
import struct
import sys
import time
from pathlib import Path

SOUND, CONTROL, PID, LEAVING, SESSION, STANDING_BY = range(6)
NOTHING_RUNS, RUNS = 1, 2
"""What stands at SESSION: a session that runs is to be brought back. 0 where it is not known."""
_COUNTS = struct.Struct("<Q")
SIZE = 64
NAME = "engine.beat"
MEMORY = Path("/dev/shm")  # noqa: S108 - a file there is ours or it is not used
SETTLED_S = 60.0
"""An engine has said whose signs these are long before."""


def lies_at(runtime: Path) -> Path:
    """Where the signs of life of the engine of a runtime folder lie."""
    if sys.platform != "win32" and os.access(MEMORY, os.W_OK):
        tag = hashlib.blake2b(os.fsencode(runtime), digest_size=8).hexdigest()
        path = MEMORY / f"stillroom-{os.getuid()}-{tag}"
        with contextlib.suppress(FileNotFoundError):
            if not _is_own(path.lstat()):
                return runtime / NAME
        return path
    return runtime / NAME


def tidy() -> None:
    """Take away what was left of this user's engines that are gone, whose folder nobody met again.

    Where an engine is taken for gone and is not, it shows its signs anew at its next look.
    """
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        for path in MEMORY.glob(f"stillroom-{os.getuid()}-*"):
            with contextlib.suppress(OSError, struct.error):
                if _is_left(path):
                    path.unlink()


def _is_left(path: Path) -> bool:
    found = path.lstat()
    if not _is_own(found) or time.time() - found.st_mtime < SETTLED_S:
        return False
    process: int = _COUNTS.unpack_from(path.read_bytes(), 8 * PID)[0]
    if process == 0:
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return True
    return False


def _is_own(found: os.stat_result) -> bool:
    return found.st_uid == os.getuid() and found.st_mode & 0o7777 == 0o600


class Beat:
    """Numbers: how often sound and control went round, the engine's process, whether it ends in
    good order, whether a session runs, and the process that stands by with all loaded."""

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        """Raises OSError where the file cannot be had. `fresh` sets all numbers to 0."""
        # Never by a link, and never another's: the folder may be open to all.
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            if hasattr(os, "getuid") and os.fstat(handle).st_uid != os.getuid():
                raise PermissionError(f"{path} belongs to somebody else")
            if fresh or os.fstat(handle).st_size < SIZE:
                # Written, not only sized: room that is not there must fail here, not later.
                os.pwrite(handle, bytes(SIZE), 0) if hasattr(os, "pwrite") else os.write(
                    handle, bytes(SIZE)
                )
            self._memory = mmap.mmap(handle, SIZE)
            self._file = os.fstat(handle)
        finally:
            os.close(handle)

    def is_at(self, path: Path) -> bool:
        """Whether this is still the file by that name."""
        if sys.platform == "win32":
            return True  # what is held in memory cannot be taken away there
        try:
            return os.path.samestat(self._file, path.stat())
        except OSError:
            return False

    def __getitem__(self, place: int) -> int:
        number: int = _COUNTS.unpack_from(self._memory, 8 * place)[0]
        return number

    def __setitem__(self, place: int, number: int) -> None:
        _COUNTS.pack_into(self._memory, 8 * place, number)

    def count(self, place: int) -> None:
        """One more."""
        self[place] = self[place] + 1

"""A lock on a file, held by one process at a time. Standard library only: the keeper loads it."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from types import TracebackType


class Lock:
    """Held until it is closed; taken again where the file was taken away underneath it.

    The number of the process that holds it stands in the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    @classmethod
    def take(cls, path: Path) -> Lock | None:
        """The lock; None where another process has it. Raises OSError where there is no folder."""
        lock = cls(path)
        return lock if lock.look() else None

    def look(self) -> bool:
        """Whether it is held, taken anew if need be. Raises OSError where there is no folder."""
        if self._handle is not None and self._is_in_place():
            return True
        while True:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            if not _locked(handle):
                os.close(handle)
                return False
            self.close()
            self._handle = handle
            with contextlib.suppress(OSError):  # a full disk
                os.ftruncate(handle, 0)
                os.write(handle, str(os.getpid()).encode())
            # Between opening and locking it may have been taken away.
            if self._is_in_place():
                return True

    def close(self) -> None:
        """Let go of it."""
        if self._handle is not None:
            handle, self._handle = self._handle, None
            os.close(handle)

    def __enter__(self) -> Lock:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _where: TracebackType | None,
    ) -> None:
        self.close()

    def _is_in_place(self) -> bool:
        """Whether the file that is locked is still the one by that name."""
        if sys.platform == "win32":
            return True  # an open file cannot be taken away there
        try:
            return self._handle is not None and os.path.samestat(
                os.fstat(self._handle), self._path.stat()
            )
        except FileNotFoundError:
            return False


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock. Raises OSError where that cannot be seen."""
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        return _locked(handle)
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            # Far behind what is written in it, which others may read.
            os.lseek(handle, 1 << 20, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

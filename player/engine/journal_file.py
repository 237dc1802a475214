"""The journal on the disk: lines appended, now and then written anew so that it stays small.

Raises OSError where the disk does not take it; whoever writes tries again later.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

LARGEST = 384 * 1024
"""Beyond it the file is written anew with what is still needed: every few minutes. Where that
alone is more, as with thousands of tracks, it may become twice as long first."""


class JournalFile:
    """One file, mode 0600, in a folder that is made 0700 if its own parent is there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None
        self._size = self._size_anew = 0

    @property
    def large(self) -> bool:
        """Time to write it anew."""
        return self._size > max(LARGEST, 2 * self._size_anew)

    def write_anew(self, lines: Iterable[bytes]) -> None:
        """Replace the file, whole or not at all, and go on behind these lines."""
        self.close()
        if not self.path.parent.exists():
            self.path.parent.mkdir(mode=0o700, exist_ok=True)
            if sys.platform != "win32":
                _folder_to_disk(self.path.parent.parent)
        draft = self.path.with_suffix(".draft")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        try:
            content = b"".join(lines)
            _write(handle, content)
            _to_disk(handle)
            if sys.platform == "win32":
                os.close(handle)
                draft.replace(self.path)
                handle = os.open(self.path, os.O_WRONLY | os.O_APPEND)
            else:
                draft.replace(self.path)
                _folder_to_disk(self.path.parent)
        except OSError:
            with contextlib.suppress(OSError):
                os.close(handle)
            with contextlib.suppress(OSError):
                draft.unlink()
            raise
        self._handle, self._size = handle, len(content)
        self._size_anew = self._size

    def append(self, content: bytes) -> None:
        """Add lines behind the others."""
        if self._handle is None:
            raise OSError("the journal is not open")
        _write(self._handle, content)
        self._size += len(content)

    def to_disk(self) -> None:
        """Have all of it on the disk; a file that was taken away underneath counts as a fault."""
        if self._handle is None:
            raise OSError("the journal is not open")
        _to_disk(self._handle)
        if not os.path.samestat(self.path.stat(), os.fstat(self._handle)):
            raise OSError("the journal was taken away")

    def remove(self) -> None:
        """Take it off the disk; it stays open for appending where that cannot be done."""
        if sys.platform == "win32":
            self.close()  # an open file cannot be removed there
        self.path.unlink(missing_ok=True)
        self.close()
        if sys.platform != "win32" and self.path.parent.exists():
            _folder_to_disk(self.path.parent)

    def close(self) -> None:
        """Let go of the file."""
        if self._handle is not None:
            handle, self._handle = self._handle, None
            os.close(handle)


def _write(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]


def _to_disk(handle: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        # There, fsync leaves it in the drive's own memory.
        fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
    else:
        os.fsync(handle)


def _folder_to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

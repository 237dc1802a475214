"""The engine's log: all that goes to fds 1 and 2. A disk that takes none of it harms nobody."""

from __future__ import annotations

import contextlib
import faulthandler
import io
import os
import sys
from pathlib import Path

from player.engine import place

LARGEST = 1 << 20


def to_file() -> None:
    """Send fds 1 and 2, which C libraries write to, into the log; the last one is kept."""
    log = place.log_file()
    with contextlib.suppress(OSError):
        if log.stat().st_size > LARGEST:
            log.replace(log.with_suffix(".old.log"))
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for target in (1, 2):
        os.dup2(handle, target)
    os.close(handle)
    sys.stdout, sys.stderr = _Bearing(1), _Bearing(2)
    faulthandler.enable()


def wants_another() -> bool:
    """Whether it has grown large, or was taken away."""
    now = os.fstat(2)
    return now.st_size > LARGEST or not _is_at(now, place.log_file())


def _is_at(now: os.stat_result, path: Path) -> bool:
    try:
        return os.path.samestat(now, path.stat())
    except OSError:
        return False


class _Bearing(io.TextIOBase):
    """Whoever tells of a fault must not fall over the telling: what the disk refuses is let go."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def write(self, words: str) -> int:
        """To the log, at once."""
        with contextlib.suppress(OSError):
            os.write(self._handle, words.encode("utf-8", "backslashreplace"))
        return len(words)

    def fileno(self) -> int:
        """The fd that C libraries write to."""
        return self._handle

    def writable(self) -> bool:
        """Always."""
        return True

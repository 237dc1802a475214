"""Makes files for their owner alone; small ones whole or not at all. Knows not what they hold."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def draft_of(file: Path, body: bytes) -> Iterator[Path]:
    """A draft, 0600, beside `file`, which takes its place unless the block raises.

    It has the file's own ending, so that the block may read it as what it will be.
    """
    draft = file.with_name(f".{file.stem}.{os.getpid()}{file.suffix}")
    handle = opened_for_owner(draft)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(body)
        yield draft
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def opened_for_owner(file: Path) -> int:
    """A handle to write a file from its beginning, which nobody else may read (0600).

    One that was there is emptied, and others may then read it no more. Raises OSError.
    """
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    if hasattr(os, "fchmod") and stat.S_ISREG(os.fstat(handle).st_mode):
        with contextlib.suppress(OSError):  # somebody else's file, or a disk without modes
            os.fchmod(handle, 0o600)
    return handle

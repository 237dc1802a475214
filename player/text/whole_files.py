"""Writes small files whole or not at all, for their owner alone. Knows not what they hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def draft_of(file: Path, body: bytes) -> Iterator[Path]:
    """A draft, 0600, beside `file`, which takes its place unless the block raises.

    It has the file's own ending, so that the block may read it as what it will be.
    """
    draft = file.with_name(f".{file.stem}.{os.getpid()}{file.suffix}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(body)
        yield draft
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)

"""Lines that tell whether they are whole: a checksum, a number in order, and JSON."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

MOST_BYTES = 64 << 20
"""A journal is far smaller; what is larger is none."""


def line_of(number: int, kind: str, body: Any) -> bytes:
    """One line."""
    text = json.dumps([number, kind, body], separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def whole_lines(content: bytes) -> Iterator[tuple[int, str, Any]]:
    """Number, kind and body of each line that is as it was written; others are left out."""
    for line in content.split(b"\n"):
        read = _read(line)
        if read is not None:
            yield read


def _read(line: bytes) -> tuple[int, str, Any] | None:
    check, _, text = line.partition(b" ")
    try:
        if len(check) != 8 or int(check, 16) != zlib.crc32(text):
            return None
        number, kind, body = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None
    return (number, kind, body) if isinstance(number, int) and isinstance(kind, str) else None

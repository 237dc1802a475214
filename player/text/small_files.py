"""Opens small ordinary files, and only these: never a device, a pipe or a folder.

Knows nothing of what they hold. A faulty file costs no more time or memory than its limit.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from player.text.words import Misread

_NEVER_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def read_bytes(file: Path, most_bytes: int) -> bytes:
    """All bytes of an ordinary file. Raises Misread where it is none, or holds more than that."""
    try:
        _refuse_others(file.stat().st_mode)
        handle = os.open(file, os.O_RDONLY | _NEVER_WAIT)
        with os.fdopen(handle, "rb") as stream:
            _refuse_others(os.fstat(handle).st_mode)
            body = stream.read(most_bytes + 1)
    except FileNotFoundError:
        raise Misread("there is no such file") from None
    except (OSError, ValueError) as fault:
        raise Misread(f"cannot be read: {reason(fault)}") from None
    if len(body) > most_bytes:
        raise Misread(f"is larger than {most_bytes // 1000} kB", "is it the file you mean?")
    return body


def kind_of(path: Path) -> str:
    """What stands at a path: "file", "folder", "nothing", or a plain word for anything else.

    Never raises; a path that cannot be looked at counts as its reason.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "nothing"
    except (OSError, ValueError) as fault:
        return reason(fault)
    if stat.S_ISREG(mode):
        return "file"
    return "folder" if stat.S_ISDIR(mode) else "a device or a pipe"


def absolute(path: Path) -> Path:
    """The whole path as it is named: without "..", and with its links as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100 (resolve would follow links)


def reason(fault: Exception) -> str:
    """Why the system refused, in its own words, without numbers and paths."""
    if isinstance(fault, OSError) and fault.strerror:
        return fault.strerror[:1].lower() + fault.strerror[1:]
    return "the name is not one that a file can have"


def _refuse_others(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise Misread("is a folder, not a file", "name the .yaml file in it")
    if not stat.S_ISREG(mode):
        raise Misread("is a device or a pipe, not a file")

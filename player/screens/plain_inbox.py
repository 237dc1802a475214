"""All that comes to the plain twin, in one queue: messages, lines of words, and signals.

Knows where things come from, not what they mean.
"""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from types import FrameType
from typing import TextIO, TypeAlias

from player.errors import StillroomError
from player.protocol.room import Room
from player.protocol.wire import Message
from player.screens import crash

LONGEST_LINE = 4096
"""Bytes; a line without an end is no line of words."""


class Signal(StrEnum):
    """What comes in beside messages and lines."""

    CTRL_C = "ctrl-c"
    LOST = "lost"
    NO_MORE_WORDS = "no more words"


Came: TypeAlias = Message | Signal | str
Inbox: TypeAlias = "queue.SimpleQueue[Came]"


def read_into(inbox: Inbox, room: Room, stdin: TextIO | None) -> None:
    """Read from both in threads that never hold the exit; `stdin` is None where it is closed."""
    _in_thread(lambda: _read_room(room, inbox))
    _in_thread(lambda: _read_lines(stdin, inbox))


@contextmanager
def ctrl_c_into(inbox: Inbox) -> Iterator[None]:
    """Have Ctrl-C come as a signal; left alone where this is not the main thread."""

    def caught(number: int, frame: FrameType | None) -> None:
        inbox.put(Signal.CTRL_C)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, caught)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _in_thread(run: Callable[[], None]) -> None:
    threading.Thread(target=run, daemon=True).start()


def _read_room(room: Room, inbox: Inbox) -> None:
    while True:
        try:
            message = room.receive()
        except Exception as fault:
            if not isinstance(fault, StillroomError):
                crash.write(fault)
            inbox.put(Signal.LOST)
            return
        if message is not None:
            inbox.put(message)


def _read_lines(stdin: TextIO | None, inbox: Inbox) -> None:
    if stdin is not None:
        for line in _lines(stdin):
            inbox.put(line)
    inbox.put(Signal.NO_MORE_WORDS)


def _lines(stdin: TextIO) -> Iterator[str]:
    """Lines of a stream; of a real one without its buffer.

    A daemon thread that waits inside the buffer of standard input holds its lock, and the
    interpreter cannot leave without that lock.
    """
    try:
        number = stdin.fileno()
    except (OSError, ValueError, AttributeError):
        yield from () if stdin.closed else stdin
        return
    rest = b""
    while piece := _piece(number):
        *whole, rest = (rest + piece).split(b"\n")
        # It is cut where it grows silly.
        rest = rest[-LONGEST_LINE:]
        yield from (line.decode("utf-8", errors="replace") for line in whole)
    if rest:
        yield rest.decode("utf-8", errors="replace")


def _piece(number: int) -> bytes:
    try:
        return os.read(number, LONGEST_LINE)
    except OSError:
        return b""

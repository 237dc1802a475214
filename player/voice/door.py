"""The screen's side of the booth: starts its process, sends wishes, reads what is told.

Light on purpose: no sound is loaded here, and what C libraries write goes to a log.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from typing import Protocol

from player import starting
from player.units import Seconds
from player.voice.talk import Garbled, Told, Trouble, Wish, decode_told, encode

LEAVES_S: Seconds = 3.0
"""So long the booth may take to leave by itself."""
GONE = (
    "the recorder ended by itself; what was kept is kept. Start it once more, or try another input"
)


class Door(Protocol):
    """A way to the booth; the seam for tests."""

    def send(self, wish: Wish) -> None:
        """Ask for something; never waits."""
        ...

    def receive(self) -> Told | None:
        """What is told next; None once the booth has closed. Called from one reader thread."""
        ...

    def close(self) -> None:
        """Let the booth leave; wakes a waiting `receive`."""
        ...


class BoothDoor:
    """The booth in a process of its own."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            starting.words("player.voice.booth"),
            env=starting.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Ctrl-C is for the screen, which asks before it leaves.
            start_new_session=sys.platform != "win32",
        )
        self._writing = threading.Lock()
        self._closed = False

    def send(self, wish: Wish) -> None:
        """Ask for something; what a booth that is gone cannot hear is told by `receive`."""
        stream = self._child.stdin
        with self._writing, contextlib.suppress(OSError, ValueError):
            if stream is not None:
                stream.write(encode(wish))
                stream.flush()

    def receive(self) -> Told | None:
        """What is told next; trouble once where the booth has gone without being asked."""
        stream = self._child.stdout
        line = b""
        # It may be closed meanwhile.
        with contextlib.suppress(OSError, ValueError):
            line = stream.readline() if stream is not None else b""
        if line:
            with contextlib.suppress(Garbled):
                return decode_told(line)
            return Trouble(why="the recorder said something unheard of")
        if self._closed:
            return None
        self._closed = True
        return Trouble(why=GONE, over=True)

    def close(self) -> None:
        """Let the booth leave; one that does not is ended."""
        self._closed = True
        if self._child.stdin is not None:
            with contextlib.suppress(OSError):
                self._child.stdin.close()
        try:
            self._child.wait(LEAVES_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        if self._child.stdout is not None:
            self._child.stdout.close()

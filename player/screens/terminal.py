"""Ends a screen whose terminal is gone. Where a hang-up is ignored (nohup), nothing else would."""

from __future__ import annotations

import os
import sys
import threading
import time

from player.units import Seconds

LOOK_S: Seconds = 0.5
STREAMS = (0, 1, 2)


def end_with_terminal() -> None:
    """Look from now on, and end this process at once when its terminal is gone.

    As a hang-up does: there is nothing left to draw on, and the music is not this process's.
    """
    if sys.platform != "win32":
        threading.Thread(target=_look, name="terminal", daemon=True).start()


def is_gone(stream: int) -> bool:
    """Whether the terminal behind a stream was closed; False for what never was a terminal."""
    if sys.platform == "win32":
        return False
    import errno
    import termios

    try:
        termios.tcgetattr(stream)
    except termios.error as fault:
        return fault.args[0] in (errno.EIO, errno.ENXIO, errno.EBADF)
    return False


def _look() -> None:
    while not any(is_gone(stream) for stream in STREAMS):
        time.sleep(LOOK_S)
    os._exit(1)

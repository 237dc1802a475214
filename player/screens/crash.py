"""A fault of the screen or a command itself: its traceback goes to a log, never to a person."""

from __future__ import annotations

import os
import traceback

from player import paths
from player.errors import InputWrong

PARTING = "the screen failed; the music may go on: stillroom attach"


def write(fault: BaseException | None) -> None:
    """Append a traceback to the screen's log, mode 0600; what cannot be written is let go."""
    if fault is None:
        return
    try:
        file = os.open(
            paths.logs() / "screen.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, mode=0o600
        )
        with os.fdopen(file, "a", encoding="utf-8") as log:
            log.writelines(traceback.format_exception(fault))
    except (OSError, InputWrong):
        return

"""Ends the session that runs, whatever its engine does meanwhile: plays, hangs or comes back.

Done only when nothing is left that could bring the music back.
"""

from __future__ import annotations

import contextlib
import time
from enum import Enum
from typing import TYPE_CHECKING

import click

from player.commands.running import COMES_BACK_S, LOOK_S, meet

if TYPE_CHECKING:
    from player.engine.client import LinkedRoom
    from player.engine.locks import Lock
    from player.timeline.status import Status

LONGEST_FADE_S = 660.0
"""A fade is ten minutes at most."""
SILENT_S = 3.0
"""One that fades says so several times a second."""
WISH_S = 1.0
JUST_NOW_S = 30.0
"""A session that broke off within this may come back by itself."""


NOTHING_RUNS = "no session runs"


class Ended(Enum):
    """What came of it, in the words that are said."""

    OVER = "ended"
    NOTHING = NOTHING_RUNS
    FADES = "it still fades; its engine ends by itself"
    CALLED_OFF = "it was called off at a screen: the session goes on"


def end_session() -> int:
    """Fade the session out, and wait until it and its engine are gone. The exit code."""
    with contextlib.ExitStack() as wish:
        lock = _wish()
        if lock is not None:
            wish.enter_context(lock)
        ended = _end(time.monotonic() + LONGEST_FADE_S, wished=lock is not None)
    click.echo(ended.value, err=ended is not Ended.OVER)
    return 0 if ended is Ended.OVER else 1


def _wish() -> Lock | None:
    """Held while the session is stopped; None where another command has it, or no disk takes it."""
    from player.engine import place
    from player.engine.locks import Lock

    until_s = time.monotonic() + WISH_S
    with contextlib.suppress(OSError):
        while (lock := Lock.take(place.stop_lock())) is None and time.monotonic() < until_s:
            time.sleep(LOOK_S)
        return lock
    return None


def _end(until_s: float, *, wished: bool) -> Ended:
    """Whether there was a session, and is over now.

    Only where an engine can see that it is `wished` is one had that ends what broke off.
    """
    from player.screens.status_report import runs

    asked = False
    while time.monotonic() < until_s:
        met = meet()
        if met is None:
            over = asked or (wished and _lay_down())
            return Ended.OVER if over else Ended.NOTHING
        room, status = met
        with contextlib.closing(room):
            if not runs(status) and not status.stopped:
                return Ended.OVER if asked else Ended.NOTHING
            if not asked and not status.stopped:
                _tell(status)
            asked = True
            try:
                if _is_called_off(room, until_s):
                    return Ended.CALLED_OFF
            except KeyboardInterrupt:  # only the waiting ends
                return Ended.FADES
    return Ended.FADES


def _tell(status: Status) -> None:
    from player.timeline.status import State

    unheard = (State.MUSIC_ENDED, State.PAUSED, State.SILENCED)
    silent = status.state in unheard or status.coming_back
    click.echo("ending" if silent else "fading out")


def _is_called_off(room: LinkedRoom, until_s: float) -> bool:
    """Have it leave, until the engine is gone, or says nothing any more; or somebody went back."""
    from player.errors import EngineUnreachable
    from player.timeline.commands import Leave
    from player.timeline.status import Status

    heard_s, leaves = time.monotonic(), False
    with contextlib.suppress(EngineUnreachable):
        room.send(Leave())
        while (now_s := time.monotonic()) < min(until_s, heard_s + SILENT_S):
            message = room.receive(1.0)
            if message is not None:
                heard_s = now_s
            if isinstance(message, Status):
                if leaves and not message.stopped:
                    return True
                leaves = message.stopped
    return False


def _lay_down() -> bool:
    """A session broke off just now, and a screen may wait for it: an engine is had that ends it.

    Whether there was one.
    """
    from player.engine.client import start

    if not _broke_off():
        return False
    start(again=True)
    until_s = time.monotonic() + COMES_BACK_S
    while _broke_off() and time.monotonic() < until_s:
        time.sleep(LOOK_S)
    return not _broke_off()


def _broke_off() -> bool:
    """Whether a session is kept that sounded just now, and is not over."""
    from player import paths

    with contextlib.suppress(OSError):
        now_s = time.time()
        kept = paths.journal().glob("*.journal")
        return any(now_s - file.stat().st_mtime < JUST_NOW_S for file in kept)
    return False

"""How the session that runs on this machine stands, for commands that must know.

An engine that has just died, or hangs, is waited for: its session still runs.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from player.engine.client import LinkedRoom
    from player.timeline.status import Status

COMES_BACK_S = 8.0
"""So long an engine is waited for that a keeper brings back."""
ANSWERS_S = 2.0
LOOK_S = 0.1


def running_status() -> Status | None:
    """The status of the session that runs, this command not among its clients; None without one."""
    from player.screens.status_report import runs

    met = meet()
    if met is None:
        return None
    room, status = met
    room.close()
    others = {"clients": max(0, status.clients - 1)}
    return status.model_copy(update=others) if runs(status) else None


def meet() -> tuple[LinkedRoom, Status] | None:
    """The engine that runs, with its status; None where there is none, or none that answers."""
    from player.engine.client import find

    until_s = time.monotonic() + COMES_BACK_S
    helped = False
    while time.monotonic() < until_s:
        room = find()
        if room is not None:
            status = _first_status(room)
            if status is not None:
                return room, status
            room.close()
        kept, runs = _may_come()
        if not kept and not runs:
            return None
        if not kept and room is not None and not helped:
            helped = True
            _have_it_kept()
        time.sleep(LOOK_S)
    return None


def _may_come() -> tuple[bool, bool]:
    """Whether there is a keeper, and whether there is an engine though nobody answers."""
    from player.engine import place
    from player.engine.locks import is_free

    try:
        # A free lock is tried for an instant: only where no keeper could start an engine.
        if not is_free(place.keeper_lock()):
            return True, True
        return False, not is_free(place.engine_lock())
    except OSError:
        return False, False


def _have_it_kept() -> None:
    """An engine that hangs, with nobody to end it: a new keeper does, and brings it back."""
    from player.engine.client import start

    start(again=True)


def _first_status(room: LinkedRoom) -> Status | None:
    from player.errors import EngineUnreachable
    from player.timeline.commands import Watch
    from player.timeline.status import Status

    try:
        room.send(Watch())
        while not isinstance(message := room.receive(ANSWERS_S), Status):
            if message is None:
                return None
    except EngineUnreachable:
        return None
    return message

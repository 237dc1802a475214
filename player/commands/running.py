"""How the session that runs on this machine stands, for commands that must know."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from player.timeline.status import Status


def running_status() -> Status | None:
    """The status of the session that runs, this command not among its clients; None without one."""
    from player.engine.client import find
    from player.errors import EngineUnreachable
    from player.screens.status_report import runs
    from player.timeline.commands import Watch
    from player.timeline.status import Status

    room = find()
    if room is None:
        return None
    try:
        room.send(Watch())
        while not isinstance(message := room.receive(2.0), Status):
            if message is None:
                return None
    except EngineUnreachable:
        return None
    finally:
        room.close()
    others = {"clients": max(0, message.clients - 1)}
    return message.model_copy(update=others) if runs(message) else None

"""What a screen needs of an engine, without knowing where it is: the seam for tests."""

from __future__ import annotations

from typing import Protocol

from player.protocol.wire import Message
from player.timeline.commands import AnyCommand


class Room(Protocol):
    """A connection to the engine that owns the sound."""

    def send(self, command: AnyCommand) -> int:
        """Send a command without waiting; the number that its Answer will carry.

        Raises EngineUnreachable where the connection is gone.
        """
        ...

    def receive(self, timeout_s: float | None = None) -> Message | None:
        """The next message; None when `timeout_s` has passed.

        Called from one reader thread. Raises EngineUnreachable when the connection ends.
        """
        ...

    def close(self) -> None:
        """Leave the engine as it is and close the connection; wakes a waiting `receive`."""
        ...

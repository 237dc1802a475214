"""The screen's end of the link: a thread that opens the room and reads, and a way to send.

What is sent before the room is open waits for it. Knows nothing of screens.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count

from textual.message import Message

from player.errors import EngineUnreachable, StillroomError
from player.protocol.room import Room
from player.protocol.wire import Answer
from player.screens import crash
from player.screens.messages import (
    AnswerCame,
    EventCame,
    FromLink,
    RoomLost,
    RoomOpened,
    StatusCame,
)
from player.timeline.commands import AnyCommand
from player.timeline.status import Status

_REMEMBERED = 200
"""Commands whose answers are still told apart."""
_LOOK_AGAIN_S = 1.0
"""So long after a loss until the room is asked again: it may have found its engine."""


class Link:
    """One connection to the engine. `post` must be safe to call from another thread."""

    def __init__(self, open_room: Callable[[], Room], post: Callable[[Message], object]) -> None:
        self._open_room = open_room
        self._post = post
        self._room: Room | None = None
        self._waiting: list[tuple[int, AnyCommand]] = []
        self._sent: dict[int, tuple[int, AnyCommand]] = {}
        self._tickets = count(1)
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def start(self) -> None:
        """Open the room and read from it, in a thread that never holds the exit."""
        threading.Thread(target=self._run, name="room reader", daemon=True).start()

    def send(self, command: AnyCommand) -> int:
        """Send a command, or keep it until the room is open; the ticket its answer will carry."""
        ticket = next(self._tickets)
        with self._lock:
            if self._room is None:
                self._waiting.append((ticket, command))
                return ticket
            self._send_now(self._room, ticket, command)
        return ticket

    def close(self) -> None:
        """Leave the engine as it is."""
        with self._lock:
            self._closed.set()
            if self._room is not None:
                self._room.close()

    def _run(self) -> None:
        try:
            room = self._open_room()
        except StillroomError as fault:
            self._tell(RoomLost(str(fault), ever_opened=False))
            return
        except Exception as fault:
            crash.write(fault)
            self._tell(RoomLost("the sound could not be started; see the log", ever_opened=False))
            return
        with self._lock:
            self._room = room
            if self._closed.is_set():
                room.close()
                return
            for ticket, command in self._waiting:
                self._send_now(room, ticket, command)
        self._tell(RoomOpened())
        self._read(room)

    def _read(self, room: Room) -> None:
        lost = False
        while not self._closed.is_set():
            try:
                message = room.receive()
            except EngineUnreachable as fault:
                if not lost:
                    self._tell(RoomLost(str(fault), ever_opened=True))
                lost = True
                self._closed.wait(_LOOK_AGAIN_S)
                continue
            except Exception as fault:
                crash.write(fault)
                self._tell(RoomLost(str(fault), ever_opened=True))
                return
            lost = False
            if isinstance(message, Status):
                self._tell(StatusCame(message))
            elif isinstance(message, Answer):
                with self._lock:
                    ticket, command = self._sent.pop(message.id, (0, None))
                self._tell(AnswerCame(message, ticket, command))
            elif message is not None:
                self._tell(EventCame(message))

    def _send_now(self, room: Room, ticket: int, command: AnyCommand) -> None:
        try:
            self._sent[room.send(command)] = (ticket, command)
        except EngineUnreachable as fault:
            self._tell(RoomLost(str(fault), ever_opened=True))
        while len(self._sent) > _REMEMBERED:
            self._sent.pop(next(iter(self._sent)))

    def _tell(self, message: FromLink) -> None:
        if not self._closed.is_set():
            message.link = self
            self._post(message)

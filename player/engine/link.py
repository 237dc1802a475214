"""The engine's side of the link: many watchers, none of whom can hold up the others or the sound.

A client says the token first; one that is silent then, floods, sends garbage or does not read
is dropped. Where all places are taken, a newcomer with the token gets the place of the one that
has been silent longest. Knows lines, not what they do.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import selectors
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from player.engine.elapsed import monotonic_s
from player.protocol.wire import (
    MAX_LINE,
    Message,
    Request,
    WireError,
    decode_request,
    encode_message,
)
from player.units import Seconds

MOST_CLIENTS = 16
"""That said the token; so many more may be about to."""
MOST_UNREAD = 1 << 20
"""Bytes that may wait for a client that does not read."""
GREETING_S: Seconds = 2.0
"""So long a client may take to say the token, or to end a line it began."""
MOST_LINES_A_SECOND = 200
CHUNK = 65_536


class Dropped(Exception):
    """This client is to be dropped."""


@dataclass(slots=True)
class Client:
    """One connection."""

    number: int
    channel: socket.socket
    since_s: Seconds
    known: bool = False
    """It said the token."""
    asked: bool = False
    """It asked for something, not only to be told."""
    heard_s: Seconds = 0.0
    """When it said something last."""
    unread: bytearray = field(default_factory=bytearray)
    """What came in and is no whole line yet."""
    unsent: bytearray = field(default_factory=bytearray)
    line_since_s: Seconds | None = None
    second_s: Seconds = 0.0
    lines: int = 0


class Link:
    """Listens, reads requests, sends messages."""

    def __init__(
        self, server: socket.socket, token: str, clock_s: Callable[[], Seconds] = monotonic_s
    ) -> None:
        self._server = server
        self._token = token.encode()
        self._clock_s = clock_s
        self._clients: dict[int, Client] = {}
        self._next_number = 0
        self.farewell: Callable[[], Message | None] = lambda: None
        """What one is told that has to go for another: it should not come back by itself."""
        self._selector = selectors.DefaultSelector()
        server.setblocking(False)
        self._selector.register(server, selectors.EVENT_READ, None)
        self._waker, self._woken = socket.socketpair()
        for end in (self._waker, self._woken):
            end.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ, self._woken)

    def listen_at(self, server: socket.socket) -> None:
        """Let clients come by another socket; those who came stay."""
        server.setblocking(False)
        self._selector.register(server, selectors.EVENT_READ, None)
        self._selector.unregister(self._server)
        self._server.close()
        self._server = server

    def wake(self) -> None:
        """End a `listen` that waits, from any thread."""
        with contextlib.suppress(OSError):
            self._waker.send(b"!")

    @property
    def watchers(self) -> tuple[int, ...]:
        """Clients that said the token."""
        return tuple(client.number for client in self._clients.values() if client.known)

    def listen(self, timeout_s: Seconds) -> list[tuple[int, Request | None]]:
        """Wait at most so long; requests by client, None once for one that has just come."""
        heard: list[tuple[int, Request | None]] = []
        for key, mask in self._selector.select(timeout_s):
            if key.data is None:
                self._accept()
                continue
            if key.data is self._woken:
                self._woken.recv(CHUNK)
                continue
            client: Client = key.data
            if client.number not in self._clients:
                continue  # it went for another one meanwhile
            with self._drops(client):
                if mask & selectors.EVENT_WRITE:
                    self._send(client)
                if mask & selectors.EVENT_READ:
                    heard.extend((client.number, row) for row in self._read(client))
        self._drop_silent()
        return heard

    def tell(self, message: Message, client: int | None = None) -> None:
        """Send to one client, or to all that said the token; never waits."""
        line = encode_message(message)
        for one in list(self._clients.values()):
            if one.known and client in (None, one.number):
                with self._drops(one):
                    self._queue(one, line)

    def close(self) -> None:
        """Send what can be sent at once, and close all."""
        for client in list(self._clients.values()):
            self._drop(client)
        self._selector.unregister(self._server)
        self._selector.close()
        for end in (self._server, self._waker, self._woken):
            end.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            channel, _ = self._server.accept()
            if not _is_ours(channel):
                channel.close()
                return
            self._make_room()
            channel.setblocking(False)
            client = Client(self._next_number, channel, self._clock_s())
            self._next_number += 1
            self._clients[client.number] = client
            self._selector.register(channel, selectors.EVENT_READ, client)

    def _make_room(self) -> None:
        """For one that has not said the token yet the first of those goes, if they are many."""
        unknown = [client for client in self._clients.values() if not client.known]
        if len(unknown) >= MOST_CLIENTS:
            self._drop(unknown[0])

    def _give_place(self) -> None:
        """For one that says the token now: who never asked for anything goes first."""
        known = [client for client in self._clients.values() if client.known]
        if len(known) >= MOST_CLIENTS:
            silent = min(known, key=lambda client: (client.asked, client.heard_s))
            message = self.farewell()
            with self._drops(silent):
                if message is not None:
                    self._queue(silent, encode_message(message))
            self._drop(silent)

    def _read(self, client: Client) -> Iterator[Request | None]:
        try:
            got = client.channel.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        if not got:
            raise Dropped
        client.unread += got
        while (end := client.unread.find(b"\n")) >= 0:
            line = bytes(client.unread[:end])
            del client.unread[: end + 1]
            yield self._line(client, line)
        if len(client.unread) > MAX_LINE:
            raise Dropped
        client.line_since_s = self._clock_s() if client.unread else None

    def _line(self, client: Client, line: bytes) -> Request | None:
        self._count(client)
        client.heard_s = self._clock_s()
        if client.known:
            client.asked = True
            try:
                return decode_request(line)
            except WireError:
                raise Dropped from None
        if not hmac.compare_digest(line.strip(), self._token):
            raise Dropped
        self._give_place()
        client.known = True
        return None

    def _count(self, client: Client) -> None:
        now_s = self._clock_s()
        if now_s - client.second_s >= 1.0:
            client.second_s, client.lines = now_s, 0
        client.lines += 1
        if client.lines > MOST_LINES_A_SECOND:
            raise Dropped

    def _queue(self, client: Client, line: bytes) -> None:
        client.unsent += line
        if len(client.unsent) > MOST_UNREAD:
            raise Dropped
        self._send(client)

    def _send(self, client: Client) -> None:
        if client.unsent:
            try:
                sent = client.channel.send(client.unsent)
            except (BlockingIOError, InterruptedError):
                sent = 0
            del client.unsent[:sent]
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if client.unsent else 0)
        self._selector.modify(client.channel, events, client)

    def _drop_silent(self) -> None:
        now_s = self._clock_s()
        for client in list(self._clients.values()):
            late = not client.known and now_s - client.since_s > GREETING_S
            begun = client.line_since_s
            if late or (begun is not None and now_s - begun > GREETING_S):
                self._drop(client)

    @contextlib.contextmanager
    def _drops(self, client: Client) -> Iterator[None]:
        try:
            yield
        except (Dropped, OSError, ValueError, KeyError):
            # The latter two are a selector's words for a connection that is closed.
            self._drop(client)

    def _drop(self, client: Client) -> None:
        if self._clients.pop(client.number, None) is not None:
            with contextlib.suppress(OSError, ValueError, KeyError):
                self._selector.unregister(client.channel)
            client.channel.close()


def _is_ours(channel: socket.socket) -> bool:
    """Whether a client belongs to this user, where the system tells; the token is asked anyhow."""
    if sys.platform != "linux":
        return True
    told = channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return bool(struct.unpack("3i", told)[1] == os.getuid())

"""Where the engine is met: socket, token and lock in a folder that only its owner can read."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sys
from pathlib import Path
from typing import IO

from player import paths
from player.engine import keeper

LOOPBACK = "127.0.0.1"


def runtime() -> Path:
    """The folder of all that a running engine is met by."""
    return paths.runtime()


def socket_file() -> Path:
    """The engine's socket; where there are no Unix sockets, a file with its loopback port."""
    return paths.runtime() / ("engine.port" if sys.platform == "win32" else "engine.sock")


def token_file() -> Path:
    """What a client must say first."""
    return paths.runtime() / "engine.token"


def log_file() -> Path:
    """What the engine's C libraries and its own faults write."""
    return paths.logs() / "engine.log"


def listen() -> socket.socket:
    """A listening socket that nobody else can reach; a stale one is taken over."""
    place = socket_file()
    if sys.platform == "win32":
        server = socket.create_server((LOOPBACK, 0))
        write_private(place, str(server.getsockname()[1]))
        return server
    with contextlib.suppress(FileNotFoundError):
        place.unlink()
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        server.bind(str(place))
    finally:
        os.umask(before)
    server.listen(16)
    return server


def reach(timeout_s: float) -> socket.socket:
    """A connection to a listening engine. Raises OSError or ValueError where there is none."""
    place = socket_file()
    if sys.platform == "win32":
        port = int(place.read_text("ascii"))
        return socket.create_connection((LOOPBACK, port), timeout=timeout_s)
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(timeout_s)
    try:
        client.connect(str(place))
    except OSError:
        client.close()
        raise
    return client


def new_token() -> str:
    """A token for this engine's life, written where only its owner can read it."""
    token = secrets.token_hex(16)
    write_private(token_file(), token)
    return token


def write_private(path: Path, text: str) -> None:
    """Write a small file 0600, whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(text)
    draft.replace(path)


def beat_file() -> Path:
    """The engine's signs of life."""
    return paths.runtime() / "engine.beat"


def keeper_lock() -> Path:
    """Held by the one keeper; its process stands in it."""
    return paths.runtime() / "keeper.lock"


def given_up() -> str:
    """Why the keeper gave the engine up, in a sentence; empty where it did not."""
    try:
        return (paths.runtime() / "given-up").read_text("utf-8")
    except OSError:
        return ""


def lock() -> IO[bytes] | None:
    """The one engine's lock, held while the file is open; None where another engine has it."""
    return keeper.lock(paths.runtime() / "engine.lock")

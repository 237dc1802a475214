"""Where the engine is met: socket and token in a folder that only its owner can read.

The engine's lock lies in the data folder itself: where that folder is emptied by something that
tidies up, nobody can start a second engine meanwhile. `Place` makes anew what was taken away.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import socket
import sys
from pathlib import Path

from player import paths
from player.engine import keeper
from player.engine.beat import lies_at
from player.engine.locks import Lock, is_free

LOOPBACK = "127.0.0.1"
BACKLOG = 16
TOKEN_SIGNS = 32


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
    _clear(place)
    with contextlib.suppress(FileNotFoundError):
        place.unlink()
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        server.bind(str(place))
        # The folder is closed to others already; the umask is shared with all threads.
        place.chmod(0o600)
        server.listen(BACKLOG)
    except OSError:
        server.close()
        raise
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


def write_private(path: Path, text: str) -> None:
    """Write a small file 0600, whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        _clear(path)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(text)
        draft.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def _clear(path: Path) -> None:
    """Set a folder aside that lies where a file belongs: nothing in it is lost."""
    if path.is_dir() and not path.is_symlink():
        path.rename(path.with_name(f"{path.name}.aside-{secrets.token_hex(4)}"))


def beat_file() -> Path:
    """The engine's signs of life."""
    return lies_at(paths.runtime())


def keeper_lock() -> Path:
    """Held by the one keeper; its process stands in it."""
    return paths.runtime() / keeper.LOCK


def engine_lock() -> Path:
    """Held by the one engine."""
    return paths.home() / "engine.lock"


def stop_lock() -> Path:
    """Held while somebody stops the session: an engine that begins meanwhile lays it down."""
    return paths.runtime() / "stop.lock"


def stop_is_wished() -> bool:
    """Whether somebody stops the session now."""
    try:
        return not is_free(stop_lock())
    except OSError:
        return False


def given_up() -> str:
    """Why the keeper gave the engine up, in a sentence; empty where it did not."""
    try:
        # An empty one was written on a full disk.
        return (paths.runtime() / "given-up").read_text("utf-8") or in_the_way()
    except OSError:
        return ""


def in_the_way() -> str:
    """Why no engine can be met, as far as that can be seen, in a sentence."""
    with contextlib.suppress(OSError):
        if shutil.disk_usage(runtime()).free == 0:
            return f"the sound could not be started: the disk is full ({runtime()})"
    return f"the sound could not be started; {log_file()} says why"


def cannot_be_written(fault: OSError) -> str:
    """That the data folder takes no files, in a sentence."""
    return (
        f"the sound could not be started: {fault.filename}: {fault.strerror};"
        " set STILLROOM_HOME to a folder of yours that can be written to"
    )


def no_process(fault: OSError) -> str:
    """That the system starts no process, in a sentence."""
    return (
        f"the sound could not be started: no process can be started ({fault.strerror});"
        " close other programs and try again"
    )


class Place:
    """An engine's own socket and token, under a lock that it holds."""

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self.token = secrets.token_hex(TOKEN_SIGNS // 2)
        """For this engine's life: clients that come back say the same again."""
        self.is_own = True
        """False where another engine is met here now: it is let be."""
        self._own: dict[Path, os.stat_result] = {}
        try:
            self._write_token()
        except OSError:
            self._take_over_token()
        self.server = self._listen()

    def look(self) -> socket.socket | None:
        """Make anew what was taken away; a new listening socket where there had to be one.

        Raises OSError or InputWrong where it cannot be made now.
        """
        runtime()
        self.is_own = self._lock.look()
        if not self.is_own:
            return None
        if not self._is_own(token_file()):
            self._write_token()
        if self._is_own(socket_file()):
            return None
        self.server = self._listen()
        return self.server

    def leave(self) -> None:
        """Take away what is met no more; what another engine made stays."""
        for path in list(self._own):
            with contextlib.suppress(OSError):
                if self._is_own(path):
                    path.unlink()

    def _write_token(self) -> None:
        write_private(token_file(), self.token)
        self._own[token_file()] = token_file().stat()

    def _take_over_token(self) -> None:
        """On a full disk an engine that follows another goes on with the token that lies there."""
        self.token = token_file().read_text("ascii").strip()
        if len(self.token) != TOKEN_SIGNS:
            raise OSError(errno.ENOSPC, "no token can be written", str(token_file()))
        self._own[token_file()] = token_file().stat()

    def _listen(self) -> socket.socket:
        server = listen()
        self._own[socket_file()] = socket_file().stat()
        return server

    def _is_own(self, path: Path) -> bool:
        """Whether the file by that name is the one that was made, and untouched."""
        try:
            now, own = path.stat(), self._own[path]
        except (OSError, KeyError):
            return False
        return os.path.samestat(now, own) and now.st_mtime_ns == own.st_mtime_ns


def lock() -> Lock | None:
    """The one engine's lock, held until it is closed; None where another engine has it."""
    return Lock.take(engine_lock())

"""What may happen to a session that sounds, done to one on purpose, and what is allowed of each.

Each returns for how long the fault itself lasted, where the sound can't be there before it is over.
Not worked here, and left to the tests: a clock that jumps and a machine that sleeps, since others
use this machine's clock; a share that stalls.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import trial
from room import Room, Terminal, lives, until

AWAY_S = 3.0
HANGS_S = 5.0
UNHEARD_S = 0.7
"""How far a place may be off after an output went. What was on its way to it is lost, and is not
played again: what waits in the mixer and in the sound server (0.3 s at the least depth), and up to
0.33 s until SDL tells that the output is gone, in which sound is taken on, by nobody. Heard: 0.36 s
for a server that was killed, and the same for an output that was unplugged."""
LOOPS, LOOPS_S = 4, 20.0
FULL_S = 8.0
TO_THE_NEXT_S = 40.0
"""So long a spoilt piece may go on: what was decoded ahead of it is played."""


def engine_killed(room: Room) -> float:
    """kill -9 of the engine, just after something was decided."""
    room.decide()
    os.kill(room.engine, signal.SIGKILL)
    return 0


def engine_stopped(room: Room) -> float:
    """SIGSTOP: an engine that hangs."""
    os.kill(room.engine, signal.SIGSTOP)
    return 0


def keeper_killed(room: Room) -> float:
    """kill -9 of the keeper: a new one is in place within 2 s."""
    before = room.keeper
    os.kill(before, signal.SIGKILL)
    if not until(lambda: room.keeper != before and lives(room.keeper), 2):
        raise SystemExit("no new keeper within 2 s")
    return 0


def client_killed(room: Room) -> float:
    """kill -9 of the screen."""
    room.drop_client()
    return 0


def terminal_closed(room: Room) -> float:
    """The window with the screen is closed."""
    terminal = Terminal(room)
    if not until(lambda: terminal.shows, 10):
        raise SystemExit("the screen showed nothing")
    terminal.close()
    terminal.process.wait(10)
    return 0


def clients_harm(room: Room) -> float:
    """Garbage, half a line, a wrong key, megabytes: all at once."""
    path = str(room.folder / "home/run/engine.sock")
    for words in (b"wrong\n", b"\0\xff" * 500_000, b"{", b""):
        channel = socket.socket(socket.AF_UNIX)
        channel.settimeout(0.5)
        with contextlib.suppress(OSError):
            channel.connect(path)
            channel.sendall(words)
        channel.close()
    return 0


def all_killed(room: Room) -> float:
    """kill -9 of engine, keeper and screen; then the next start, and it is taken up."""
    room.decide()
    engine, keeper = room.engine, room.keeper
    for process in (keeper, engine):
        os.kill(process, signal.SIGKILL)
    room.drop_client()
    began_s = time.monotonic()
    until(lambda: not lives(keeper) and not lives(engine), 5)
    said = len(room.lines())
    room.watch()
    _expect(room, said, "take up")
    room.say("take up")
    if not until(lambda: room.status()["state"] == "paused", 10):
        raise SystemExit("it did not come back paused")
    room.say("resume")
    until(lambda: room.status()["state"] == "playing", 10)
    return time.monotonic() - began_s


def server_killed(room: Room) -> float:
    """The sound server dies, and is back after a while."""
    began_s = time.monotonic()
    room.server.kill()
    time.sleep(AWAY_S)
    room.server.start()
    return time.monotonic() - began_s


def server_hung(room: Room) -> float:
    """The sound server answers nobody for a while."""
    room.server.hang(HANGS_S)
    return HANGS_S


def unplugged(room: Room) -> float:
    """The output goes, and is back after a while; there is another that must stay silent."""
    began_s = time.monotonic()
    room.server.unplug("room")
    time.sleep(AWAY_S)
    room.server.plug("room")
    return time.monotonic() - began_s


def file_deleted(room: Room) -> float:
    """The piece that sounds is deleted, and put back after its decode-ahead."""
    piece = room.piece()
    if piece is not None:
        piece.unlink()
        time.sleep(12)
        _mend(piece)
    return 0


def file_truncated(room: Room) -> float:
    """The piece that sounds is cut off where it is read."""
    return _spoil(room, lambda piece: os.truncate(piece, piece.stat().st_size // 50))


def file_to_noise(room: Room) -> float:
    """The piece that sounds is overwritten with noise, but for its first bytes."""

    def overwrite(piece: Path) -> None:
        with piece.open("r+b") as out:
            out.seek(65_536)
            out.write(random.randbytes(piece.stat().st_size - 65_536))

    return _spoil(room, overwrite)


def busy_loops(room: Room) -> float:
    """Loops that keep all cores busy; the output may run dry once in a run, and no more."""
    before = room.status()["output"]["underruns"]
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(LOOPS)]
    time.sleep(LOOPS_S)
    for loop in loops:
        loop.kill()
        loop.wait()
    room.dry += room.status()["output"]["underruns"] - before
    if room.dry > 1:
        raise SystemExit(f"the output ran dry {room.dry} times so far under load")
    return 0


def folder_taken(room: Room) -> float:
    """The runtime folder is taken away: the same engine is met again within 1 s."""
    engine = room.engine
    shutil.rmtree(room.folder / "home/run")
    time.sleep(1)
    if room.status().get("engine_pid") != engine:
        raise SystemExit("the engine was not met again")
    return 0


def second_start(room: Room) -> float:
    """Two more starts at once, while it runs: both are told why not."""
    words = trial.stillroom("play", "rest", "--plain", "--output", "null")
    starts = [
        subprocess.Popen(
            words,
            env=room.environment,
            cwd=trial.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    for start in starts:
        said = start.communicate(timeout=20)[0]
        if "one session at a time" not in said:
            raise SystemExit(f"a second start was told: {said!r}")
    return 0


def disk_full(room: Room) -> float:
    """The data folder's disk is full for a while, and something is decided meanwhile."""
    if not room.own_disk:
        raise SystemExit("no small disk could be mounted")
    fill = room.folder / "home/fill"
    with fill.open("wb", buffering=0) as out, contextlib.suppress(OSError):
        while True:
            out.write(bytes(4096))
    time.sleep(FULL_S / 2)
    room.decide()
    time.sleep(FULL_S / 2)
    fill.unlink()
    return 0


def _spoil(room: Room, spoil: Callable[[Path], object]) -> float:
    piece = room.piece()
    if piece is not None:
        spoil(room.as_read(piece))
        until(lambda: room.piece() != piece, TO_THE_NEXT_S, every_s=2)
        time.sleep(3)
        _mend(piece)
    return 0


def _mend(piece: Path) -> None:
    whole = piece.with_suffix(".whole")
    shutil.copyfile(piece.with_name("master.flac"), whole)
    whole.replace(piece)


def _expect(room: Room, since: int, words: str) -> None:
    if not until(lambda: words in room.lines()[since:], 20):
        raise SystemExit(f"the screen never said {words!r}: {room.lines()[since:][-500:]}")


@dataclass(frozen=True)
class Fault:
    """What is done, and how long a silence is allowed for it beyond the time that it lasts."""

    work: Callable[[Room], float]
    silence_s: float = 0.0
    place_s: float = 0.3
    moves_on: bool = False
    """Whether the next piece may follow, once, from its start."""


FAULTS: dict[str, Fault] = {
    "engine-killed": Fault(engine_killed, 1.5),
    "engine-stopped": Fault(engine_stopped, 3.0),
    "keeper-killed": Fault(keeper_killed),
    "client-killed": Fault(client_killed),
    "terminal-closed": Fault(terminal_closed),
    "clients-harm": Fault(clients_harm),
    "all-killed": Fault(all_killed, 2.0),
    "server-killed": Fault(server_killed, 2.0, UNHEARD_S),
    "server-hung": Fault(server_hung, 3.0, UNHEARD_S),
    "unplugged": Fault(unplugged, 2.0, UNHEARD_S),
    "file-deleted": Fault(file_deleted, moves_on=True),
    "file-truncated": Fault(file_truncated, moves_on=True),
    "file-to-noise": Fault(file_to_noise, moves_on=True),
    "busy-loops": Fault(busy_loops, 0.25),
    "folder-taken": Fault(folder_taken),
    "second-start": Fault(second_start),
    "disk-full": Fault(disk_full),
}

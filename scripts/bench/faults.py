"""What may happen to a session that sounds, done to one on purpose, and what is allowed of each.

Each returns for how long the fault itself lasted, where the sound can't be there before it is over.
Not worked here, and left to the tests: a clock that jumps and a machine that sleeps, since others
use this machine's clock; a share that stalls.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pulse
import trial
from judging import Fault
from room import Room, Terminal, lives, until

from player.engine.place import token_file

AWAY_S = 3.0
LONG_AWAY_S = 33.0
PAUSED_S = 3.0
HANGS_S = 5.0
UNHEARD_S = 0.4
"""So much farther than the depth a place may be off after an output went. What was on its way to it
is lost, and is not played again; and for up to 0.33 s, until SDL tells that the output is gone,
sound is taken on by nobody."""
DEPTH_LOOKS = 8
"""So often it is looked how much is on its way: over 2 s, longer than the longest chunk plays."""
SEEN_S = 0.5
"""Within it a session says that its output is gone."""
LOOPS, LOOPS_S = 4, 20.0
STALLS_S, FLOODS_S = 3.0, 1.0
HALF = b'{"v": 1, "id": 1, "comm'
FULL_S = 8.0
TO_THE_NEXT_S = 40.0
"""So long a spoilt piece may go on: what was decoded ahead of it is played."""


def engine_killed(room: Room) -> float:
    """kill -9 of the engine, just after something was decided."""
    room.decide()
    room.harm(room.engine, signal.SIGKILL)
    return 0


def engine_stopped(room: Room) -> float:
    """SIGSTOP: an engine that hangs, while something is decided."""
    engine = room.engine
    room.harm(engine, signal.SIGSTOP)
    time.sleep(0.3)
    room.ask()
    if not until(lambda: not lives(engine) and room.status()["running"], 10):
        raise SystemExit("an engine that hangs was not ended")
    room.expect_decided()
    return 0


def killed_in_a_pause(room: Room) -> float:
    """kill -9 of the engine in a pause: it is not heard before the pause is over."""
    began_s = time.monotonic()
    room.pause()
    time.sleep(PAUSED_S)
    engine = room.engine
    os.kill(engine, signal.SIGKILL)
    if not until(lambda: room.engine != engine and room.status()["running"], 10):
        raise SystemExit("the engine did not come back in a pause")
    time.sleep(PAUSED_S)
    room.go_on()
    return time.monotonic() - began_s


def keeper_killed(room: Room) -> float:
    """kill -9 of the keeper: a new one is in place within 2 s."""
    before = room.keeper
    room.harm(before, signal.SIGKILL)
    if not until(lambda: room.keeper != before and lives(room.keeper), 2):
        raise SystemExit("no new keeper within 2 s")
    return 0


def client_killed(room: Room) -> float:
    """kill -9 of the screen; the next one finds the session."""
    if room.client is None:
        raise SystemExit("there was no screen to kill")
    room.drop_client()
    room.watch_again()
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
    """Garbage, half a line, a wrong key, megabytes; some that stall for seconds, and a flood."""
    token = _token(room)
    with contextlib.ExitStack() as stack:
        for words in (b"", b"{", token, token + b"{", token + HALF):
            stalls = stack.enter_context(_channel(room))
            stalls.sendall(words)
        for words in (b"wrong\n", b"\0\xff" * 500_000):
            with _channel(room) as channel, contextlib.suppress(OSError):
                channel.sendall(words)
        if not _flood(room, token):
            raise SystemExit("the flood never began")
        time.sleep(STALLS_S)
        with _channel(room) as channel:
            channel.sendall(token)
            if not channel.recv(1):
                raise SystemExit("nobody else was let in beside those that stall")
    return 0


def _token(room: Room) -> bytes:
    return (room.folder / "home/run" / token_file().name).read_bytes().strip() + b"\n"


def _channel(room: Room) -> socket.socket:
    channel = socket.socket(socket.AF_UNIX)
    channel.settimeout(2)
    channel.connect(str(room.folder / "home/run/engine.sock"))
    return channel


def _flood(room: Room, token: bytes) -> int:
    """As many lines as are taken in a second, met anew whenever it is dropped: how many."""
    sent, end_s = 0, time.monotonic() + FLOODS_S
    while time.monotonic() < end_s:
        with _channel(room) as channel, contextlib.suppress(OSError):
            channel.sendall(token)
            while time.monotonic() < end_s:
                channel.sendall(b'{"v": 1, "id": 1, "command": {"do": "never"}}\n' * 1000)
                sent += 1000
    return sent


def all_killed(room: Room) -> float:
    """kill -9 of screen, keeper and engine; then the next start, and it is taken up."""
    room.decide()
    engine, keeper = room.engine, room.keeper
    room.drop_client()  # first, or it would bring the others back
    for process in (keeper, engine):
        room.harm(process, signal.SIGKILL)
    began_s = time.monotonic()
    until(lambda: not lives(keeper) and not lives(engine), 5)
    said = len(room.lines())
    room.watch()
    _expect(room, said, "take up")
    room.say("take up")
    if not until(lambda: room.status()["state"] == "paused", 10):
        raise SystemExit("it did not come back paused")
    room.say("resume")
    if not until(lambda: room.status()["state"] == "playing", 10):
        raise SystemExit("it did not go on")
    return time.monotonic() - began_s


def server_killed(room: Room) -> float:
    """The sound server dies, and is back after a while."""
    return _away(room, room.server.kill, room.server.start)


def server_hung(room: Room) -> float:
    """The sound server answers nobody for a while."""
    room.astray_s = _on_its_way_s(room)
    room.harmed_s = room.server.now_s()
    room.server.hang(HANGS_S)
    return HANGS_S


def unplugged(room: Room) -> float:
    """The output goes, and is back after a while; there is another that must stay silent."""
    return _away(room, lambda: room.server.unplug("room"), lambda: room.server.plug("room"))


def long_unplugged(room: Room) -> float:
    """The output is away for longer than it comes back from by itself: a key brings it back."""
    room.astray_s = _on_its_way_s(room)
    began_s = room.harmed_s = room.server.now_s()
    room.server.unplug("room")
    time.sleep(LONG_AWAY_S)
    room.server.plug("room")
    if not until(lambda: room.status()["output"]["state"] == "sounding", 10):
        raise SystemExit("the output was not found again")
    time.sleep(PAUSED_S)
    if (state := room.status()["state"]) != "paused":
        raise SystemExit(f"it did not wait for a key: {state}")
    room.go_on()
    return room.server.now_s() - began_s


def _away(room: Room, take: Callable[[], None], give_back: Callable[[], None]) -> float:
    """Without an output for a while: for how long. It is seen soon that it is gone."""
    room.astray_s = _on_its_way_s(room)
    with _channel(room) as channel:
        channel.sendall(_token(room))
        began_s = room.harmed_s = room.server.now_s()
        take()
        seen_s = _seen_lost(room, channel) - began_s
    time.sleep(max(0.0, began_s + AWAY_S - room.server.now_s()))
    give_back()
    away_s = room.server.now_s() - began_s
    if seen_s > SEEN_S:
        raise SystemExit(f"that the output was gone was seen after {seen_s:.2f} s")
    return away_s


def _seen_lost(room: Room, channel: socket.socket) -> float:
    """When the engine says that its output is lost, by the recording's clock; inf for never."""
    unread, until_s = b"", room.server.now_s() + AWAY_S
    with contextlib.suppress(OSError):
        while room.server.now_s() < until_s and (got := channel.recv(65_536)):
            *lines, unread = (unread + got).split(b"\n")
            for line in lines:
                if json.loads(line).get("status", {}).get("output", {}).get("state") == "lost":
                    return room.server.now_s()
    return math.inf


def _on_its_way_s(room: Room) -> float:
    """How far a place may be off, by the most that is on its way to the output: with each chunk
    that is handed over it grows at once, and falls until the next."""
    depths = [float(room.status()["output"]["depth_frames"]) for _ in range(DEPTH_LOOKS)]
    return max(depths) / pulse.RATE + UNHEARD_S


def file_deleted(room: Room) -> float:
    """The piece that sounds is deleted, and put back after its decode-ahead."""
    piece = _sounding(room)
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
    # In sessions of their own, as other programs are: Linux shares its turns among sessions.
    words = [sys.executable, "-c", "while True: pass"]
    loops = [subprocess.Popen(words, start_new_session=True) for _ in range(LOOPS)]
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
            out.write(bytes(65_536))
    with fill.open("ab", buffering=0) as out, contextlib.suppress(OSError):
        while True:
            out.write(bytes(512))
    time.sleep(FULL_S / 2)
    room.decide()
    time.sleep(FULL_S / 2)
    fill.unlink()
    return 0


def _sounding(room: Room) -> Path:
    """The file that sounds; for a while after another fault it may be none."""
    if not until(lambda: room.piece() is not None, 5):
        raise SystemExit("no file sounds that could be spoilt")
    piece = room.piece()
    if piece is None:
        raise SystemExit("the file that sounds has just ended")
    return piece


def _spoil(room: Room, spoil: Callable[[Path], object]) -> float:
    piece = _sounding(room)
    spoil(room.as_read(piece))
    moved = until(lambda: room.piece() != piece, TO_THE_NEXT_S, every_s=2)
    time.sleep(3)
    _mend(piece)
    if not moved:
        raise SystemExit("the piece went on: nothing was spoilt of what is read")
    return 0


def _mend(piece: Path) -> None:
    whole = piece.with_suffix(".whole")
    shutil.copyfile(piece.with_name("master.flac"), whole)
    whole.replace(piece)


def _expect(room: Room, since: int, words: str) -> None:
    if not until(lambda: words in room.lines()[since:], 20):
        raise SystemExit(f"the screen never said {words!r}: {room.lines()[since:][-500:]}")


FAULTS: dict[str, Fault] = {
    "engine-killed": Fault(engine_killed, 1.5),
    # The pause's own fade-out comes first. Its end is too quiet to be heard, as is the beginning of
    # the two fades behind it, the pause's and the break's: 0.28 s, and 0.07 without a break.
    "killed-in-a-pause": Fault(killed_in_a_pause, 2.0, 0.4, begins_s=PAUSED_S + 2),
    "engine-stopped": Fault(engine_stopped, 3.0),
    "keeper-killed": Fault(keeper_killed),
    "client-killed": Fault(client_killed),
    "terminal-closed": Fault(terminal_closed),
    "clients-harm": Fault(clients_harm),
    "all-killed": Fault(all_killed, 2.0),
    "server-killed": Fault(server_killed, 2.0),
    # Two silences: the engine that hangs with the server is ended meanwhile, and what waits of it
    # in the server may be heard for a moment before the next engine's fade-in.
    "server-hung": Fault(server_hung, 3.0, begins_s=HANGS_S + 3, silences=2, fades_in=False),
    "unplugged": Fault(unplugged, 2.0),
    "long-unplugged": Fault(long_unplugged, 2.0),
    "file-deleted": Fault(file_deleted, moves_on=True),
    "file-truncated": Fault(file_truncated, moves_on=True),
    "file-to-noise": Fault(file_to_noise, moves_on=True),
    "busy-loops": Fault(busy_loops, 0.25, begins_s=LOOPS_S + 1, fades_in=False),
    "folder-taken": Fault(folder_taken),
    "second-start": Fault(second_start),
    "disk-full": Fault(disk_full),
}

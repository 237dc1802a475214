"""Works faults at random on a session that sounds, and says what was heard of each.

    python scripts/chaos.py --minutes 30 --seed 1
    python scripts/chaos.py --only engine-killed --times 20

Plays music whose pitch tells its place into a PulseAudio of its own, records the sink, and prints
a table: fault, times tried, median and longest silence, largest place error. To add a fault: a
function of the room that does it, and a line in FAULTS.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "bench"))

import pulse
import sweep
import trial

SESSION = """format: 1
title: Chaos
sound: {{first_fade: 1s, end_fade: 1s, crossfade: 2s}}
phases:
  - {{name: One, length: 24h, music: {{from: [{music}], loop: seamless}}}}
"""
BETWEEN_S = (4.0, 6.0)
MUSIC_S = 480
"""A whole number of sweeps: its end joins its beginning."""


@dataclass
class Room:
    """A session that sounds, by what can be reached of it."""

    folder: Path
    environment: dict[str, str]
    server: pulse.PrivatePulse
    client: subprocess.Popen[bytes] | None = None

    @property
    def engine(self) -> int:
        """The engine's process, once there is one."""
        while True:
            beat = (self.folder / "home/run/engine.beat").read_bytes()
            process = int(struct.unpack("<8Q", beat)[2])
            # Nought would be this very process and all its family.
            if process > 1 and _lives(process):
                return process
            time.sleep(0.02)

    @property
    def keeper(self) -> int:
        """The keeper's process."""
        return int((self.folder / "home/run/keeper.lock").read_text())

    def status(self) -> dict[str, Any]:
        """What `stillroom status --json` says."""
        return trial.status(self.environment)

    def watch(self) -> None:
        """A screen in plain lines, that stays as long as it can."""
        words = trial.stillroom("play", str(self.folder / "chaos.yaml"), "--plain")
        self.client = subprocess.Popen(
            words,
            env=self.environment,
            cwd=trial.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=(self.folder / "lines.txt").open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def engine_killed(room: Room) -> None:
    """kill -9 of the engine."""
    os.kill(room.engine, signal.SIGKILL)


def engine_stopped(room: Room) -> None:
    """SIGSTOP: an engine that hangs."""
    os.kill(room.engine, signal.SIGSTOP)


def keeper_killed(room: Room) -> None:
    """kill -9 of the keeper; then of the engine, which the new keeper must bring back."""
    before = room.keeper
    os.kill(before, signal.SIGKILL)
    _until(lambda: room.keeper != before and _lives(room.keeper), 5)
    time.sleep(0.5)


def client_killed(room: Room) -> None:
    """kill -9 of the screen."""
    if room.client is not None:
        room.client.kill()
        room.client.wait()
        room.client = None


def clients_harm(room: Room) -> None:
    """Garbage, half a line, a wrong key, megabytes: all at once."""
    import socket

    path = str(room.folder / "home/run/engine.sock")
    for words in (b"wrong\n", b"\0\xff" * 500_000, b"{", b""):
        channel = socket.socket(socket.AF_UNIX)
        channel.settimeout(0.5)
        try:
            channel.connect(path)
            channel.sendall(words)
        except OSError:
            pass
        finally:
            channel.close()


@dataclass(frozen=True)
class Fault:
    """What is done, and how long a silence is allowed for it."""

    work: Callable[[Room], None]
    longest_s: float
    place_s: float = 0.3


FAULTS: dict[str, Fault] = {
    "engine-killed": Fault(engine_killed, 3.0),
    "engine-stopped": Fault(engine_stopped, 4.0),
    "keeper-killed": Fault(keeper_killed, 0.0),
    "client-killed": Fault(client_killed, 0.0),
    "clients-harm": Fault(clients_harm, 0.0),
}


@dataclass
class Row:
    """What was heard of one fault."""

    times: int = 0
    silences_s: list[float] = field(default_factory=list)
    errors_s: list[float] = field(default_factory=list)


def _lives(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def _until(holds: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if holds():
                return
        except (OSError, ValueError):
            pass
        time.sleep(0.02)


def main() -> int:
    """Run, and say what was heard."""
    asked = _asked()
    if not pulse.PrivatePulse.there():
        print("chaos needs PulseAudio (pulseaudio, parec, pactl)")
        return 2
    chance = random.Random(asked.seed)
    with tempfile.TemporaryDirectory(prefix="sr-") as name:
        room = _open(Path(name))
        try:
            done = _work(room, asked, chance)
            time.sleep(3)
            sound, faults = room.server.heard(), room.status()["faults"]
            trial.run(trial.stillroom("stop"), room.environment)
        finally:
            if room.client is not None:
                room.client.kill()
            room.server.stop()
    return _tell(done, sound, faults)


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--minutes", type=float, default=5)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--only", choices=sorted(FAULTS), action="append")
    words.add_argument("--times", type=int, help="so many faults, however long it takes")
    return words.parse_args()


def _open(folder: Path) -> Room:
    server = pulse.PrivatePulse(folder / "pulse")
    server.start()
    music = sweep.make(folder / "sweep.flac", MUSIC_S)
    (folder / "chaos.yaml").write_text(SESSION.format(music=json.dumps(str(music))))
    (folder / "home").mkdir(mode=0o700)
    environment = os.environ | server.environment | {"WAKEPY_FAKE_SUCCESS": "yes"}
    environment |= {"STILLROOM_HOME": str(folder / "home"), "HOME": str(folder)}
    room = Room(folder, environment, server)
    room.watch()
    trial.await_playing(environment)
    server.record()
    time.sleep(3)
    return room


def _work(room: Room, asked: argparse.Namespace, chance: random.Random) -> list[tuple[float, str]]:
    """Faults one after another; when each was, by the recording's own clock."""
    done: list[tuple[float, str]] = []
    until = time.monotonic() + asked.minutes * 60
    names = asked.only or sorted(FAULTS)
    while len(done) < asked.times if asked.times else time.monotonic() < until:
        name = chance.choice(names)
        done.append((room.server.recording.stat().st_size / 8 / pulse.RATE, name))
        print(f"{done[-1][0]:8.1f} s  {name}", flush=True)
        FAULTS[name].work(room)
        time.sleep(chance.uniform(*BETWEEN_S))
    return done


def _tell(done: list[tuple[float, str]], sound: sweep.Sound, faults: list[str]) -> int:
    rows = {name: Row() for name in FAULTS}
    for _, name in done:
        rows[name].times += 1
    bad: list[str] = []
    for gap in sweep.gaps(sound):
        name = next((name for at, name in reversed(done) if at <= gap.at_s + 0.5), "before any")
        allowed = FAULTS.get(name, Fault(client_killed, 0.0))
        error = gap.place_error_s
        print(f"{gap.at_s:8.2f} s  silent for {gap.length_s:.2f} s  {name}  place {error}")
        if name in rows:
            rows[name].silences_s.append(gap.length_s)
            rows[name].errors_s += [] if error is None else [error]
        if gap.length_s > allowed.longest_s or (error is not None and abs(error) > allowed.place_s):
            bad.append(f"{gap.at_s:.2f} s: silent for {gap.length_s:.2f} s, {name}, place {error}")
    _print(rows)
    print(f"steepest step, against the music's own: {sweep.steepest(sound):.2f}")
    print(f"faults told by the engine: {len(faults)}")
    print("\n".join(["beyond what is allowed:", *bad]) if bad else "nothing beyond what is allowed")
    return 1 if bad else 0


def _print(rows: dict[str, Row]) -> None:
    print("\n| fault | times | silences | median, s | longest, s | place error, s |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, row in rows.items():
        if not row.times:
            continue
        median = f"{statistics.median(row.silences_s):.2f}" if row.silences_s else "none"
        longest = f"{max(row.silences_s):.2f}" if row.silences_s else "none"
        errors = [f"{min(row.errors_s):+.2f} to {max(row.errors_s):+.2f}"] if row.errors_s else []
        print(f"| {name} | {row.times} | {len(row.silences_s)} | {median} | {longest} | ", end="")
        print(f"{''.join(errors) or 'none'} |")


if __name__ == "__main__":
    sys.exit(main())

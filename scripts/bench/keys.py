"""From a key to its change in the sound, on a private PulseAudio null sink that is recorded.

`python scripts/bench/keys.py` (needs PulseAudio's pulseaudio and parec). Keys go over the link, as
a screen sends them; what is heard is recorded beside a clock. With --loops N busy loops run
meanwhile; underruns are counted. Also: the begin key, with the session open and measured.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pulse
from trial import ROOT, house, session, status

sys.path.insert(0, str(ROOT))

RATE = 48_000
HEARD = 0.99
"""Talk brings the bed down by 18 dB in 1.5 s: 1 % less is reached 7 ms after it begins."""


class Ear:
    """Reads what the sink plays, a few ms at a time, each piece with the time it came."""

    def __init__(self, environment: dict[str, str]) -> None:
        line = ["parec", "-d", "room.monitor", f"--rate={RATE}", "--channels=2"]
        line += ["--format=float32le", "--raw", "--latency-msec=5"]
        self._process = subprocess.Popen(line, stdout=subprocess.PIPE, env=environment)
        self._pipe = self._process.stdout.fileno() if self._process.stdout else -1
        self.pieces: list[tuple[float, Any]] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while data := os.read(self._pipe, 8 * 480):
            whole = np.frombuffer(data[: len(data) // 8 * 8], np.float32).reshape(-1, 2)
            self.pieces.append((time.monotonic(), whole))

    def level(self) -> float:
        """The amplitude of the newest 10 ms: a piece may be shorter than the tone's period."""
        newest = np.concatenate([sound for _, sound in self.pieces[-480:]] or [np.zeros((1, 2))])
        return float(np.abs(newest[-480:]).max(initial=0))

    def close(self) -> None:
        self._process.kill()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keys", type=int, default=30)
    options.add_argument("--begins", type=int, default=7)
    options.add_argument("--loops", type=int, default=0)
    options.add_argument("--minutes", type=float, default=0, help="play on so long, for underruns")
    given = options.parse_args()
    with house() as (folder, own):
        server = pulse.PrivatePulse(folder / "pulse")
        server.start()
        environment = own | server.environment
        os.environ.update(environment)
        plan = _steady(folder)
        ear = Ear(environment)
        loops = [
            subprocess.Popen([sys.executable, "-c", "while 1: pass"], start_new_session=True)
            for _ in range(given.loops)
        ]
        try:
            _begins(plan, ear, given.begins)
            _keys(plan, ear, given.keys, given.minutes, environment)
        finally:
            for loop in loops:
                loop.kill()
            ear.close()
            server.stop()


def _steady(folder: Path) -> Path:
    """A session of one steady tone, so that any change is seen at once."""
    path = folder / "tone.flac"
    at = np.arange(60 * RATE)
    sound = (8000 * np.sin(2 * np.pi * 1000 * at / RATE)).astype(np.int16)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=RATE, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.repeat(sound, 2)[None], format="s16", layout="stereo")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    phase = "{name: One, length: 20h, music: {from: tone.flac, loop: seamless}}"
    return session(folder / "steady.yaml", [phase], [], ", first_fade: 0.1s")


def _await(holds: Callable[[], bool], timeout_s: float = 30) -> None:
    until = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() > until:
            raise SystemExit("waited in vain")
        time.sleep(0.001)


def _room() -> Any:
    from player.engine.client import connect

    room = connect()
    latest: list[Any] = [None]

    def read() -> None:
        from player.errors import EngineUnreachable
        from player.timeline.status import Status

        try:
            while True:
                message = room.receive(1.0)
                if isinstance(message, Status):
                    latest[0] = message
        except EngineUnreachable:
            return

    threading.Thread(target=read, daemon=True).start()
    return room, latest


def _begins(plan: Path, ear: Ear, times: int) -> None:
    from player.timeline import commands as c
    from player.timeline.status import State

    waits = []
    for _ in range(times):
        room, latest = _room()
        room.send(c.OpenSession(path=str(plan)))
        _await(lambda: latest[0] is not None and latest[0].state is State.READY)  # noqa: B023
        time.sleep(1.0)
        _await(lambda: ear.level() < 1e-4)
        at = time.monotonic()
        room.send(c.Begin())
        _await(lambda: ear.level() > 3e-3)
        waits.append(time.monotonic() - at)
        room.send(c.Leave())
        _await(lambda: ear.level() < 1e-4)
        time.sleep(2.0)
        room.close()
    _print("begin key to sound", waits)


def _keys(plan: Path, ear: Ear, times: int, minutes: float, environment: dict[str, str]) -> None:
    from player.timeline import commands as c

    room, _ = _room()
    room.send(c.OpenSession(path=str(plan)))
    room.send(c.Begin())
    _await(lambda: ear.level() > 0.05)
    time.sleep(3.0)
    rng = np.random.default_rng()  # unseeded: the same pauses meet the same places in a chunk
    waits = []
    for _ in range(times):
        loud = ear.level()
        at = time.monotonic()
        room.send(c.BeginTalk())
        _await(lambda: ear.level() < loud * HEARD)  # noqa: B023
        waits.append(time.monotonic() - at)
        room.send(c.EndTalk())
        time.sleep(7.0 + rng.random())
    _print("key to change in sound", waits)
    if minutes:
        time.sleep(minutes * 60)
    now = status(environment)
    print(f"underruns: {now['output']['underruns']} in {now['position_s'] / 60:.1f} minutes")
    room.send(c.Leave())
    time.sleep(3)


def _print(what: str, waits: list[float]) -> None:
    if waits:
        middle = statistics.median(waits) * 1000
        print(
            f"{what:24s} median {middle:.0f} ms, least {min(waits) * 1000:.0f},"
            f" most {max(waits) * 1000:.0f}, of {len(waits)}",
            flush=True,
        )


if __name__ == "__main__":
    main()

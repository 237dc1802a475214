"""Gaps in what an output is given, counted in its recording: this player beside a plain C one.

    python scripts/bench/gaps.py --minutes 5 --loops 4

Plays a session into one output of a private PulseAudio, and the same sound through pacat into
the other, records both, and counts every stretch of 1 ms or more in which nothing was given.
The engine's own count of underruns stands beside it, and so do the times at which the machine
itself stood still. Needs pulseaudio, parec and pacat.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pulse
import stalls
import sweep
import trial
from numpy.typing import NDArray
from room import open_room

RATE = 48_000
PIECE_S = 60


def main() -> None:
    """Play, record, count."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--minutes", type=float, default=3)
    words.add_argument("--loops", type=int, default=0, help="busy loops beside it")
    words.add_argument("--peer-ms", type=int, default=200, help="the depth that pacat asks for")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="sr-") as name:
        room = open_room(Path(name), 1)
        zero_s = room.server.recorders["room"].began_s
        peer, feeder = _peer(room.server, Path(name), asked.peer_ms, asked.minutes)
        time.sleep(2)
        loops = [_loop() for _ in range(asked.loops)]
        try:
            began_s = room.server.now_s()
            used_s = trial.cpu_s(room.engine)
            with stalls.watched(Path(name)) as stood_still:
                time.sleep(asked.minutes * 60)
            used_s = (trial.cpu_s(room.engine) - used_s) / asked.minutes / 60
            ended_s = room.server.now_s()
            output = room.status()["output"]
            heard = {each: room.server.heard(each) for each in pulse.OUTPUTS}
        finally:
            for process in (*loops, peer, feeder):
                process.kill()
            room.close()
    for each, who in (("room", "stillroom"), ("other", f"pacat, {asked.peer_ms} ms")):
        sound = heard[each][round(began_s * RATE) : round(ended_s * RATE)]
        tell(who, sound, stood_still, zero_s + began_s)
    times, whole_s = len(stood_still.rows), stood_still.whole_s
    print(f"the machine stood still {times} times, {whole_s:.2f} s in all")
    print(
        f"depth {output['depth_frames'] / RATE * 1000:.0f} ms, underruns by the engine's own count:"
        f" {output['underruns']}; {used_s:.4f} of a core"
    )


def _loop() -> subprocess.Popen[bytes]:
    """In a session of its own, as another program is: Linux shares its turns among sessions."""
    return subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True)


def _peer(
    server: pulse.PrivatePulse, folder: Path, depth_ms: int, minutes: float
) -> tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]:
    """The same sound from a program in C, by way of a file that is read over and over."""
    raw = folder / "peer.raw"
    at = np.arange(RATE * PIECE_S)
    tone = (0.2 * np.sin(at * (2 * np.pi * 440.5 / RATE)) + 0.001).astype(np.float32)
    np.repeat(tone, 2).tofile(raw)
    times = round(minutes * 60 / PIECE_S) + 3
    feeder = subprocess.Popen(["cat", *[str(raw)] * times], stdout=subprocess.PIPE)
    line = ["pacat", "-d", "other", "--raw", "--format=float32le", f"--rate={RATE}"]
    peer = subprocess.Popen(
        [*line, "--channels=2", f"--latency-msec={depth_ms}"],
        stdin=feeder.stdout,
        env=os.environ | server.environment,
    )
    return peer, feeder


def tell(who: str, sound: NDArray[np.float32], still: stalls.Stalls, zero_s: float) -> None:
    """One line of what is missing, and how much of it while the machine stood still."""
    rows = [(begin / RATE, (end - begin) / RATE) for begin, end in sweep.empty(sound)]
    whole = [
        (zero_s + at, long, still.excuse(zero_s + at, zero_s + at + long, long))
        for at, long in rows
    ]
    gaps = [long for _, long, excused in whole if not excused]
    print(
        f"{who:20s} {len(gaps)} gaps in {len(sound) / RATE / 60:.1f} minutes,"
        f" the longest {max(gaps, default=0) * 1000:.0f} ms;"
        f" {len(rows) - len(gaps)} more while the machine stood still",
        flush=True,
    )
    for at, long, excused in whole:
        stood_s = still.within_s(at - stalls.BEFORE_S, at + long)
        print(
            f"  {at - zero_s:8.2f} s  {long * 1000:4.0f} ms{' (the machine)' if excused else ''};"
            f" it stood still for {stood_s * 1000:.0f} ms just before",
            flush=True,
        )


if __name__ == "__main__":
    main()

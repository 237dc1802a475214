"""Plays a session for hours, and says what it held in memory and in open files (Linux).

    python scripts/soak.py --hours 8 --speed 400
    python scripts/soak.py --real-minutes 60

The first is the null output as fast as it goes, and then a file of the same session, in which each
round of the music is compared with the first: 1.4 GB an hour for a while. The second is real time
on the null output; chaos.py listens to a device.
"""

from __future__ import annotations

import argparse
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "bench"))

import numpy as np
import sweep
import trial

EVERY_S = 1.0
SETTLED_S = 600.0
"""Of the session: memory after it is what the end is held against."""
MOST_MB = 2.0
LOOKS = 10
"""Handles come and go with the pieces: the end is held against the most of so many."""
MUSIC_S, CROSSFADE_S = 240, 10
ROUND = (MUSIC_S - CROSSFADE_S) * sweep.RATE
"""Frames from a piece's beginning to the next one's."""
FADES_S = 12
"""At the session's beginning and end, where no round is whole."""
ALIKE = 1e-5
STEEPEST = 1.1
"""Two pieces that cross may differ by more from frame to frame than one, by this."""


@dataclass(frozen=True)
class Look:
    """What was seen of the engine at one moment of the session."""

    at_s: float
    mb: float
    handles: int
    pid: int
    faults: tuple[str, ...] = ()


def main() -> int:
    """Run what was asked for. 1 where it held more at the end, did not get there, or broke."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--hours", type=float, default=8.0)
    words.add_argument("--speed", type=float, default=400.0)
    words.add_argument("--real-minutes", type=float, default=0.0)
    asked = words.parse_args()
    well = True
    if asked.hours:
        well = _soak(asked.hours * 3600, asked.speed)
        well = _listen(asked.hours * 3600, asked.speed) and well
    if asked.real_minutes:
        well = _soak(asked.real_minutes * 60, 1.0) and well
    return 0 if well else 1


def _plan(folder: Path, seconds: float) -> Path:
    sweep.make(folder / "sweep.flac", MUSIC_S)
    phase = f"{{name: One, length: {round(seconds)}s, music: [sweep.flac]}}"
    sound = f", first_fade: 1s, crossfade: {CROSSFADE_S}s"
    return trial.session(folder / "soak.yaml", [phase], [], sound)


def _play(plan: Path, output: str, speed: float) -> list[str]:
    line = trial.stillroom("play", str(plan), "--plain", "--output", output)
    return [*line, "--speed", f"{speed:g}"]


def _soak(seconds: float, speed: float) -> bool:
    with trial.house() as (folder, environment):
        line = _play(_plan(folder, seconds), "null", speed)
        with subprocess.Popen(
            line, env=environment, cwd=trial.ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        ):
            pid = int(trial.await_playing(environment)["engine_pid"])
            return told(_watch(pid, seconds, environment), seconds, speed)


def _listen(seconds: float, speed: float) -> bool:
    """Whether what is written of the same session has no frame amiss, from end to end."""
    with trial.house() as (folder, environment):
        out = folder / "heard.wav"
        line = _play(_plan(folder, seconds), str(out), speed)
        subprocess.run(
            line,
            env=environment,
            cwd=trial.ROOT,
            stdin=subprocess.DEVNULL,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        heard = np.memmap(out, np.float32, "r", offset=_sound_at(out))
        return _compared(heard[: len(heard) // 2 * 2].reshape(-1, 2)[:, 0], seconds)


def _sound_at(file: Path) -> int:
    """Where the frames begin in a wav file."""
    with file.open("rb") as wav:
        wav.seek(12)
        while True:
            name, size = struct.unpack("<4sI", wav.read(8))
            if name == b"data":
                return wav.tell()
            wav.seek(size, 1)


def _compared(heard: sweep.Sound, seconds: float) -> bool:
    """Each round beside the one that follows the first fade; that one by its steps."""
    begin, end = FADES_S * sweep.RATE, len(heard) - FADES_S * sweep.RATE
    first = np.array(heard[begin : begin + ROUND])
    amiss = int(sweep.steepest(first, sweep.level(first)) > STEEPEST)
    rounds = 0
    for start in range(begin + ROUND, end, ROUND):
        piece = heard[start : min(end, start + ROUND)]
        wrong = np.flatnonzero(np.abs(piece - first[: len(piece)]) > ALIKE)
        rounds += 1
        if len(wrong):
            amiss += 1
            print(f"  amiss at {(start + wrong[0]) / sweep.RATE:.3f} s: {len(wrong)} frames")
    asked = round(seconds * sweep.RATE)
    # Behind the music lies a little silence, so that its end is surely heard.
    whole = 0 <= len(heard) - asked < sweep.RATE and not heard[asked:].any()
    print(f"{len(heard) / sweep.RATE / 3600:g} h heard in {rounds} rounds: {amiss} discontinuities")
    if not whole:
        print(f"  {len(heard)} frames were written, {asked} asked for")
    return amiss == 0 and whole


def _watch(pid: int, seconds: float, environment: dict[str, str]) -> list[Look]:
    """What is seen every second, until the session is over or its first engine is gone."""
    looks: list[Look] = []
    while Path(f"/proc/{pid}").exists():
        now = trial.status(environment)
        if not now.get("running"):
            break
        handles = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
        mb, engine = trial.rss_mb(pid), int(now["engine_pid"])
        looks.append(Look(now["position_s"], mb, handles, engine, tuple(now["faults"])))
        if now["position_s"] >= seconds:
            break
        time.sleep(EVERY_S)
    return looks


def told(looks: list[Look], seconds: float, speed: float) -> bool:
    """Print what was seen; whether one engine got to the end of it and held no more than before."""
    if not looks:
        print("  nothing was seen of it")
        return False
    begin = next(
        (at for at, look in enumerate(looks) if look.at_s >= min(SETTLED_S, seconds / 4)), 0
    )
    settled, last = looks[begin], looks[-1]
    print(f"{seconds / 3600:g} h at {speed:g} times real time; looked {len(looks)} times,")
    print(f"the last time at {last.at_s:.0f} of {seconds:.0f} s")
    for name, look in (("settled", settled), ("at the end", last)):
        print(f"  {name:11s} {look.at_s:8.0f} s  {look.mb:6.1f} MB  {look.handles} handles")
    most_mb, most_handles = max(look.mb for look in looks), max(look.handles for look in looks)
    print(f"  at most     {most_mb:6.1f} MB, {most_handles} handles")
    amiss = list(_amiss(looks, looks[begin:], seconds))
    print("\n".join(f"  {each}" for each in amiss) or "  nothing amiss")
    return not amiss


def _amiss(looks: list[Look], settled: list[Look], seconds: float) -> Iterator[str]:
    last = looks[-1]
    one_look_s = max((two.at_s - one.at_s for one, two in pairwise(looks)), default=0.0)
    if last.at_s < seconds - one_look_s:
        yield f"it did not get to its end: {last.at_s:.0f} of {seconds:.0f} s"
    if any(two.at_s < one.at_s for one, two in pairwise(looks)):
        yield "it went back"
    if len({look.pid for look in looks}) > 1:
        yield "its engine was another one in the end"
    yield from dict.fromkeys(fault for look in looks for fault in look.faults)
    if last.mb - settled[0].mb > MOST_MB:
        yield f"memory grew by {last.mb - settled[0].mb:.1f} MB"
    before = max(look.handles for look in settled[:LOOKS])
    if last.handles > before:
        yield f"{last.handles} handles at the end, {before} at most when it had settled"


if __name__ == "__main__":
    sys.exit(main())

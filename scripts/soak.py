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
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "bench"))

import numpy as np
import sweep
import trial

EVERY_S = 1.0
SETTLED_S = 600.0
"""Of the session: memory after it is what the end is held against."""
MOST_MB = 2.0
MUSIC_S, CROSSFADE_S = 240, 10
ROUND = (MUSIC_S - CROSSFADE_S) * sweep.RATE
"""Frames from a piece's beginning to the next one's."""
FADES_S = 12
"""At the session's beginning and end, where no round is whole."""
ALIKE = 1e-5
BLOCK = 8192
STEEPEST = 1.1
"""Two pieces that cross may differ by more from frame to frame than one, by this."""


def main() -> int:
    """Run what was asked for. 1 where memory grew by more than MOST_MB, or the sound broke."""
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
            return _told(_watch(pid, seconds, environment), seconds, speed)


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
    amiss = int(sweep.steepest(first) > STEEPEST)
    rounds = 0
    for start in range(begin + ROUND, end, ROUND):
        piece = heard[start : min(end, start + ROUND)]
        wrong = np.flatnonzero(np.abs(piece - first[: len(piece)]) > ALIKE)
        rounds += 1
        if len(wrong):
            amiss += 1
            print(f"  amiss at {(start + wrong[0]) / sweep.RATE:.3f} s: {len(wrong)} frames")
    # The last block is filled up with silence.
    whole = 0 <= len(heard) - round(seconds * sweep.RATE) < BLOCK
    print(f"{len(heard) / sweep.RATE / 3600:g} h heard in {rounds} rounds: {amiss} discontinuities")
    if not whole:
        print(f"  {len(heard)} frames were written, {round(seconds * sweep.RATE)} asked for")
    return amiss == 0 and whole


def _watch(pid: int, seconds: float, environment: dict[str, str]) -> list[tuple[float, float, int]]:
    """Session time, MB and handles, until the session is over."""
    rows: list[tuple[float, float, int]] = []
    while Path(f"/proc/{pid}").exists():
        now = trial.status(environment)
        if not now.get("running") or now["position_s"] >= seconds:
            break
        handles = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
        rows.append((now["position_s"], trial.rss_mb(pid), handles))
        time.sleep(EVERY_S)
    return rows


def _told(rows: list[tuple[float, float, int]], seconds: float, speed: float) -> bool:
    settled = next((row for row in rows if row[0] >= min(SETTLED_S, seconds / 4)), rows[0])
    last = rows[-1]
    print(f"{seconds / 3600:g} h at {speed:g} times real time; looked {len(rows)} times,")
    print(f"the last time at {last[0]:.0f} of {seconds:.0f} s")
    for name, row in (("settled", settled), ("at the end", last)):
        print(f"  {name:11s} {row[0]:8.0f} s  {row[1]:6.1f} MB  {row[2]} handles")
    most_mb, most_handles = max(row[1] for row in rows), max(row[2] for row in rows)
    print(f"  at most     {most_mb:6.1f} MB, {most_handles} handles")
    return last[1] - settled[1] <= MOST_MB


if __name__ == "__main__":
    sys.exit(main())

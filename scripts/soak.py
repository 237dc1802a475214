"""Plays a session for hours, and says what it held in memory and in open files (Linux).

    python scripts/soak.py --hours 8 --speed 400
    python scripts/soak.py --real-minutes 60

The first is the null output as fast as it goes, the second real time on the same output.
Discontinuities are not looked for here: chaos.py listens.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "bench"))

import sweep
import trial

EVERY_S = 1.0
SETTLED_S = 600.0
"""Of the session: memory after it is what the end is held against."""
MOST_MB = 2.0


def main() -> int:
    """Run what was asked for. 1 where memory grew by more than MOST_MB."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--hours", type=float, default=8.0)
    words.add_argument("--speed", type=float, default=400.0)
    words.add_argument("--real-minutes", type=float, default=0.0)
    asked = words.parse_args()
    well = True
    if asked.hours:
        well = _soak(asked.hours * 3600, asked.speed)
    if asked.real_minutes:
        well = _soak(asked.real_minutes * 60, 1.0) and well
    return 0 if well else 1


def _soak(seconds: float, speed: float) -> bool:
    with trial.house() as (folder, environment):
        sweep.make(folder / "sweep.flac", 240)
        phase = f"{{name: One, length: {round(seconds)}s, music: [sweep.flac]}}"
        plan = trial.session(folder / "soak.yaml", [phase], [], ", crossfade: 10s")
        line = trial.stillroom("play", str(plan), "--plain", "--output", "null")
        line += ["--speed", f"{speed:g}"]
        with subprocess.Popen(
            line, env=environment, cwd=trial.ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        ):
            pid = int(trial.await_playing(environment)["engine_pid"])
            return _told(_watch(pid, seconds, environment), seconds, speed)


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

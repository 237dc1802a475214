"""The engine's memory: a 3-hour mp3 from end to end, and a session in which much is moved (Linux).

`python scripts/bench/memory.py` plays the mp3 to nowhere, as fast as it goes; then, where
PulseAudio is installed, `--minutes` of it in real time on a null sink, and `--rounds` of moves in
the shipped lozenge session. Where mpv or mpd are installed, they play the same mp3 for a while.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from decoding import long_mp3
from engine import mpd, mpv
from keys import pulse
from trial import ROOT, await_playing, house, rss_mb, session, stillroom

MOVES = """
next;skip;talk;end talk;next;back;skip;not this;go Peak;skip;cue Eye shades;pause;resume;next;back
go Onset;skip;dose;next;skip;silence;resume;longer 5m;skip;next;go Arrival;skip;skip;next;skip
""".replace(";", "\n").splitlines()[1:]
BETWEEN_S = 6.0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--hours", type=float, default=3)
    options.add_argument("--speed", type=float, default=500)
    options.add_argument("--minutes", type=float, default=10, help="in real time, on PulseAudio")
    options.add_argument("--rounds", type=int, default=1, help="of moves: 3 minutes each")
    given = options.parse_args()
    with house() as (folder, environment):
        long = long_mp3(folder / "long.mp3", given.hours * 60)
        length = f"{round(given.hours * 3600)}s"
        plan = session(
            folder / "long.yaml", [f"{{name: One, length: {length}, music: long.mp3}}"], []
        )
        fast = ["--output", "null", "--speed", f"{given.speed:g}"]
        with _playing(plan, environment, fast) as (pid, _):
            _watch(f"{given.hours:g} h of mp3, to nowhere", pid, 1e9)
        if shutil.which("pulseaudio"):
            with pulse(folder) as sound:
                there = environment | {n: sound[n] for n in ("PULSE_SERVER", "XDG_RUNTIME_DIR")}
                _on_a_device(plan, there, given.minutes, given.rounds)
        for name, play in (("mpv", mpv), ("mpd", mpd)):
            if shutil.which(name):
                play(folder, long, 30)


def _on_a_device(plan: Path, environment: dict[str, str], minutes: float, rounds: int) -> None:
    if minutes:
        with _playing(plan, environment, []) as (pid, _):
            _watch(f"{minutes:g} min in real time", pid, minutes * 60)
    if rounds:
        with _playing(Path("lozenge"), environment, []) as (pid, say):
            held: list[float] = []
            for words in MOVES * rounds:
                say(words)
                time.sleep(BETWEEN_S)
                held.append(rss_mb(pid))
            _print(f"{len(held)} moves in lozenge", held)


@contextmanager
def _playing(
    plan: Path, environment: dict[str, str], words: list[str]
) -> Iterator[tuple[int, Callable[[str], None]]]:
    line = stillroom("play", str(plan), "--plain", *words)
    with subprocess.Popen(
        line,
        env=environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as screen:
        pid = int(await_playing(environment)["engine_pid"])

        def say(words: str) -> None:
            if screen.stdin is not None:
                screen.stdin.write(words + "\n")
                screen.stdin.flush()

        yield pid, say
        subprocess.run(stillroom("stop"), env=environment, cwd=ROOT, check=False)


def _watch(name: str, pid: int, seconds: float) -> None:
    """Sample a process each second, for so long or until it is gone."""
    held: list[float] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until and Path(f"/proc/{pid}").exists():
        try:
            held.append(rss_mb(pid))
        except (OSError, StopIteration):
            break
        time.sleep(1)
    _print(name, held)


def _print(name: str, held: list[float]) -> None:
    quarter = max(1, len(held) // 4)
    parts = [max(held[at : at + quarter]) for at in range(0, len(held), quarter)][:4]
    shown = ", ".join(f"{part:.0f}" for part in parts)
    print(f"{name:28s} at most {max(held):.0f} MB; by quarters of the time: {shown}", flush=True)


if __name__ == "__main__":
    main()

"""How long Stillroom takes to answer: `stillroom --help`, and the chooser's first full frame.

Whole processes, from their start, in turns, with the median of several; the chooser in a terminal
of its own with an empty home, so its engine starts each time as it would for a newcomer. A ratio
to `python -c "import textual"` in the same run tells more than the milliseconds of one machine.
Run it with nothing else going on: ``python scripts/bench/startup.py [RUNS]``. Not for Windows.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
CLI = [sys.executable, "-c", "from player.cli import main; main()"]
ROWS, COLUMNS = 40, 120
LIMIT_S = 15.0
ENGINE_WAIT_S = 3.0
ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z=>])")

BARE_APP = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("Nothing but a frame")
Bare().run()
"""


def main() -> None:
    """Measure everything in turns, then print it."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    base = Path(tempfile.mkdtemp(prefix="sr-", dir="/tmp"))
    measures: dict[str, Callable[[Path], float]] = {
        'python -c "import textual"': lambda _: whole([sys.executable, "-c", "import textual"]),
        "stillroom --help": lambda _: whole([*CLI, "--help"]),
        "a bare Textual app, first frame": bare,
        "the chooser, first full frame": lambda home: chooser(home, ["choose a session", "leave"]),
        "the chooser, every session read": lambda home: chooser(home, titles()),
    }
    taken_s: dict[str, list[float]] = {name: [] for name in measures}
    try:
        for turn in range(runs + 1):
            for name, measure in measures.items():
                home = base / str(turn)
                seconds = measure(home)
                # The first turn only warms the disk.
                taken_s[name] += [seconds] if turn else []
                shutil.rmtree(home, ignore_errors=True)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    report(taken_s)


def report(taken_s: dict[str, list[float]]) -> None:
    """Print medians, spread, and the ratio to the first row."""
    first_s = statistics.median(next(iter(taken_s.values())))
    print(f"{'median of ' + str(len(next(iter(taken_s.values())))):34}   ms   from    to  ratio")
    for name, each in taken_s.items():
        middle, least, most = statistics.median(each), min(each), max(each)
        figures = f"{middle * 1e3:5.0f}  {least * 1e3:5.0f} {most * 1e3:5.0f}"
        print(f"{name:34}{figures}  {middle / first_s:5.2f}")


def whole(command: list[str]) -> float:
    """Seconds of a whole process that must end well."""
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def bare(home: Path) -> float:
    """Seconds to the first frame of a Textual app that does nothing."""
    return shown([sys.executable, "-c", BARE_APP], ["Nothing but a frame"], home)


def chooser(home: Path, words: list[str]) -> float:
    """Seconds until the chooser shows all of these words; the engine that it started is ended."""
    try:
        return shown(CLI, words, home)
    finally:
        end_engine(home)


def titles() -> list[str]:
    """The titles of the shipped sessions."""
    files = sorted((ROOT / "playlists").glob("*.yaml"))
    bodies = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    return [body["title"] for body in bodies if isinstance(body, dict) and "title" in body]


def shown(command: list[str], words: list[str], home: Path) -> float:
    """Seconds from a process's start in a terminal until it has drawn all of these words."""
    home.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    process, terminal = pty.fork()
    if process == 0:
        become(command, home)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    try:
        return until_drawn(terminal, words, began)
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(terminal)


def become(command: list[str], home: Path) -> None:
    """In the child: wait for the terminal's size, then run the command in an empty home."""
    os.chdir(ROOT)
    while os.get_terminal_size(0).columns != COLUMNS:
        time.sleep(0.0005)
    own = {"HOME": str(home), "STILLROOM_HOME": str(home / "data"), "TERM": "xterm-256color"}
    os.execve(command[0], command, {**os.environ, **own})  # noqa: S606  a list, and no shell


def until_drawn(terminal: int, words: list[str], began: float) -> float:
    """Read a terminal until all words were drawn on it; seconds since `began`."""
    drawn = b""
    while time.perf_counter() - began < LIMIT_S:
        ready, _, _ = select.select([terminal], [], [], 0.1)
        with contextlib.suppress(OSError):
            drawn += os.read(terminal, 65536) if ready else b""
        text = ESCAPES.sub(b"", drawn).decode("utf-8", "replace")
        if all(word in text for word in words):
            return time.perf_counter() - began
    seen = ESCAPES.sub(b" ", drawn).decode("utf-8", "replace")
    raise SystemExit(f"not drawn within {LIMIT_S:.0f} s: {words}\n{seen[-2000:]}")


def end_engine(home: Path) -> None:
    """End the engine that a chooser started in this home, so that it slows nothing down."""
    give_up = time.perf_counter() + ENGINE_WAIT_S
    while not (home / "data/run/engine.sock").exists() and time.perf_counter() < give_up:
        time.sleep(0.02)
    own = {**os.environ, "STILLROOM_HOME": str(home / "data")}
    asking = [*CLI, "status", "--json"]
    said = subprocess.run(asking, cwd=ROOT, env=own, capture_output=True, check=False)
    with contextlib.suppress(ValueError, KeyError, ProcessLookupError):
        engine = json.loads(said.stdout)["engine_pid"]
        if engine:
            os.kill(engine, signal.SIGTERM)


if __name__ == "__main__":
    main()

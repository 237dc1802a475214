"""Runs one slow step quietly: a line that says what, a spinner, and a log of all the rest.

Knows nothing of what the step is for.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

SPINNER = "|/-\\"
TICK_S = 0.15

SAID = (
    (re.compile(r"^\s*Collecting ([\w.-]+)"), "looking for {}"),
    (re.compile(r"^\s*Downloading ([\w.]+?)-\d\S* (\(.+\))"), "downloading {} {}"),
    (re.compile(r"^\s*Using cached ([\w.]+?)-\d"), "{}, kept from last time"),
    (re.compile(r"^\s*Installing collected packages"), "putting the packages in place"),
    (re.compile(r"^\s*WARNING: Retrying"), "no answer from the network, trying again"),
)
"""What of pip's many lines is worth showing, and in which words."""


def run(
    title: str,
    command: Sequence[str],
    folder: Path,
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> int:
    """Run a command in a folder, all its output to `log`; returns its exit code.

    On a terminal one line lives and tells the seconds; elsewhere the title is printed once.
    Ctrl-C waits for the command to end, then goes on up.
    """
    began = time.monotonic()
    print(title, flush=True)
    child = subprocess.Popen(
        list(command),
        cwd=str(folder),
        env=dict(environment) if environment is not None else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    line = LiveLine(began)
    reader = threading.Thread(target=keep_log, args=(child, log, line), daemon=True)
    reader.start()
    try:
        while reader.is_alive():
            line.draw()
            reader.join(TICK_S)
        return child.wait()
    finally:
        child.wait()
        line.clear()
        if child.returncode == 0:
            print(f"  done in {time.monotonic() - began:.0f} s", flush=True)


def keep_log(child: subprocess.Popen[bytes], log: Path, line: LiveLine) -> None:
    """Copy a command's output to the log as it comes, and tell the line what it says."""
    assert child.stdout is not None  # noqa: S101  it was opened as a pipe
    with log.open("ab") as kept:
        for said in child.stdout:
            kept.write(said)
            kept.flush()
            line.hear(said.decode("utf-8", "replace"))


class LiveLine:
    """One line of a terminal, drawn over and over; nothing where there is no terminal."""

    def __init__(self, began: float) -> None:
        self.began = began
        self.text = ""
        self.turns = 0
        self.width_drawn = 0
        self.shown = sys.stdout.isatty()

    def hear(self, said: str) -> None:
        """Take up a line of output if people can use it."""
        for pattern, words in SAID:
            found = pattern.match(said)
            if found:
                self.text = words.format(*found.groups())

    def draw(self) -> None:
        """Draw the line with the seconds so far."""
        if not self.shown:
            return
        self.turns += 1
        mark = SPINNER[self.turns % len(SPINNER)]
        seconds = int(time.monotonic() - self.began)
        room = shutil.get_terminal_size().columns - 1
        text = f"  {mark} {seconds:3d} s  {self.text}"[:room]
        print("\r" + text.ljust(min(self.width_drawn, room)), end="", flush=True)
        self.width_drawn = len(text)

    def clear(self) -> None:
        """Leave the line empty for what comes next."""
        if self.shown:
            print("\r" + " " * self.width_drawn + "\r", end="", flush=True)

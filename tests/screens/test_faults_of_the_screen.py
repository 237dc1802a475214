"""Faults of the screen itself: to a log of one's own, never to a person."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

import pytest

from player import paths
from player.screens import crash
from player.screens.link import Link
from player.screens.messages import RoomLost
from player.screens.overview import Entry
from player.screens.shelf import read


def log() -> str:
    return (paths.logs() / "screen.log").read_text(encoding="utf-8")


def test_a_traceback_goes_to_a_log_that_only_its_owner_reads():
    try:
        raise RuntimeError("a slip")
    except RuntimeError as fault:
        crash.write(fault)
    assert "RuntimeError: a slip" in log()
    if sys.platform != "win32":
        assert (paths.logs() / "screen.log").stat().st_mode & 0o777 == 0o600


def test_an_opener_that_fails_unforeseen_is_one_line(monkeypatch):
    said = []

    def slip():
        raise RuntimeError("a slip")

    link = Link(slip, said.append)
    link._run()
    assert [type(each) for each in said] == [RoomLost]
    assert said[0].text == "the sound could not be started; see the log"
    assert "a slip" in log()


def test_a_session_that_upsets_the_reader_is_shown_as_faulty(monkeypatch, tmp_path):
    def slip(path):
        raise RuntimeError("a slip")

    monkeypatch.setattr("player.session.loader.load", slip)
    entry = Entry(tmp_path / "mine.yaml", own=True)
    read(entry)
    assert entry.faults == ("it cannot be read; see the log",)


RUN = """
import queue, sys
from player.screens.app import run_app

class Room:
    def __init__(self):
        self.said = queue.Queue()
    def send(self, command):
        return 1
    def receive(self, timeout_s=None):
        return self.said.get()
    def close(self):
        pass

code = run_app(Room, session=None, open_command=None, begin=False)
loaded = {"numpy", "av", "pygame", "sqlite3", "player.sound", "player.engine"} & set(sys.modules)
sys.exit(code if not loaded else f"loaded: {loaded}")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_the_chooser_runs_in_a_terminal_and_leaves_it_without_loading_sound():
    import pty

    terminal, inside = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", RUN],
        stdin=inside,
        stdout=inside,
        stderr=inside,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"},
        start_new_session=True,
    ) as child:
        os.close(inside)
        shown = b""
        while b"phases" not in shown:
            shown += os.read(terminal, 65536)
        os.write(terminal, b"q")
        with contextlib.suppress(OSError):
            # Until the terminal is gone, and the child with it.
            while os.read(terminal, 65536):
                continue
        assert child.wait(20) == 0
    os.close(terminal)

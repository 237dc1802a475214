"""A screen whose terminal is closed, though hang-ups are ignored: it ends, the music goes on."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from whole_house import WholeHouse

from player.screens.terminal import is_gone

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")


@pytest.fixture
def deaf() -> Iterator[None]:
    """As under nohup: what is started meanwhile ignores hang-ups."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGHUP, before)


def test_a_terminal_that_was_closed_is_told_from_one_that_stands_and_from_a_pipe() -> None:
    import pty

    master, slave = pty.openpty()
    reading, writing = os.pipe()
    try:
        assert not is_gone(slave)
        assert not is_gone(reading)
        os.close(writing)
        assert not is_gone(reading), "the end of a pipe is no closed terminal"
        os.close(master)
        assert is_gone(slave)
    finally:
        for handle in (slave, reading):
            os.close(handle)


def test_a_screen_that_ignores_hang_ups_ends_with_its_terminal(
    house: WholeHouse, deaf: None
) -> None:
    import pty

    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "player.cli", "attach"],
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    ) as screen:
        os.close(slave)
        shown, until_s = b"", time.monotonic() + 20
        while b"Trial" not in shown and time.monotonic() < until_s:
            if select.select([master], [], [], 0.1)[0]:
                shown += os.read(master, 65_536)
        assert b"Trial" in shown, "it draws the session"
        assert screen.poll() is None
        os.close(master)
        try:
            assert screen.wait(10) == 1
        finally:
            screen.kill()
    assert house.status()["state"] == "playing"

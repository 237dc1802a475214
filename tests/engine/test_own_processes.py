"""Processes of the program's own: nothing of the folder one stands in is run, nothing sticks."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from player import starting
from player.engine import client, place
from player.sound.outputs.device import PygameOutput
from player.sound.streams import BLOCK
from player.timeline.status import Status
from player.voice.door import BoothDoor

TRAP = "import pathlib\npathlib.Path(__file__).with_suffix('.run').touch()\nraise SystemExit(3)\n"
NAMES = ("player", "secrets", "numpy", "ctypes", "json")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of somebody else's modules, in which one stands."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for name in NAMES:
        (folder / f"{name}.py").write_text(TRAP)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(("", ".", os.environ.get("PYTHONPATH", ""))))
    return folder


@pytest.fixture
def keeper(elsewhere: Path) -> Iterator[subprocess.Popen[bytes]]:
    started = client.start()
    yield started
    started.terminate()
    started.wait(20)


def test_keeper_and_engine_run_nothing_of_the_folder_one_stands_in(
    elsewhere: Path, keeper: subprocess.Popen[bytes]
) -> None:
    until_s = time.monotonic() + 20
    while (room := client.find()) is None and time.monotonic() < until_s:
        time.sleep(0.02)
    assert room is not None, place.log_file().read_text()
    assert isinstance(room.receive(5.0), Status)
    room.close()
    assert list(elsewhere.glob("*.run")) == []


def test_nor_does_the_recorder(elsewhere: Path) -> None:
    door = BoothDoor()
    door.close()
    assert list(elsewhere.glob("*.run")) == []


def test_a_data_folder_that_is_named_from_here_is_the_same_from_there(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STILLROOM_HOME", "mine")
    assert starting.environment()["STILLROOM_HOME"] == str(elsewhere / "mine")
    assert place.log_file().is_relative_to(elsewhere / "mine")


def test_how_much_the_server_shall_keep_is_no_wish_of_the_next_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", str(tmp_path / "heard.f32"))
    output = PygameOutput(robust=True)
    output.feed(np.zeros((BLOCK, 2), np.float32))
    output.close()
    assert starting.environment().get(starting.LATENCY) == starting.OWNERS_LATENCY
    monkeypatch.setattr(starting, "OWNERS_LATENCY", "250")
    assert starting.environment()[starting.LATENCY] == "250"

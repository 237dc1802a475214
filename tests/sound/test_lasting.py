"""A device that was lost is looked for again whatever the sound system throws meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from player.sound.outputs import lasting
from player.sound.outputs.device import PygameOutput
from player.sound.outputs.lasting import LastingOutput
from player.sound.streams import BLOCK

TONE = np.full((BLOCK, 2), 0.25, np.float32)


class SoundSystem:
    """The machine's own, but for faults that nobody has thought of."""

    def __init__(self) -> None:
        self.fault: Exception | None = None

    def opened(self, device: str | None, **how: Any) -> PygameOutput:
        if self.fault is not None:
            raise self.fault
        return PygameOutput(None, **how)

    def names(self) -> list[str]:
        if self.fault is not None:
            raise self.fault
        return ["speakers"]


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What would be heard, as a file."""
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", str(tmp_path / "heard.f32"))
    return tmp_path / "heard.f32"


@pytest.fixture
def system(disk: Path, monkeypatch: pytest.MonkeyPatch) -> SoundSystem:
    made = SoundSystem()
    monkeypatch.setattr(lasting, "PygameOutput", made.opened)
    monkeypatch.setattr(lasting, "devices", made.names)
    monkeypatch.setattr(lasting, "LOOK_AGAIN_S", 0.05)
    return made


def comes(true: Callable[[], bool]) -> bool:
    until_s = time.monotonic() + 10
    while not true() and time.monotonic() < until_s:
        time.sleep(0.01)
    return true()


def test_a_fault_that_nobody_has_thought_of_leaves_the_device_looked_for(
    system: SoundSystem, disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    system.fault = RuntimeError("a driver of another world")
    output = LastingOutput("phones", patience_s=0.5)
    assert output.lost
    system.fault = None
    assert comes(lambda: not output.lost)
    output.feed(TONE)
    assert comes(lambda: disk.exists() and bool(np.any(np.fromfile(disk, np.float32))))
    output.close()
    assert capsys.readouterr().err.count("another world") == 1, "told once"


def test_another_device_can_be_chosen_after_such_a_fault(system: SoundSystem) -> None:
    system.fault = MemoryError()
    output = LastingOutput("phones", patience_s=0.3)
    output.choose("speakers")
    assert output.lost
    system.fault = None
    assert comes(lambda: not output.lost)
    assert output.name != "phones"
    output.close()


def test_a_lost_device_is_looked_for_though_no_thread_can_be_had(
    disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    output, later = LastingOutput(None), PygameOutput()
    with monkeypatch.context() as short:
        short.setattr(threading.Thread, "start", refuses)
        assert (output.wants(), output.lost) == (False, True)
        assert comes(lambda: not output.lost)
    output.close()
    later.close()


def test_an_output_whose_device_another_one_took_is_lost_and_takes_it_back(disk: Path) -> None:
    output, later = LastingOutput(None), PygameOutput()
    assert (output.wants(), output.lost) == (False, True)
    assert comes(lambda: not output.lost)
    assert output.wants()
    output.close()
    later.close()

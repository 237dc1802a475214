"""pygame's mixer without a sound card: SDL's disk driver, no driver, and a private sound server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pulse import MISSING, SoundServer

from player.errors import OutputMissing
from player.sound.devices import devices
from player.sound.outputs.device import PygameOutput
from player.sound.streams import BLOCK


def counted(number: int) -> Any:
    """Frames that say which they are, from 1."""
    first = number * BLOCK + 1
    line = np.arange(first, first + BLOCK, dtype=np.float32) / np.float32(1 << 22)
    return np.stack((line, -line), axis=1)


def heard(file: Path) -> Any:
    """The numbers of the frames on the disk driver's file, 0 for silence."""
    whole = np.fromfile(file, np.float32)
    return np.rint(whole[: len(whole) // 2 * 2].reshape(-1, 2)[:, 0] * (1 << 22)).astype(int)


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that holds what would be heard, taken at half the real pace."""
    file = tmp_path / "heard.f32"
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", str(file))
    monkeypatch.setenv("SDL_DISKAUDIODELAY", "85")
    return file


def feed(output: PygameOutput, first: int, blocks: int) -> None:
    for number in range(first, first + blocks):
        while not output.wants():
            time.sleep(output.due_s())
        output.feed(counted(number))


def test_every_frame_is_heard_once_and_in_order_without_a_gap(disk: Path) -> None:
    output = PygameOutput()
    feed(output, 0, 6)
    while not output.wants():
        time.sleep(output.due_s())
    output.close()
    found = heard(disk)
    sounding = found[found > 0]
    assert np.array_equal(sounding, np.arange(1, len(sounding) + 1))
    assert len(sounding) > 4 * BLOCK
    assert output.underruns == 0
    first = int(np.flatnonzero(found)[0])
    assert np.all(found[first : first + len(sounding)] > 0)


def test_running_dry_is_counted_and_chunks_grow_for_good(disk: Path) -> None:
    output = PygameOutput()
    feed(output, 0, 1)
    while heard_all(disk) < BLOCK:
        time.sleep(0.05)
    time.sleep(0.4)
    feed(output, 1, 5)
    assert output.underruns == 1
    output.close()
    found = heard(disk)
    sounding = found[found > 0]
    assert np.array_equal(sounding, np.arange(1, len(sounding) + 1))


def test_a_close_call_makes_chunks_longer_once_and_nothing_is_missing(disk: Path) -> None:
    output = PygameOutput()
    feed(output, 0, 4)
    for number in (4, 6):
        # Half the pace: a block is taken in 0.26 s. Held up past its time, and not for another.
        time.sleep(0.38)
        feed(output, number, 2)
    feed(output, 8, 4)
    assert (output.underruns, output.blocks_a_chunk) == (0, 2)
    output.close()
    found = heard(disk)
    sounding = found[found > 0]
    assert np.array_equal(sounding, np.arange(1, len(sounding) + 1))


def test_whoever_sees_that_a_chunk_is_lacking_it_is_due_at_once(disk: Path) -> None:
    """A status asks for the depth between the feeding and the rest of a turn."""
    output = PygameOutput()
    feed(output, 0, 2)
    # Half the pace: a block is taken in 0.26 s.
    until_s = time.monotonic() + 0.3
    while time.monotonic() < until_s:
        assert output.depth_frames > 0
        time.sleep(0.002)
    assert output.due_s() <= 0.005
    assert output.wants()
    output.close()


def heard_all(file: Path) -> int:
    return int(heard(file).max(initial=0)) if file.exists() else 0


def test_robust_starts_with_deeper_chunks(disk: Path) -> None:
    plain = PygameOutput()
    feed(plain, 0, 2)
    usual = plain.depth_frames
    plain.close()
    deep = PygameOutput(robust=True)
    feed(deep, 0, 4)
    assert deep.depth_frames > usual + BLOCK
    deep.close()


def test_no_sound_system_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "there is none")
    assert devices() == []
    with pytest.raises(OutputMissing, match="for a rehearsal, without sound:"):
        PygameOutput()


@pytest.mark.parametrize("asked", ["dummy", "pulseaudio,dummy"])
def test_the_dummy_driver_is_refused(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", asked)
    assert devices() == []
    with pytest.raises(OutputMissing, match="nobody can hear"):
        PygameOutput()


@pytest.fixture
def sound_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A private PulseAudio with one output that nobody hears."""
    server = SoundServer(tmp_path, ("Room",))
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    server.start()
    yield
    server.kill()


@pytest.mark.skipif(MISSING is not None, reason=str(MISSING))
def test_outputs_are_listed_and_opened_by_name(sound_server: None) -> None:
    assert devices() == ["Room"]
    output = PygameOutput("Room")
    output.feed(counted(0))
    assert output.depth_frames > BLOCK
    assert output.name == "Room"
    output.close()


@pytest.mark.skipif(MISSING is not None, reason=str(MISSING))
def test_an_output_that_is_not_there_is_told_with_those_that_are(sound_server: None) -> None:
    with pytest.raises(OutputMissing, match="no sound output 'Balcony'; there are: Room"):
        PygameOutput("Balcony")


def test_an_output_that_is_closed_late_does_not_silence_the_one_that_came_after(disk: Path) -> None:
    first = PygameOutput()
    second = PygameOutput()
    first.close()
    feed(second, 0, 4)
    while not second.wants():
        time.sleep(second.due_s())
    assert not first.wants()
    second.close()
    found = heard(disk)
    assert (found > 0).sum() > 2 * BLOCK

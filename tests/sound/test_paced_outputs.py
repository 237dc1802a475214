"""The outputs without a device, by a clock that stands still until it is moved."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from player.errors import InputWrong
from player.sound.outputs.paced import FileOutput, NullOutput
from player.sound.streams import BLOCK


class Clock:
    """Time that passes only in sleep."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, length_s: float) -> None:
        self.now_s += length_s


def counted(number: int) -> Any:
    first = number * BLOCK
    line = np.arange(first, first + BLOCK, dtype=np.float32) / np.float32(1 << 22)
    return np.stack((line, -line), axis=1)


def test_it_takes_two_blocks_and_then_one_for_each_that_is_heard() -> None:
    clock = Clock()
    output = NullOutput(clock=clock)
    fed = 0
    while clock.now_s < 1_010.0:
        while output.wants():
            output.feed(counted(fed))
            fed += 1
        assert BLOCK < output.depth_frames <= 2 * BLOCK
        clock.sleep(output.due_s())
    assert fed == 10 * 48_000 // BLOCK + 2


def test_it_runs_at_the_speed_it_is_given() -> None:
    clock = Clock()
    output = NullOutput(60, clock=clock)
    for number in range(600):
        output.feed(counted(number))
        while not output.wants():
            clock.sleep(output.due_s())
    assert abs((clock.now_s - 1_000) * 60 - 599 * BLOCK / 48_000) < 0.01


def test_it_says_when_it_will_want_the_next_block() -> None:
    clock = Clock()
    output = NullOutput(clock=clock)
    output.feed(counted(0))
    output.feed(counted(1))
    assert output.due_s() == pytest.approx(BLOCK / 48_000)
    clock.sleep(output.due_s() - 0.001)
    assert not output.wants()
    clock.sleep(output.due_s())
    assert output.wants()
    assert output.due_s() == 0


def test_a_block_that_comes_late_is_heard_whole_from_then_on() -> None:
    clock = Clock()
    output = NullOutput(clock=clock)
    output.feed(counted(0))
    clock.sleep(5)
    assert output.depth_frames == 0
    output.feed(counted(1))
    assert output.depth_frames == BLOCK
    clock.sleep(0.1)
    assert output.depth_frames == pytest.approx(BLOCK - 4_800, abs=1)


def test_the_file_ends_with_the_last_frame_that_was_heard(tmp_path: Path) -> None:
    clock = Clock()
    output = FileOutput(tmp_path / "heard.wav", clock=clock)
    for number in range(4):
        output.feed(counted(number))
    clock.sleep(0.4)
    assert not (tmp_path / "heard.wav").exists()
    output.close()
    assert os.name == "nt" or (tmp_path / "heard.wav").stat().st_mode & 0o077 == 0
    with av.open(str(tmp_path / "heard.wav")) as container:
        assert container.streams.audio[0].codec_context.name == "pcm_f32le"
        found = np.concatenate([f.to_ndarray().reshape(-1, 2) for f in container.decode(audio=0)])
    whole = np.concatenate([counted(number) for number in range(4)])
    assert abs(len(found) - 19_200) <= 1
    assert np.array_equal(found, whole[: len(found)])


def test_a_file_of_nothing_is_still_a_file(tmp_path: Path) -> None:
    FileOutput(tmp_path / "nothing.wav").close()
    with av.open(str(tmp_path / "nothing.wav")) as container:
        assert not list(container.decode(audio=0))


def test_a_folder_is_refused_as_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputWrong, match="is a folder"):
        FileOutput(tmp_path)

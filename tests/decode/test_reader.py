"""Reading in one go: the very samples that packet by packet decoding gives, whole or damaged."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from player.sound.native import Native

ENDINGS = (".mp3", ".m4a", ".flac", ".ogg", ".opus", ".wav")


def by_packets(path: Path) -> NDArray[np.float32]:
    """What PyAV decodes a packet at a time, damaged packets left out, as float."""
    parts = []
    with av.open(str(path)) as container:
        for packet in container.demux(audio=0):
            try:
                parts += [as_float(frame) for frame in packet.decode()]
            except av.FFmpegError:
                continue
    return np.concatenate(parts)


def in_one_go(path: Path) -> NDArray[np.float32]:
    """What the player reads of it, before anything is resampled."""
    return np.concatenate([as_float(frame) for frame in Native(path).frames()])


def as_float(frame: av.AudioFrame) -> NDArray[np.float32]:
    sound = frame.to_ndarray()
    flat = sound.T.reshape(-1) if frame.format.is_planar else sound.reshape(-1)
    return flat.astype(np.float32)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_whole_file_reads_to_the_samples_of_its_packets(
    media: dict[str, Path], ending: str
) -> None:
    wanted, got = by_packets(media[ending]), in_one_go(media[ending])
    assert len(wanted) - len(got) in range(2 * 1024 if ending == ".m4a" else 1)
    assert np.array_equal(got, wanted[: len(got)])


@pytest.mark.parametrize("ending", [".mp3", ".m4a", ".flac", ".ogg", ".opus"])
def test_a_damaged_file_reads_to_the_samples_before_its_damage(
    media: dict[str, Path], tmp_path: Path, ending: str
) -> None:
    body = bytearray(media[ending].read_bytes())
    middle = len(body) // 2
    body[middle : middle + 3000] = bytes(3000)
    damaged = tmp_path / f"damaged{ending}"
    damaged.write_bytes(body)
    got, whole = in_one_go(damaged), by_packets(media[ending])
    assert 0.2 * len(whole) < len(got) < 0.6 * len(whole)
    assert np.allclose(got, whole[: len(got)], atol=1e-3)


def test_an_ogg_file_with_a_long_hole_ends_before_it(
    media: dict[str, Path], tmp_path: Path
) -> None:
    body = media[".opus"].read_bytes()
    middle = len(body) // 2
    holed = tmp_path / "holed.opus"
    holed.write_bytes(body[:middle] + bytes(70_000) + body[middle:])
    whole, reading = in_one_go(media[".opus"]), Native(holed)
    got = np.concatenate([as_float(frame) for frame in reading.frames()])
    assert np.array_equal(got, whole[: len(got)])
    assert 0.2 * len(whole) < len(got) < 0.6 * len(whole)
    assert reading.faults[-1].endswith("it plays up to there")

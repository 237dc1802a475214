"""Files by ending: whole or not there, as long as what was written, with title and chapters."""

from __future__ import annotations

import os
import stat
import wave
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from player.errors import InputWrong, RunFailed
from player.sound import wav
from player.sound.streams import BLOCK
from player.sound.writer import KINDS, open_writer

FRAMES = 2 * 48_000 + 123
CHAPTERS = [("Arrival", 0, 72_000), ("Peak = half", 72_000, FRAMES)]


def tone(frames: int = FRAMES) -> Any:
    time = np.arange(frames) / 48_000
    left = 0.5 * np.sin(2 * np.pi * 220 * time)
    return np.stack((left, 0.5 * np.sin(2 * np.pi * 330 * time)), axis=1).astype(np.float32)


def write(path: Path, sound: Any) -> None:
    writer = open_writer(path, title="Rest: a tést", chapters=CHAPTERS, comment="audio timing")
    for first in range(0, len(sound), BLOCK):
        writer.write(sound[first : first + BLOCK])
    writer.finish()


def decoded(path: Path) -> Any:
    resampler = av.AudioResampler("flt", "stereo", 48_000)
    with av.open(str(path)) as container:
        frames = [f for packet in container.decode(audio=0) for f in resampler.resample(packet)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray().reshape(-1, 2) for frame in frames])


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `rest` in every kind of file."""
    folder = tmp_path_factory.mktemp("written")
    for ending in KINDS:
        write(folder / f"rest{ending}", tone())
    return folder


@pytest.mark.parametrize("ending", KINDS)
def test_a_file_sounds_as_it_was_written(ending: str, written: Path) -> None:
    sound = tone()
    found = decoded(written / f"rest{ending}")
    off = found[4_800:90_000] - sound[4_800:90_000]
    allowed = 1 / 32_768 if ending in {".wav", ".flac"} else 0.02
    assert np.sqrt(np.mean(off**2)) < allowed


def test_nothing_lies_beside_the_files(written: Path) -> None:
    assert {path.name for path in written.iterdir()} == {f"rest{ending}" for ending in KINDS}


@pytest.mark.parametrize("ending", [ending for ending in KINDS if ending != ".m4a"])
def test_a_file_is_as_long_as_what_was_written(ending: str, written: Path) -> None:
    assert len(decoded(written / f"rest{ending}")) == FRAMES


def test_an_m4a_file_says_its_length_and_keeps_less_than_a_packet_more(written: Path) -> None:
    with av.open(str(written / "rest.m4a")) as container:
        stream = container.streams.audio[0]
        assert stream.duration is not None
        assert stream.duration * stream.time_base == Fraction(FRAMES, 48_000)
    assert FRAMES <= len(decoded(written / "rest.m4a")) < FRAMES + 1_024


@pytest.mark.parametrize("ending", KINDS)
def test_a_file_carries_its_title(ending: str, written: Path) -> None:
    with av.open(str(written / f"rest{ending}")) as container:
        tags = {**container.metadata, **container.streams.audio[0].metadata}
    assert {name.lower(): text for name, text in tags.items()}["title"] == "Rest: a tést"


@pytest.mark.parametrize("ending", [ending for ending in KINDS if ending != ".wav"])
def test_a_file_has_one_chapter_for_each_phase(ending: str, written: Path) -> None:
    with av.open(str(written / f"rest{ending}")) as container:
        chapters = container.chapters()
    titles = [chapter["metadata"]["title"] for chapter in chapters]
    starts = [float(chapter["start"] * (chapter["time_base"] or 1)) for chapter in chapters]
    assert titles == ["Arrival", "Peak = half"]
    assert starts == [0.0, 1.5]


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such modes")
@pytest.mark.parametrize("ending", KINDS)
def test_a_file_is_for_its_owner_alone_from_its_first_byte(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"rest{ending}"
    left_over = wav.temporary_beside(path)
    for file in (path, left_over):
        file.write_text("an earlier one, for everybody")
        file.chmod(0o644)
    writer = open_writer(path, title="Rest", chapters=[])
    writer.write(tone(BLOCK))
    assert stat.S_IMODE(left_over.stat().st_mode) == 0o600
    writer.finish()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_wav_samples_are_rounded_to_the_nearest(tmp_path: Path) -> None:
    sound = np.array([[0.0, 1.0], [-1.0, 0.5], [1.4 / 32_767, -1.6 / 32_767], [1.2, -1.2]])
    write(tmp_path / "few.wav", sound.astype(np.float32))
    with wave.open(str(tmp_path / "few.wav")) as file:
        found = np.frombuffer(file.readframes(9), "<i2").reshape(-1, 2)
    assert found.tolist() == [[0, 32_767], [-32_767, 16_384], [1, -2], [32_767, -32_768]]


def test_wav_and_flac_hold_the_same_samples(written: Path) -> None:
    assert np.array_equal(decoded(written / "rest.wav"), decoded(written / "rest.flac"))


def test_a_wav_too_long_for_its_size_fields_is_still_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = tone()
    write(tmp_path / "short.wav", sound)
    monkeypatch.setattr(wav, "_RIFF_LIMIT", 1_000)
    write(tmp_path / "long.wav", sound)
    assert (tmp_path / "long.wav").read_bytes()[:4] == b"RF64"
    assert np.array_equal(decoded(tmp_path / "long.wav"), decoded(tmp_path / "short.wav"))


@pytest.mark.parametrize("ending", KINDS)
def test_nothing_is_left_of_a_file_that_is_abandoned(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"rest{ending}"
    path.write_text("the last render")
    writer = open_writer(path, title="Rest", chapters=[])
    writer.write(tone(BLOCK))
    assert path.read_text() == "the last render"
    writer.abandon()
    assert [kept.read_text() for kept in tmp_path.iterdir()] == ["the last render"]


def test_an_unknown_ending_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(InputWrong, match=r"'\.aiff' is not one of \.wav, \.flac"):
        open_writer(tmp_path / "rest.aiff", title="Rest", chapters=[])


@pytest.mark.parametrize("ending", [".wav", ".mp3"])
def test_a_folder_that_is_not_there_is_named(ending: str, tmp_path: Path) -> None:
    with pytest.raises(InputWrong, match="no such folder"):
        open_writer(tmp_path / "gone" / f"rest{ending}", title="Rest", chapters=[])


@pytest.mark.parametrize("ending", [".wav", ".mp3"])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no disk that is always full")
def test_a_full_disk_is_told_in_a_sentence(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"rest{ending}"
    wav.temporary_beside(path).symlink_to("/dev/full")
    writer = open_writer(path, title="Rest", chapters=[])
    with pytest.raises(RunFailed, match="cannot be written: No space left"):
        for _ in range(8):
            writer.write(tone(BLOCK))
        writer.finish()
    writer.abandon()
    writer.abandon()
    assert not list(tmp_path.iterdir())

"""What decks draw from: decoded ahead, looped without a seam, never raising, never waiting."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tones import sweep, tone, write

from player.sound import ahead
from player.sound.decode import Undecodable, blocks
from player.sound.source import AheadSource, LoopSource, load_clip
from player.sound.streams import Sound

LONG_S = 60.0


def drained(source: AheadSource, frames: int = 8192) -> Sound:
    """All of a patient source, to its end."""
    parts = []
    while len(part := source.read(frames)):
        parts.append(part)
    return np.concatenate(parts)


def ended(source: AheadSource) -> bool:
    """Whether its decoding thread is gone, given time to go."""
    for thread in threading.enumerate():
        if thread.name == f"decode {source.path.name}":
            thread.join(LONG_S)
            return not thread.is_alive()
    return True


@pytest.fixture
def tone_file(tmp_path: Path) -> Path:
    """30 s of 480 Hz: each pass is a whole number of periods."""
    return write(tmp_path / "tone.flac", tone(30 * 48000, 480))


@pytest.mark.parametrize("frames", [1000, 8192, 48000 * 20])
def test_a_patient_source_yields_the_whole_file_in_any_portion(
    media: dict[str, Path], frames: int
) -> None:
    source = AheadSource(media[".mp3"], patient=True)
    sound = drained(source, frames)
    assert np.array_equal(sound, np.concatenate(list(blocks(media[".mp3"]))))
    assert source.total_frames == len(sound)
    assert source.ended
    assert source.fault is None
    source.close()


def test_a_start_in_the_middle_counts_from_the_files_beginning(media: dict[str, Path]) -> None:
    source = AheadSource(media[".flac"], start_frame=100_000, patient=True)
    sound = drained(source)
    assert np.abs(sound - sweep(4 * 48000 + 777)[100_000:]).max() < 1e-4
    assert source.total_frames == 4 * 48000 + 777
    source.close()


def test_a_live_source_gives_what_is_there_and_counts_what_was_missing(tone_file: Path) -> None:
    source = AheadSource(tone_file, ahead_s=2.0)
    assert source.wait_ready(LONG_S)
    assert source.starved == 0
    sound = source.read(10 * 48000)
    assert 48000 <= len(sound) < 10 * 48000
    assert source.starved == 1
    assert np.abs(sound - tone(len(sound), 480)).max() < 1e-4
    source.close()


def test_no_more_is_decoded_than_the_depth_allows(tone_file: Path) -> None:
    source = AheadSource(tone_file, ahead_s=12.0, shallow=True)
    assert source.wait_ready(LONG_S)
    assert 48000 <= source.buffered_frames < 48000 + 8192
    source.deepen()
    deep = AheadSource(tone_file, ahead_s=12.0, head_s=12.0)
    assert deep.wait_ready(LONG_S)
    assert 12 * 48000 <= deep.buffered_frames < 12 * 48000 + 8192
    source.close()
    deep.close()
    assert ended(source)
    assert ended(deep)


def test_a_deepened_source_decodes_on_by_itself(tone_file: Path) -> None:
    source = AheadSource(tone_file, ahead_s=40.0, shallow=True)
    assert source.wait_ready(LONG_S)
    assert source.total_frames is None
    source.deepen()
    assert ended(source)
    assert source.total_frames == 30 * 48000
    assert source.buffered_frames == 30 * 48000
    source.close()


def test_a_file_that_cannot_be_played_has_ended_with_a_reason(tmp_path: Path) -> None:
    source = AheadSource(tmp_path / "nowhere.mp3")
    assert source.wait_ready(LONG_S)
    assert source.ended
    assert source.fault == "is not there"
    assert source.total_frames == 0
    assert source.read(8192).shape == (0, 2)
    assert source.starved == 0
    source.close()


def test_a_closed_source_lets_its_thread_end_and_yields_nothing(tone_file: Path) -> None:
    source = AheadSource(tone_file)
    assert source.wait_ready(LONG_S)
    source.close()
    source.close()
    assert ended(source)
    assert len(source.read(8192)) == 0


@pytest.mark.parametrize("ending", [".flac", ".wav", ".opus"])
def test_a_looped_file_joins_its_last_frame_to_its_first(
    media: dict[str, Path], ending: str
) -> None:
    once = np.concatenate(list(blocks(media[ending])))
    source = AheadSource(media[ending], seamless=True, patient=True)
    sound = source.read(3 * len(once) + 5000)
    assert np.array_equal(sound, np.concatenate([once, once, once, once[:5000]]))
    assert source.total_frames is None
    source.close()


@pytest.mark.parametrize(
    ("ending", "rate", "step"), [(".flac", 48000, 0.0002), (".flac", 44100, 0.0002)]
)
def test_a_looped_tone_has_no_step_at_the_join(
    tmp_path: Path, ending: str, rate: int, step: float
) -> None:
    path = write(tmp_path / f"tone{ending}", tone(3 * rate, 441, rate=rate), rate=rate)
    source = AheadSource(path, seamless=True, patient=True)
    sound = source.read(20 * 48000)
    source.close()
    assert np.abs(sound[1000:] - tone(20 * 48000, 441)[1000:]).max() < step


def test_a_loop_ends_with_a_reason_when_its_file_is_gone(tmp_path: Path) -> None:
    path = write(tmp_path / "gone.flac", tone(10 * 48000, 480))
    source = AheadSource(path, seamless=True, ahead_s=2.0, patient=True)
    source.read(48000)
    path.unlink()
    rest = drained(source)
    assert len(rest) == 9 * 48000
    assert source.fault == "is not there"
    source.close()


def test_a_piece_in_memory_loops_at_every_portion() -> None:
    pcm = sweep(10_000)
    expected = np.tile(pcm, (6, 1))
    source = LoopSource(pcm)
    sound = np.concatenate([source.read(n) for n in (3, 8192, 8192, 30_000, 10_000)])
    assert np.array_equal(sound, expected[: len(sound)])
    assert np.array_equal(LoopSource(pcm, start_frame=12_345).read(9_000), expected[2345:11_345])


def test_a_clip_is_loaded_whole(media: dict[str, Path]) -> None:
    clip = load_clip(media[".opus"])
    assert clip.shape == (4 * 48000 + 777, 2)
    assert clip.dtype == np.float32


def test_a_clip_that_is_too_long_is_refused(media: dict[str, Path]) -> None:
    with pytest.raises(Undecodable, match="is longer than 2 s"):
        load_clip(media[".wav"], at_most_s=2)


def test_a_wait_for_more_outlives_one_for_less_that_was_given_up(
    media: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread that decodes slowly is waited for twice; the second wait once was never ended."""
    goes_on = threading.Event()

    class Slow(ahead.Decoded):
        def __next__(self) -> Any:
            goes_on.wait(5)
            return super().__next__()

    monkeypatch.setattr(ahead, "Decoded", Slow)
    source = AheadSource(media[".wav"], patient=True, shallow=True, head_s=0.2, ahead_s=3.0)
    assert not source.wait_ready(0.05)
    source.deepen()
    threading.Timer(0.1, goes_on.set).start()
    taken: list[int] = []
    reader = threading.Thread(target=lambda: taken.append(len(source.read(8192))), daemon=True)
    reader.start()
    reader.join(10)
    assert taken == [8192]
    source.close()

"""Sentences put together: where each lies, to the sample, and what they take of memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tones
from hypothesis import given
from hypothesis import strategies as st

from player import paths
from player.library.measure import measure
from player.programme.words import clip_for
from player.session.loader import load
from player.sound.decode import blocks
from player.sound.native import Undecodable
from player.sound.spoken import Assembled, Part

S = 48_000


def loaded(parts: list[Part], frames: int) -> Assembled:
    spoken = Assembled(parts, frames)
    spoken.load()
    return spoken


def test_parts_lie_where_they_were_put_with_silence_between(tmp_path: Path) -> None:
    low, high = tones.tone(S // 2), tones.tone(S // 4, 880)
    files = [tones.write(tmp_path / "low.flac", low), tones.write(tmp_path / "high.flac", high)]
    parts = [Part(files[0], 0, S // 2), Part(files[1], 2 * S, S // 4, trim_db=-6.0206)]
    whole = loaded(parts, 3 * S)[: 3 * S]
    assert len(whole) == 3 * S
    assert np.abs(whole[: S // 2] - low).max() < 1e-4
    assert np.abs(whole[S // 2 : 2 * S]).max() == 0
    assert np.abs(whole[2 * S : 2 * S + S // 4] - high / 2).max() < 1e-4
    assert np.abs(whole[2 * S + S // 4 :]).max() == 0


def test_a_part_ends_where_it_was_measured_to_end(tmp_path: Path) -> None:
    file = tones.write(tmp_path / "a.flac", tones.tone(S))
    whole = loaded([Part(file, 0, S // 4)], S)[:S]
    assert np.abs(whole[S // 4 :]).max() == 0


def test_any_stretch_is_the_same_sound(tmp_path: Path) -> None:
    file = tones.write(tmp_path / "a.flac", tones.tone(S // 8))
    spoken = loaded([Part(file, at, S // 8) for at in (100, S // 4, S // 2)], S)
    whole = spoken[:S]

    @given(st.integers(0, S), st.integers(0, S))
    def same(start: int, frames: int) -> None:
        assert np.array_equal(spoken[start : start + frames], whole[start : start + frames])

    same()


def test_twenty_guided_minutes_hold_no_more_than_their_sentences() -> None:
    session = load(paths.shipped() / "grounding-20.yaml")
    clip = clip_for(session.cues[0], session.sound, lambda path: measure(path).facts)
    assert clip is not None
    spoken = loaded(list(clip.parts), clip.frames)
    assert len(spoken) > 19 * 60 * S
    assert spoken.held_bytes < 20_000_000


def test_a_sentence_that_comes_too_late_is_left_out_whole_and_the_next_is_spoken(
    tmp_path: Path,
) -> None:
    files = [tones.write(tmp_path / f"{n}.flac", tones.tone(S // 2)) for n in range(2)]
    parts = [Part(files[0], 0, S // 2), Part(files[1], S, S // 2)]
    spoken = Assembled(parts, 2 * S, patience_s=0.0)
    assert np.abs(spoken[: S // 4]).max() == 0
    spoken.load()
    assert np.abs(spoken[S // 4 : S // 2]).max() == 0
    assert np.abs(spoken[S : S + S // 2]).max() > 0.1


class Slow:
    """Lets a file come a block at a time, each when the test asks for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._let, self.asked = threading.Semaphore(0), threading.Semaphore(0)
        whole = blocks

        @contextmanager
        def slowly(path: Path) -> Iterator[Iterator[Any]]:
            with whole(path) as decoded:
                yield self._each(decoded)

        monkeypatch.setattr("player.sound.spoken.blocks", slowly)

    def _each(self, decoded: Iterator[Any]) -> Iterator[Any]:
        for block in decoded:
            self.asked.release()
            self._let.acquire()
            yield block
        self.asked.release()

    def let(self, blocks: int) -> None:
        """Let so many blocks more come, and wait until they have."""
        for _ in range(blocks):
            self._let.release()
            self.asked.acquire()

    def let_all(self) -> None:
        self._let.release(10_000)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    return Slow(monkeypatch)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A minute in one piece."""
    return tones.write(tmp_path / "long.wav", tones.tone(60 * S, 100), codec="pcm_f32le")


def block_of(path: Path) -> int:
    """Frames in the first block of a file."""
    with blocks(path) as decoded:
        return len(next(iter(decoded)))


def test_a_long_recording_is_spoken_from_its_first_seconds_on_while_the_rest_still_comes(
    recording: Path, slow: Slow
) -> None:
    frames = block_of(recording)
    spoken = Assembled([Part(recording, 0, 60 * S)], 60 * S, patience_s=0.0)
    loading = threading.Thread(target=spoken.load)
    loading.start()
    slow.asked.acquire()
    slow.let(12 * S // frames)
    first = spoken[:S]
    slow.let_all()
    loading.join()
    assert np.abs(first - tones.tone(S, 100)).max() < 1e-4
    assert np.abs(spoken[S : 60 * S] - tones.tone(60 * S, 100)[S:]).max() < 1e-4


def test_a_recording_that_fails_to_come_while_it_is_spoken_fades_and_stays_silent(
    recording: Path, slow: Slow
) -> None:
    frames = block_of(recording)
    spoken = Assembled([Part(recording, 0, 60 * S)], 60 * S, patience_s=0.0)
    loading = threading.Thread(target=spoken.load)
    loading.start()
    slow.asked.acquire()
    slow.let(12 * S // frames)
    heard = [spoken[at : at + 8192] for at in range(0, 14 * S, 8192)]
    slow.let_all()
    loading.join()
    heard.append(spoken[14 * S : 15 * S])
    steps = np.abs(
        np.diff(np.concatenate([np.broadcast_to(b, (len(b), 2)) for b in heard]), axis=0)
    )
    assert steps.max() < 2 * np.pi * 100 / S
    assert np.abs(heard[0]).max() > 0.4
    assert np.abs(heard[-1]).max() == 0


def test_a_sentence_that_cannot_be_decoded_is_silent_and_the_others_are_spoken(
    tmp_path: Path,
) -> None:
    good = tones.write(tmp_path / "good.flac", tones.tone(S // 2))
    (tmp_path / "bad.flac").write_bytes(b"nothing of the kind")
    spoken = Assembled([Part(tmp_path / "bad.flac", 0, S), Part(good, S, S // 2)], 2 * S)
    with pytest.raises(Undecodable):
        spoken.load()
    assert np.abs(spoken[:S]).max() == 0
    assert np.abs(spoken[S:]).max() > 0.1


def test_a_sentence_that_cannot_be_read_for_any_other_reason_keeps_nobody_waiting(
    tmp_path: Path,
) -> None:
    file = tones.write(tmp_path / "a.flac", tones.tone(S // 2))
    spoken = Assembled([Part(file, 0, 1 << 60), Part(file, S, S // 2)], 2 * S)
    with pytest.raises(Undecodable):
        spoken.load()
    assert np.abs(spoken[:S]).max() == 0

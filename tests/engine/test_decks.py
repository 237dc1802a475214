"""Files are opened where their sound begins, and picked up again at the same frame of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tones

from player.engine.decks import Decks
from player.timeline.decisions import StartTrack
from player.timeline.music import Wanted
from player.timeline.state import FOREVER

S = 48_000
LEAD = 2 * S + 77
SOUND = tones.sweep(6 * S, gain=0.3)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("decks")
    return tones.write(folder / "late.wav", SOUND, codec="pcm_f32le")


@pytest.fixture
def decks(file: Path) -> Iterator[Decks]:
    made = Decks((file, file), 1, lambda: np.zeros((S, 2), np.int16), lambda _: None, patient=True)
    yield made
    made.close()


def start(frames: int = 3 * S, *, seamless: bool = False, lead: int = LEAD) -> StartTrack:
    return StartTrack(0, 0, 1000, 0, 0.0, frames, seamless, lead=lead)


def read(source: Any, frames: int = S) -> Any:
    sound = source.read(frames)
    source.close()
    return sound


def test_a_track_with_silence_before_it_begins_behind_it(decks: Decks) -> None:
    decks.prepare([Wanted(0, False, FOREVER, LEAD)], 0)
    assert np.array_equal(read(decks.take(start())), SOUND[LEAD : LEAD + S])


def test_what_was_made_ready_for_a_loop_is_not_used_for_a_trimmed_track(decks: Decks) -> None:
    decks.prepare([Wanted(0, True, FOREVER), Wanted(0, False, FOREVER, LEAD)], 0)
    assert np.array_equal(read(decks.take(start(seamless=True, lead=0))), SOUND[:S])
    assert np.array_equal(read(decks.take(start())), SOUND[LEAD : LEAD + S])


def test_a_track_is_picked_up_where_it_stood_the_silence_not_counted(decks: Decks) -> None:
    source = decks.take_at(start(), S + 5)
    assert np.array_equal(read(source), SOUND[LEAD + S + 5 : LEAD + 2 * S + 5])


def test_a_file_that_breaks_off_ends_where_its_sound_ends(decks: Decks) -> None:
    decks.take(start(frames=10 * S)).read(6 * S)
    (row,) = decks.broken_off(0)
    assert row.end == 1000 + 6 * S - LEAD


def test_a_file_that_is_all_there_is_not_told_to_break_off(decks: Decks) -> None:
    decks.take(start(frames=3 * S)).read(6 * S)
    assert decks.broken_off(0) == []

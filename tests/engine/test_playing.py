"""A session that sounds, on an output and a clock that a test turns: no thread of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ears import BLOCK, ONE, S, level

from player.timeline import commands as c

NO_FADES = "sound: {first_fade: 0s, crossfade: 0s, phase_crossfade: 0s, end_fade: 0s}\n"


def test_a_pause_is_silent_and_still_and_elapsed_time_goes_on(room: Any) -> None:
    here = room(ONE)
    here.play(12)
    assert here.playing.obey(c.Pause()) == ""
    here.play(30)
    status = here.playing.status()
    assert status.resting == "paused"
    assert level(np.concatenate(here.ear.heard[-20:])) == 0
    assert status.position_s == pytest.approx(14, abs=0.5)
    assert status.elapsed_s == pytest.approx(42, abs=1.0)
    here.playing.obey(c.Resume())
    here.play(5)
    assert here.playing.status().position_s == pytest.approx(19, abs=0.7)
    assert level(np.concatenate(here.ear.heard[-5:])) > 0.01


def test_a_ceiling_under_the_usual_volume_holds_from_the_first_sound_on(room: Any) -> None:
    usual, here = room(ONE), room(ONE, volume_ceiling_db=-9.0)
    for each in (usual, here):
        each.play(15)
    assert here.playing.status().volume_db == -9
    assert here.notes.inputs == []
    ratio = here.ear.whole()[S:] / np.where(usual.ear.whole()[S:] == 0, 1, usual.ear.whole()[S:])
    assert np.abs(ratio).max() <= 10 ** (-9 / 20) * 1.001
    assert "as far as it goes" in here.playing.obey(c.ChangeVolume(by_db=1))


@pytest.mark.parametrize("fades", ["", NO_FADES], ids=["fades", "fades of 0s"])
def test_no_step_is_heard_whatever_is_pressed(room: Any, fades: str) -> None:
    here = room(ONE + fades)
    keys = [c.BeginTalk(), c.Skip(), c.EndTalk(), c.Silence(), c.Resume(), c.Pause(), c.Resume()]
    keys += [c.NotThis(), c.ChangeVolume(by_db=-6), c.Skip(), c.End(), c.Back()]
    here.play(3)
    for key in keys:
        here.playing.obey(key)
        here.play(1.5)
    sound = np.concatenate([np.zeros((1, 2)), here.ear.whole()])
    steepest = 2 * np.pi * 660 / S * np.abs(sound).max() * 2.2
    assert np.abs(np.diff(sound, axis=0)).max() < steepest


def test_a_file_that_vanished_is_passed_over_without_a_gap(room: Any, tmp_path: Path) -> None:
    here = room(ONE)
    here.play(20)
    (tmp_path / "b.flac").write_bytes(b"")
    here.playing.obey(c.Skip())
    here.play(30)
    names = here.names()
    assert "TrackPassedOver" in names
    blocks = [level(block) for block in here.ear.heard[60:]]
    assert min(blocks) > 0.005, "it never falls silent"


def test_the_end_is_heard_whole_before_the_output_is_closed(room: Any) -> None:
    here = room("format: 1\ntitle: T\nphases:\n  - {name: One, length: 20s, music: a.flac}\n")
    here.play(21)
    assert not here.ear.closed or len(here.ear.heard) * BLOCK >= 20 * S
    here.play(3)
    assert here.ear.closed
    assert here.playing.state.ended
    names = here.names()
    assert names[-2:] == ["MusicEnded", "SessionEnded"]
    sound = here.ear.whole()
    assert np.abs(sound[20 * S :]).max() == 0
    assert level(sound[12 * S : 13 * S]) > 0.01


def test_an_output_that_goes_in_the_silence_behind_the_music_leaves_the_session_over(
    room: Any,
) -> None:
    here = room("format: 1\ntitle: T\nphases:\n  - {name: One, length: 20s, music: a.flac}\n")
    while not here.playing.over:
        here.play(BLOCK / S)
    assert not here.playing.drained
    here.away(1)
    here.ear.lost = False
    here.play(1)
    assert here.playing.drained
    assert here.ear.closed
    assert here.names()[-2:] == ["MusicEnded", "SessionEnded"]

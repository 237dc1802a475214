"""A session that sounds, on an output and a clock that a test turns: no thread of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tones

from player.engine.playing import Playing
from player.engine.score import Score
from player.library.measure import measure
from player.programme.programme import compose
from player.session.loader import load
from player.sound.source import load_bed
from player.sound.streams import BLOCK
from player.timeline import commands as c
from player.timeline import conductor
from player.timeline.plan import TrackFacts

S = 48_000
STEP = BLOCK / S


@dataclass
class Ear:
    """An output that takes one block for each block of time, and keeps what it was given."""

    name: str = "ear"
    underruns: int = 0
    lost: bool = False
    hung: bool = False
    others: tuple[str, ...] = ()
    chosen: list[str] = field(default_factory=list)
    closed: bool = False
    owed: int = 0
    heard: list[Any] = field(default_factory=list)
    depth_frames: int = 2 * BLOCK

    def wants(self) -> bool:
        return self.owed > 0

    def feed(self, block: Any) -> None:
        self.owed -= 1
        self.heard.append(block.copy())

    def due_s(self) -> float:
        return 0.0

    def choose(self, device: str) -> None:
        self.chosen.append(device)

    def close(self) -> None:
        self.closed = True

    def whole(self) -> Any:
        return np.concatenate(self.heard)


@dataclass
class Room:
    """Plays on while a test lets time pass."""

    playing: Playing
    ear: Ear
    now_s: list[float]

    def play(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP)):
            self.now_s[0] += STEP
            self.ear.owed += 1
            self.playing.feed()


@pytest.fixture
def room(tmp_path: Path) -> Any:
    def make(text: str, *, known: bool = True, **settings: Any) -> Room:
        (tmp_path / "a.flac").exists() or tones.write(tmp_path / "a.flac", tones.tone(40 * S))
        (tmp_path / "b.flac").exists() or tones.write(tmp_path / "b.flac", tones.tone(40 * S, 660))
        path = tmp_path / "s.yaml"
        path.write_text(text)
        facts = {f: measure(f).facts for f in (tmp_path / "a.flac", tmp_path / "b.flac")}
        bed = TrackFacts(48 * S, -23.0, -13.6)
        programme = compose(
            load(path), lambda f: facts.get(f, bed) if known else bed, lambda _: None
        )
        ear, now_s = Ear(), [100.0]
        state = conductor.opening(programme.plan)
        pcm = load_bed(programme.files[programme.plan.safety])
        playing = Playing(
            Score.of(programme),
            state,
            ear,
            bed=lambda: pcm,
            patient=True,
            clock_s=lambda: now_s[0],
            **settings,
        )
        playing.prepare()
        playing.begin()
        return Room(playing, ear, now_s)

    return make


ONE = "format: 1\ntitle: T\nphases:\n  - {name: One, length: 10m, music: [a.flac, b.flac]}\n"


def level(sound: Any) -> float:
    return float(np.sqrt(np.mean(sound**2)))


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
    assert here.playing.new_inputs() == []
    ratio = here.ear.whole()[S:] / np.where(usual.ear.whole()[S:] == 0, 1, usual.ear.whole()[S:])
    assert np.abs(ratio).max() <= 10 ** (-9 / 20) * 1.001
    assert "as far as it goes" in here.playing.obey(c.ChangeVolume(by_db=1))


def test_after_a_sleep_of_the_machine_it_waits_paused_and_says_so(room: Any) -> None:
    here = room(ONE)
    here.play(10)
    here.playing.obey(c.MarkDose())
    here.play(5)
    here.now_s[0] += 600
    here.play(8)
    status = here.playing.status()
    assert status.resting == "paused"
    assert status.since_dose_s == pytest.approx(613, abs=1.5), "that clock never stops"
    assert status.position_s == pytest.approx(17, abs=0.7), "after the way out nothing went on"
    assert level(np.concatenate(here.ear.heard[-5:])) == 0
    texts = [event.line() for event in here.playing.heard_events()]
    assert any("broke off for 10m; it waits, paused" in text for text in texts)
    here.playing.obey(c.Resume())
    here.play(12)
    assert level(np.concatenate(here.ear.heard[-5:])) > 0.01


def test_a_short_sleep_of_the_machine_counts_for_the_clocks_alone(room: Any) -> None:
    here = room(ONE)
    here.play(10)
    here.playing.obey(c.MarkDose())
    here.play(5)
    here.now_s[0] += 20
    here.play(5)
    status = here.playing.status()
    assert status.since_dose_s == pytest.approx(30, abs=1.5)
    assert status.position_s == pytest.approx(20, abs=0.7)


def test_no_step_is_heard_whatever_is_pressed(room: Any) -> None:
    here = room(ONE)
    keys = [c.BeginTalk(), c.Skip(), c.EndTalk(), c.Silence(), c.Resume(), c.Pause(), c.Resume()]
    keys += [c.NotThis(), c.ChangeVolume(by_db=-6), c.Skip(), c.End(), c.Back()]
    here.play(3)
    for key in keys:
        here.playing.obey(key)
        here.play(1.5)
    sound = here.ear.whole()
    steepest = 2 * np.pi * 660 / S * np.abs(sound).max() * 2.2
    assert np.abs(np.diff(sound, axis=0)).max() < steepest


def test_a_file_that_vanished_is_passed_over_without_a_gap(room: Any, tmp_path: Path) -> None:
    here = room(ONE)
    here.play(20)
    (tmp_path / "b.flac").write_bytes(b"")
    here.playing.obey(c.Skip())
    here.play(30)
    names = [type(event).__name__ for event in here.playing.heard_events()]
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
    names = [type(event).__name__ for event in here.playing.heard_events()]
    assert names[-2:] == ["MusicEnded", "SessionEnded"]
    sound = here.ear.whole()
    assert np.abs(sound[20 * S :]).max() == 0
    assert level(sound[12 * S : 13 * S]) > 0.01


def away(here: Room, seconds: float) -> None:
    """Time in which the output is lost."""
    here.ear.lost, depth, here.ear.depth_frames = True, here.ear.depth_frames, 0
    for _ in range(round(seconds / STEP)):
        here.now_s[0] += STEP
        here.playing.feed()
    here.ear.depth_frames = depth


def names_of(here: Room) -> list[str]:
    return [type(event).__name__ for event in here.playing.heard_events()]


def test_an_output_that_is_lost_for_seconds_is_faded_into_where_the_programme_stood(
    room: Any,
) -> None:
    here = room(ONE)
    here.play(12)
    here.playing.obey(c.MarkDose())
    away(here, 20)
    assert here.playing.status().position_s == pytest.approx(12, abs=0.7)
    here.ear.lost = False
    before = len(here.ear.heard)
    here.play(5)
    assert names_of(here)[-2:] == ["OutputLost", "OutputBack"]
    status = here.playing.status()
    assert status.since_dose_s == pytest.approx(25, abs=1)
    assert status.position_s == pytest.approx(17, abs=0.8)
    sound = np.concatenate(here.ear.heard[before:])
    usual = level(sound[3 * S :])
    assert level(sound[: S // 10]) < 0.1 * usual
    assert level(sound[S : S + 4800]) == pytest.approx(0.7 * usual, rel=0.15)


def test_an_output_that_is_lost_for_longer_comes_back_paused_and_a_key_brings_the_sound(
    room: Any,
) -> None:
    here = room(ONE)
    here.play(12)
    away(here, 40)
    assert here.playing.status().resting == "paused"
    here.ear.lost = False
    before = len(here.ear.heard)
    here.play(3)
    assert level(np.concatenate(here.ear.heard[before:])) == 0
    assert here.playing.obey(c.Resume()) == ""
    here.play(4)
    assert level(here.ear.heard[-1]) > 0.01
    assert here.playing.status().position_s == pytest.approx(16, abs=0.8)


def test_another_output_that_is_chosen_after_long_needs_no_second_key(room: Any) -> None:
    here = room(ONE)
    here.play(12)
    assert "plays on" in here.playing.choose_output("speakers")
    here.ear.others = ("speakers",)
    away(here, 40)
    assert here.playing.choose_output("cellar") == "There is no output cellar now."
    assert here.playing.choose_output("speakers") == ""
    assert here.ear.chosen == ["speakers"]
    here.ear.lost = False
    here.play(5)
    assert here.playing.status().resting is None
    assert level(here.ear.heard[-1]) > 0.01


def test_a_silence_that_was_asked_for_outlasts_a_lost_output(room: Any) -> None:
    here = room(ONE)
    here.play(12)
    here.playing.obey(c.Silence())
    here.play(8)
    away(here, 5)
    here.ear.lost = False
    before = len(here.ear.heard)
    here.play(6)
    assert level(np.concatenate(here.ear.heard[before:])) == 0

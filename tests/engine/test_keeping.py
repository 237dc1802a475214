"""What of a running session reaches its journal, as an engine hands it over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from journals import SCORE, STANDS

from player.engine.inputs import Input, Obeyed
from player.engine.journal import Journal
from player.engine.keeping import Keeping
from player.engine.kept import Kept, read
from player.timeline.commands import Hold, OpenSession
from player.timeline.events import Event, Fault, FaultKind, PhaseEntered

COMMAND = OpenSession(path="/sessions/s.yaml", output="pygame")
TOLD: list[Event] = [
    PhaseEntered(frame=0, phase="Arrival"),
    Fault(frame=48_000, text="the disk is full"),
]


class Sounding:
    """A session that sounds, as far as it is kept."""

    def __init__(self) -> None:
        self.score, self.speed = SCORE, 1.0
        self.output = SimpleNamespace(name="phones", blocks_a_chunk=1, underruns=0)
        self.came: list[Input] = []
        self.frame = 0
        self.lost_s: float | None = None
        self.output_chosen = False

    def new_inputs(self) -> list[Input]:
        came, self.came = self.came, []
        return came

    def stand(self) -> Any:
        return STANDS[0].state, STANDS[0].memory

    def heard_at(self) -> tuple[int, int]:
        return self.frame, self.frame + 10


class Room:
    """It is kept, and can be read at any time."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal(folder)
        self.keeping = Keeping(self.journal)
        self.playing: Any = Sounding()
        opening: Any = SimpleNamespace(command=COMMAND, content="abc", told=())
        self.keeping.begin(self.playing, opening, STANDS[0])

    def kept(self) -> Kept:
        """What a new engine would find."""
        self.journal.close()
        kept = read(self.journal.path.read_bytes())
        assert kept is not None
        return kept


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.setattr("player.engine.keeping.HEARD_S", 0.0)
    made = Room(tmp_path)
    yield made
    made.journal.close()


def test_with_another_output_what_was_told_and_decided_stays(room: Room) -> None:
    for event in TOLD:
        room.keeping.told(event)
    room.playing.came = [Obeyed(frame=50_000, command=Hold())]
    room.playing.frame = 60_000
    room.keeping.turn(room.playing)
    room.journal.settle(20)
    room.playing.output.name = "speakers"
    room.keeping.turn(room.playing)
    kept = room.kept()
    assert kept.command.device == "speakers"
    assert list(kept.told) == TOLD
    assert [came.frame for came in kept.inputs] == [50_000]
    assert kept.heard.frame == 60_000


def test_that_the_output_was_chosen_while_it_was_away_is_kept_until_it_is_there(room: Room) -> None:
    room.playing.lost_s, room.playing.output_chosen = 40.0, True
    room.playing.output.name = "speakers"
    room.keeping.turn(room.playing)
    room.journal.settle(20)
    kept = read(room.journal.path.read_bytes())
    assert kept is not None and kept.output_chosen
    assert kept.command.device == "speakers"
    room.playing.lost_s, room.playing.output_chosen = None, False
    room.keeping.turn(room.playing)
    assert not room.kept().output_chosen


def test_killed_right_after_its_begin_it_is_kept_where_it_is_heard(room: Room) -> None:
    kept = room.kept()
    assert kept.command.device == "phones"
    assert (kept.heard.frame, kept.heard.elapsed) == (0, 10)


def test_how_deep_the_output_had_become_and_how_often_it_ran_dry_is_kept(room: Room) -> None:
    room.playing.output.blocks_a_chunk, room.playing.output.underruns = 3, 2
    room.keeping.turn(room.playing)
    kept = room.kept()
    assert (kept.heard.blocks_a_chunk, kept.heard.underruns, kept.underruns) == (3, 2, 2)


def test_how_long_the_output_had_been_away_is_kept(room: Room) -> None:
    room.playing.lost_s = 12.3456
    room.keeping.turn(room.playing)
    assert room.kept().heard.lost_s == 12.346


def test_dropouts_that_were_told_count_though_no_place_was_kept_since(room: Room) -> None:
    dry = Fault(frame=0, text="the output ran dry", kind=FaultKind.UNDERRUNS, times=2)
    for event in (*TOLD, dry, dry):
        room.keeping.told(event)
    assert room.kept().underruns == 4


def test_an_output_that_hangs_is_kept_as_away_so_that_the_next_engine_waits_for_it(
    room: Room,
) -> None:
    room.playing.frame = 4_800
    room.keeping.hangs(room.playing)
    heard = room.kept().heard
    assert (heard.frame, heard.lost_s) == (4_800, 0.0)

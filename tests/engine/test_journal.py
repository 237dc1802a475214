"""What is kept of a session, on disks that behave and disks that do not."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import conducting as kit
import pytest
from hypothesis import given
from hypothesis import strategies as st
from journals import HEAD, SCORE, STANDS, heard, keep

from player.engine.elapsed import Moment, between_s
from player.engine.inputs import Learned, Obeyed
from player.engine.journal import Journal
from player.engine.journal_file import LARGEST
from player.engine.kept import Head, Heard, Kept, look, read
from player.engine.lines import whole_lines
from player.engine.score import Score
from player.engine.stands import Stand
from player.sound.mixer import Mixer
from player.timeline import commands as c
from player.timeline import conductor
from player.timeline.events import PhaseEntered
from player.timeline.plan import TrackFacts


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return keep(tmp_path_factory.mktemp("journal")).read_bytes()


def test_what_was_kept_is_read_as_it_was(content: bytes) -> None:
    kept = read(content)
    assert kept is not None
    assert kept.score == SCORE
    assert kept.stand == STANDS[0], "the last stand that was heard"
    assert [came.frame for came in kept.inputs] == [100_000, 481_000]
    assert kept.inputs[1] == Learned(
        frame=481_000, track=1, known=TrackFacts(9, -20.0, -float("inf"))
    )
    assert kept.heard == heard(470_000)
    assert [event.line() for event in kept.told] == ["00:00:00 PhaseEntered Arrival"]
    assert kept.lost_lines == 0


@given(cut=st.integers(0, 100_000), flips=st.lists(st.tuples(st.integers(0), st.integers(0, 255))))
def test_a_torn_or_damaged_journal_is_never_fatal(
    content: bytes, cut: int, flips: list[tuple[int, int]]
) -> None:
    harmed = bytearray(content[: cut % (len(content) + 1)])
    for place, value in flips:
        if harmed:
            harmed[place % len(harmed)] = value
    kept = read(bytes(harmed))
    if kept is not None:
        assert kept.stand in STANDS
        assert kept.heard in known_places(kept)
        frames = [came.frame for came in kept.inputs]
        assert frames == [100_000, 481_000][: len(frames)] or frames == [481_000]


def known_places(kept: Kept) -> list[Heard]:
    """Where a session may be after harm: as kept; or at its begin, or at a stand, as it began."""
    return [heard(470_000), HEAD.heard, replace(HEAD.heard, frame=kept.stand.state.frame)]


def test_killed_at_its_begin_a_session_is_kept(tmp_path: Path) -> None:
    told = [PhaseEntered(frame=0, phase="Arrival")]
    journal = Journal(tmp_path)
    journal.begin(HEAD, STANDS[1], told)
    journal.settle(20)
    kept = read(journal.path.read_bytes())
    journal.close()
    assert kept is not None
    assert (kept.stand, kept.heard, list(kept.told)) == (STANDS[1], HEAD.heard, told)


def test_what_cannot_be_set_aside_does_not_keep_the_next_session_from_being_kept(
    tmp_path: Path,
) -> None:
    journal = Journal(tmp_path)
    with journal._changed:
        journal.give_up()
        journal.begin(HEAD, STANDS[0])
    journal.close()
    assert read(journal.path.read_bytes()) is not None


def test_with_every_place_lost_it_goes_on_at_its_last_stand_and_its_clocks_from_its_begin(
    content: bytes,
) -> None:
    lines = [line for line in content.splitlines(keepends=True) if b',"heard",[' not in line]
    kept = read(b"".join(lines))
    assert kept is not None
    assert kept.stand == STANDS[1]
    assert kept.heard == replace(HEAD.heard, frame=480_000)
    assert kept.lost_lines == 1, "the last line is missed by nobody"


@given(st.binary(max_size=300))
def test_garbage_is_no_journal(garbage: bytes) -> None:
    assert read(garbage) is None


def test_a_journal_of_no_use_is_set_aside_and_that_is_said(tmp_path: Path) -> None:
    path = keep(tmp_path)
    path.write_bytes(b"garbage" + path.read_bytes())
    said: list[str] = []
    assert look(path, said.append) is None
    assert len(said) == 1 and "set aside" in said[0]
    assert not path.exists()
    assert path.with_suffix(".damaged").exists()


def test_nothing_is_kept_of_a_session_that_is_over(tmp_path: Path) -> None:
    keep(tmp_path, lambda journal: journal.over())
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_nothing_is_kept_of_an_earlier_session_that_is_given_up(tmp_path: Path) -> None:
    assert keep(tmp_path).exists()
    journal = Journal(tmp_path)
    journal.give_up()
    journal.close()
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_one_that_is_over_and_cannot_be_removed_is_not_offered_and_removed_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuses)
        path = keep(tmp_path, lambda journal: journal.over())
    assert "over" in [kind for _, kind, _ in whole_lines(path.read_bytes())]
    assert look(path, pytest.fail) is None
    assert not path.exists()


def test_it_stays_small_however_long_the_session(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.begin(HEAD, STANDS[0])
    journal.inputs([Obeyed(frame=100_000, command=c.Hold())])
    for number in range(3000):
        journal.stand(STANDS[0])
        if number % 100 == 0:
            journal.heard(heard(470_000 + number))
            wait_for(lambda: not journal._todo)
    journal.stand(STANDS[1])
    journal.heard(heard(490_000))
    journal.close()
    assert journal.path.stat().st_size < 1.5 * LARGEST
    kept = read(journal.path.read_bytes())
    assert kept is not None
    assert kept.stand == STANDS[1]
    assert kept.heard.frame == 490_000


def test_with_thousands_of_tracks_a_place_is_still_one_line_more(tmp_path: Path) -> None:
    plan = kit.plan([kit.phase("Peak", 600, range(2000))], [kit.tone(300)] * 2000)
    files = tuple(Path(row.path) for row in plan.tracks)
    head = Head.of(Score(SCORE.source, plan, files, ()), HEAD.command, "abc", heard(0))
    mixer = Mixer(open_track=lambda _: None, clip=lambda _: None, ceiling_dbtp=-1.0)
    journal = Journal(tmp_path)
    journal.begin(head, Stand(conductor.opening(plan), mixer.memory()))
    journal.settle(20)
    kept = journal.path.read_bytes()
    assert len(kept) > 1.5 * LARGEST
    for frame in range(20):
        journal.heard(heard(frame))
        wait_for(lambda place=b'"heard",[%d,' % frame: place in journal.path.read_bytes()[-200:])
        longer = journal.path.read_bytes()
        assert longer.startswith(kept), "nothing was written twice"
        kept = longer
    journal.close()


def test_a_disk_that_takes_nothing_is_said_once_and_the_keeping_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, said = tmp_path / "journal", []
    monkeypatch.setattr("player.engine.journal.AGAIN_S", 0.05)
    journal = Journal(folder, said.append)
    journal.begin(HEAD, STANDS[0])
    wait_for(journal.path.exists)
    away = folder.rename(tmp_path / "away")
    folder.write_text("in the way")
    for number in range(3):
        journal.inputs([Obeyed(frame=number, command=c.Hold())])
        journal.heard(heard(5))
        time.sleep(0.1)
    wait_for(lambda: said)
    folder.unlink()
    away.rename(folder)
    journal.path.unlink()
    journal.heard(heard(6))
    wait_for(journal.path.exists)
    journal.close()
    kept = read(journal.path.read_bytes())
    assert kept is not None
    assert [came.frame for came in kept.inputs] == [0, 1, 2]
    assert len(said) == 1


def wait_for(holds: Callable[[], object]) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_set_clock_counts_only_where_the_machine_was_started_anew() -> None:
    then = Moment(100.0, "one", 1000.0)
    assert between_s(then, Moment(130.0, "one", 999_999.0)) == 30
    assert between_s(then, Moment(5.0, "two", 1060.0)) == 60
    assert between_s(then, Moment(5.0, "two", 900.0)) == 0
    assert between_s(Moment(100.0, "", 1000.0), Moment(130.0, "", 1031.0)) == 30
    assert between_s(Moment(100.0, "", 1000.0), Moment(30.0, "", 1050.0)) == 50

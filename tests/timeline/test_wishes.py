"""Softer, deeper, the shelf and the way back: what comes in, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conducting import Bench, M, S, phase, plan, tone

from player.session.model import Ends, Energy, Order
from player.timeline import commands as c
from player.timeline.conductor import learn
from player.timeline.decisions import FadeTrack, StartTrack
from player.timeline.plan import Plan, PlanShelf
from player.timeline.view import status_of


def starts(bench: Bench) -> list[tuple[int, int, int]]:
    return [(d.track, d.at, d.fade_in) for d in bench.decisions if isinstance(d, StartTrack)]


def last_fade(bench: Bench) -> tuple[int, int]:
    fade = [d for d in bench.decisions if isinstance(d, FadeTrack)][-1]
    return fade.at, fade.frames


def mixed(energies: str, *, order: Order = Order.LISTED) -> Plan:
    count = len(energies)
    return plan(
        [phase("One", 60, range(count), order=order)], [tone(600)] * count, energies=energies
    )


def shelved() -> Plan:
    """Two phases by the clock with silence between them, and a shelf of two."""
    rows = [phase("One", 5, [0]), phase("Rest", 2, []), phase("Two", 5, [1]), phase("End", 5, [0])]
    shelf = [PlanShelf("Calm", (2, 3)), PlanShelf("Loop", (3,), seamless=True)]
    return plan(rows, [tone(900), tone(900), tone(100), tone(200)], shelf=shelf)


@pytest.mark.parametrize(
    ("pulses", "energies", "key", "then"),
    [
        ((0.8, 0.9, 0.5, 0.2), "mmmm", c.Softer(), 2),
        ((0.8, 0.75, 0.9, 1.1), "mmmm", c.Deeper(), 3),
        ((0.8, 0.2, 0.9, 0.85), "mmml", c.Softer(), 3),
        ((0.8, 0.7, 0.9, None), "llll", c.Softer(), None),
        ((None, 0.2, 0.9, 0.5), "llll", c.Deeper(), None),
    ],
)
def test_where_all_have_one_energy_those_that_clearly_move_less_or_more_are_taken(
    pulses: tuple[float | None, ...], energies: str, key: c.RoomCommand, then: int | None
) -> None:
    tracks = [replace(tone(600), pulse_lu=pulse_lu) for pulse_lu in pulses]
    bench = Bench(plan([phase("One", 60, range(4))], tracks, energies=energies)).play(60).key(key)
    assert starts(bench)[-1][0] == (0 if then is None else then)
    assert bool(bench.refused) is (then is None)


@pytest.mark.parametrize(
    ("energies", "key", "then"),
    [
        ("hhlm", c.Softer(), 3),
        ("mhlm", c.Softer(), 2),
        ("lhmh", c.Deeper(), 2),
        ("?lhm", c.Deeper(), 2),
        ("?hml", c.Softer(), 3),
        ("h?ll", c.Softer(), 1),
    ],
)
def test_what_comes_in_is_the_nearest_energy_on_the_wished_side(
    energies: str, key: c.RoomCommand, then: int
) -> None:
    bench = Bench(mixed(energies)).play(60)
    frame = bench.state.frame
    bench.key(key)
    assert starts(bench)[-1] == (then, frame, 10 * S)
    assert last_fade(bench) == (frame, 10 * S)
    assert bench.sounding() == ["track 0", f"track {then}"]


@pytest.mark.parametrize(
    ("energies", "key", "told"),
    [
        ("lmh", c.Softer(), "Nothing softer is left"),
        ("hml", c.Deeper(), "Nothing deeper is left"),
        ("???", c.Softer(), "energy: low, mid or high"),
    ],
)
def test_where_there_is_nothing_of_the_kind_the_music_goes_on_and_it_is_said(
    energies: str, key: c.RoomCommand, told: str
) -> None:
    bench = Bench(mixed(energies)).play(60).key(key)
    assert told in bench.refused
    assert len(starts(bench)) == 1
    assert bench.sounding() == ["track 0"]


def test_softer_again_and_again_never_brings_back_what_was_heard() -> None:
    bench = Bench(mixed("hlml")).play(60).key(c.Softer()).play(20).key(c.Softer()).play(20)
    assert [track for track, _, _ in starts(bench)] == [0, 2, 1]
    bench.key(c.Softer())
    assert "Nothing softer is left" in bench.refused
    bench.key(c.Deeper())
    assert "Nothing deeper is left" in bench.refused, "all that is left is as soft as this"


def test_softer_leaves_out_what_is_avoided() -> None:
    bench = Bench(mixed("hlhl")).play(20).key(c.Softer()).play(20).key(c.NotThis()).play(20)
    bench.key(c.Softer()).play(3000)
    assert 1 not in [track for track, _, _ in starts(bench)[2:]]


def test_a_piece_measured_during_the_session_is_chosen_by_its_energy_at_once() -> None:
    bench = Bench(plan([phase("One", 60, range(3))], [tone(600), None, None])).play(60)
    bench.key(c.Deeper())
    assert "energy: low, mid or high" in bench.refused
    for track, energy in ((1, Energy.LOW), (2, Energy.HIGH)):
        known = replace(tone(600), energy=energy)
        bench.take(learn(bench.plan, bench.state, track, known))
    bench.key(c.Deeper())
    assert starts(bench)[-1][0] == 2


def test_a_piece_of_the_shelf_is_held_through_its_end_and_through_phases() -> None:
    bench = Bench(shelved()).play(60)
    frame = bench.state.frame
    bench.key(c.TakeFromShelf(piece=0)).play(14 * 60)
    assert starts(bench)[1] == (2, frame, 10 * S)
    assert {track for track, _, _ in starts(bench)[1:]} == {2, 3}
    entered = [(row.split()[0], row.split()[2]) for row in bench.lines("PhaseEntered")]
    assert entered == [
        ("00:00:00", "One"),
        ("00:05:00", "Rest"),
        ("00:07:00", "Two"),
        ("00:12:00", "End"),
    ]
    assert bench.sounding(), "music goes on through planned silence too"
    bench.to_end()
    assert bench.names()[-1] == "SessionEnded"


def test_back_to_the_plan_brings_in_what_the_phase_has_next() -> None:
    bench = Bench(shelved()).play(60).key(c.TakeFromShelf(piece=1)).play(8 * 60)
    assert bench.phase == "Two"
    frame = bench.state.frame
    bench.key(c.BackToPlan())
    assert starts(bench)[-1] == (1, frame, 10 * S)
    bench.play(11)
    assert bench.sounding() == ["track 1"]
    bench.key(c.BackToPlan())
    assert "plan's own music" in bench.refused


def test_back_to_the_plan_in_planned_silence_fades_to_silence() -> None:
    bench = Bench(shelved()).play(60).key(c.TakeFromShelf(piece=1)).play(5 * 60)
    assert bench.phase == "Rest"
    bench.key(c.BackToPlan()).play(11)
    assert bench.sounding() == []


def test_one_piece_of_the_shelf_gives_way_to_another_and_not_to_itself() -> None:
    bench = Bench(shelved()).play(30).key(c.TakeFromShelf(piece=1))
    bench.key(c.TakeFromShelf(piece=1))
    assert "held already" in bench.refused
    bench.play(20).key(c.TakeFromShelf(piece=0)).play(11)
    assert bench.sounding() == ["track 2"]
    bench.key(c.TakeFromShelf(piece=2))
    assert "holds 2" in bench.refused


def test_without_a_shelf_the_key_says_so() -> None:
    bench = Bench(mixed("lm")).key(c.TakeFromShelf(piece=0))
    assert "no shelf" in bench.refused


def test_not_this_of_the_last_piece_on_the_shelf_goes_back_to_the_plan() -> None:
    bench = Bench(shelved()).play(30).key(c.TakeFromShelf(piece=1)).play(30).key(c.NotThis())
    assert bench.state.shelf is None
    bench.play(11)
    assert bench.sounding() == ["track 0"]


def test_a_shelf_piece_that_is_not_measured_does_not_begin() -> None:
    rows = [phase("One", 5, [0])]
    made = plan(rows, [tone(900), None], shelf=[PlanShelf("New", (1,))])
    bench = Bench(made).play(10).key(c.TakeFromShelf(piece=0))
    assert "not measured" in bench.refused
    assert bench.sounding() == ["track 0"]


def test_a_move_and_its_undoing_leave_the_shelf_alone() -> None:
    bench = Bench(shelved()).play(60).key(c.TakeFromShelf(piece=1)).play(5)
    bench.key(c.Go(phase=3)).play(10)
    assert (bench.phase, bench.sounding()) == ("End", ["track 3"])
    bench.key(c.Back())
    assert (bench.phase, bench.state.phase_end) == ("One", 5 * M + 10 * S)
    assert len(starts(bench)) == 2
    bench.key(c.BackToPlan()).play(11)
    assert bench.sounding() == ["track 0"]


def test_a_shelf_taken_after_a_move_is_still_held_when_the_move_is_undone() -> None:
    bench = Bench(shelved()).play(60).key(c.Go(phase=2)).play(5)
    bench.key(c.TakeFromShelf(piece=0)).play(5).key(c.Back()).play(30)
    assert bench.phase == "One"
    assert bench.sounding() == ["track 2"]


def test_the_status_tells_the_shelf_and_what_comes_next_on_it() -> None:
    bench = Bench(shelved()).play(60).key(c.TakeFromShelf(piece=0)).play(1)
    status = status_of(bench.plan, bench.state, bench.state.frame)
    assert (status.shelf, status.shelf_held) == (("Calm", "Loop"), 0)
    assert (status.track, status.next_track) == ("track 2", "track 3")
    assert status.next_track_in_s == pytest.approx(89, abs=0.01)


def test_a_hold_keeps_the_shelf_playing_for_ever() -> None:
    rows = [phase("One", 5, [0], ends=Ends.HAND), phase("Two", 5, [0])]
    made = plan(rows, [tone(900), tone(100)], shelf=[PlanShelf("Calm", (1,))])
    bench = Bench(made).play(10).key(c.TakeFromShelf(piece=0)).play(3000)
    assert bench.phase == "One"
    assert bench.sounding() == ["track 1"]

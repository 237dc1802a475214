"""Tracks within a phase: overlaps, rounds, gains, skips, and what happens when a file fails."""

from __future__ import annotations

from conducting import Bench, M, S, phase, plan, tone

from player.session.model import Order
from player.timeline import commands as c
from player.timeline.conductor import broke_off, learn
from player.timeline.decisions import FadeTrack, StartTrack
from player.timeline.events import TrackPassedOver
from player.timeline.plan import Broken


def starts(bench: Bench) -> list[tuple[int, int, int]]:
    return [(d.track, d.at, d.fade_in) for d in bench.decisions if isinstance(d, StartTrack)]


def fades(bench: Bench) -> list[tuple[int, int, int]]:
    return [(d.deck, d.at, d.frames) for d in bench.decisions if isinstance(d, FadeTrack)]


def test_the_next_track_starts_a_crossfade_before_the_end_and_the_list_begins_again() -> None:
    bench = Bench(plan([phase("One", 12, [0, 1])], [tone(200), tone(300)])).play(600)
    assert starts(bench)[:3] == [
        (0, 0, 10 * S),
        (1, 190 * S, 10 * S),
        (0, 480 * S, 10 * S),
    ]
    assert fades(bench)[:2] == [(0, 190 * S, 10 * S), (1, 480 * S, 10 * S)]


def test_a_crossfade_is_never_more_than_half_of_the_shorter_track() -> None:
    bench = Bench(plan([phase("One", 5, [0, 1])], [tone(100), tone(8)])).play(110)
    assert starts(bench)[1:] == [(1, 96 * S, 4 * S), (0, 100 * S, 4 * S)]


def test_a_phase_starts_its_first_track_at_its_first_frame_while_the_old_one_fades_out() -> None:
    rows = [phase("One", 5, [0]), phase("Two", 5, [1])]
    bench = Bench(plan(rows, [tone(900), tone(900)])).play(310)
    assert starts(bench)[1] == (1, 300 * S, 25 * S)
    assert fades(bench) == [(0, 300 * S, 25 * S)]


def test_a_boundary_fade_is_at_most_half_the_shorter_phase() -> None:
    rows = [phase("One", 5, [0]), phase("Two", 0.5, [1]), phase("Three", 5, [0])]
    bench = Bench(plan(rows, [tone(900), tone(900)])).play(340)
    assert [fade for _, _, fade in starts(bench)] == [10 * S, 15 * S, 15 * S]


def test_no_track_of_the_old_phase_starts_behind_the_boundary() -> None:
    """The first track would be followed at 295 s + 10 s, inside the crossfade of the phases."""
    rows = [phase("One", 5, [0, 1]), phase("Two", 5, [1])]
    bench = Bench(plan(rows, [tone(315), tone(900)])).play(400)
    assert [(track, at) for track, at, _ in starts(bench)] == [(0, 0), (1, 300 * S)]
    assert fades(bench) == [(0, 300 * S, 15 * S)], "shortened to the old track's own end"


def test_the_gain_is_to_the_bed_at_most_12_db_and_under_the_ceiling() -> None:
    tracks = [tone(100, -20, -10), tone(100, -50, -40), tone(100, -40, -4)]
    rows = [phase("One", 5, [0, 1, 2], level_db=1.0)]
    bench = Bench(plan(rows, tracks)).play(290)
    gains = [d.gain_db for d in bench.decisions if isinstance(d, StartTrack)]
    assert [round(gain, 6) for gain in gains[:3]] == [-2.0, 12.0, 2.5]


def test_planned_silence_starts_nothing_and_the_music_comes_back_after_it() -> None:
    rows = [phase("One", 5, [0]), phase("Rest", 2, []), phase("Two", 5, [0])]
    bench = Bench(plan(rows, [tone(900)])).play(301)
    assert bench.sounding() == ["track 0"]
    bench.play(60)
    assert bench.sounding() == []
    bench.key(c.Skip())
    assert "planned silence" in bench.refused
    bench.play(60)
    assert starts(bench)[-1] == (0, 420 * S, 25 * S)


def test_shuffle_is_the_same_each_time_and_plays_each_track_once_a_round() -> None:
    tracks = [tone(60) for _ in range(8)]
    make = plan([phase("One", 30, range(8), order=Order.SHUFFLE)], tracks)
    first = [track for track, _, _ in starts(Bench(make).play(790))]
    again = [track for track, _, _ in starts(Bench(make).play(790))]
    assert first == again
    assert sorted(first[:8]) == list(range(8))
    assert first[:8] != list(range(8))
    assert first[8] != first[7], "a new round does not begin with what has just played"


def test_skip_brings_the_next_track_in_at_once_over_the_crossfade() -> None:
    bench = Bench(plan([phase("One", 30, [0, 1])], [tone(600), tone(600)])).play(100)
    frame = bench.state.frame
    bench.key(c.Skip())
    assert starts(bench)[-1] == (1, frame, 10 * S)
    assert fades(bench)[-1] == (0, frame, 10 * S)


def test_not_this_takes_four_seconds_and_the_track_is_avoided_from_then_on() -> None:
    bench = Bench(plan([phase("One", 30, [0, 1])], [tone(60), tone(60)])).play(20)
    frame = bench.state.frame
    bench.key(c.NotThis())
    assert starts(bench)[-1] == (1, frame, 4 * S)
    bench.play(600)
    assert {track for track, _, _ in starts(bench)[1:]} == {1}


def test_a_list_with_nothing_left_plays_the_safety_bed() -> None:
    bench = Bench(plan([phase("One", 30, [0])], [tone(60)])).play(20).key(c.NotThis())
    assert bench.sounding()[-1] == "safety"
    bench.play(300)
    assert bench.sounding() == ["safety"]


def test_a_track_that_is_measured_late_takes_over_from_the_safety_bed() -> None:
    bench = Bench(plan([phase("One", 30, [0])], [None]))
    assert bench.sounding() == ["safety"]
    bench.play(30)
    bench.take(learn(bench.plan, bench.state, 0, tone(300)))
    assert starts(bench)[-1][0] == 0
    bench.play(20)
    assert bench.sounding() == ["track 0"]


def test_a_broken_track_is_passed_over_and_said_once() -> None:
    bench = Bench(plan([phase("One", 30, [0, 1, 2])], [tone(60), None, tone(60)])).play(10)
    bench.take(learn(bench.plan, bench.state, 1, Broken("it is empty")))
    bench.play(200)
    assert [track for track, _, _ in starts(bench)] == [0, 2, 0, 2, 0]
    told = [e for e in bench.events if isinstance(e, TrackPassedOver)]
    assert [(e.path, e.why) for e in told] == [("/music/1.flac", "it is empty")]


def test_a_track_that_breaks_off_is_crossfaded_before_its_end_and_not_played_again() -> None:
    bench = Bench(plan([phase("One", 30, [0, 1])], [tone(300), tone(300)])).play(100)
    bench.take(broke_off(bench.plan, bench.state, 0, 112 * S, "the file ends too early"))
    bench.play(5)
    assert starts(bench)[-1] == (1, 102 * S, 10 * S)
    assert fades(bench)[-1] == (0, 102 * S, 10 * S)
    bench.play(900)
    assert {track for track, _, _ in starts(bench)[1:]} == {1}


def test_a_track_under_one_second_counts_as_broken() -> None:
    bench = Bench(plan([phase("One", 5, [0, 1])], [tone(0.9), tone(60)])).play(100)
    assert {track for track, _, _ in starts(bench)} == {1}


def test_fit_ends_its_last_track_near_the_end_of_the_phase_and_its_fade() -> None:
    """Sixteen tracks of 3 to 8 minutes over half an hour; overlaps and both fades counted."""
    tracks = [tone(180 + n * 77 % 301) for n in range(16)]
    rows = [phase("One", 30, range(16), order=Order.FIT), phase("Two", 5, [0])]
    bench = Bench(plan(rows, tracks)).play(30 * 60 + 40)
    mine = [d for d in bench.decisions if isinstance(d, StartTrack) and d.at < 30 * M]
    assert len({d.track for d in mine}) == len(mine), "each is used once"
    target = 30 * M + 25 * S
    end = mine[-1].at + mine[-1].frames
    assert abs(end - target) < 2 * S


def test_a_seamless_phase_starts_its_track_once() -> None:
    bench = Bench(plan([phase("One", 30, [0], seamless=True)], [tone(60)])).play(1500)
    assert starts(bench) == [(0, 0, 10 * S)]
    assert bench.sounding() == ["track 0"]

"""`order: fit`: the last track's natural end meets the end of its phase, also when that moves."""

from __future__ import annotations

import random
from collections.abc import Sequence

from conducting import Bench, M, S, phase, plan, tone

from player.session.model import Order
from player.timeline import commands as c
from player.timeline.conductor import advance
from player.timeline.decisions import FadeTrack, StartTrack
from player.timeline.lists import nearest_sum

CASES = 100
ENOUGH = 95
NEAR = 10 * S
FADE = 25 * S


def bench_of(seed: int, *, followed: bool, tracks: int = 20) -> Bench:
    """Half an hour to fill from tracks of 3 to 9 minutes; its phase the last one, or not."""
    chance = random.Random(seed)
    lengths = [tone(chance.uniform(180, 540)) for _ in range(tracks)]
    rows = [phase("One", 30, range(tracks), order=Order.FIT)]
    if followed:
        rows.append(phase("Two", 5, [0]))
    return Bench(plan(rows, lengths))


def on_to(bench: Bench, minutes: float) -> Bench:
    bench.take(advance(bench.plan, bench.state, round(minutes * M)))
    return bench


def natural_end(bench: Bench, phase_end: int) -> int:
    """Where the last track that began in the first phase would end by itself."""
    mine = [d for d in bench.of(StartTrack) if isinstance(d, StartTrack) and d.at < phase_end]
    return mine[-1].at + mine[-1].frames


def near(ends: Sequence[int], target: int) -> int:
    return sum(abs(end - target) <= NEAR for end in ends)


def test_the_natural_end_meets_the_phase_end_and_its_fade_in_95_of_100_cases() -> None:
    ends = [natural_end(on_to(bench_of(seed, followed=True), 31), 30 * M) for seed in range(CASES)]
    assert near(ends, 30 * M + FADE) >= ENOUGH


def test_in_the_last_phase_the_natural_end_meets_its_end_and_no_track_begins_for_seconds() -> None:
    benches = [on_to(bench_of(seed, followed=False), 30) for seed in range(CASES)]
    assert near([natural_end(bench, 30 * M) for bench in benches], 30 * M) >= ENOUGH
    late = [
        d.at
        for bench in benches
        for d in bench.of(StartTrack)
        if d.at > 29 * M  # type: ignore[union-attr]
    ]
    assert len(late) <= CASES - ENOUGH, "a track began in the last minute"


def test_a_new_length_is_fitted_anew_without_touching_what_sounds() -> None:
    ends = []
    for seed in range(CASES):
        bench = on_to(bench_of(seed, followed=True), 9)
        sounding, said = bench.state.decks, len(bench.decisions)
        bench.key(c.Stretch(by_s=7 * 60))
        assert (bench.state.decks, len(bench.decisions)) == (sounding, said)
        ends.append(natural_end(on_to(bench, 38), 37 * M))
    assert near(ends, 37 * M + FADE) >= ENOUGH


def test_each_track_is_used_once_before_any_comes_again_also_through_a_hold() -> None:
    bench = on_to(bench_of(3, followed=True, tracks=8), 12).key(c.Hold())
    on_to(bench, 90)
    order = [d.track for d in bench.of(StartTrack) if isinstance(d, StartTrack)]
    assert sorted(order[:8]) == list(range(8))
    assert len(order) > 8


def test_a_hold_in_the_last_seconds_brings_music_in_at_once() -> None:
    bench = on_to(bench_of(1, followed=False), 30 - 2 / 60).key(c.Hold())
    assert any(d.at == bench.state.frame for d in bench.of(StartTrack) if isinstance(d, StartTrack))
    on_to(bench, 35)
    assert bench.sounding()


def test_a_skip_brings_in_the_track_that_is_ready_and_the_end_is_fitted_anew() -> None:
    ends = []
    for seed in range(CASES):
        bench = on_to(bench_of(seed, followed=True), 8).key(c.Skip())
        fade = [d for d in bench.of(FadeTrack) if isinstance(d, FadeTrack)][-1]
        assert (fade.at, fade.frames) == (bench.state.frame, 10 * S)
        ends.append(natural_end(on_to(bench, 31), 30 * M))
    assert near(ends, 30 * M + FADE) >= ENOUGH


def test_thousands_of_tracks_and_a_whole_day_are_fitted_too() -> None:
    chance = random.Random(1)
    lengths = [round(chance.uniform(180, 540) * S) for _ in range(700)]
    target = 24 * 60 * M
    chosen = nearest_sum(lengths, target)
    assert len(set(chosen)) == len(chosen)
    assert abs(sum(lengths[each] for each in chosen) - target) < 10 * M

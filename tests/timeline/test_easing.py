"""A track eased down ahead of a sudden rise: decided before it plays, and only where asked for."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from conducting import Bench, S, phase, plan, tone

from player.timeline.decisions import StartTrack
from player.timeline.easing import contour
from player.timeline.plan import Ease


def test_it_is_down_where_the_rise_begins_and_back_a_decibel_a_second() -> None:
    points = contour((Ease(100 * S, 10.0),))
    assert points == ((98 * S, 0.0), (100 * S, -10.0), (103 * S, -10.0), (113 * S, 0.0))


def test_without_rises_nothing_moves() -> None:
    assert contour(()) == ()


def test_a_huge_rise_is_eased_by_thirty_decibels_at_most() -> None:
    assert min(level for _, level in contour((Ease(60 * S, 40.0),))) == -30.0


@pytest.mark.parametrize("apart_s", [0.5, 3, 6, 9, 12, 40])
def test_of_eases_that_overlap_the_lowest_holds_and_nothing_steps(apart_s: float) -> None:
    first, second = Ease(100 * S, 15.0), Ease(round((100 + apart_s) * S), 7.0)
    both = contour((first, second))
    assert [place for place, _ in both] == sorted({place for place, _ in both})
    for alone in (contour((first,)), contour((second,))):
        for place, level in alone:
            assert level_at(both, place) <= level + 1e-6
    for (place, level), (following, to) in pairwise(both):
        slope = abs(to - level) / ((following - place) / S)
        assert slope <= 15.0 / 2 + 1e-6, "never quicker than the steepest way down"


@pytest.mark.parametrize("at_s", [0.5, 1, 30, 56, 59.5])
def test_in_a_loop_an_ease_reaches_over_the_seam(at_s: float) -> None:
    """As it would lie in many rounds laid end to end."""
    lap = 60 * S
    ease = Ease(round(at_s * S), 12.0)
    points = contour((ease,), lap)
    assert all(0 <= place < lap for place, _ in points)
    laid = contour(tuple(replace(ease, at=ease.at + n * lap) for n in range(-1, 3)))
    round_again = [(place + lap * n, level) for n in range(2) for place, level in points]
    for place in range(0, lap, S // 4):
        assert level_at(tuple(round_again), place) == pytest.approx(level_at(laid, place), abs=1e-6)


def test_an_ease_that_is_longer_than_its_loop_has_no_step() -> None:
    points = contour((Ease(5 * S, 25.0),), 12 * S)
    rounds = [(place + 12 * S * n, level) for n in range(2) for place, level in points]
    for (place, level), (following, to) in pairwise(rounds):
        assert abs(to - level) <= 25 / 2 * (following - place) / S + 1e-6


def level_at(points: tuple[tuple[int, float], ...], place: int) -> float:
    for (at, level), (end, to) in pairwise(points):
        if at <= place <= end:
            return level + (to - level) * (place - at) / (end - at)
    return 0.0


def test_a_track_begins_with_its_contour_only_in_a_session_that_softens() -> None:
    rising = replace(tone(200), eases=(Ease(100 * S, 6.0),))
    rows = [phase("One", 10, [0, 1])]
    for soften in (False, True):
        bench = Bench(replace(plan(rows, [rising, tone(200)]), soften_rises=soften)).play(300)
        starts = [row for row in bench.decisions if isinstance(row, StartTrack)]
        assert [bool(start.contour) for start in starts[:2]] == [soften, False]

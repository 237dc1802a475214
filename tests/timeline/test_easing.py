"""A track eased down ahead of a sudden rise: decided before it plays, and only where asked for."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from conducting import Bench, S, phase, plan, tone

from player.timeline.decisions import StartTrack
from player.timeline.easing import contour
from player.timeline.plan import SuddenRise


def test_it_is_down_where_the_rise_begins_and_back_a_decibel_a_second() -> None:
    points = contour([SuddenRise(100 * S, 11.0)])
    assert points == ((96 * S, 0.0), (100 * S, -10.0), (103 * S, -10.0), (113 * S, 0.0))


def test_without_rises_nothing_moves() -> None:
    assert contour([]) == ()


def test_a_huge_rise_is_eased_by_fifteen_decibels_at_most() -> None:
    assert min(level for _, level in contour([SuddenRise(60 * S, 40.0)])) == -15.0


@pytest.mark.parametrize("apart_s", [0.5, 3, 6, 9, 12, 40])
def test_of_eases_that_overlap_the_lowest_holds_and_nothing_steps(apart_s: float) -> None:
    first, second = SuddenRise(100 * S, 14.5), SuddenRise(round((100 + apart_s) * S), 9.0)
    both = contour([first, second])
    assert [place for place, _ in both] == sorted({place for place, _ in both})
    for alone in (contour([first]), contour([second])):
        for place, level in alone:
            assert level_at(both, place) <= level + 1e-6
    for (place, level), (following, to) in pairwise(both):
        slope = abs(to - level) / ((following - place) / S)
        assert slope <= 15.0 / 4 + 1e-6, "never quicker than the steepest way down"


def level_at(points: tuple[tuple[int, float], ...], place: int) -> float:
    for (at, level), (end, to) in pairwise(points):
        if at <= place <= end:
            return level + (to - level) * (place - at) / (end - at)
    return 0.0


def test_a_track_begins_with_its_contour_only_in_a_session_that_softens() -> None:
    rising = replace(tone(200), rises=(SuddenRise(100 * S, 11.0),))
    rows = [phase("One", 10, [0, 1])]
    for soften in (False, True):
        bench = Bench(replace(plan(rows, [rising, tone(200)]), soften_rises=soften)).play(300)
        starts = [row for row in bench.decisions if isinstance(row, StartTrack)]
        assert [bool(start.contour) for start in starts[:2]] == [soften, False]

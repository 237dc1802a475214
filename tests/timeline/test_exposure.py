"""The dose of sound: by energy, by the volume as it was, and nothing while nothing is heard."""

from __future__ import annotations

from typing import Any

import pytest
from conducting import Bench, phase, plan, tone

from player.timeline import commands as c
from player.timeline.allowance import dose_of
from player.timeline.exposure import counted, level_of
from player.timeline.plan import PlanSound
from player.timeline.view import status_of


def bench(**changes: Any) -> Bench:
    return Bench(plan([phase("One", 120, [0], **changes)], [tone(9000)]))


def heard(here: Bench) -> float:
    return counted(here.state, here.state.frame)


@pytest.mark.parametrize(
    ("hours", "dba", "dose"),
    [(40, 80, 1.0), (20, 83.0103, 1.0), (40, 77, 0.501), (12.5, 85.0515, 1.0), (1, 78, 0.01577)],
)
def test_eighty_dba_for_forty_hours_are_a_week_and_three_db_halve_the_time(
    hours: float, dba: float, dose: float
) -> None:
    assert dose_of(hours * 3600, dba) == pytest.approx(dose, rel=1e-3)


@pytest.mark.parametrize(
    ("hours", "dba"), [(40, 80), (1, 96.02), (8, 78), (2.5, 71.5), (0.25, 100)]
)
def test_the_dose_is_the_squared_pressure_over_time_in_parts_of_1_6_pascal_squared_hours(
    hours: float, dba: float
) -> None:
    """Reckoned the other way about: p = 20 µPa times 10^(L/20), and p squared times hours."""
    pressure_pa = 20e-6 * 10 ** (dba / 20)
    assert dose_of(hours * 3600, dba) == pytest.approx(pressure_pa**2 * hours / 1.6, rel=1e-9)


def test_an_hour_at_the_calibrated_level_counts_an_hour() -> None:
    assert heard(bench().play(3600)) == pytest.approx(3600)


def test_ten_db_less_count_a_tenth_from_the_key_on() -> None:
    here = bench().play(600).key(c.ChangeVolume(by_db=-10)).play(600)
    assert heard(here) == pytest.approx(660)
    here.key(c.ChangeVolume(by_db=10)).play(100)
    assert heard(here) == pytest.approx(760)


@pytest.mark.parametrize("rest", [c.Pause(), c.Silence()])
def test_nothing_is_counted_while_nothing_is_heard(rest: c.RoomCommand) -> None:
    here = bench().play(300).key(rest).play(900)
    assert heard(here) == pytest.approx(300)
    here.key(c.Resume()).play(100)
    assert heard(here) == pytest.approx(400)


def test_the_bed_and_the_level_of_a_phase_count_and_planned_silence_does_not() -> None:
    rows = [phase("One", 10, [0], level_db=-10.0), phase("Rest", 10, []), phase("Two", 10, [0])]
    here = Bench(plan(rows, [tone(9000)], sound=PlanSound(bed_lufs=-13.0)))
    assert level_of(here.plan, here.state) == pytest.approx(0)
    here.play(1800 - 1)
    assert heard(here) == pytest.approx(600 + 599 * 10, rel=1e-3)
    here.play(60)
    assert level_of(here.plan, here.state) is None
    assert heard(here) == pytest.approx(6600, rel=1e-3)


def test_the_status_tells_it_as_it_is_heard() -> None:
    here = bench().play(100)
    status = status_of(here.plan, here.state, here.state.frame - 48_000)
    assert (status.sound_s, status.level_db) == (pytest.approx(99), 0.0)

"""Rises, silences and energy, from loudness whose every place is known beforehand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from player.library.curve import packed, short_term, unpacked
from player.library.energy import tagged_energy
from player.library.findings import Energy
from player.library.loudness import loudness_of, over
from player.library.shape import energy, pulse, rises, silences


def powers(*parts: tuple[float, float]) -> NDArray[np.float64]:
    """The power of each 100 ms of stretches of (LUFS, seconds)."""
    levels = np.concatenate([np.full(round(seconds * 10), lufs) for lufs, seconds in parts])
    return 10 ** ((levels + 0.691) / 10)


def ramp(low: float, high: float, seconds: float) -> list[tuple[float, float]]:
    """A rise that is even in LU, as stretches of 100 ms."""
    return [(lufs, 0.1) for lufs in np.linspace(low, high, round(seconds * 10))]


def test_a_jump_is_found_where_it_begins_with_its_size() -> None:
    (rise,) = rises(powers((-40, 12.5), (-20, 20)))
    assert rise.at_s == pytest.approx(12.5, abs=0.1)
    # Two of the three seconds are loud by then.
    assert rise.by_lu == pytest.approx(10 * np.log10(2 / 3 * 100 + 1 / 3), abs=0.15)


@pytest.mark.parametrize(("by_lu", "count"), [(9.4, 0), (10.1, 1), (30, 1)])
def test_a_rise_counts_from_8_lu_of_short_term_loudness(by_lu: float, count: int) -> None:
    assert len(rises(powers((-45, 10), (by_lu - 45, 10)))) == count


def test_what_grows_over_many_seconds_is_no_sudden_rise() -> None:
    assert rises(powers((-45, 10), *ramp(-45, -15, 12), (-15, 10))) == ()
    assert len(rises(powers((-45, 10), *ramp(-45, -15, 3), (-15, 10)))) == 1


def test_music_out_of_silence_is_a_rise_from_the_floor() -> None:
    (rise,) = rises(powers((-20, 10), (-90, 5), (-20, 10)))
    assert rise.at_s == pytest.approx(15, abs=0.1)
    assert rise.by_lu == pytest.approx(30 + 10 * np.log10(2 / 3), abs=0.2)
    assert rises(powers((-70, 10), (-55, 10))) == ()


def test_each_of_several_rises_is_told_in_order() -> None:
    found = rises(powers((-40, 10), (-25, 10), (-40, 10), (-20, 10), (-40, 10), (-22, 10)))
    assert [round(rise.at_s) for rise in found] == [10, 30, 50]


def test_the_beginning_of_a_piece_is_no_rise_in_itself() -> None:
    assert rises(powers((-100, 1.5), (-20, 20))) == ()
    assert rises(powers((-20, 20))) == ()
    assert rises(powers((-20, 1.5))) == ()
    assert rises(np.zeros(0)) == ()


def test_a_burst_two_seconds_after_the_first_sound_is_found() -> None:
    (rise,) = rises(powers((-100, 1), (-45, 2), (-15, 10)))
    assert rise.at_s == pytest.approx(3, abs=0.1)


def test_inner_silences_over_six_seconds_are_found() -> None:
    found = silences(powers((-100, 1.5), (-20, 10), (-80, 7), (-20, 10), (-80, 5), (-20, 3)))
    assert found == (1.5, 0.0, ((11.5, 7.0),))


def test_silence_at_both_ends_is_told_apart_from_that_within() -> None:
    assert silences(powers((-100, 8), (-20, 10), (-100, 9))) == (8.0, 9.0, ())
    assert silences(powers((-20, 5))) == (0.0, 0.0, ())
    assert silences(powers((-100, 5))) == (5.0, 0.0, ())
    assert silences(np.zeros(0)) == (0.0, 0.0, ())


def test_a_drone_has_low_and_a_beat_high_energy() -> None:
    assert energy(pulse(powers((-20, 30)))) is Energy.LOW
    assert energy(pulse(powers(*[(-20, 0.2), (-23, 0.2)] * 50))) is Energy.MID
    assert energy(pulse(powers(*[(-15, 0.1), (-22, 0.1)] * 90))) is Energy.HIGH
    assert energy(pulse(powers((-100, 3)))) is Energy.LOW


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ({"energy": "high"}, Energy.HIGH),
        ({"energy": "2"}, Energy.LOW),
        ({"energy": "7/10"}, Energy.HIGH),
        ({"energy": "Medium", "genre": "Metal"}, Energy.MID),
        ({"energy": "88", "mood": "Calm, relaxing"}, Energy.LOW),
        ({"mood": "calm but energetic"}, None),
        ({"genre": "Dark Ambient"}, Energy.LOW),
        ({"genre": "New Age"}, Energy.LOW),
        ({"genre": "Classical"}, None),
        ({}, None),
    ],
)
def test_tags_tell_the_energy_where_they_are_clear(
    tags: dict[str, str], found: Energy | None
) -> None:
    assert tagged_energy(tags) is found


def test_a_packed_curve_gives_its_loudness_back_over_any_time() -> None:
    rng = np.random.default_rng(4)
    heard = 10 ** ((-25 + 6 * rng.standard_normal(400)) / 10)
    back = unpacked(packed(loudness_of(heard)))
    assert back == pytest.approx(list(loudness_of(heard)), abs=0.21)
    assert short_term(back)[29:] == pytest.approx(list(loudness_of(over(heard, 30))), abs=0.1)
    assert unpacked(packed([5.0, -300.0])) == pytest.approx([2.0, -100.0])
    assert unpacked(b"damage") == []

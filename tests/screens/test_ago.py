"""When a dose was taken, as people say it."""

from __future__ import annotations

from datetime import datetime

import pytest

from player.errors import InputWrong
from player.screens.ago import parse_ago

NOW = datetime(2024, 5, 4, 14, 36, 30)


@pytest.mark.parametrize(
    ("said", "ago_s"),
    [
        ("", 0),
        ("now", 0),
        ("4", 240),
        ("4m", 240),
        ("4m ago", 240),
        ("4 min ago", 240),
        ("4 minutes ago", 240),
        ("90s", 90),
        ("1h 5m ago", 3900),
        ("14:32", 270),
        ("at 14:32", 270),
        ("9:06", 5 * 3600 + 1830),
        ("1432", 270),
        ("932", 5 * 3600 + 270),
        ("0932", 5 * 3600 + 270),
        ("2:32pm", 270),
        ("2:32 PM", 270),
        ("at 2:32 p.m.", 270),
        ("232pm", 270),
        ("2pm", 36 * 60 + 30),
        ("11 am", 3 * 3600 + 36 * 60 + 30),
        ("12:32pm", 2 * 3600 + 270),
        ("90", 5400),
        ("18h30m", 66600),
    ],
)
def test_it_is_counted_back_from_now(said, ago_s):
    assert parse_ago(said, NOW) == ago_s


def test_just_after_midnight_a_late_hour_is_yesterday():
    assert parse_ago("23:58", datetime(2024, 5, 5, 0, 10)) == 12 * 60


def test_a_time_to_come_is_refused_with_the_time_it_is():
    with pytest.raises(InputWrong, match="14:40 is still to come, in 3m: it is 14:36 now"):
        parse_ago("14:40", NOW)


@pytest.mark.parametrize(
    ("said", "now", "told"),
    [
        ("2:32", (15, 6), "2:32 was 12h34m ago: write 14:32, or 12h34m if it is so"),
        (
            "232",
            (15, 6),
            "232 was 12h34m ago: write 14:32, or 12h34m if it is so; for minutes write 232m",
        ),
        ("2:32", (21, 6), "2:32 was 18h34m ago: write 18h34m if it is so"),
        ("0.05", (12, 10), "0.05 was 12h5m ago: write 12:05, or 12h5m if it is so"),
        (
            "11:50",
            (0, 10),
            "11:50 is still to come, in 11h40m: it is 00:10 now; did you mean 23:50[?]",
        ),
        ("12:10am", (8, 0), "12:10am was 7h50m ago: write 7h50m if it is so"),
    ],
)
def test_a_time_of_the_day_long_ago_is_refused_and_told_how_it_is_written(said, now, told):
    hour, minute = now
    with pytest.raises(InputWrong, match=f"^{told}$"):
        parse_ago(said, datetime(2024, 5, 4, hour, minute))


def test_three_digits_that_are_no_time_are_told_how_minutes_are_written():
    with pytest.raises(
        InputWrong, match=r'^"190" is not a time of the day: for minutes write 190m$'
    ):
        parse_ago("190", NOW)


@pytest.mark.parametrize(
    "said",
    [
        "14:32pm",
        "0am",
        "2:75pm",
        "soon",
        "25:00",
        "14:75",
        "4 bananas",
        "-4m",
        "30h",
        "14:32:10",
        "120:30",
    ],
)
def test_what_is_no_time_is_refused(said):
    with pytest.raises(InputWrong):
        parse_ago(said, NOW)

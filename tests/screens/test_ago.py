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
    ],
)
def test_it_is_counted_back_from_now(said, ago_s):
    assert parse_ago(said, NOW) == ago_s


def test_just_after_midnight_a_late_hour_is_yesterday():
    assert parse_ago("23:58", datetime(2024, 5, 5, 0, 10)) == 12 * 60


def test_a_time_to_come_is_refused_with_the_time_it_is():
    with pytest.raises(InputWrong, match="14:40 is still to come, in 3m: it is 14:36 now"):
        parse_ago("14:40", NOW)


@pytest.mark.parametrize("said", ["soon", "25:00", "14:75", "4 bananas", "-4m", "30h"])
def test_what_is_no_time_is_refused(said):
    with pytest.raises(InputWrong):
        parse_ago(said, NOW)

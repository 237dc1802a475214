from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.session.lengths import (
    CLOCK_PATTERN,
    UNITS_PATTERN,
    length_text,
    parse_length,
    parse_level,
)
from player.text.words import Misread
from player.units import span


@pytest.mark.parametrize(
    ("written", "length_s"),
    [
        ("45s", 45),
        ("1.5s", 1.5),
        ("10m", 600),
        ("180m", 10_800),
        ("1h30m", 5400),
        ("2m30s", 150),
        ("1h1m1s", 3661),
        ("12:30", 750),
        ("90:00", 5400),
        ("1:30:00", 5400),
        ("0:00:01.5", 1.5),
        ("24h", 86_400),
        (" 1h 30m ", 5400),
        ("10M", 600),
    ],
)
def test_a_length_is_read_as_people_write_it(written: str, length_s: float) -> None:
    assert parse_length(written) == length_s


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("10", "write 10m or 10s"),
        ("1,5", "write 1.5m or 1.5s"),
        ("0s", "no time at all"),
        ("-5m", "negative"),
        ("−5m", "negative"),
        ("25h", "at most 24h"),
        ("10 minutes", "write 10m"),
        ("30 sec", "write 30s"),
        ("2 hours", "write 2h"),
        ("500ms", "write 0.5s"),
        ("12:75", "write 45s, 10m"),
        ("1:75:00", "write 45s, 10m"),
        ("30m1h", "write 45s, 10m"),
        ("“10m”", "curly quotes"),
        ("soon", '"soon" is not a length'),
        ("", "not a length"),
        ("1e3s", "not a length"),
        ("nan", "not a length"),
        ("١٠m", "not a length"),
        ("9" * 50 + "s", "not a length"),
        ("1h" + " " * 250_000 + "x", "too long to be a length"),
    ],
)
def test_what_is_no_length_is_refused_with_what_to_write(written: str, told: str) -> None:
    with pytest.raises(Misread, match=re.escape(told)):
        parse_length(written)


def test_nothing_is_a_length_only_where_it_may_be() -> None:
    assert parse_length("0s", zero=True) == 0
    with pytest.raises(Misread):
        parse_length("0:00")


def test_bounds_are_told_as_lengths() -> None:
    with pytest.raises(Misread, match=r"too long \(at most 10m\)"):
        parse_length("11m", most_s=600)
    with pytest.raises(Misread, match=r"too short \(at least 0\.1s\)"):
        parse_length("0.05s", least_s=0.1)


@given(st.integers(0, 86_400))
def test_a_length_survives_being_written_and_read(length_s: int) -> None:
    assert parse_length(span(length_s), zero=True) == length_s
    assert parse_length(length_text(length_s), zero=True) == length_s


@given(st.integers(0, 86_400_000))
def test_a_length_survives_to_the_millisecond(length_ms: int) -> None:
    assert parse_length(length_text(length_ms / 1000), zero=True) == pytest.approx(
        length_ms / 1000, abs=1e-6
    )


@given(st.text() | st.from_regex(r"[0-9.:hms ]{0,12}", fullmatch=True))
def test_any_text_is_a_length_or_misread(text: str) -> None:
    try:
        length_s = parse_length(text)
    except Misread:
        return
    assert 0 < length_s <= 86_400
    assert re.match(UNITS_PATTERN, text) or re.match(CLOCK_PATTERN, text)


@pytest.mark.parametrize(
    ("written", "unit", "level"),
    [
        ("-23 LUFS", "LUFS", -23),
        ("-23LUFS", "LUFS", -23),
        ("−23.5 lufs", "LUFS", -23.5),
        ("-1 dBTP", "dBTP", -1),
        ("9 dB", "dB", 9),
        ("+1 dB", "dB", 1),
    ],
)
def test_a_level_is_read_with_its_unit(written: str, unit: str, level: float) -> None:
    assert parse_level(written, unit, least=-30, most=12) == level


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("-23", "write -23 dB"),
        ("-3 LUFS", "it wants dB"),
        ("-41 dB", "-40 dB to 12 dB"),
        ("+13 dB", "do you mean -13 dB"),
        ("loud", "not a level in dB"),
        ("1,5 dB", "not a level"),
        ("inf dB", "not a level"),
        ("1" + " " * 250_000 + "-", "too long to be a length or a level"),
    ],
)
def test_what_is_no_level_is_refused_with_what_to_write(written: str, told: str) -> None:
    with pytest.raises(Misread, match=re.escape(told)):
        parse_level(written, "dB", least=-40, most=12)

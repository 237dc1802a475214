from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.session.anchors import hidden_phase, parse_anchor, place_s
from player.session.model import Anchor, Point, Role
from player.text.words import Misread


@dataclass(frozen=True)
class Named:
    name: str
    role: Role | None = None


PHASES = [
    Named("Arrival", Role.ARRIVAL),
    Named("First Peak", Role.PEAK),
    Named("Second Peak", Role.PEAK),
    Named("Build", Role.ONSET),
    Named("Later", Role.BUILD),
    Named("warm-up", None),
    Named("Peak + 2m", None),
    Named("Rest end", None),
    Named("Rest", None),
]


@pytest.mark.parametrize(
    ("written", "point", "phase", "offset_s"),
    [
        ("start", Point.START, None, 0),
        ("END - 1m", Point.END, None, -60),
        ("dose + 40m", Point.DOSE, None, 2400),
        ("Booster+5m", Point.BOOSTER, None, 300),
        ("arrival", Point.PHASE_START, 0, 0),
        ("first   peak + 1:30", Point.PHASE_START, 1, 90),
        ("second peak end – 1m30s", Point.PHASE_END, 2, -90),
        ("peak", Point.PHASE_START, 1, 0),
        ("peak end", Point.PHASE_END, 1, 0),
        ("peak start + 2m", Point.PHASE_START, 1, 120),
        ("build", Point.PHASE_START, 3, 0),
        ("onset", Point.PHASE_START, 3, 0),
        ("warm-up - 10s", Point.PHASE_START, 5, -10),
        ("warm-up end", Point.PHASE_END, 5, 0),
        ("peak + 2m", Point.PHASE_START, 6, 0),
        ("peak + 3m", Point.PHASE_START, 1, 180),
        ("rest end", Point.PHASE_START, 7, 0),
        ("rest + 0s", Point.PHASE_START, 8, 0),
    ],
)
def test_an_anchor_is_read_as_people_write_it(
    written: str, point: Point, phase: int | None, offset_s: float
) -> None:
    anchor = parse_anchor(written, PHASES)
    assert (anchor.point, anchor.phase, anchor.offset_s) == (point, phase, offset_s)
    assert anchor.written == " ".join(written.split())


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("arival + 2m", 'do you mean "Arrival"'),
        ("sart", 'do you mean "start"'),
        ("return + 2m", 'no phase has the role "return"'),
        ("xyzzy", "known here: start, end, dose, booster, Arrival"),
        ("5m", "write start + 5m"),
        ("+ 5m", "write start + 5m"),
        ("12:30", "write start + 12:30"),
        ("arrival + 2", "write 2m or 2s"),
        ("arrival +", "length after + or - is missing"),
        ("arrival + soon", '"soon" is not a length'),
        ("arrival + 2m + 30s", "two offsets"),
        ("arrival + 25h", "at most 24h"),
    ],
)
def test_a_place_that_is_not_there_is_refused_with_the_nearest(written: str, told: str) -> None:
    with pytest.raises(Misread, match=re.escape(told)):
        parse_anchor(written, PHASES)


@given(st.text() | st.from_regex(r"(start|peak|rest|x)( end)? ?[+-] ?[0-9]{0,3}[hms]?"))
def test_any_text_is_an_anchor_or_misread(text: str) -> None:
    try:
        anchor = parse_anchor(text, PHASES)
    except Misread:
        return
    assert isinstance(anchor, Anchor)


def test_a_phase_named_like_a_point_is_pointed_out() -> None:
    phases = [Named("End")]
    anchor = parse_anchor("end - 1m", phases)
    assert anchor.point is Point.END
    assert hidden_phase(anchor, phases) == "End"
    assert hidden_phase(parse_anchor("end end", phases), phases) == ""


@pytest.mark.parametrize(
    ("written", "at_s"),
    [
        ("start + 5s", 5),
        ("end - 10s", 50),
        ("first peak", 10),
        ("first peak end - 1s", 29),
        ("dose + 1s", 11),
        ("booster", None),
    ],
)
def test_a_place_is_counted_from_written_lengths(written: str, at_s: float | None) -> None:
    assert place_s(parse_anchor(written, PHASES[:3]), [10, 20, 30], dose_s=10) == at_s


def test_the_dose_has_no_place_where_no_phase_waits_for_it() -> None:
    assert place_s(parse_anchor("dose + 1s", PHASES), [10] * 9, dose_s=None) is None

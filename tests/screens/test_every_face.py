"""Whatever a session's state, its upper part can be drawn on any terminal, within its width."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from player.screens.face import face
from player.screens.keys import Keyboard
from player.session.model import Ends
from player.timeline.status import OutputView, State, Status

OUTPUTS = (
    OutputView(name="pygame", state="sounding", depth_frames=20480),
    OutputView(name="Kopfhörer", state="lost", others=("Speakers", "A screen with a long name")),
    OutputView(name="null", state="sounding", kind="null"),
    OutputView(name="a.wav", state="sounding", kind="file"),
    OutputView(),
)
SECONDS = st.floats(0, 100_000)
CHANGES = st.fixed_dictionaries(
    {
        "state": st.sampled_from(State),
        "phase": st.integers(-1, 6),
        "since_dose_s": st.one_of(st.none(), SECONDS),
        "since_booster_s": st.one_of(st.none(), SECONDS),
        "phase_left_s": st.floats(-10_000, 10_000),
        "waits_for": st.sampled_from(Ends),
        "output": st.sampled_from(OUTPUTS),
        "speed": st.sampled_from((1.0, 60.0)),
        "medicine": st.booleans(),
        "begin_asked": st.booleans(),
        "title": st.sampled_from(("", "Lozenge", "休息" * 30, "An evening " * 12)),
        "notice": st.sampled_from(("", "the sound broke off: it is being brought back")),
    }
)


@pytest.mark.filterwarnings("error")
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=CHANGES,
    width=st.integers(20, 200),
    height=st.integers(5, 70),
    compact=st.booleans(),
)
def test_it_is_drawn_within_its_width(
    picture: Callable[..., Status],
    changes: dict[str, object],
    width: int,
    height: int,
    compact: bool,
) -> None:
    status = Status.model_validate(picture().model_dump() | changes)
    rows = face(status, Keyboard(), width, height, compact=compact)
    assert rows
    assert [row.plain for row in rows if row.cell_length > width] == []


@pytest.mark.parametrize("height", [24, 31, 32, 40, 60])
def test_an_end_without_a_dose_is_drawn(picture: Callable[..., Status], height: int) -> None:
    rows = face(picture(state=State.ENDED, since_dose_s=None), Keyboard(), 120, height)
    assert len(rows) < height

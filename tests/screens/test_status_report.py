"""What counts as a session that runs, and what scripts are told of it."""

from __future__ import annotations

import pytest

from player.screens.status_report import runs, status_report
from player.screens.summary import summary
from player.timeline.status import FaultCounts, State, Status

RESTING = {State.IDLE, State.OPENING, State.READY, State.ENDED}


@pytest.mark.parametrize("state", State)
def test_what_was_only_opened_or_is_over_does_not_run(state):
    assert runs(Status(state=state)) == (state not in RESTING)


def test_a_session_that_begins_as_soon_as_it_can_runs_already():
    assert runs(Status(state=State.OPENING, begin_asked=True))


def test_scripts_are_told_of_the_end_in_their_words(picture):
    assert status_report(picture(state=State.MUSIC_ENDED))["state"] == "ended"
    assert status_report(picture(state=State.ENDING))["state"] == "playing"
    assert status_report(None) == {"running": False}


def test_what_went_wrong_is_told_to_scripts_in_numbers_and_to_people_in_words(picture):
    counts = FaultCounts(breaks=1, outages=2, underruns=3)
    status = picture(faults=("00:01:00 the output went away",), fault_counts=counts, clients=2)
    report = status_report(status)
    assert report["clients"] == 2
    assert report["fault_counts"] == {
        "breaks": 1,
        "outages": 2,
        "underruns": 3,
        "files": 0,
        "other": 0,
    }
    told = summary(status)
    assert told[-2] == (
        "since the start: the sound broke off once, the output went away 2 times,"
        " the output ran dry 3 times."
    )
    assert told[-1] == "the last of it: 00:01:00 the output went away."
    assert not any("since the start" in line for line in summary(picture()))


def test_a_fault_of_no_kind_of_its_own_is_called_a_warning(picture):
    told = summary(picture(faults=("the voice is missing",), fault_counts={"other": 1}))
    assert told[-2:] == [
        "since the start: a warning was given once.",
        "the last of it: the voice is missing.",
    ]

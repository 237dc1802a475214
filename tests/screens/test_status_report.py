"""What counts as a session that runs, and what scripts are told of it."""

from __future__ import annotations

import pytest

from player.screens.status_report import runs, status_report
from player.timeline.status import State, Status

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

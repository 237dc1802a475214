"""The engine's quiet line: shown while it is news, and before there is a session too."""

from __future__ import annotations

import pytest
from desks import Desk

from player.engine.engine import Engine
from player.engine.notice import STANDS_S, Notice


@pytest.fixture
def clock() -> list[float]:
    return [100.0]


def test_a_quiet_line_goes_once_it_is_old_and_a_new_one_begins_anew(clock: list[float]) -> None:
    notice = Notice(lambda: clock[0])
    assert notice.line == ""
    notice.say("the sound broke off")
    clock[0] += STANDS_S - 1
    assert notice.line == "the sound broke off"
    notice.say("the output ran dry")
    clock[0] += STANDS_S - 1
    assert notice.line == "the output ran dry"
    clock[0] += 1
    assert notice.line == ""


def test_what_is_found_before_there_is_a_session_is_shown_to_who_comes() -> None:
    engine = Engine()
    engine.note("what was kept of the last session is damaged: it was set aside")
    desk = Desk(engine)
    try:
        desk.until(lambda: "damaged" in engine.status.notice)
    finally:
        engine.stop()

"""While the sound is being brought back no key throws the session away, and each
gets a true answer. Who watches a session that another command stops is let go calmly.
"""

from __future__ import annotations

import io

import pytest

from player.screens.plain import PlainTwin, Signal
from player.timeline.commands import BeginTalk, OpenSession, Pause
from player.timeline.events import SessionEnded
from player.timeline.status import State


@pytest.fixture
def twin(room, clocks):
    return PlainTwin(room, io.StringIO(), now_s=lambda: clocks.now_s, wall=lambda: clocks.wall)


async def test_a_key_is_sent_and_said_to_be_done_once_it_is_back(playing, picture):
    before = "the sound broke off for 1.2s; it goes on"
    async with playing(picture(coming_back=True, notice=before)) as stage:
        assert "it is being brought back" in stage.text
        assert before not in stage.text
        assert "Peak" in stage.text
        await stage.press("p")
        assert stage.sent() == [Pause()]
        assert "pausing, once the sound is back" in stage.text
        await stage.say(picture(state=State.PAUSED, resting=State.PAUSED))
        assert "brought back" not in stage.text


async def test_nothing_leaves_or_closes_it_without_a_question(playing, picture):
    async with playing(picture(coming_back=True)) as stage:
        await stage.press("escape")
        assert stage.sent() == []
        await stage.press("q")
        assert "Leave the screen? The music goes on" in stage.text
        assert stage.sent() == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_it_looks_as_it_was_with_one_line(playing, picture, golden, size):
    async with playing(picture(coming_back=True), size) as stage:
        golden(f"coming-back-{size[0]}x{size[1]}", stage.text)


async def test_stopped_elsewhere_the_screen_says_that_it_is_over(playing, picture):
    async with playing(picture(state=State.ENDING, leaving=True, stopped=True)) as stage:
        stage.room.lose()
        await stage.settle()
        assert "the session has ended" in stage.text
        assert "connection" not in stage.text


async def test_stopped_while_it_stood_still_it_has_ended_all_the_same(playing, picture):
    over = picture(state=State.ENDED, resting=State.PAUSED, leaving=True, stopped=True)
    async with playing(over) as stage:
        assert "the session has ended" in stage.text
        assert "paused" not in stage.text


async def test_ended_by_the_system_the_screen_says_what_comes_next(playing, picture):
    async with playing(picture(leaving=True), (100, 30)) as stage:
        stage.room.lose()
        await stage.settle()
        assert "offers to take the session up again" in stage.text


async def test_a_lost_output_that_will_come_back_paused_says_so(playing, picture):
    away = {"name": "Quiet phones", "state": "lost"}
    lost = picture(output=away, state=State.PAUSED, resting=State.PAUSED)
    async with playing(lost) as stage:
        assert "Quiet phones is away: it waits, paused · once it is back P goes on" in stage.text


def test_ctrl_c_asks_though_the_sound_is_away(twin, room, picture):
    twin.take(picture(coming_back=True))
    twin.take(Signal.CTRL_C)
    assert room.sent == []
    assert "press again within 3 s" in twin.stdout.getvalue()
    assert twin.code is None


def test_a_word_said_meanwhile_is_sent_and_said_to_wait(twin, room, picture):
    twin.open(OpenSession(path="lozenge.yaml"))
    twin.take(picture(coming_back=True))
    twin.take("talk")
    assert room.sent[2:] == [BeginTalk()]
    assert "this is done then" in twin.stdout.getvalue()


def test_plain_lines_end_with_0_where_the_session_was_stopped(twin, picture):
    over = picture(state=State.ENDED, leaving=True, stopped=True)
    twin.take(over)
    assert twin.code is None, "what is still on its way is told"
    twin.take(Signal.LOST)
    assert twin.code == 0
    assert twin.stdout.getvalue() == "the session was stopped\n"


def test_plain_lines_tell_the_end_itself_where_it_was_heard(twin, picture):
    twin.take(picture(state=State.ENDED, leaving=True, stopped=True))
    twin.take(SessionEnded(frame=48_000))
    assert twin.code == 0
    assert twin.stdout.getvalue() == "00:00:01 SessionEnded\n"

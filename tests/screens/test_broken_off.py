"""A session that broke off: offered before anything else begins, and answered with one key."""

from __future__ import annotations

from pathlib import Path

from player import paths
from player.protocol.wire import Answer
from player.screens.app import StillroomApp
from player.timeline.commands import Begin, GiveUp, OpenSession, TakeUp
from player.timeline.status import State, Status, Unfinished

BROKE_OFF = Status(
    unfinished=Unfinished(title="Lozenge", phase="Peak", position_s=2512.0, ago_s=750.0)
)


async def test_the_chooser_offers_it_in_a_line_and_r_takes_it_up(choosing):
    async with choosing() as stage:
        await stage.say(BROKE_OFF)
        assert "Lozenge broke off 12m ago, at 00:41:52 in Peak" in stage.text
        assert "R take it up again, paused" in stage.text
        stage.room.sent.clear()
        await stage.press("r")
        await stage.settle()
        assert stage.sent() == [TakeUp()]


async def test_giving_it_up_wants_the_key_a_second_time(choosing):
    async with choosing() as stage:
        await stage.say(BROKE_OFF)
        stage.room.sent.clear()
        await stage.press("x")
        assert "X again" in stage.text
        assert stage.sent() == []
        await stage.press("x")
        await stage.settle()
        assert stage.sent() == [GiveUp()]
        await stage.say(Status())
        assert "broke off" not in stage.text


async def test_no_other_session_begins_before_it_is_answered(choosing):
    async with choosing() as stage:
        await stage.say(BROKE_OFF)
        stage.room.sent.clear()
        await stage.press("enter")
        await stage.settle()
        assert Begin() not in stage.sent()
        assert "first: R takes Lozenge up again" in stage.text


async def test_a_session_played_by_name_comes_to_the_chooser_where_another_broke_off(
    room, hands, clocks, stage_of, tmp_path
):
    asked = OpenSession(path=str(Path(paths.shipped() / "rest.yaml").resolve()), output="null")
    room.answers["begin"] = Answer(id=0, ok=False, text="Lozenge broke off: take it up again first")
    room.say(BROKE_OFF)
    app = StillroomApp(lambda: room, hands, open_command=asked, begin=True)
    async with stage_of(app) as stage:
        await stage.until(lambda: "R take it up again" in stage.text)
        assert "Lozenge broke off 12m ago" in stage.text
        await stage.until(lambda: "Rest, no medicine" in stage.text)
        await stage.press("x", "x")
        await stage.settle()
        await stage.say(Status(state=State.READY))
        room.answers.clear()
        room.sent.clear()
        await stage.press("enter")
        await stage.settle()
        assert stage.sent("close") == [asked, Begin()], "on the output that was asked for"
        assert app.return_code is None

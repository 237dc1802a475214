"""The answer to the offer of a session that broke off: nothing else happens until it is there."""

from __future__ import annotations

from player.protocol.wire import Answer
from player.timeline.commands import Begin, GiveUp, OpenSession, TakeUp
from player.timeline.status import State, Status, Unfinished

OFFER = Unfinished(title="Lozenge", phase="Peak", position_s=2512.0, ago_s=750.0)
BROKE_OFF = Status(unfinished=OFFER)


async def test_until_it_is_there_no_key_asks_for_anything_else(choosing, picture):
    async with choosing() as stage:
        await stage.until(lambda: OpenSession(path="lozenge.yaml") in stage.room.sent)
        await stage.say(BROKE_OFF)
        stage.room.sent.clear()
        await stage.press("r")
        await stage.settle()
        assert "taking Lozenge up again…" in stage.text
        assert "Enter begin" not in stage.text
        for state in (Status(state=State.OPENING, title="Lozenge"), Status(state=State.OPENING)):
            await stage.say(state)
            await stage.press("enter", "down", "r", "x", "space", "up")
        await stage.pilot.pause(0.4)
        assert stage.sent() == [TakeUp()]
        assert "taking Lozenge up again…" in stage.text
        await stage.say(picture(state=State.PAUSED, resting=State.PAUSED))
        assert "paused, the session stands still" in stage.text


async def test_where_it_cannot_be_brought_back_it_is_offered_again_with_the_reason(choosing):
    async with choosing() as stage:
        await stage.say(BROKE_OFF)
        await stage.press("r")
        await stage.settle()
        await stage.say(Status(state=State.OPENING, title="Lozenge"))
        assert "broke off" not in stage.text
        await stage.say(Status(notice="there is no device to play on", unfinished=OFFER))
        assert "there is no device to play on" in stage.text
        assert "R take it up again, paused" in stage.text
        await stage.press("enter")
        assert "first: R takes Lozenge up again" in stage.text


async def test_where_taking_it_up_is_refused_the_chooser_takes_keys_again(choosing, room):
    room.answers["take up"] = Answer(id=0, ok=False, text="No session broke off.")
    async with choosing() as stage:
        await stage.say(BROKE_OFF)
        await stage.press("r")
        await stage.until(lambda: "No session broke off." in stage.text)
        await stage.say(Status())
        await stage.press("enter")
        assert Begin() in stage.sent()


async def test_the_key_held_down_gives_nothing_up(choosing, clocks):
    async with choosing() as stage:
        await stage.say(BROKE_OFF)
        stage.room.sent.clear()
        for _ in range(20):
            clocks.on(0.05)
            await stage.pilot.press("x")
        assert stage.sent() == []
        clocks.on(1.0)
        await stage.pilot.press("x")
        await stage.settle()
        assert stage.sent() == [GiveUp()]
        assert "it is over; nothing of it is kept" in stage.text


async def test_a_second_press_long_after_the_first_asks_again(choosing, clocks):
    async with choosing() as stage:
        await stage.say(BROKE_OFF)
        stage.room.sent.clear()
        await stage.press("x")
        clocks.on(60.0)
        await stage.press("x")
        assert "X again" in stage.text
        assert stage.sent() == []


async def test_a_begin_that_another_screen_has_overtaken_opens_what_was_chosen(choosing, picture):
    async with choosing() as stage:
        await stage.until(lambda: OpenSession(path="lozenge.yaml") in stage.room.sent)
        await stage.settle()
        stage.room.sent.clear()
        stage.room.refuse_once("begin", "Another screen has opened a session meanwhile.")
        await stage.press("enter")
        await stage.until(lambda: len(stage.sent()) == 3)
        assert stage.sent() == [Begin(), OpenSession(path="lozenge.yaml"), Begin()]
        await stage.say(picture(at=0, left_s=600.0))
        assert "▸ playing" in stage.text

"""A screen that has lost its engine: says so, takes nothing it cannot do, and finds it again."""

from __future__ import annotations

import pytest

from player.errors import EngineUnreachable
from player.protocol.wire import Answer
from player.screens.keys import TABLE
from player.timeline.commands import Begin, BeginTalk, OpenSession
from player.timeline.status import ReminderStage, ReminderView, State, Status, Unfinished

LOSS = "the connection to the sound was lost"
OFFER = Unfinished(title="Lozenge", phase="Peak", position_s=2512.0, ago_s=30.0)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_loss_stands_in_place_of_what_runs(playing, golden, picture, size):
    async with playing(size=size) as stage:
        await stage.press("m")
        stage.room.lose()
        await stage.until(lambda: LOSS in stage.text)
        assert "▸ playing" not in stage.text
        assert "session 45:50" not in stage.text
        await stage.say(picture(linked=False, since_dose_s=2200.0, elapsed_s=2800.0))
        await stage.until(lambda: stage.app.desk._status.since_dose_s == 2200.0)
        golden(f"lost-link-{size[0]}x{size[1]}", stage.text)


async def test_no_key_but_leave_and_lock_is_answered_as_if_it_were_done(playing):
    async with playing() as stage:
        stage.room.lose()
        await stage.until(lambda: LOSS in stage.text)
        for entry in TABLE:
            if entry.name in {"leave", "lock"}:
                continue
            await stage.press("m", entry.keys[0], "escape")
            assert f"not done: {LOSS}" in stage.text, entry.name
        await stage.press("d", "d", "b", "e", "e", "1", "ctrl+q")
        assert "Q again: leave this screen" in stage.text
        assert stage.sent() == []
        await stage.press("l", "q", "q")
        assert "locked" in stage.text
        await stage.press("l", "l", "l", "q", "q")
        assert stage.app.return_code == 0


async def test_a_screen_that_was_let_go_for_another_says_so_and_looks_for_nothing(playing, picture):
    async with playing() as stage:
        await stage.say(picture(let_go=True, notice="more than 16 screens: this one was let go"))
        stage.room.lose()
        await stage.until(lambda: "this screen was let go · it follows no more" in stage.text)
        assert "it is looked for" not in stage.text
        assert "more than 16 screens" in stage.text
        await stage.press("space")
        assert "not done: this screen was let go" in stage.text
        assert stage.sent() == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_sound_that_was_given_up_is_said_to_be_with_where_the_log_is(
    playing, picture, size
):
    log = "/home/anna/.local/share/stillroom/logs/engine.log says why"
    why = f"the sound died at once 3 times in a row and was given up; {log}"
    async with playing(size=size) as stage:
        stage.room.lose()
        await stage.say(picture(linked=False, given_up=why))
        await stage.until(lambda: "! the sound was given up" in stage.text)
        assert "stillroom offers to take the session up again" in stage.text
        assert log in stage.text
        assert "the music may go on" not in stage.text
        await stage.press("space")
        assert "not done: the sound was given up" in stage.text


async def test_no_reminder_is_said_to_be_ticked_where_no_key_ticks_it(playing, picture):
    due = ReminderView(text="blood pressure", stage=ReminderStage.DUE, in_s=-60.0)
    async with playing(picture(reminders=(due,))) as stage:
        assert "blood pressure  Enter ticks it" in stage.text
        stage.room.lose()
        await stage.until(lambda: LOSS in stage.text)
        assert "blood pressure" in stage.text
        assert "ticks it" not in stage.text


async def test_once_the_engine_is_back_all_is_as_ever(playing, picture):
    async with playing() as stage:
        stage.room.lose()
        await stage.until(lambda: LOSS in stage.text)
        await stage.say(picture(since_dose_s=2400.0))
        await stage.until(lambda: LOSS not in stage.text)
        assert "▸ playing" in stage.text
        assert "since dose 40:00" in stage.text
        await stage.press("t")
        assert stage.sent() == [BeginTalk()]


@pytest.mark.parametrize("state", [State.IDLE, State.OPENING, State.READY])
@pytest.mark.parametrize("came_by", ["choosing", "playing"])
async def test_an_engine_that_only_offers_the_session_again_is_said_so(
    request, picture, came_by, state
):
    async with request.getfixturevalue(came_by)() as stage:
        await stage.say(picture())
        stage.room.lose()
        await stage.until(lambda: LOSS in stage.text)
        await stage.say(Status(state=state, title="Rest", unfinished=OFFER))
        await stage.until(lambda: "R take it up again, paused" in stage.text)
        assert "Lozenge broke off 30s ago" in stage.text


async def test_a_chooser_whose_engine_died_has_a_new_one_at_the_next_choice(choosing, picture):
    async with choosing() as stage:
        await stage.until(lambda: OpenSession(path="lozenge.yaml") in stage.room.sent)
        stage.room.lose()
        await stage.settle()
        assert LOSS not in stage.text
        stage.room.sent.clear()
        await stage.press("enter")
        await stage.until(lambda: Begin() in stage.room.sent)
        assert stage.sent() == [OpenSession(path="lozenge.yaml"), Begin()]
        await stage.say(picture(at=0, left_s=600.0))
        assert "▸ playing" in stage.text


async def test_after_an_end_in_good_order_the_chooser_has_a_new_engine_by_itself(choosing, picture):
    async with choosing() as stage:
        await stage.press("enter")
        await stage.say(picture(at=6, left_s=0.0))
        await stage.say(picture(at=6, left_s=0.0, state=State.ENDED))
        stage.room.lose()
        await stage.settle()
        assert LOSS not in stage.text
        stage.room.sent.clear()
        await stage.press("enter")
        assert "choose a session" in stage.text
        await stage.until(lambda: OpenSession(path="lozenge.yaml") in stage.room.sent)
        assert LOSS not in stage.text


async def test_an_engine_that_dies_before_the_begin_is_said_so(choosing, picture):
    async with choosing() as stage:
        await stage.press("enter")
        await stage.say(picture(at=0, left_s=600.0, state=State.OPENING))
        stage.room.lose()
        await stage.until(lambda: "choose a session" in stage.text)
        assert "the sound ended before the session had begun: begin it again" in stage.text


async def test_a_sound_that_could_not_be_started_is_tried_again_at_the_next_choice(choosing, room):
    tries = []

    def sometimes():
        tries.append(1)
        if len(tries) == 1:
            raise EngineUnreachable("the sound could not be started")
        return room

    async with choosing(open_room=sometimes) as stage:
        await stage.until(lambda: "the sound could not be started" in stage.text)
        room.answers["begin"] = Answer(id=0, ok=True)
        await stage.press("enter")
        await stage.until(lambda: Begin() in stage.room.sent)
        assert "Lozenge" in stage.text


async def test_a_session_that_has_ended_stays_on_its_screen_whatever_another_opens(
    playing, picture
):
    async with playing(picture(at=6, left_s=0.0, state=State.ENDED)) as stage:
        before = stage.text
        assert "the session has ended" in before
        for state in (State.OPENING, State.READY, State.IDLE):
            await stage.say(Status(state=state, title="Rest"))
            assert stage.text == before
        await stage.press("enter")
        assert stage.app.return_code == 0

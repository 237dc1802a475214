"""The session screen at work: keys in, data sent, words shown."""

from __future__ import annotations

from player.errors import EngineUnreachable
from player.protocol.wire import Answer
from player.screens import session_screen
from player.screens.app import StillroomApp
from player.screens.keys import Keyboard
from player.screens.reply import Hands
from player.timeline.commands import (
    AllowCue,
    BeginTalk,
    CloseSession,
    Go,
    MarkDose,
    OpenSession,
    TickReminder,
)
from player.timeline.status import State, Status


async def test_a_key_is_answered_before_the_engine_says_anything(playing):
    async with playing() as stage:
        await stage.press("t")
        assert "softening for talk…" in stage.text
        assert "◇ talking" not in stage.text
        assert stage.sent() == [BeginTalk()]


async def test_going_on_early_is_asked_on_the_screen_and_sent_on_the_second_press(playing):
    async with playing() as stage:
        await stage.press("space")
        assert "Space again: go on to Return now, 24 min early" in stage.text
        assert stage.sent() == []
        await stage.press("space")
        assert [each.do for each in stage.sent()] == ["next"]


async def test_a_refusal_of_the_engine_is_one_quiet_line(playing, room):
    room.answers["talk"] = Answer(id=0, ok=False, text="the session is fading out")
    async with playing() as stage:
        await stage.press("t")
        await stage.settle()
        assert "the session is fading out" in stage.text


async def test_the_dose_is_corrected_by_the_time_of_the_day(playing):
    async with playing() as stage:
        await stage.press("d", "c", "1", "4", "colon", "5", "0", "enter")
        assert "14:50 is still to come, in 14m: it is 14:36 now" in stage.text
        await stage.press("backspace", "backspace", "3", "2", "enter")
        assert stage.sent() == [MarkDose(ago_s=240)]
        assert "dose marked 4 min ago" in stage.text
        assert "When was the dose taken?" not in stage.text


async def test_a_panel_leaves_phase_and_clocks_in_view_and_escape_leaves_it(playing):
    async with playing() as stage:
        for key in ("m", "g", "d", "q", "question_mark"):
            before = stage.text.splitlines()
            await stage.press(key)
            assert "Esc closes this" in stage.text
            for line in before:
                if "left of 30 min" in line or "session 45:50" in line or "┗━╸" in line:
                    assert line in stage.text
            await stage.press("escape")
            assert "Esc closes this" not in stage.text
        assert stage.sent() == []


async def test_a_key_that_means_nothing_to_a_panel_means_what_it_always_does(playing):
    async with playing() as stage:
        await stage.press("m", "t")
        assert stage.sent() == [BeginTalk()]
        assert "Esc closes this" not in stage.text


async def test_going_to_a_phase_by_arrows(playing):
    async with playing() as stage:
        await stage.press("g", "down", "enter")
        assert stage.sent() == [Go(phase=6)]


async def test_enter_answers_the_offer_and_then_ticks_the_reminder(playing, picture):
    async with playing(picture(cue_asked=1)) as stage:
        assert "? offer  Coming back. Enter yes, Backspace no" in stage.text
        assert "ticks it" not in stage.text
        stage.clocks.on(2.0)
        await stage.press("enter")
        await stage.say(picture())
        await stage.press("enter")
        assert stage.sent() == [AllowCue(), TickReminder(reminder=1)]
        assert "ticked: Check in" in stage.text


async def test_locked_keys_say_how_to_unlock_and_so_does_the_foot(playing):
    async with playing() as stage:
        await stage.press("l", "t", "ctrl+q", "escape", "x")
        assert "locked: press L three times" in stage.text
        assert "L three times unlocks" in stage.text
        assert stage.sent() == []
        await stage.press("l", "l", "l", "t")
        assert stage.sent() == [BeginTalk()]


async def test_leaving_asks_and_detaching_leaves_the_session_alone(playing):
    async with playing() as stage:
        await stage.press("ctrl+c")
        assert "The music goes on" in stage.text
        await stage.press("escape", "ctrl+q", "q")
        assert stage.sent() == []
        assert stage.app.return_code == 0


async def test_keys_of_ones_own_work_and_are_shown(room, clocks, hands, picture, read_screen):
    own = Hands(Keyboard({"talk": "x"}), hands.guard, hands.wall)
    app = StillroomApp(lambda: room, own, open_command=OpenSession(path="a.yaml"), begin=True)
    async with app.run_test(size=(80, 24)) as pilot:
        room.say(picture(talking=True, state=State.TALKING))
        for _ in range(100):
            await pilot.pause(0.01)
            if "talking" in read_screen(app):
                break
        assert "X brings it back" in read_screen(app)
        assert "X talk" in read_screen(app)
        await pilot.press("x")
        await pilot.pause()
    assert [each.do for each in room.sent][-1] == "end talk"


async def test_between_statuses_nothing_counts_by_itself(playing):
    async with playing() as stage:
        before = stage.text
        stage.clocks.on(60.0)
        await stage.pilot.pause(0.6)
        assert stage.text == before


async def test_escape_closes_a_session_that_has_not_begun_and_leaves(playing, picture):
    async with playing(picture(at=0, left_s=600.0, state=State.OPENING, opening=0.43)) as stage:
        assert "measuring the first track 43%" in stage.text
        await stage.press("escape")
        assert stage.sent() == [CloseSession()]
        assert stage.app.return_code == 0


async def test_a_lost_engine_is_one_quiet_line_while_a_session_runs(playing):
    async with playing() as stage:
        stage.room.lose()
        await stage.until(lambda: "the connection to the sound was lost" in stage.text)
        assert "in another terminal, stillroom shows what runs" in stage.text
        assert stage.app.return_code is None


async def test_a_session_that_ended_waits_for_a_key(playing, picture):
    async with playing(picture(at=6, left_s=0.0, state=State.ENDED)) as stage:
        assert "the session has ended" in stage.text
        await stage.press("t")
        assert stage.app.return_code is None
        await stage.press("enter")
        assert stage.app.return_code == 0


async def test_a_session_that_cannot_be_opened_leaves_with_the_reason(room, hands):
    room.answers["open"] = Answer(id=0, ok=False, text="there is no device to play on")
    app = StillroomApp(lambda: room, hands, open_command=OpenSession(path="a.yaml"), begin=True)
    async with app.run_test() as pilot:
        for _ in range(200):
            await pilot.pause(0.01)
            if app.return_code is not None:
                break
    assert (app.return_code, app.parting) == (1, "there is no device to play on")


async def test_an_engine_that_cannot_be_reached_leaves_with_the_reason(hands):
    def unreachable():
        raise EngineUnreachable("the sound could not be started")

    app = StillroomApp(unreachable, hands, open_command=OpenSession(path="a.yaml"), begin=True)
    async with app.run_test() as pilot:
        for _ in range(200):
            await pilot.pause(0.01)
            if app.return_code is not None:
                break
    assert (app.return_code, app.parting) == (1, "the sound could not be started")


async def test_the_newest_of_many_statuses_is_shown(playing, picture):
    async with playing() as stage:
        for left_s in range(1400, 1000, -1):
            stage.room.say(picture(left_s=float(left_s)))
        await stage.until(lambda: stage.app.screen.status.phase_left_s == 1001.0)
        assert isinstance(stage.app.screen.status, Status)
        assert "session 53:19" in stage.text


async def test_a_panel_closes_by_itself_when_nobody_touches_it(playing, monkeypatch):
    monkeypatch.setattr(session_screen, "PANEL_IDLE_S", 0.05)
    async with playing() as stage:
        await stage.pilot.press("m")
        await stage.until(lambda: "Esc closes this" not in stage.text)
        assert stage.sent() == []


async def test_what_was_said_to_a_key_goes_after_a_while(playing, monkeypatch):
    monkeypatch.setattr(session_screen, "ANSWER_SHOWN_S", 0.05)
    async with playing() as stage:
        await stage.pilot.press("x")
        await stage.until(lambda: "that key does nothing here" not in stage.text)


async def test_a_key_that_means_nothing_leaves_a_menu_open_and_says_its_keys(playing):
    async with playing() as stage:
        for opens, says in (
            ("m", "S, N, F or R, or Esc"),
            ("g", "1 to 7, or arrows and Enter, or Esc"),
        ):
            await stage.press(opens, "x")
            assert says in stage.text
            assert "Esc closes this" in stage.text
            await stage.press("escape")
        assert stage.sent() == []


async def test_what_is_read_aloud_stays_open_and_enter_says_that_it_was_read(
    playing, picture, monkeypatch
):
    monkeypatch.setattr(session_screen, "PANEL_IDLE_S", 0.05)
    status = picture()
    cue = status.cues[1].model_copy(update={"length_s": None, "words": "word " * 500})
    status = status.model_copy(update={"cues": (status.cues[0], cue), "cue_asked": 1})
    async with playing(status) as stage:
        await stage.press("c")
        assert "more lines" in stage.text
        await stage.press(*["down"] * 40)
        await stage.pilot.pause(0.2)
        assert "read it aloud yourself" in stage.text
        assert "more lines" not in stage.text
        assert stage.sent() == []
        await stage.press("enter")
        assert stage.sent() == [AllowCue()]
        assert "read it aloud yourself" not in stage.text


async def test_coming_back_to_a_session_shows_it_in_the_first_frame(
    room, hands, clocks, picture, read_screen
):
    app = StillroomApp(lambda: room, hands, attached=picture())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Lozenge, ninety minutes" in read_screen(app)
        assert "24:10" in read_screen(app) or "left of 30 min" in read_screen(app)
        assert len(app.screen_stack) == 2
        await pilot.press("q")
        clocks.on(1.0)
        await pilot.press("q")
        await pilot.pause()
    assert app.return_code == 0
    assert [each.do for each in room.sent] == ["watch"]


async def test_a_wrong_input_that_the_engine_finds_ends_the_screen_with_2(room, hands):
    room.answers["open"] = Answer(id=0, ok=False, text="a.yaml: there is no such file", exit_code=2)
    app = StillroomApp(lambda: room, hands, open_command=OpenSession(path="a.yaml"), begin=True)
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(200):
            await pilot.pause(0.01)
            if app.return_code is not None:
                break
    assert (app.return_code, app.parting) == (2, "a.yaml: there is no such file")

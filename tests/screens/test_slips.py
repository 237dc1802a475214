"""Slips of the hand on the session screen: what a key does that was meant for something else."""

from __future__ import annotations

from itertools import product

import pytest

from player.screens import session_screen
from player.screens.app import StillroomApp
from player.screens.keys import Keyboard
from player.screens.reply import Hands
from player.timeline.commands import (
    AllowCue,
    Begin,
    BeginTalk,
    DeclineCue,
    End,
    MarkDose,
    OpenSession,
    Pause,
    Silence,
    Skip,
    SpeakCue,
    StopCue,
    TickReminder,
)
from player.timeline.status import CueStage, State


def with_cue(picture, stage, **changes):
    """A status whose cue `Coming back` is at this stage."""
    cues = picture().cues
    return picture(cues=(cues[0], cues[1].model_copy(update={"stage": stage})), **changes)


async def hold(stage, key):
    """A key that is held down: it repeats after half a second, and then quickly."""
    for pause_s in (1.0, 0.5, 0.03, 0.03, 0.03):
        stage.clocks.on(pause_s)
        await stage.pilot.press(key)
    await stage.pilot.pause()


async def test_an_offer_that_appears_under_the_hand_is_not_answered_by_it(playing, picture):
    async with playing(picture()) as stage:
        assert "Check in  Enter ticks it" in stage.text
        await stage.say(with_cue(picture, CueStage.ASKED, cue_asked=1))
        assert "ticks it" not in stage.text
        await stage.press("enter")
        assert stage.sent() == []
        assert "Enter again: yes to “Coming back”, offered just now" in stage.text
        await stage.press("enter")
        assert stage.sent() == [AllowCue()]


async def test_a_yes_can_be_taken_back_until_the_voice_is_there(playing, picture):
    async with playing(with_cue(picture, CueStage.ALLOWED)) as stage:
        assert "Coming back, allowed · Backspace takes it back" in stage.text
        await stage.press("backspace")
        assert stage.sent() == [DeclineCue()]
        assert "taken back: Coming back passes" in stage.text


async def test_a_voice_is_taken_back_only_while_it_is_new(playing, picture):
    speaking = with_cue(picture, CueStage.SPEAKING, cue_speaking=1)
    async with playing(speaking) as stage:
        await stage.press("backspace")
        assert stage.sent() == [StopCue()]
        stage.clocks.on(5.0)
        await stage.press("backspace")
        assert stage.sent() == [StopCue()]
        assert "C stops the voice" in stage.text


async def test_a_second_press_to_stop_the_voice_does_not_begin_the_next_one(playing, picture):
    async with playing(with_cue(picture, CueStage.SPEAKING, cue_speaking=1)) as stage:
        await stage.press("c")
        await stage.say(picture())
        await stage.press("c")
        assert stage.sent() == [StopCue()]
        assert "the voice has stopped; C a little later: the next cue" in stage.text
        stage.clocks.on(5.0)
        await stage.press("c")
        assert stage.sent() == [StopCue(), SpeakCue(cue=1)]


@pytest.mark.parametrize(
    ("opener", "key"),
    [*product("md", ["enter", "backspace"]), ("g", "backspace"), ("question_mark", "backspace")],
)
@pytest.mark.parametrize("offered", [1, None])
async def test_what_a_panel_hides_is_neither_answered_nor_ticked(
    playing, picture, opener, key, offered
):
    stage_of_it = CueStage.COMING if offered is None else CueStage.ASKED
    async with playing(with_cue(picture, stage_of_it, cue_asked=offered)) as stage:
        await stage.press(opener)
        stage.clocks.on(2.0)
        await stage.press(key)
        assert stage.sent() == []
        assert ", or Esc" in stage.text


async def test_once_the_music_is_over_no_offer_is_drawn_or_answered(playing, picture):
    over = {"state": State.MUSIC_ENDED, "track": "", "next_track": "", "left_s": 0.0, "at": 6}
    async with playing(with_cue(picture, CueStage.ASKED, cue_asked=1, **over)) as stage:
        assert "offer" not in stage.text
        assert "Check in  Enter ticks it" in stage.text
        await stage.press("backspace")
        assert stage.sent() == []
        assert "no cue is offered" in stage.text
        await stage.press("enter")
        assert stage.sent() == [TickReminder(reminder=1)]


async def test_a_help_key_of_ones_own_closes_the_help_that_it_opened(
    room, hands, picture, stage_of
):
    own = Hands(Keyboard({"help": "f1", "talk": "?"}), hands.guard, hands.wall)
    app = StillroomApp(lambda: room, own, open_command=OpenSession(path="a.yaml"), begin=True)
    async with stage_of(app) as stage:
        await stage.say(picture())
        await stage.press("f1")
        assert "Space     go on" in stage.text
        assert "F1 closes  Esc closes" in stage.text
        await stage.press("f1")
        assert "Space     go on" not in stage.text


async def test_a_session_without_medicine_names_no_key_of_the_dose(playing, picture):
    quiet = {"medicine": False, "doses": 0, "since_dose_s": None}
    async with playing(picture(**quiet), (120, 40)) as stage:
        assert "H hold" in stage.text
        assert "D dose" not in stage.text
        await stage.say(picture(**quiet | {"doses": 1}))
        assert "D dose" in stage.text


async def test_back_by_habit_in_the_menu_of_the_dose_marks_no_booster(playing, picture):
    async with playing(picture(can_go_back=True)) as stage:
        await stage.press("d", "b")
        assert stage.sent() == []
        assert "N, C or U, or Esc" in stage.text


async def test_space_takes_nothing_from_a_list(playing):
    async with playing() as stage:
        await stage.press("g", "space")
        assert stage.sent() == []
        assert "1 to 7, or arrows and Enter, or Esc" in stage.text
        assert "Go to a phase" in stage.text


async def test_an_empty_line_leaves_the_mark_of_the_dose_as_it_was(playing):
    async with playing() as stage:
        await stage.press("d", "c")
        assert "say 4, 4m ago, 14:32, 2:32 pm, or now" in stage.text
        await stage.press("enter")
        assert stage.sent() == []
        assert "left as it was" in stage.text
        assert "When was the dose taken?" not in stage.text
        await stage.press("d", "c", "n", "o", "w", "enter")
        assert [(each.do, each.ago_s) for each in stage.sent()] == [("mark dose", 0.0)]


async def test_a_long_reminder_gives_way_to_the_key_that_ticks_it(playing, picture):
    due = picture().reminders[1].model_copy(update={"text": "Blood pressure, before the dose"})
    async with playing(picture(reminders=(due,)), (120, 40)) as stage:
        row = next(row for row in stage.text.splitlines() if "Blood pressure" in row)
        assert "…  Enter ticks it  due 0:41 ago" in row


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("d", MarkDose()),
        ("t", BeginTalk()),
        ("s", Silence()),
        ("p", Pause()),
        ("c", SpeakCue(cue=0)),
    ],
)
async def test_what_cannot_wait_is_done_though_leaving_was_asked_by_a_slip(
    key, command, playing, picture
):
    async with playing(picture(at=0, left_s=300.0)) as stage:
        await stage.press("q", key)
        assert stage.sent() == [command]
        assert "Leave the screen?" not in stage.text
        assert stage.app.return_code is None


async def test_no_to_leaving_is_no_answer_to_the_words_on_offer(playing, picture):
    async with playing(picture(cue_asked=1)) as stage:
        await stage.press("q", "backspace")
        assert stage.sent() == []
        assert "Leave the screen?" not in stage.text
        await stage.press("backspace")
        assert stage.sent() == [DeclineCue()]


async def test_the_question_of_leaving_stands_no_longer_for_keys_that_do_not_answer_it(
    playing, monkeypatch
):
    monkeypatch.setattr(session_screen, "PANEL_IDLE_S", 0.5)
    async with playing() as stage:
        await stage.press("q")
        for _ in range(4):
            await stage.pilot.pause(0.2)
            await stage.press("g")
        assert stage.sent() == []
        assert "Leave the screen?" not in stage.text


async def test_leaving_by_a_key_that_is_held_down_only_asks(playing, clocks):
    async with playing() as stage:
        await hold(stage, "q")
        assert "Leave the screen? The music goes on" in stage.text
        assert stage.app.return_code is None


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ("t", ["talk"]),
        ("h", ["hold"]),
        ("s", ["silence"]),
        ("p", ["pause"]),
        ("c", ["cue"]),
        ("minus", []),
        ("e", []),
    ],
)
async def test_a_key_that_is_held_down_counts_once(key, sent, playing, picture):
    async with playing(picture(at=3, left_s=100.0)) as stage:
        await hold(stage, key)
        assert [each.do for each in stage.sent()] == sent


async def test_a_key_that_picked_from_a_menu_means_nothing_else_while_it_is_held(playing, picture):
    async with playing(picture()) as stage:
        await stage.press("m")
        await hold(stage, "s")  # outside of the menu it fades to silence
        assert stage.sent() == [Skip()]


async def test_two_quick_presses_keep_the_question_up_until_one_that_is_slower(playing):
    async with playing() as stage:
        for _ in range(2):
            await stage.pilot.press("e")
            stage.clocks.on(0.3)
        await stage.pilot.pause()
        assert "once more, slowly" in stage.text
        stage.clocks.on(1.6)
        await stage.pilot.press("e")
        await stage.pilot.pause()
        assert stage.sent() == [End()]


async def test_while_a_panel_is_open_no_other_key_is_named(playing, picture):
    async with playing(picture(), (120, 40)) as stage:
        await stage.press("d")
        assert "N C U choose  Esc closes" in stage.text
        for promise in ("B back", "C cue", "ticks it", "Space go on"):
            assert promise not in stage.text
        await stage.press("escape")
        assert "Check in  Enter ticks it" in stage.text


async def test_while_the_keys_are_locked_none_is_named_but_the_lock(playing, picture):
    waits = with_cue(picture, CueStage.ASKED, at=0, left_s=0.0, doses=0, cue_asked=1)
    async with playing(waits) as stage:
        assert "waits for the dose: D marks it" in stage.text
        await stage.press("l")
        assert "? offer  Coming back " in stage.text
        for promise in ("D marks it", "Enter", "Backspace"):
            assert promise not in stage.text


async def test_a_phase_that_waits_for_a_dose_that_is_marked_says_how_it_is_marked_anew(
    playing, picture
):
    waits = picture(at=0, left_s=0.0, doses=1, since_dose_s=20.0, can_go_back=True)
    async with playing(waits) as stage:
        assert "waits for the dose: D, C sets the mark anew" in stage.text
        await stage.press("d", "u")
        assert "undone; B goes back to the phase before" in stage.text


async def test_enter_begins_and_leaves_whatever_it_was_moved_to(
    room, clocks, hands, picture, stage_of
):
    own = Hands(Keyboard({"answer": "y", "dose": "enter"}), hands.guard, hands.wall)
    app = StillroomApp(lambda: room, own, open_command=OpenSession(path="a.yaml"), begin=False)
    async with stage_of(app) as stage:
        await stage.say(picture(at=0, left_s=600.0, state=State.READY))
        assert "Enter begins" in stage.text
        room.sent.clear()
        await stage.press("enter")
        assert stage.sent() == [Begin()]
        await stage.say(picture(at=0, left_s=600.0, doses=0))
        await stage.press("enter")
        assert stage.sent() == [Begin(), MarkDose()]


async def test_the_last_minutes_of_a_phase_are_shortened_to_thirty_seconds(playing, picture):
    async with playing(picture(left_s=100.0)) as stage:
        await stage.press("minus", "minus")
        assert "Peak ends in 30 s" in stage.text
        await stage.say(picture(left_s=20.0))
        await stage.press("minus")
        assert [each.do for each in stage.sent()] == ["stretch"]
        assert "Peak is nearly over; Space goes on" in stage.text


async def test_a_guided_piece_that_waits_for_the_music_is_not_said_to_be_over(playing, picture):
    paused = picture(cue_next=None, cue_goes_on=1, state=State.PAUSED, resting=State.PAUSED)
    async with playing(paused) as stage:
        assert "cue      Coming back, goes on with the music" in stage.text
        assert "none to come" not in stage.text


async def test_what_was_said_before_a_panel_opened_is_not_said_beside_it(playing):
    async with playing() as stage:
        await stage.press("e", "q")
        assert "E again" not in stage.text

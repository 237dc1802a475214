"""Every key of the session screen: what is sent, as data, and what is said at once."""

from __future__ import annotations

import pytest

from player.screens.keys import Keyboard
from player.screens.presses import escape, press, press_in
from player.screens.reply import Hands, Then
from player.session.model import Ends, Play
from player.timeline.commands import (
    AllowCue,
    Back,
    BackToPlan,
    Begin,
    BeginTalk,
    ChangeVolume,
    ClientLeft,
    CloseSession,
    DeclineCue,
    Deeper,
    End,
    EndTalk,
    Go,
    Hold,
    MarkBooster,
    MarkDose,
    Next,
    NotThis,
    Pause,
    Release,
    Resume,
    Silence,
    Skip,
    Softer,
    SpeakCue,
    StopCue,
    Stretch,
    TakeFromShelf,
    TickReminder,
    UndoBooster,
    UndoDose,
)
from player.timeline.status import CueStage, State


@pytest.fixture
def do(picture, hands, clocks):
    """Presses a key a second after the last one; what was sent and said."""

    def pressed(name, **changes):
        clocks.on(1.0)
        reply = press(name, picture(**changes), hands)
        return list(reply.commands), reply.says

    return pressed


def in_panel(name, keys, picture, hands, clocks, **changes):
    status = picture(**changes)
    clocks.on(1.0)
    panel = press(name, status, hands).opens
    reply = None
    for key in keys:
        clocks.on(1.0)
        reply = press_in(panel, key, key if len(key) == 1 else None, status, hands)
        panel = reply.opens or panel
    return reply, panel


def test_going_on_early_wants_a_second_press(do):
    assert do("next") == ([], "Space again: go on to Return now, 24 min early")
    assert do("next") == ([Next()], "going on to Return…")


def test_going_on_at_the_end_of_the_phase_wants_one_press(do):
    assert do("next", state=State.HOLDING, left_s=-5.0)[0] == [Next()]
    assert do("next", state=State.TALKING, talking=True, left_s=-5.0)[0] == [Next()]


def test_another_key_in_between_calls_the_second_press_off(do):
    do("next")
    do("louder")
    assert do("next")[0] == []


def test_from_the_last_phase_there_is_nothing_to_go_on_to(do):
    assert do("next", at=6, left_s=0.0) == ([], "this is the last phase; E ends it")


def test_back_undoes_a_move_while_it_can_be_undone(do):
    assert do("back", can_go_back=True) == ([Back()], "going back…")
    assert do("back")[0] == []


def test_the_first_press_marks_the_dose_and_says_what_a_second_does(do):
    commands, says = do("dose", at=0, left_s=300.0)
    assert commands == [MarkDose()]
    assert says == "dose marked now; D again: booster, correct, undo"


@pytest.mark.parametrize(
    ("keys", "command"),
    [
        ("n", MarkBooster()),
        ("u", UndoDose()),
        (["c", *"4m ago", "enter"], MarkDose(ago_s=240)),
        (["c", "4", "enter"], MarkDose(ago_s=240)),
        (["c", *"14:32", "enter"], MarkDose(ago_s=240)),
        (["c", "5", "backspace", "4", "enter"], MarkDose(ago_s=240)),
    ],
)
def test_a_second_press_asks_booster_or_correction(keys, command, picture, hands, clocks):
    reply, _ = in_panel("dose", keys, picture, hands, clocks)
    assert (list(reply.commands), reply.closes) == ([command], True)


@pytest.mark.parametrize(
    ("own", "letters"),
    [({}, "ncu"), ({"next": "n"}, "xcu"), ({"talk": "u", "dose": "n", "hold": "x"}, "yck")],
)
def test_no_letter_that_marks_or_undoes_is_a_key_that_does_something_else(
    own, letters, picture, hands
):
    hands = Hands(Keyboard(own), hands.guard, hands.wall)
    panel = press("dose", picture(), hands).opens
    assert "".join(key for key, _, _ in panel.entries) == letters


def test_what_is_undone_first_is_the_booster(picture, hands, clocks):
    reply, panel = in_panel("dose", ["u"], picture, hands, clocks, boosters=1)
    assert (list(reply.commands), reply.says, reply.closes) == ([UndoBooster()], "undone", True)
    assert "undo the mark of the booster" in [words for _, words, _ in panel.entries]


def test_a_mark_in_the_future_is_refused_in_words(picture, hands, clocks):
    reply, panel = in_panel("dose", ["c", *"14:50", "enter"], picture, hands, clocks)
    assert reply.commands == ()
    assert panel.fault == "14:50 is still to come, in 14m: it is 14:36 now"


def test_a_mark_that_moves_the_session_far_is_asked_for_once_more(picture, hands, clocks):
    asks = ["c", *"45", "enter"]
    reply, panel = in_panel("dose", asks, picture, hands, clocks)
    assert (reply.commands, reply.closes) == ((), False)
    assert reply.says == "Enter again: 45 min ago; the phases move with the mark"
    clocks.on(0.1)  # a key that is held down is no second press
    assert press_in(panel, "enter", None, picture(), hands).commands == ()
    clocks.on(1.0)
    reply = press_in(panel, "enter", None, picture(), hands)
    assert (list(reply.commands), reply.closes) == ([MarkDose(ago_s=2700)], True)


def test_the_second_press_is_about_the_time_that_was_asked_for(picture, hands, clocks):
    keys = ["c", *"45", "enter", "backspace", "6", "enter"]
    reply, _ = in_panel("dose", keys, picture, hands, clocks)
    assert reply.says.startswith("Enter again: 46 min ago")


def test_hold_and_release(do):
    # The peak waits already; the phase before it does not.
    assert do("hold") == ([], "Peak waits for you already")
    assert do("hold", at=3) == ([Hold()], "holding Build until you move on")
    assert do("hold", at=3, held=True, waits_for=Ends.HAND) == ([Release()], "releasing Build…")


def test_talk_toggles(do):
    assert do("talk") == ([BeginTalk()], "softening for talk…")
    assert do("talk", talking=True)[0] == [EndTalk()]


def test_silence_toggles_and_leaves_a_pause_alone(do):
    assert do("silence")[0] == [Silence()]
    assert do("silence", resting=State.SILENCED)[0] == [Resume()]
    assert do("silence", resting=State.PAUSED) == ([], "paused: P goes on")


def test_pause_toggles_and_leaves_a_silence_alone(do):
    assert do("pause")[0] == [Pause()]
    assert do("pause", resting=State.PAUSED)[0] == [Resume()]
    assert do("pause", resting=State.SILENCED)[0] == []


@pytest.mark.parametrize(
    ("key", "command"), [("s", Skip()), ("n", NotThis()), ("f", Softer()), ("r", Deeper())]
)
def test_the_music_menu_brings_in_another_track(key, command, picture, hands, clocks):
    reply, _ = in_panel("music", [key], picture, hands, clocks)
    assert list(reply.commands) == [command]


def test_a_digit_takes_from_the_shelf_and_nought_goes_back_to_the_plan(picture, hands, clocks):
    shelf = ("Calm", "Strings", "Rain")
    status = picture(shelf=shelf)
    panel = press("music", status, hands).opens
    reply = panel.press("3", "3", status)
    assert (list(reply.commands), reply.says) == ([TakeFromShelf(piece=2)], "Rain…")
    assert panel.press("4", "4", status) is None
    assert panel.press("0", "0", status) is None, "the plan plays already"
    clocks.on(1.0)
    status = picture(shelf=shelf, shelf_held=2)
    reply = press("music", status, hands).opens.press("0", "0", status)
    assert list(reply.commands) == [BackToPlan()]


def test_a_skip_that_is_repeated_within_600_ms_counts_once(picture, hands, clocks):
    sent = []
    for _ in range(2):
        status = picture()
        panel = press("music", status, hands).opens
        sent += press_in(panel, "s", "s", status, hands).commands
        clocks.on(0.3)
    assert sent == [Skip()]


@pytest.mark.parametrize(
    ("keys", "phase"), [(["3"], 2), (["enter"], 5), (["up", "up", "enter"], 3)]
)
def test_any_phase_is_gone_to_by_its_sign_or_by_arrows(keys, phase, picture, hands, clocks):
    reply, _ = in_panel("go", keys, picture, hands, clocks)
    assert list(reply.commands) == [Go(phase=phase)]


def test_the_next_cue_is_spoken_or_the_one_that_speaks_is_stopped(do):
    assert do("cue") == ([SpeakCue(cue=1)], "speaking “Coming back”…")
    assert do("cue", cue_speaking=1) == ([StopCue()], "stopping the cue…")
    assert do("cue", cue_next=None) == ([], "no cue is left")


def test_a_cue_in_a_phase_without_voice_wants_a_second_press(do, picture):
    cues = tuple(cue.model_copy(update={"needs_second_press": True}) for cue in picture().cues)
    commands, says = do("cue", cues=cues)
    assert commands == []
    assert says == "C again: speak “Coming back” in a phase that is without voice"
    assert do("cue", cues=cues)[0] == [SpeakCue(cue=1, sure=True)]


def test_cues_by_hand_are_offered_beside_the_next_one(picture, hands, clocks):
    by_hand = picture().cues[0].model_copy(update={"play": Play.HAND, "stage": CueStage.COMING})
    cues = (by_hand, picture().cues[1])
    reply, panel = in_panel("cue", ["2"], picture, hands, clocks, cues=cues)
    assert list(panel.names) == ["Coming back", "Eye shades"]
    assert list(reply.commands) == [SpeakCue(cue=0)]


def test_a_cue_without_sound_is_not_sent(do, picture):
    cues = tuple(cue.model_copy(update={"length_s": None}) for cue in picture().cues)
    assert do("cue", cues=cues) == ([], "")


def test_volume_goes_by_one_db(do):
    assert do("louder")[0] == [ChangeVolume(by_db=1)]
    assert do("quieter")[0] == [ChangeVolume(by_db=-1)]


def test_a_phase_is_stretched_by_five_minutes(do):
    assert do("longer") == ([Stretch(by_s=300)], "Peak 5 min longer")
    assert do("shorter")[0] == [Stretch(by_s=-300)]


def test_shortening_by_more_than_is_left_wants_a_second_press(do):
    assert do("shorter", left_s=100.0) == (
        [],
        "− again: less than 5 min are left, Peak ends in 30 s",
    )
    assert do("shorter", left_s=100.0)[0] == [Stretch(by_s=-300)]


def test_enter_says_yes_to_a_cue_before_it_ticks_a_reminder(do):
    assert do("answer", cue_asked=1) == ([AllowCue()], "yes: Coming back")
    assert do("answer") == ([TickReminder(reminder=1)], "ticked: Check in")
    assert do("answer", reminders=()) == ([], "nothing to answer or tick")


@pytest.mark.parametrize("why", ["in quiet", "talking", "paused"])
def test_a_yes_that_may_want_more_is_not_said_to_be_one(why, do, picture):
    cues = picture().cues
    quiet = cues[1].model_copy(update={"needs_second_press": why == "in quiet"})
    changes = {"talking": why == "talking"}
    changes |= {"resting": State.PAUSED} if why == "paused" else {}
    now = {"cue_asked": 1, "cues": (cues[0], quiet, *cues[2:]), **changes}
    assert do("answer", **now) == ([AllowCue()], "")


def test_backspace_says_no_to_a_cue(do):
    assert do("no", cue_asked=1) == ([DeclineCue()], "no: Coming back passes")
    assert do("no")[0] == []


def test_ending_wants_a_second_press(do):
    assert do("end") == ([], "E again: fade the music out and end it")
    assert do("end") == ([End()], "fading out…")
    assert do("end", state=State.ENDING) == ([], "fading out already")


def test_after_the_music_the_end_key_says_that_the_client_has_left(do):
    over = {"at": 6, "left_s": 0.0, "state": State.MUSIC_ENDED}
    assert do("end", **over) == ([], "E again: the client has left, the session ends")
    assert do("end", **over)[0] == [ClientLeft()]
    assert do("hold", **over) == ([], "the music has ended")
    assert do("answer", **over)[0] == [TickReminder(reminder=1)]


def test_a_dose_pressed_twice_within_600_ms_is_marked_once(picture, hands, clocks):
    status = picture(at=0, left_s=300.0)
    first = press("dose", status, hands)
    clocks.on(0.5)
    second = press("dose", status, hands)
    assert (list(first.commands), list(second.commands)) == ([MarkDose()], [])


def test_three_presses_unlock_and_every_other_key_says_so(do):
    assert do("lock")[1] == "locked: press L three times to unlock"
    assert do("next") == ([], "locked: press L three times")
    assert do("lock")[1] == "locked: press L twice more"
    assert do("dose") == ([], "locked: press L three times")
    said = [do("lock")[1] for _ in range(3)]
    assert said == ["locked: press L twice more", "locked: press L once more", "unlocked"]
    assert do("talk")[0] == [BeginTalk()]


def test_a_lock_key_that_is_held_down_does_not_unlock(picture, hands, clocks):
    press("lock", picture(), hands)
    for _ in range(30):
        clocks.on(0.03)
        press("lock", picture(), hands)
    assert hands.guard.locked


def test_leaving_asks(picture, hands, clocks):
    reply, panel = in_panel("leave", ["q"], picture, hands, clocks)
    assert panel.title == "Leave the screen? The music goes on"
    assert (reply.commands, reply.then) == ((), Then.LEAVE)
    reply, _ = in_panel("leave", ["e"], picture, hands, clocks)
    assert (list(reply.commands), reply.then) == ([End()], Then.NOTHING)


def test_before_it_begins_enter_begins_and_escape_closes(picture, hands, clocks):
    ready = picture(at=0, left_s=600.0, state=State.READY)
    assert list(press("answer", ready, hands).commands) == [Begin()]
    assert list(press("next", ready, hands).commands) == [Begin()]
    assert press("talk", ready, hands).commands == ()
    reply = escape(ready)
    assert (list(reply.commands), reply.then) == ([CloseSession()], Then.FINISH)


def test_escape_does_nothing_to_a_session_that_plays(picture):
    reply = escape(picture())
    assert (reply.commands, reply.then) == ((), Then.NOTHING)


@pytest.mark.parametrize("key", ["g", "enter", "space", "f5"])
def test_in_the_question_of_leaving_a_key_that_is_no_answer_does_nothing(key, picture, hands):
    asked = press("leave", picture(), hands)
    assert asked.opens is not None
    reply = asked.opens.press(key, None, picture())
    assert reply is not None
    assert (reply.commands, reply.closes) == ((), False)
    assert reply.says == "Q or E, or Esc"

"""A mark that is corrected or undone: the words and checks that hang on it go with it."""

from __future__ import annotations

import pytest
from conducting import Bench, S, cue, lozenge, phase, plan, reminder, tone

from player.session.model import Ends, Play, Point
from player.timeline import commands as c
from player.timeline.plan import Plan, PlanCue, PlanReminder
from player.timeline.status import CueStage, ReminderStage

PRESSURE = reminder("pressure", Point.BOOSTER, 15 * 60)


def dosed(*words: PlanCue, reminders: tuple[PlanReminder, ...] = ()) -> Plan:
    rows = [phase("Arrival", 10, [0], ends=Ends.DOSE), phase("Return", 60, [1])]
    return plan(rows, [tone(900), tone(5000)], cues=words, reminders=reminders)


def said(bench: Bench, *kinds: str) -> list[str]:
    return [line.split(" ", 1)[1] for line in bench.lines(*kinds)]


@pytest.mark.parametrize(
    ("play", "comes"), [(Play.ASK, "CueAsked words"), (Play.CLOCK, "CueStarted words")]
)
def test_words_that_a_wrong_mark_let_pass_come_after_the_right_one(play: Play, comes: str) -> None:
    bench = Bench(dosed(cue("words", Point.DOSE, 300, play=play)))
    bench.play(100).key(c.MarkDose(ago_s=1200)).play(10).key(c.MarkDose(ago_s=60)).play(260)
    assert said(bench, "CueMissed", "CueAsked", "CueStarted")[:2] == [
        "CueMissed words: its time was past",
        comes,
    ]


def test_words_declined_under_a_mark_that_was_undone_are_offered_after_the_next() -> None:
    bench = Bench(dosed(cue("words", Point.DOSE, 60, play=Play.ASK))).play(100)
    bench.key(c.MarkDose()).play(40).key(c.DeclineCue()).key(c.UndoDose()).play(600)
    assert len(bench.lines("CueAsked")) == 1
    bench.key(c.MarkDose()).play(40)
    assert len(bench.lines("CueAsked")) == 2


def test_what_was_heard_does_not_come_again_with_a_correction() -> None:
    bench = Bench(dosed(cue("words", Point.DOSE, 60))).play(100).key(c.MarkDose()).play(100)
    bench.key(c.MarkDose()).play(200)
    assert len(bench.lines("CueStarted")) == 1


def test_a_voice_that_was_stopped_before_its_first_word_does_not_speak_after_a_correction() -> None:
    bench = Bench(dosed(cue("words", Point.DOSE, 60))).play(100).key(c.MarkDose()).play(59)
    bench.key(c.StopCue()).play(20).key(c.MarkDose(ago_s=10)).play(300)
    assert said(bench, "CueMissed", "CueAsked", "CueStarted") == ["CueMissed words: it was stopped"]


def test_words_that_were_chosen_before_the_first_booster_do_not_come_again_after_it() -> None:
    bench = Bench(dosed(cue("words", Point.BOOSTER, 60))).play(100).key(c.MarkDose()).play(10)
    bench.key(c.SpeakCue(cue=0)).play(100).key(c.MarkBooster()).play(300)
    assert len(bench.lines("CueStarted")) == 1


def test_words_after_a_booster_come_again_after_the_next() -> None:
    bench = Bench(dosed(cue("words", Point.BOOSTER, 60))).play(100).key(c.MarkDose()).play(100)
    bench.key(c.MarkBooster()).play(300).key(c.MarkBooster()).play(300)
    assert bench.frames("CueStarted") == [260 * S, 560 * S]


def test_words_declined_after_a_booster_that_was_undone_are_offered_after_the_next() -> None:
    bench = Bench(dosed(cue("words", Point.BOOSTER, 60, play=Play.ASK))).play(100)
    bench.key(c.MarkDose()).play(100).key(c.MarkBooster()).play(40).key(c.DeclineCue())
    bench.key(c.UndoBooster()).play(300).key(c.MarkBooster()).play(40)
    assert len(bench.lines("CueAsked")) == 2


def test_a_no_still_holds_where_an_earlier_booster_is_entered_later() -> None:
    bench = Bench(dosed(cue("words", Point.BOOSTER, 60, play=Play.ASK))).play(100)
    bench.key(c.MarkDose()).play(100).key(c.MarkBooster()).play(40).key(c.DeclineCue())
    bench.key(c.MarkBooster(ago_s=100)).play(60)
    assert len(bench.lines("CueAsked")) == 1


def test_words_heard_after_one_booster_stay_so_when_the_next_is_undone() -> None:
    bench = Bench(dosed(cue("words", Point.BOOSTER, 60))).play(100).key(c.MarkDose()).play(100)
    bench.key(c.MarkBooster()).play(300).key(c.MarkBooster()).play(10).key(c.UndoBooster())
    assert bench.play(300).state.cues[0].stage is CueStage.DONE
    assert bench.lines("CueMissed") == []


def test_a_check_ticked_after_the_second_booster_stays_ticked_when_that_is_undone() -> None:
    bench = Bench(lozenge(reminders=[PRESSURE])).play(60).key(c.MarkDose()).play(600)
    bench.key(c.MarkBooster()).play(300).key(c.MarkBooster()).play(15 * 60 + 5)
    bench.key(c.TickReminder(reminder=0)).key(c.UndoBooster())
    assert bench.state.reminders == (ReminderStage.DONE,)
    assert len(bench.lines("ReminderDue")) == 1


@pytest.mark.parametrize("ticked", [True, False])
def test_an_earlier_booster_entered_later_and_undone_leaves_the_check_of_the_other(
    ticked: bool,
) -> None:
    bench = Bench(lozenge(reminders=[PRESSURE])).play(60).key(c.MarkDose()).play(1200)
    bench.key(c.MarkBooster()).play(100).key(c.MarkBooster(ago_s=600)).play(15 * 60)
    if ticked:
        bench.key(c.TickReminder(reminder=0))
    before = bench.state.reminders
    bench.key(c.UndoBooster()).play(10)
    assert bench.state.reminders == before
    assert len(bench.lines("ReminderDue")) == 1


@pytest.mark.parametrize("key", [c.UndoBooster(), c.MarkBooster(ago_s=200), c.MarkDose(ago_s=600)])
def test_a_reminder_that_has_just_come_due_is_told_once(key: c.RoomCommand) -> None:
    rows = [reminder("look", Point.DOSE, 600), reminder("check", Point.BOOSTER, 300)]
    bench = Bench(lozenge(reminders=rows)).play(60).key(c.MarkDose()).play(300)
    bench.key(c.MarkBooster()).play(300.4).key(key).play(5)
    assert said(bench, "ReminderDue").count("ReminderDue look") == 1

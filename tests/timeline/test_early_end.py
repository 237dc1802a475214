"""The music is ended before the plan is through: what the picture shows from then on."""

from __future__ import annotations

import pytest
from conducting import Bench, S, cue, lozenge, phase, plan, reminder, tone

from player.session.model import Play, Point
from player.timeline import commands as c
from player.timeline.status import ReminderStage, Status
from player.timeline.view import status_of

REMINDERS = (
    reminder("water", Point.PHASE_START, 600, phase=2),
    reminder("eyes", Point.PHASE_START, 60, phase=3),
    reminder("pressure", Point.DOSE, 40 * 60),
    reminder("after the onset", Point.PHASE_END, 60, phase=1),
    reminder("after the peak", Point.PHASE_END, 120, phase=2),
)


def ended_in_the_peak() -> Bench:
    """Dose at one minute, on to the peak, and ended five minutes into it."""
    bench = Bench(lozenge(reminders=REMINDERS)).play(60).key(c.MarkDose()).play(600 + 300)
    return bench.key(c.End()).play(60)


def picture(bench: Bench) -> Status:
    return status_of(bench.plan, bench.state, bench.state.frame)


def test_phases_that_never_came_are_neither_passed_nor_entered() -> None:
    now = picture(ended_in_the_peak())
    assert now.phases[now.phase].name == "Peak"
    assert [phase.entered for phase in now.phases] == [True, True, True, False]
    assert [phase.passed for phase in now.phases] == [True, True, False, False]


def test_the_length_is_how_long_the_music_went_on() -> None:
    bench = ended_in_the_peak()
    assert picture(bench).length_s == bench.state.frame / S
    assert picture(bench.play(600)).length_s == bench.state.frame / S


def test_a_reminder_of_a_phase_that_did_not_come_never_counts() -> None:
    bench = ended_in_the_peak()
    rows = {row.text: row for row in picture(bench).reminders}
    assert (rows["eyes"].in_s, rows["eyes"].never) == (None, True)
    bench.play(3 * 3600)
    after = {row.text: row for row in picture(bench).reminders}
    assert after["eyes"].stage is ReminderStage.COMING
    assert "eyes" not in " ".join(bench.lines("ReminderDue"))


def test_reminders_of_the_dose_and_of_phases_that_came_go_on() -> None:
    bench = ended_in_the_peak()
    for _ in range(180):
        bench.play(60)
    due = [line.split(maxsplit=2)[2] for line in bench.lines("ReminderDue")]
    assert due == ["after the onset", "after the peak", "water", "pressure"]


def test_a_phase_passed_over_shows_as_not_entered_until_it_is_gone_to() -> None:
    bench = Bench(lozenge(reminders=REMINDERS)).play(60).key(c.Go(phase=3)).play(60)
    assert [phase.entered for phase in picture(bench).phases] == [True, False, False, True]
    assert [row.never for row in picture(bench).reminders] == [True, False, False, True, True]
    bench.key(c.Go(phase=2)).play(10)
    assert [phase.entered for phase in picture(bench).phases] == [True, False, True, False]
    assert picture(bench).reminders[0].in_s is not None


def test_the_picture_says_how_long_an_offer_stands() -> None:
    rows = [cue("Eyes", Point.START, 60, play=Play.ASK)]
    bench = Bench(plan([phase("One", 20, [0])], [tone(1300)], cues=rows)).play(20)
    assert picture(bench).cues[0].offer_left_s is None
    bench.play(20)
    assert picture(bench).cues[0].offer_left_s == 200.0
    bench.play(195)
    assert picture(bench).cue_asked == 0
    bench.play(10)
    assert picture(bench).cue_asked is None
    assert picture(bench).cues[0].offer_left_s is None


@pytest.mark.parametrize("answer", [(), (c.AllowCue(),)])
def test_an_offer_passes_with_the_music_and_reminders_can_be_ticked(
    answer: tuple[c.RoomCommand, ...],
) -> None:
    rows = [cue("Closing", Point.START, 60, play=Play.ASK), cue("later", Point.START, 600)]
    made = plan([phase("One", 20, [0])], [tone(1300)], cues=rows, reminders=[REMINDERS[2]])
    bench = Bench(made).play(5).key(c.MarkDose()).play(26).key(c.End())
    for key in answer:
        bench.key(key)
    bench.play(60)
    assert picture(bench).cue_asked is None
    why = "the music was ending" if answer else "the music has ended"
    assert [row.split(" ", 2)[2] for row in bench.lines("CueMissed")] == [f"Closing: {why}"]
    assert bench.names()[-1] == "MusicEnded"


def test_a_reminder_that_is_not_timed_yet_says_what_it_waits_for() -> None:
    rows = (
        reminder("a", Point.DOSE, 60),
        reminder("b", Point.BOOSTER, 60),
        reminder("c", Point.PHASE_START, 60, phase=3),
        reminder("d", Point.PHASE_END, 60, phase=3),
        reminder("e", Point.PHASE_END, -60, phase=2),
    )
    found = [row.waits for row in picture(Bench(lozenge(reminders=rows))).reminders]
    assert found == ["after the dose", "after a booster", "in Return", "after Return", "in Peak"]

"""Marks of the dose, late and corrected; boosters; reminders that nothing can move."""

from __future__ import annotations

from conducting import Bench, M, S, lozenge, phase, plan, reminder, tone

from player.session.model import Ends, Point
from player.timeline import commands as c
from player.timeline.events import PhaseEntered
from player.timeline.view import status_of

PRESSURE = [reminder("pressure", Point.DOSE, 40 * 60)]


def entered(bench: Bench) -> list[str]:
    return [e.phase for e in bench.events if isinstance(e, PhaseEntered)]


def test_an_early_dose_ends_the_phase_at_once_and_none_holds_it_at_its_end() -> None:
    early = Bench(lozenge()).play(120).key(c.MarkDose())
    assert early.phase == "Onset"
    assert early.state.phase_end == 12 * M
    none = Bench(lozenge()).play(1200)
    assert none.phase == "Arrival"
    assert none.lines("PhaseHeld") == ["00:10:00 PhaseHeld Arrival"]


def test_a_late_mark_places_the_phases_after_it() -> None:
    bench = Bench(lozenge()).play(600).key(c.MarkDose(ago_s=240))
    assert bench.phase == "Onset"
    assert bench.state.phase_start == 360 * S
    bench.play(400)
    assert bench.frames("PhaseEntered") == [0, 600 * S, 960 * S]


def test_phases_wholly_past_are_skipped() -> None:
    bench = Bench(lozenge()).play(1500).key(c.MarkDose(ago_s=12 * 60))
    assert entered(bench) == ["Arrival", "Peak"]
    assert bench.state.phase_start == (1500 - 120) * S


def test_a_phase_that_waits_by_hand_is_not_skipped_however_late_the_mark() -> None:
    bench = Bench(lozenge()).play(6000).key(c.MarkDose(ago_s=80 * 60)).play(10)
    assert bench.phase == "Peak"
    assert bench.state.holding


def test_a_corrected_mark_moves_the_running_phase_and_enters_none_twice() -> None:
    bench = Bench(lozenge()).play(60).key(c.MarkDose()).play(300)
    bench.key(c.MarkDose(ago_s=420))
    assert entered(bench) == ["Arrival", "Onset"]
    assert bench.state.phase_end == (360 - 420 + 600) * S
    bench.play(300)
    assert bench.phase == "Peak"
    bench.key(c.MarkDose(ago_s=60))
    assert entered(bench) == ["Arrival", "Onset", "Peak"], "never back into the onset"
    assert bench.state.phase_end == (660 - 60 + 600 + 1800) * S


def test_a_correction_leaves_a_phase_alone_that_was_chosen_by_hand() -> None:
    bench = Bench(lozenge()).play(60).key(c.MarkDose()).play(900).key(c.Go(phase=3)).play(60)
    end = bench.state.phase_end
    bench.key(c.MarkDose(ago_s=1200))
    assert bench.phase == "Return"
    assert bench.state.phase_end == end


def test_a_mark_made_after_moving_on_by_hand_still_places_the_onset() -> None:
    bench = Bench(lozenge()).play(600).key(c.Next()).play(60).key(c.MarkDose(ago_s=120))
    assert bench.phase == "Onset"
    assert bench.state.phase_end == (660 - 120 + 600) * S


def test_since_dose_and_its_reminders_run_on_through_a_pause() -> None:
    bench = Bench(lozenge(reminders=PRESSURE)).play(60).key(c.MarkDose()).play(600)
    bench.key(c.Pause()).play(7 * 60)
    bench.key(c.Resume()).play(39 * 60)
    due = [event for event in bench.events if type(event).__name__ == "ReminderDue"]
    assert len(due) == 1
    status = status_of(bench.plan, bench.state, bench.state.frame)
    assert status.since_dose_s is not None
    frame = due[0].frame
    still = 7 * 60 * S - 2 * S
    assert abs(frame + still - (60 + 40 * 60) * S) <= S


def test_holding_and_stretching_do_not_move_a_reminder() -> None:
    bench = Bench(lozenge(reminders=PRESSURE)).play(60).key(c.MarkDose())
    bench.play(60).key(c.Hold()).key(c.Stretch(by_s=900)).play(3600)
    assert bench.frames("ReminderDue") == [(60 + 2400) * S]


def test_a_reminder_that_is_past_when_the_mark_is_made_is_listed_as_missed() -> None:
    rows = [reminder("out", Point.DOSE, 120), reminder("later", Point.DOSE, 600)]
    bench = Bench(lozenge(reminders=rows)).play(500).key(c.MarkDose(ago_s=300)).play(10)
    assert bench.lines("ReminderDue") == ["00:08:20 ReminderDue out (missed)"]
    bench.play(400)
    assert bench.lines("ReminderDue")[1] == "00:13:20 ReminderDue later"


def test_a_correction_to_a_later_dose_lets_a_missed_reminder_come_again() -> None:
    rows = [reminder("out", Point.DOSE, 120)]
    bench = Bench(lozenge(reminders=rows)).play(500).key(c.MarkDose(ago_s=300)).play(10)
    bench.key(c.MarkDose(ago_s=10)).play(200)
    assert bench.lines("ReminderDue")[-1] == "00:10:20 ReminderDue out"


def test_a_booster_has_its_own_clock_and_the_last_one_counts() -> None:
    rows = [reminder("after booster", Point.BOOSTER, 600)]
    bench = Bench(lozenge(reminders=rows)).play(60).key(c.MarkDose()).play(600)
    bench.key(c.MarkBooster()).play(300).key(c.MarkBooster(ago_s=60)).play(900)
    assert bench.frames("ReminderDue") == [(960 - 60 + 600) * S]
    status = status_of(bench.plan, bench.state, bench.state.frame)
    assert status.since_dose_s == 1800
    assert status.since_booster_s == 960
    assert bench.state.phase_start == 660 * S, "a booster moves no phase"


def test_a_leaving_check_counts_from_the_last_dose_or_booster() -> None:
    rows = [
        reminder("leaving check", Point.DOSE, 3600),
        reminder("leaving check", Point.BOOSTER, 3600),
    ]
    none = Bench(lozenge(reminders=rows)).play(60).key(c.MarkDose()).play(7200)
    assert none.frames("ReminderDue") == [3660 * S]
    boosted = Bench(lozenge(reminders=rows)).play(60).key(c.MarkDose()).play(900)
    boosted.key(c.MarkBooster()).play(300).key(c.MarkBooster()).play(7200)
    assert boosted.frames("ReminderDue") == [(1260 + 3600) * S]


def test_a_booster_marked_by_mistake_is_undone_with_all_that_it_changed() -> None:
    rows = [
        reminder("leaving check", Point.DOSE, 3600),
        reminder("leaving check", Point.BOOSTER, 3600),
        reminder("pressure", Point.BOOSTER, 600),
    ]
    bench = Bench(lozenge(reminders=rows)).play(60).key(c.MarkDose()).play(900)
    bench.key(c.MarkBooster()).play(30).key(c.UndoBooster()).play(7200)
    assert bench.lines("BoosterUndone") == ["00:16:30 BoosterUndone"]
    assert bench.lines("ReminderDue") == ["01:01:00 ReminderDue leaving check"]
    status = status_of(bench.plan, bench.state, bench.state.frame)
    assert (status.boosters, status.since_booster_s) == (0, None)


def test_undone_late_it_says_what_the_dose_would_have_wanted_meanwhile() -> None:
    rows = [
        reminder("leaving check", Point.DOSE, 3600),
        reminder("leaving check", Point.BOOSTER, 7200),
    ]
    bench = Bench(lozenge(reminders=rows)).play(60).key(c.MarkDose()).play(900)
    bench.key(c.MarkBooster()).play(3600).key(c.UndoBooster()).play(10)
    assert bench.lines("ReminderDue") == ["01:16:00 ReminderDue leaving check (missed)"]


def test_the_mark_made_last_is_undone_and_the_booster_before_counts_again() -> None:
    rows = [reminder("pressure", Point.BOOSTER, 600)]
    bench = Bench(lozenge(reminders=rows)).play(60).key(c.MarkDose()).play(60)
    bench.key(c.MarkBooster()).play(700).key(c.TickReminder(reminder=0))
    bench.key(c.MarkBooster()).play(60).key(c.UndoBooster()).play(1200)
    assert bench.frames("ReminderDue") == [720 * S], "what was done is not to be done again"
    assert status_of(bench.plan, bench.state, bench.state.frame).since_booster_s == 1960
    bench.key(c.UndoBooster()).key(c.UndoBooster())
    assert bench.refused == "No booster is marked."


def test_undoing_the_dose_stops_its_clock_and_takes_back_its_reminders() -> None:
    bench = Bench(lozenge(reminders=PRESSURE)).play(60).key(c.MarkDose()).play(60)
    bench.key(c.UndoDose()).play(3600)
    assert bench.frames("ReminderDue") == []
    assert status_of(bench.plan, bench.state, bench.state.frame).since_dose_s is None


def test_the_clocks_go_on_after_the_music_until_the_client_has_left() -> None:
    rows = [reminder("leaving", Point.DOSE, 180 * 60), reminder("after", Point.END, 600)]
    one = [phase("Arrival", 5, [0], ends=Ends.DOSE), phase("Return", 10, [0])]
    bench = Bench(plan(one, [tone(900)], reminders=rows)).play(60).key(c.MarkDose()).play(7200)
    assert bench.frames("MusicEnded") == [11 * M]
    assert not bench.frames("SessionEnded")
    assert bench.lines("ReminderDue") == ["00:11:00 ReminderDue after"]
    bench.key(c.Next())
    assert "music is over" in bench.refused
    bench.play(3700)
    assert bench.lines("ReminderDue")[-1] == "00:11:00 ReminderDue leaving"
    bench.key(c.TickReminder(reminder=0)).key(c.ClientLeft())
    assert bench.names()[-1] == "SessionEnded"


def test_the_client_cannot_have_left_while_the_music_plays() -> None:
    bench = Bench(lozenge()).play(60).key(c.ClientLeft())
    assert not bench.state.ended
    assert "end it first" in bench.refused


def test_a_mark_that_reaches_back_over_a_pause_leaves_the_pause_out_of_the_programme() -> None:
    """Ten minutes of pause: the dose 11 minutes ago was 1 minute of programme ago."""
    bench = Bench(lozenge()).play(300).key(c.Pause()).play(602).key(c.Resume()).play(60)
    bench.key(c.MarkDose(ago_s=11 * 60))
    assert bench.phase == "Onset"
    assert abs(bench.state.frame - bench.state.phase_start - 60 * S) < S

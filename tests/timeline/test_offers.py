"""A yes is for the time that was offered: what is put off is offered anew, never spoken unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conducting import Bench, S, cue, lozenge, phase, plan, reminder, tone

from player.session.model import Ends, Play, Point
from player.timeline import commands as c
from player.timeline.decisions import StartClip
from player.timeline.plan import Plan, PlanCue
from player.timeline.view import status_of

MUSIC = [tone(1500)] * 3


def spoken(bench: Bench) -> list[float]:
    return [d.at / S for d in bench.decisions if isinstance(d, StartClip)]


def three(*words: PlanCue) -> Plan:
    rows = [
        phase("Build", 10, [0]),
        phase("Peak", 30, [1], voice=False, ends=Ends.HAND),
        phase("Return", 10, [2]),
    ]
    return plan(rows, MUSIC, cues=words, reminders=[reminder("Water", Point.START, 700)])


AWAY = [(c.Go(phase=1),), (c.Next(), c.Go(phase=1)), (c.Go(phase=0), c.Go(phase=1))]


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("said_yes", [True, False])
def test_a_yes_before_a_phase_is_left_is_asked_for_again_when_it_comes_once_more(
    away: tuple[c.RoomCommand, ...], said_yes: bool
) -> None:
    words = cue("back", Point.PHASE_START, 120, phase=2, play=Play.ASK)
    bench = Bench(three(words)).play(30).key(c.Go(phase=2)).play(100)
    if said_yes:
        bench.key(c.AllowCue()).play(5)
    for key in away:
        bench.key(key)
    bench.play(600)
    assert status_of(bench.plan, bench.state, bench.state.frame).cue_asked is None
    bench.key(c.Go(phase=2)).play(400)
    assert spoken(bench) == []
    assert len(bench.lines("CueAsked")) == 2


def test_the_way_back_takes_an_offer_of_the_other_phase_away_until_its_time() -> None:
    rows = [phase("Hold", 10, [0]), phase("Onset", 10, [1])]
    words = [cue("shades", Point.PHASE_START, 20, phase=1, play=Play.ASK)]
    bench = Bench(plan(rows, MUSIC, cues=words)).play(120).key(c.Next()).play(5)
    assert len(bench.lines("CueAsked")) == 1
    bench.key(c.Back()).play(60)
    assert bench.lines("CuePutOff") == ["00:02:05 CuePutOff shades"]
    assert status_of(bench.plan, bench.state, bench.state.frame).cue_asked is None
    bench.key(c.AllowCue())
    assert bench.refused == "No cue is offered now."
    bench.play(500)
    assert bench.lines("CueAsked")[-1] == "00:10:05 CueAsked shades"
    assert spoken(bench) == []


def test_a_yes_before_a_move_that_is_undone_is_asked_for_again() -> None:
    words = cue("settle", Point.PHASE_START, 120, phase=0, play=Play.ASK)
    bench = Bench(three(words)).play(100).key(c.AllowCue()).play(5).key(c.Next()).play(5)
    bench.key(c.Back()).play(60)
    assert spoken(bench) == []
    assert len(bench.lines("CueAsked")) == 2


def test_a_yes_at_the_end_of_a_phase_that_is_then_made_longer_is_asked_for_again() -> None:
    words = cue("before", Point.PHASE_END, -20, phase=0, play=Play.ASK)
    bench = Bench(three(words)).play(560).key(c.AllowCue()).key(c.Stretch(by_s=300)).play(250)
    assert (spoken(bench), len(bench.lines("CueAsked"))) == ([], 1)
    bench.play(45).key(c.AllowCue()).play(30)
    assert spoken(bench) == [880]


@pytest.mark.parametrize("change", [c.UndoDose(), c.MarkDose(ago_s=10)])
def test_a_yes_before_the_dose_is_taken_back_or_corrected_is_asked_for_again(
    change: c.RoomCommand,
) -> None:
    words = [cue("after", Point.DOSE, 120, play=Play.ASK)]
    bench = Bench(lozenge(cues=words)).play(60).key(c.MarkDose()).play(100).key(c.AllowCue())
    bench.key(change).key(c.MarkDose()).play(200)
    assert (spoken(bench), len(bench.lines("CueAsked"))) == ([], 2)


def test_a_yes_is_asked_for_again_where_a_phase_without_voices_begins() -> None:
    bench = Bench(three(cue("words", Point.START, 120, play=Play.ASK))).play(100)
    bench.key(c.AllowCue()).play(5).key(c.Next()).play(400)
    assert spoken(bench) == []
    assert bench.lines("CueAsked", "CueMissed") == [
        "00:01:30 CueAsked words",
        "00:01:45 CueAsked words",
        "00:05:00 CueMissed words: no answer",
    ]


def test_a_yes_in_a_phase_without_voices_wants_a_second_press_that_is_not_the_same_one() -> None:
    words = cue("words", Point.PHASE_END, -10, phase=0, play=Play.ASK)
    bench = Bench(three(words)).play(640).key(c.AllowCue())
    assert "once more" in bench.refused
    bench.play(0.3).key(c.AllowCue())
    assert "once more" in bench.refused
    bench.play(30).key(c.AllowCue())
    assert "once more" in bench.refused, "that was long ago"
    assert spoken(bench) == []
    bench.play(2).key(c.AllowCue()).play(5)
    assert (spoken(bench), bench.refused) == ([673.8], "")


def test_a_yes_for_what_falls_into_a_phase_without_voices_wants_one_too() -> None:
    words = cue("words", Point.PHASE_END, -1, phase=0, play=Play.ASK)
    bench = Bench(three(words)).play(598.7).key(c.AllowCue())
    assert "once more" in bench.refused, "the bed is down behind the boundary"


@pytest.mark.parametrize(
    ("quiet", "rest_s", "first_word_s"),
    [(c.Pause(), 68, 24), (c.Pause(), 20, 16), (c.Silence(), 1, 19), (c.End(), 1, 19)],
)
def test_the_first_word_comes_once_the_music_is_back(
    quiet: c.RoomCommand, rest_s: float, first_word_s: float
) -> None:
    words = [cue("words", Point.START, 16)]
    bench = Bench(plan([phase("One", 10, [0])], MUSIC, cues=words)).play(12).key(quiet)
    bench.play(rest_s).key(c.Back() if isinstance(quiet, c.End) else c.Resume()).play(60)
    assert spoken(bench) == [first_word_s], "a long pause comes back over 10 s, from 14 s on"
    assert bench.lines("CueMissed") == []


def test_a_yes_before_a_long_pause_is_asked_for_again_behind_it() -> None:
    words = cue("words", Point.START, 120, play=Play.ASK)
    bench = Bench(three(words)).play(100).key(c.AllowCue()).play(5).key(c.Pause()).play(90)
    bench.key(c.Resume()).play(30)
    assert spoken(bench) == []
    bench.key(c.AllowCue()).play(10)
    assert len(spoken(bench)) == 1
    short = Bench(three(words)).play(100).key(c.AllowCue()).play(5).key(c.Pause()).play(30)
    assert spoken(short.key(c.Resume()).play(30)) == [120]


WAITS = [cue("long", Point.START, 10, seconds=120), cue("behind it", Point.START, 20)]


def test_what_waited_for_a_piece_that_is_left_is_asked_for_in_the_next_phase() -> None:
    guided = replace(cue("guided", Point.PHASE_START, 10), frames=290 * S, resumes=(0, 20 * S))
    rows = [phase("One", 5, [0]), phase("Two", 10, [1])]
    bench = Bench(plan(rows, MUSIC, cues=[guided, cue("later", Point.START, 40)]))
    bench.play(60).key(c.Next()).play(120)
    assert spoken(bench) == [10]
    assert bench.lines("CueAsked") == ["00:01:00 CueAsked later"]


@pytest.mark.parametrize("stopped_at_s", [21, 100])
def test_what_waited_for_a_voice_that_is_stopped_is_asked_for(stopped_at_s: float) -> None:
    bench = Bench(plan([phase("One", 10, [0])], MUSIC, cues=WAITS)).play(stopped_at_s)
    bench.key(c.StopCue()).play(60)
    assert len(spoken(bench)) == 1
    assert [line.split(" ", 2)[2] for line in bench.lines("CueAsked")] == ["behind it"]
    bench.key(c.AllowCue()).play(10)
    assert len(spoken(bench)) == 2


def test_what_a_pause_kept_waiting_for_long_is_asked_for() -> None:
    bench = Bench(plan([phase("One", 10, [0])], MUSIC, cues=WAITS)).play(100).key(c.Pause())
    bench.play(10).key(c.Resume()).play(60)
    assert (spoken(bench), len(bench.lines("CueAsked"))) == ([10], 1)
    soon = Bench(plan([phase("One", 10, [0])], MUSIC, cues=WAITS)).play(22).key(c.Pause())
    soon.play(10).key(c.Resume()).play(60)
    assert (len(spoken(soon)), soon.lines("CueAsked")) == (2, [])

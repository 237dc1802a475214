"""When words sound, when they are offered, and when they pass."""

from __future__ import annotations

from conducting import Bench, S, cue, lozenge, phase, plan, tone

from player.session.model import Ends, Play, Point
from player.timeline import commands as c
from player.timeline.conductor import begin, learn, opening
from player.timeline.decisions import DuckBed, LiftBed, StartClip, StopClip

ONE = [phase("One", 10, [0]), phase("Two", 10, [0])]
MUSIC = [tone(900)]


def clips(bench: Bench) -> list[tuple[int, int]]:
    return [(d.cue, d.at) for d in bench.decisions if isinstance(d, StartClip)]


def ducks(bench: Bench) -> list[tuple[int, int]]:
    return [(d.at, d.down) for d in bench.decisions if isinstance(d, DuckBed)]


def test_the_bed_is_down_before_the_first_sample_and_back_after_the_last() -> None:
    bench = Bench(plan(ONE, MUSIC, cues=[cue("words", Point.START, 60)])).play(100)
    assert ducks(bench) == [(58.5 * S, 1.5 * S)]
    assert clips(bench) == [(0, 60 * S)]
    lifts = [(d.at, d.up) for d in bench.decisions if isinstance(d, LiftBed)]
    assert lifts == [(80 * S, 3 * S)]
    assert bench.frames("CueStarted") == [60 * S]
    assert bench.frames("CueEnded") == [80 * S]


def test_with_less_than_the_way_down_left_speech_comes_after_it() -> None:
    bench = Bench(plan(ONE, MUSIC, cues=[cue("words", Point.START, 0)])).play(100)
    assert ducks(bench) == [(0, 1.5 * S)]
    assert clips(bench) == [(0, 1.5 * S)]


def test_what_is_measured_before_the_begin_speaks_no_cue() -> None:
    row = plan(ONE, [None], cues=[cue("words", Point.START, 0)])
    step = learn(row, opening(row), 0, tone(900))
    assert (step.decisions, step.events) == ([], [])
    step = begin(row, step.state)
    assert [d.at for d in step.decisions if isinstance(d, StartClip)] == [1.5 * S]


def test_no_speech_starts_within_three_seconds_of_the_last() -> None:
    rows = [cue("first", Point.START, 60), cue("second", Point.START, 70)]
    bench = Bench(plan(ONE, MUSIC, cues=rows)).play(200)
    assert clips(bench) == [(0, 60 * S), (1, 83 * S)]


def test_voice_off_is_judged_where_the_first_sample_would_fall() -> None:
    rows = [phase("One", 10, [0]), phase("Two", 10, [0], voice=False), phase("Three", 10, [0])]
    words = [
        cue("just before", Point.PHASE_END, -1, phase=0),
        cue("inside", Point.PHASE_START, 60, phase=1),
        cue("as the next begins", Point.PHASE_START, 0, phase=2),
    ]
    bench = Bench(plan(rows, MUSIC, cues=words)).play(1400)
    assert [number for number, _ in clips(bench)] == [0, 2]
    assert bench.lines("CueMissed") == [
        "00:10:58 CueMissed inside: voice is off in this phase",
    ]


def test_an_asked_cue_is_offered_30_seconds_before_and_passes_after_3_minutes() -> None:
    words = [cue("shades", Point.START, 60, play=Play.ASK)]
    bench = Bench(plan(ONE, MUSIC, cues=words)).play(300)
    assert bench.lines("CueAsked", "CueMissed") == [
        "00:00:30 CueAsked shades",
        "00:04:00 CueMissed shades: no answer",
    ]
    assert clips(bench) == []


def test_yes_before_its_time_waits_for_it_and_yes_after_it_speaks_now() -> None:
    words = [cue("shades", Point.START, 60, play=Play.ASK)]
    early = Bench(plan(ONE, MUSIC, cues=words)).play(40).key(c.AllowCue()).play(60)
    assert clips(early) == [(0, 60 * S)]
    late = Bench(plan(ONE, MUSIC, cues=words)).play(90).key(c.AllowCue()).play(60)
    assert clips(late) == [(0, 91.5 * S)]


def test_no_lets_it_pass() -> None:
    words = [cue("shades", Point.START, 60, play=Play.ASK)]
    bench = Bench(plan(ONE, MUSIC, cues=words)).play(40).key(c.DeclineCue()).play(100)
    assert clips(bench) == []
    assert bench.lines("CueMissed") == ["00:00:40 CueMissed shades: declined"]


def test_a_yes_is_taken_back_as_long_as_the_voice_has_not_its_turn() -> None:
    words = [cue("shades", Point.START, 60, play=Play.ASK)]
    bench = Bench(plan(ONE, MUSIC, cues=words)).play(40).key(c.AllowCue()).play(10)
    bench.key(c.DeclineCue()).play(100)
    assert clips(bench) == []
    assert bench.lines("CueMissed") == ["00:00:50 CueMissed shades: declined"]
    bench.key(c.DeclineCue())
    assert bench.refused == "No cue is offered now."


def test_a_cue_by_hand_sounds_after_the_way_down_or_wants_a_second_press() -> None:
    words = [cue("breath", Point.START, 0, play=Play.HAND)]
    bench = Bench(plan(ONE, MUSIC, cues=words)).play(50).key(c.SpeakCue(cue=0)).play(60)
    assert clips(bench) == [(0, 51.5 * S)]
    off = Bench(plan([phase("One", 10, [0], voice=False)], MUSIC, cues=words)).play(50)
    off.key(c.SpeakCue(cue=0))
    assert "once more" in off.refused
    off.play(10)
    assert clips(off) == []
    off.key(c.SpeakCue(cue=0, sure=True)).play(10)
    assert clips(off) == [(0, 61.5 * S)]


def test_a_cue_before_the_end_of_a_phase_by_hand_sounds_once_by_the_written_length() -> None:
    rows = [phase("One", 5, [0], ends=Ends.HAND), phase("Two", 5, [0])]
    words = [
        cue("before", Point.PHASE_END, -60, phase=0),
        cue("before the next", Point.PHASE_START, -30, phase=1),
        cue("in the next", Point.PHASE_START, 10, phase=1),
    ]
    bench = Bench(plan(rows, MUSIC, cues=words)).play(1000)
    assert clips(bench) == [(0, 240 * S), (1, 270 * S)]
    bench.key(c.Next()).play(60)
    assert clips(bench)[2:] == [(2, 1010 * S)]


def test_cues_of_a_phase_that_was_left_do_not_sound_in_the_next() -> None:
    words = [cue("late in one", Point.PHASE_START, 300, phase=0)]
    bench = Bench(plan(ONE, MUSIC, cues=words)).play(60).key(c.Next()).play(500)
    assert clips(bench) == []
    assert bench.lines("CueMissed") == ["00:01:00 CueMissed late in one: its phase was left"]


def test_a_move_that_is_undone_brings_its_cues_back() -> None:
    words = [cue("late in one", Point.PHASE_START, 300, phase=0)]
    bench = Bench(plan(ONE, MUSIC, cues=words)).play(60).key(c.Next()).play(5).key(c.Back())
    bench.play(300)
    assert clips(bench) == [(0, 305 * S)]


def test_talk_takes_the_voice_away_and_due_cues_are_asked() -> None:
    words = [cue("first", Point.START, 60), cue("second", Point.START, 100)]
    bench = Bench(plan(ONE, MUSIC, cues=words)).play(65).key(c.BeginTalk()).play(60)
    stops = [d for d in bench.decisions if isinstance(d, StopClip)]
    assert [(d.at, d.frames) for d in stops] == [(65 * S, S)]
    assert clips(bench) == [(0, 60 * S)]
    assert bench.lines("CueAsked") == ["00:01:38 CueAsked second"]
    bench.key(c.EndTalk()).key(c.AllowCue()).play(10)
    assert clips(bench)[1] == (1, 126.5 * S)


def test_talk_between_the_way_down_and_the_first_word_offers_the_cue_again() -> None:
    words = [cue("first", Point.START, 60)]
    bench = Bench(plan(ONE, MUSIC, cues=words)).play(59).key(c.BeginTalk()).play(60)
    assert bench.lines("CueStarted") == []
    assert bench.lines("CueAsked") == ["00:00:59 CueAsked first"]


def test_cues_pass_in_a_silence() -> None:
    words = [cue("first", Point.START, 60), cue("asked", Point.START, 90, play=Play.ASK)]
    bench = Bench(plan(ONE, MUSIC, cues=words)).play(30).key(c.Silence()).play(200)
    bench.key(c.Resume()).play(200)
    assert clips(bench) == []
    assert len(bench.lines("CueMissed")) == 2


def test_a_pause_stops_the_cue_that_speaks_and_does_not_resume_it() -> None:
    words = [cue("first", Point.START, 60)]
    bench = Bench(plan(ONE, MUSIC, cues=words)).play(65).key(c.Pause()).play(30)
    bench.key(c.Resume()).play(60)
    assert clips(bench) == [(0, 60 * S)]
    assert bench.frames("CueEnded") == [65 * S]


def test_words_without_sound_are_offered_for_reading_and_start_no_clip() -> None:
    words = [cue("read me", Point.START, 60, seconds=None)]
    bench = Bench(plan(ONE, MUSIC, cues=words)).play(40)
    assert bench.lines("CueAsked") == ["00:00:30 CueAsked read me"]
    bench.key(c.AllowCue()).play(300)
    assert clips(bench) == []
    assert not bench.lines("CueMissed")


def test_a_cue_anchored_to_the_dose_counts_from_the_mark() -> None:
    words = [cue("after", Point.DOSE, 120)]
    bench = Bench(lozenge(cues=words)).play(100).key(c.MarkDose()).play(300)
    assert clips(bench) == [(0, 220 * S)]


def test_a_cue_whose_time_is_past_when_the_dose_is_marked_late_passes() -> None:
    words = [cue("after", Point.DOSE, 120)]
    bench = Bench(lozenge(cues=words)).play(400).key(c.MarkDose(ago_s=200)).play(300)
    assert clips(bench) == []
    assert bench.lines("CueMissed") == ["00:06:40 CueMissed after: its time was past"]

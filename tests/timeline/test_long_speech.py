"""A long speech with silences in it: what the bed does meanwhile, and how it is stopped."""

from __future__ import annotations

from dataclasses import replace

from conducting import Bench, S, cue, phase, plan, tone

from player.session.model import Point
from player.timeline import commands as c
from player.timeline.decisions import DuckBed, LiftBed, StopClip
from player.timeline.plan import Plan

MUSIC = [tone(900)]


def guided(*rests: tuple[int, int], frames: int = 300 * S) -> Plan:
    """A cue of five minutes at 10 s, with rests in seconds."""
    words = replace(
        cue("guided", Point.START, 10),
        frames=frames,
        rests=tuple((begin * S, end * S) for begin, end in rests),
    )
    return plan([phase("One", 10, [0]), phase("Two", 10, [0], voice=False)], MUSIC, cues=[words])


def bed(bench: Bench) -> list[tuple[str, float, float]]:
    """Which way the bed goes, from when, and for how long, in seconds."""
    moves = [d for d in bench.decisions if isinstance(d, DuckBed | LiftBed)]
    return [
        ("down", d.at / S, d.down / S) if isinstance(d, DuckBed) else ("up", d.at / S, d.up / S)
        for d in moves
    ]


def test_the_bed_stays_down_between_sentences_and_comes_back_slowly_in_a_long_silence() -> None:
    assert bed(Bench(guided()).play(400)) == [("down", 8.5, 1.5), ("up", 310, 3)]
    assert bed(Bench(guided((60, 120), (200, 240))).play(400)) == [
        ("down", 8.5, 1.5),
        ("up", 70, 6),
        ("down", 127, 3),
        ("up", 210, 6),
        ("down", 247, 3),
        ("up", 310, 3),
    ]


def test_the_bed_comes_back_behind_the_last_word_not_behind_the_quiet_after_it() -> None:
    bench = Bench(guided((240, 300))).play(400)
    assert bed(bench) == [("down", 8.5, 1.5), ("up", 250, 3)]
    assert bench.frames("CueEnded") == [310 * S]


def test_one_key_stops_the_whole_of_it_with_a_fade_and_brings_the_bed_back() -> None:
    bench = Bench(guided((60, 120))).play(40).key(c.StopCue()).play(200)
    assert [(d.at / S, d.frames / S) for d in bench.decisions if isinstance(d, StopClip)] == [
        (40, 1)
    ]
    assert bed(bench)[-1] == ("up", 40, 3), "told last, so that what was told before is forgotten"
    assert bench.frames("CueEnded") == [40 * S]


def test_a_long_speech_fades_where_voices_are_off() -> None:
    long = Bench(guided()).play(100).key(c.Next()).play(30)
    assert [d.at / S for d in long.decisions if isinstance(d, StopClip)] == [100]
    nearly_done = Bench(guided(frames=100 * S)).play(100).key(c.Next()).play(30)
    assert [d for d in nearly_done.decisions if isinstance(d, StopClip)] == []


def test_words_that_would_begin_as_the_music_ends_pass_and_leave_the_bed_alone() -> None:
    late = replace(cue("late", Point.END, -1), frames=4 * S)
    row = plan([phase("One", 10, [0])], MUSIC, cues=[late])
    bench = Bench(row).play(700)
    assert bed(bench) == []
    assert bench.lines("CueMissed") == ["00:09:57 CueMissed late: the music was ending"]
    assert bench.frames("CueStarted") == []

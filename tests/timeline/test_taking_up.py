"""A guided piece goes on at its next sentence after a pause or a break; a short cue does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conducting import Bench, S, cue, phase, plan, tone

from player.session.model import Point
from player.timeline import commands as c
from player.timeline.conductor import recover
from player.timeline.decisions import DuckBed, StartClip, StopClip
from player.timeline.plan import Plan
from player.timeline.view import status_of

MUSIC = [tone(900)]
SENTENCES = (0, 20, 40, 100, 280)
"""Where they begin in the piece, which begins at 10 s and lasts for 290 s."""


def piece(*, guided: bool = True) -> Plan:
    words = replace(
        cue("guided", Point.START, 10),
        frames=290 * S,
        rests=((45 * S, 100 * S),),
        resumes=tuple(at * S for at in SENTENCES) if guided else (),
    )
    return plan([phase("One", 5, [0]), phase("Two", 10, [0])], MUSIC, cues=[words])


def spoken(bench: Bench) -> list[tuple[float, float]]:
    """From where in the programme and from where in the piece words are spoken, in seconds."""
    return [(d.at / S, d.skip / S) for d in bench.decisions if isinstance(d, StartClip)]


def broken(bench: Bench, *, paused: bool) -> Bench:
    bench.take(recover(bench.plan, bench.state, S // 2, paused=paused))
    return bench


def test_after_a_pause_it_goes_on_with_the_next_sentence_at_its_own_place() -> None:
    bench = Bench(piece()).play(33).key(c.Pause()).play(40).key(c.Resume()).play(300)
    assert spoken(bench) == [(10, 0), (50, 40)], "it stood at 35 s, so that 50 s is yet to come"
    assert bench.frames("CueEnded") == [33 * S, 300 * S], "it ends where it would have ended"


def test_while_it_waits_for_the_music_the_status_says_so() -> None:
    bench = Bench(piece()).play(33).key(c.Pause()).play(5)
    assert status_of(bench.plan, bench.state, bench.state.frame).cue_goes_on == 0
    bench.key(c.Resume()).play(1)
    assert status_of(bench.plan, bench.state, bench.state.frame).cue_goes_on is None
    late = Bench(piece()).play(295).key(c.Pause()).play(5)
    assert status_of(late.plan, late.state, late.state.frame).cue_goes_on is None


def test_a_sentence_that_would_begin_before_the_music_is_back_is_left_out() -> None:
    bench = Bench(piece()).play(27).key(c.Pause()).play(70).key(c.Resume()).play(300)
    assert spoken(bench) == [(10, 0), (50, 40)], "back after ten seconds, from 29 s on"
    assert bench.frames("CueStarted") == [10 * S, 50 * S]


def test_the_bed_goes_down_again_for_it_and_comes_back_in_its_long_silences() -> None:
    bench = Bench(piece()).play(33).key(c.Pause()).play(40).key(c.Resume()).play(300)
    downs = [d.at / S for d in bench.decisions if isinstance(d, DuckBed)]
    assert downs[-2:] == [48.5, 107], "before the sentence, and at the end of the long silence"
    assert all(d.at / S < 300 for d in bench.decisions if isinstance(d, DuckBed))


def test_after_a_silence_it_goes_on_where_the_programme_has_come_to() -> None:
    bench = Bench(piece()).play(33).key(c.Silence()).play(40).key(c.Resume()).play(300)
    assert spoken(bench) == [(10, 0), (110, 100)]


@pytest.mark.parametrize(("at_s", "first_word_s"), [(6.0, 10), (7.0, 11), (9.0, 13)])
def test_a_pause_right_before_its_first_word_leaves_nothing_out(
    at_s: float, first_word_s: float
) -> None:
    bench = Bench(piece()).play(at_s).key(c.Pause()).play(5).key(c.Resume()).play(300)
    assert spoken(bench)[-1] == (first_word_s, 0)
    assert bench.frames("CueStarted") == [first_word_s * S]
    assert "CueMissed" not in bench.names()


def test_a_silence_over_its_beginning_leaves_out_what_is_past() -> None:
    bench = Bench(piece()).play(5).key(c.Silence()).play(40).key(c.Resume()).play(300)
    assert spoken(bench) == [(110, 100)]


def test_the_sound_that_breaks_off_for_seconds_takes_it_up_by_itself() -> None:
    bench = broken(Bench(piece()).play(33), paused=False).play(300)
    assert spoken(bench) == [(10, 0), (50, 40)]


def test_after_a_long_break_it_waits_for_the_key() -> None:
    bench = broken(Bench(piece()).play(33), paused=True)
    stops = [(d.at, d.frames) for d in bench.decisions if isinstance(d, StopClip)]
    assert stops[-1] == (33 * S, 0), "nothing of its last word is left for the way back"
    assert spoken(bench.play(100)) == [(10, 0)]
    assert spoken(bench.key(c.Resume()).play(300)) == [(10, 0), (50, 40)]


def test_a_pause_turned_into_a_silence_and_two_pauses_keep_it() -> None:
    bench = Bench(piece()).play(33).key(c.Pause()).play(5).key(c.Silence()).play(5)
    assert spoken(bench.key(c.Resume()).play(20)) == [(10, 0), (50, 40)]
    bench.key(c.Pause()).play(5).key(c.Resume()).play(300)
    assert spoken(bench) == [(10, 0), (50, 40), (110, 100)]


def test_what_was_stopped_by_its_key_or_left_behind_stays_stopped() -> None:
    stopped = Bench(piece()).play(33).key(c.StopCue()).key(c.Pause()).play(5).key(c.Resume())
    assert spoken(stopped.play(300)) == [(10, 0)]
    moved = Bench(piece()).play(33).key(c.Pause()).key(c.Next()).play(5).key(c.Resume())
    assert spoken(moved.play(300)) == [(10, 0)]


def test_where_no_sentence_is_left_nothing_is_said() -> None:
    bench = Bench(piece()).play(295).key(c.Pause()).play(5).key(c.Resume()).play(300)
    assert spoken(bench) == [(10, 0)]
    assert bench.phase == "Two"


def test_a_short_cue_stays_stopped() -> None:
    bench = Bench(piece(guided=False)).play(33).key(c.Pause()).play(5).key(c.Resume()).play(300)
    assert spoken(broken(bench, paused=False).play(300)) == [(10, 0)]


def test_while_somebody_talks_it_waits_until_that_ends() -> None:
    bench = Bench(piece()).play(33).key(c.Pause()).key(c.BeginTalk()).key(c.Resume()).play(30)
    assert spoken(bench) == [(10, 0)]
    assert spoken(bench.key(c.EndTalk()).play(300)) == [(10, 0), (110, 100)]


def phases(start_s: float = 0) -> Bench:
    """The same piece as the second of three phases, from 130 s to 420 s."""
    words = piece().cues[0]
    words = replace(words, at=replace(words.at, point=Point.PHASE_START, phase=1))
    rows = [phase("Zero", 2, [0]), phase("One", 5, [0]), phase("Two", 10, [0])]
    return Bench(plan(rows, MUSIC, cues=[words]), start=round(start_s * S))


@pytest.mark.parametrize(
    ("start_s", "heard"),
    [(120, (130, 0)), (131, (150, 20)), (150, (170, 40)), (225, (410, 280))],
)
def test_a_session_begun_in_its_middle_takes_it_up_once_the_music_is_in(
    start_s: float, heard: tuple[float, float]
) -> None:
    bench = phases(start_s).play(500)
    assert spoken(bench) == [heard]
    assert bench.frames("CueEnded") == [420 * S]
    assert "CueMissed" not in bench.names()


def test_a_session_begun_behind_its_last_sentence_has_music_alone() -> None:
    assert spoken(phases(411).play(300)) == []


@pytest.mark.parametrize("command", [c.Next(), c.Go(phase=0), c.Go(phase=2)])
def test_it_stops_with_a_fade_where_its_phase_is_left_by_hand(command: c.RoomCommand) -> None:
    bench = phases().play(150).key(command).play(100)
    assert [d.at / S for d in bench.decisions if isinstance(d, StopClip)] == [150]
    assert bench.frames("CueEnded") == [150 * S]


def test_the_way_back_takes_it_up_as_much_later_as_its_phase_then_ends() -> None:
    bench = phases().play(150).key(c.Next()).play(10).key(c.Back()).play(400)
    assert spoken(bench) == [(130, 0), (240, 100)], "its third sentence lies where music comes back"
    assert bench.frames("CueEnded")[-1] == bench.frames("PhaseEntered")[-1] == 430 * S


def test_a_pause_before_the_move_and_the_way_back_still_take_it_up() -> None:
    bench = phases().play(150).key(c.Pause()).play(5).key(c.Next()).key(c.Back()).key(c.Resume())
    assert spoken(bench.play(300))[-1] == (170, 40)


@pytest.mark.parametrize("played_s", [150, 430])
def test_a_phase_that_is_gone_to_again_has_its_piece_from_the_beginning(played_s: float) -> None:
    bench = phases().play(played_s).key(c.Go(phase=0)).play(40).key(c.Go(phase=1)).play(30)
    assert spoken(bench) == [(130, 0), (played_s + 50, 0)]


def two_pieces() -> Bench:
    """Two phases of ten minutes, each with a piece of five from 25 s on, and then music alone."""
    rows = [phase("A", 10, [0]), phase("B", 10, [0]), phase("C", 10, [0])]
    words = [
        replace(
            cue(name, Point.PHASE_START, 25, phase=at),
            frames=300 * S,
            resumes=tuple(range(0, 300 * S, 10 * S)),
        )
        for at, name in enumerate(["in A", "in B"])
    ]
    return Bench(plan(rows, MUSIC, cues=words))


def voices(bench: Bench) -> list[tuple[int, float, float]]:
    """Which piece is spoken, from where in the programme and in the piece."""
    return [(d.cue, d.at / S, d.skip / S) for d in bench.decisions if isinstance(d, StartClip)]


@pytest.mark.parametrize("stayed_s", [24, 27])
def test_the_way_back_stops_the_piece_of_the_phase_that_is_left(stayed_s: float) -> None:
    bench = two_pieces().play(120).key(c.Next()).play(stayed_s).key(c.Back()).play(400)
    heard = voices(bench)
    assert heard[:2] == [(0, 25, 0), (1, 145, 0)]
    assert [row[0] for row in heard[2:]] == [0], "A goes on with its own piece alone"
    stops = [d.at / S for d in bench.decisions if isinstance(d, StopClip)]
    assert stops == [120, 120 + stayed_s]
    assert bench.state.speech is None


def test_a_piece_that_the_way_back_stopped_is_heard_whole_when_its_phase_comes() -> None:
    bench = two_pieces().play(120).key(c.Next()).play(27).key(c.Back()).play(20).key(c.Next())
    bench.play(400)
    assert voices(bench)[-1] == (1, 167 + 25, 0)
    assert bench.frames("CueEnded")[-1] == (167 + 25 + 300) * S


def test_a_piece_that_a_pause_cut_short_is_not_taken_up_in_the_phase_one_goes_back_to() -> None:
    bench = two_pieces().play(10).key(c.Next()).play(27).key(c.Pause()).play(5).key(c.Back())
    bench.key(c.Resume()).play(60)
    assert [row[0] for row in voices(bench)] == [1, 0]


def test_a_short_cue_gives_way_to_the_piece_that_the_way_back_takes_up() -> None:
    bench = two_pieces()
    short = cue("short", Point.PHASE_START, 5, phase=1, seconds=60)
    bench = Bench(replace(bench.plan, cues=(bench.plan.cues[0], short)))
    bench.play(120).key(c.Next()).play(20).key(c.Back()).play(100)
    assert [row[0] for row in voices(bench)] == [0, 1, 0]
    assert bench.frames("CueEnded")[:2] == [120 * S, 140 * S]
    assert bench.frames("CueStarted")[-1] >= 144 * S, (
        "and does not begin before the other has faded"
    )


def test_a_piece_ends_with_its_phase_where_that_is_made_shorter() -> None:
    bench = two_pieces().play(120).key(c.Stretch(by_s=-480)).play(200)
    assert voices(bench) == [(0, 25, 0), (1, 175, 0)], "B begins at 150 s, and its piece with it"
    assert bench.frames("CueEnded") == [150 * S]


def test_a_piece_that_began_a_little_late_is_heard_to_its_end() -> None:
    bench = phases().play(126).key(c.Pause()).play(5).key(c.Resume()).play(400)
    assert spoken(bench)[-1][1] == 0
    assert bench.frames("CueEnded")[-1] - bench.frames("CueStarted")[-1] == 290 * S


@pytest.mark.parametrize(("ended_s", "heard"), [(120, (0, 135, 110)), (24, (0, 32, 0))])
def test_an_end_that_is_called_off_takes_the_piece_up(
    ended_s: float, heard: tuple[int, float, float]
) -> None:
    bench = two_pieces().play(ended_s).key(c.End()).play(2).key(c.Back()).play(400)
    assert voices(bench)[-1] == heard
    assert voices(bench)[:-1] == [(0, 25, 0)], "and nothing else"


def test_an_end_in_a_pause_that_is_called_off_is_silent_until_the_key() -> None:
    bench = two_pieces().play(120).key(c.Pause()).play(1).key(c.End()).play(2).key(c.Back())
    assert voices(bench.play(20)) == [(0, 25, 0)]
    assert len(voices(bench.key(c.Resume()).play(60))) == 2

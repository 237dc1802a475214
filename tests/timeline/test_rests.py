"""Pause, silence, talk and volume."""

from __future__ import annotations

from conducting import Bench, S, lozenge, phase, plan, tone

from player.timeline import commands as c
from player.timeline.conductor import obey
from player.timeline.decisions import Bus, DuckBed, FadeBus, Freeze, LiftBed, SetVolume

MUSIC = plan([phase("One", 10, [0]), phase("Two", 10, [0])], [tone(900)])


def master(bench: Bench) -> list[tuple[int, int, bool]]:
    rows = [d for d in bench.decisions if isinstance(d, FadeBus) and d.bus is Bus.MASTER]
    return [(d.at, d.frames, d.up) for d in rows]


def test_a_pause_fades_over_two_seconds_and_then_stands_still() -> None:
    bench = Bench(MUSIC).play(60).key(c.Pause()).play(40)
    assert master(bench) == [(60 * S, 2 * S, False)]
    assert [d.at for d in bench.decisions if isinstance(d, Freeze)] == [62 * S]
    assert bench.state.frame == 62 * S
    assert bench.state.elapsed == 100 * S
    bench.key(c.Resume()).play(10)
    assert master(bench)[-1] == (62 * S, 2 * S, True)
    assert bench.state.frame == 72 * S


def test_after_more_than_a_minute_the_way_back_takes_ten_seconds() -> None:
    bench = Bench(MUSIC).play(60).key(c.Pause()).play(61).key(c.Resume())
    assert master(bench)[-1] == (62 * S, 10 * S, True)
    bench = Bench(MUSIC).play(60).key(c.Silence()).play(61).key(c.Resume())
    assert master(bench)[-1] == (121 * S, 10 * S, True)
    bench = Bench(MUSIC).play(60).key(c.Silence()).play(30).key(c.Resume())
    assert master(bench)[-1] == (90 * S, 6 * S, True)


def test_in_a_silence_the_programme_runs_on_and_no_phase_breaks_it() -> None:
    bench = Bench(MUSIC).play(590).key(c.Silence()).play(60)
    assert bench.phase == "Two"
    assert master(bench) == [(590 * S, 6 * S, False)]


def test_going_on_in_a_pause_keeps_the_pause() -> None:
    bench = Bench(MUSIC).play(60).key(c.Pause()).play(10).key(c.Next()).play(10)
    assert bench.phase == "Two"
    assert bench.state.frame == 62 * S
    assert master(bench) == [(60 * S, 2 * S, False)]


def test_a_silence_turned_into_a_pause_stays_silent_and_stands() -> None:
    bench = Bench(MUSIC).play(60).key(c.Silence()).play(30).key(c.Pause()).play(30)
    assert bench.state.frame == 90 * S
    assert all(not up for _, _, up in master(bench))


def test_a_pause_turned_into_a_silence_runs_on_unheard() -> None:
    bench = Bench(MUSIC).play(60).key(c.Pause()).play(30).key(c.Silence()).play(30)
    assert bench.state.frame == 92 * S
    assert all(not up for _, _, up in master(bench))


def test_talk_softens_by_18_db_in_a_second_and_a_half_and_comes_back_over_six() -> None:
    bench = Bench(MUSIC).play(60).key(c.BeginTalk()).play(60).key(c.EndTalk())
    downs = [d for d in bench.decisions if isinstance(d, DuckBed)]
    ups = [d for d in bench.decisions if isinstance(d, LiftBed)]
    assert downs == [DuckBed("talk", 60 * S, 3 * S // 2, 18.0)]
    assert ups == [LiftBed("talk", 120 * S, 6 * S)]


def test_volume_goes_in_steps_over_half_a_second_and_stops_at_the_ceiling() -> None:
    bench = Bench(MUSIC).play(60).key(c.ChangeVolume(by_db=-2)).key(c.ChangeVolume(by_db=1))
    sets = [d for d in bench.decisions if isinstance(d, SetVolume)]
    assert sets == [SetVolume(60 * S, S // 2, -2), SetVolume(60 * S, S // 2, -1)]
    bench.key(c.ChangeVolume(by_db=5))
    assert bench.state.volume_db == 0
    bench.key(c.ChangeVolume(by_db=1))
    assert "stays at +0 dB" in bench.refused
    step = obey(bench.plan, bench.state, c.ChangeVolume(by_db=9), volume_ceiling_db=3.0)
    assert step.state.volume_db == 3.0


def rise(*keys: tuple[float, float]) -> list[tuple[float, float]]:
    """After waits in seconds, volume keys in dB: how long each change takes, and to where."""
    bench = Bench(MUSIC).play(60).key(c.ChangeVolume(by_db=-30)).play(10)
    for wait_s, by_db in keys:
        bench.play(wait_s).key(c.ChangeVolume(by_db=by_db))
    sets = [d for d in bench.decisions if isinstance(d, SetVolume)]
    assert sets[0].frames == S // 2, "down it is quick"
    return [(d.frames / S, d.to_db) for d in sets[1:]]


def test_the_volume_never_rises_faster_than_a_step_in_half_a_second() -> None:
    assert rise((0, 1)) == [(0.5, -29)]
    assert rise((0, 25)) == [(12.5, -5)]
    assert rise((0, 1), (0, 1), (0, 1)) == [(0.5, -29), (1.0, -28), (1.5, -27)]
    assert rise((0, 10), (2, 10)) == [(5, -20), (8, -10)], "it had come to -26 dB"
    assert rise((0, 10), (2, -2)) == [(5, -20), (2, -22)], "it is still on its way up"
    assert rise((0, 10), (2, -8)) == [(5, -20), (0.5, -28)]
    assert rise((0, 10), (60, 0.5)) == [(5, -20), (0.5, -19.5)]


def test_keys_that_make_no_sense_now_are_answered_in_words_and_change_nothing() -> None:
    for key in (
        c.Resume(),
        c.EndTalk(),
        c.Back(),
        c.UndoDose(),
        c.StopCue(),
        c.AllowCue(),
        c.DeclineCue(),
        c.SpeakCue(cue=7),
        c.TickReminder(reminder=7),
    ):
        bench = Bench(lozenge()).play(10)
        before = bench.state
        bench.key(key)
        assert bench.refused, key
        assert bench.state == before

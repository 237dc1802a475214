"""Holds, moves, the way back, stretches, and the end."""

from __future__ import annotations

from conducting import Bench, M, S, cue, lozenge, phase, plan, tone

from player.session.model import Ends, Point
from player.timeline import commands as c
from player.timeline.decisions import Bus, FadeBus, FadeTrack, ReviveTrack, StartTrack, StopClip
from player.timeline.events import PhaseEntered


def entered(bench: Bench) -> list[tuple[str, int]]:
    return [(e.phase, e.frame) for e in bench.events if isinstance(e, PhaseEntered)]


def test_a_phase_by_hand_holds_with_its_music_until_space_is_pressed() -> None:
    rows = [phase("Peak", 5, [0], ends=Ends.HAND), phase("Return", 5, [1])]
    bench = Bench(plan(rows, [tone(100), tone(900)])).play(3600)
    assert bench.lines("PhaseHeld") == ["00:05:00 PhaseHeld Peak"]
    assert bench.phase == "Peak"
    assert bench.sounding()
    bench.key(c.Next())
    assert entered(bench)[-1] == ("Return", 3600 * S)


def test_hold_makes_a_running_phase_end_by_hand_and_release_lets_the_clock_end_it() -> None:
    rows = [phase("One", 5, [0]), phase("Two", 5, [0])]
    make = plan(rows, [tone(900)])
    held = Bench(make).play(60).key(c.Hold()).play(300)
    assert held.phase == "One"
    assert held.lines("PhaseHeld") == ["00:05:00 PhaseHeld One"]
    early = Bench(make).play(60).key(c.Hold()).play(60).key(c.Release()).play(300)
    assert entered(early)[1] == ("Two", 5 * M)
    frame = held.state.frame
    held.key(c.Release())
    assert entered(held)[1] == ("Two", frame), "at once where the end is past"


def test_moving_on_starts_the_next_phase_at_the_next_block_and_counts_from_there() -> None:
    rows = [phase("One", 10, [0]), phase("Two", 5, [1]), phase("Three", 5, [0])]
    bench = Bench(plan(rows, [tone(900), tone(900)])).play(60).key(c.Next()).play(400)
    assert entered(bench) == [("One", 0), ("Two", 60 * S), ("Three", 360 * S)]


def test_back_within_30_seconds_revives_the_former_track_and_the_phase_goes_on() -> None:
    rows = [phase("One", 10, [0]), phase("Two", 10, [1])]
    bench = Bench(plan(rows, [tone(900), tone(900)])).play(120).key(c.Next()).play(10)
    bench.key(c.Back())
    revived = [d for d in bench.decisions if isinstance(d, ReviveTrack)]
    assert [(d.deck, d.at, d.frames) for d in revived] == [(0, 130 * S, 10 * S)]
    assert bench.phase == "One"
    assert bench.state.phase_end == 610 * S, "it has as long to go as when it was left"
    bench.play(30)
    assert bench.sounding() == ["track 0"]
    assert not any(isinstance(d, StartTrack) and d.at > 120 * S for d in bench.decisions)


def test_back_is_closed_after_30_seconds() -> None:
    rows = [phase("One", 10, [0]), phase("Two", 10, [1])]
    bench = Bench(plan(rows, [tone(900), tone(900)])).play(120).key(c.Next()).play(30.5)
    bench.key(c.Back())
    assert bench.phase == "Two"
    assert bench.refused == "There is no move to undo; you can go to any phase."


def test_a_track_revived_after_it_fell_silent_ends_later_by_the_time_it_stood() -> None:
    rows = [phase("One", 10, [0, 1]), phase("Two", 1, [1])]
    bench = Bench(plan(rows, [tone(300), tone(900)])).play(100).key(c.Next()).play(28)
    bench.key(c.Back()).play(400)
    starts = [(d.track, d.at) for d in bench.decisions if isinstance(d, StartTrack)]
    assert starts[-1] == (1, 293 * S), "290 s, and the 3 s it was silent (28 less a fade of 25)"


def test_go_reaches_any_phase_with_one_crossfade_and_backwards_too() -> None:
    bench = Bench(lozenge()).play(60).key(c.Go(phase=3)).play(60).key(c.Go(phase=1))
    assert entered(bench) == [("Arrival", 0), ("Return", 60 * S), ("Onset", 120 * S)]
    assert bench.state.decks[-1].track == 1
    bench.key(c.Go(phase=1))
    assert bench.refused == "Onset is the phase that plays."
    bench.key(c.Go(phase=9))
    assert "no phase 10" in bench.refused


def test_what_has_sounded_is_not_played_again_when_a_phase_is_entered_again() -> None:
    rows = [phase("One", 10, [0, 1, 2]), phase("Two", 10, [3])]
    tracks = [tone(600) for _ in range(4)]
    bench = Bench(plan(rows, tracks)).play(60).key(c.Next()).play(60).key(c.Go(phase=0))
    assert bench.state.decks[-1].track == 1


def test_stretching_moves_the_end_and_shortening_keeps_half_a_minute() -> None:
    rows = [phase("One", 10, [0]), phase("Two", 10, [0])]
    make = plan(rows, [tone(900)])
    longer = Bench(make).play(60).key(c.Stretch(by_s=300)).play(900)
    assert entered(longer)[1] == ("Two", 15 * M)
    shorter = Bench(make).play(8 * 60).key(c.Stretch(by_s=-300)).play(300)
    assert entered(shorter)[1] == ("Two", 8 * M + 30 * S)


def test_a_stretch_while_it_holds_counts_from_now() -> None:
    rows = [phase("One", 5, [0], ends=Ends.HAND), phase("Two", 10, [0])]
    bench = Bench(plan(rows, [tone(900)])).play(600).key(c.Stretch(by_s=300))
    assert bench.state.phase_end == 15 * M
    bench.play(400)
    assert bench.frames("PhaseHeld") == [5 * M, 15 * M]


def test_the_end_fade_by_the_clock_ends_on_the_last_frame() -> None:
    bench = Bench(plan([phase("One", 5, [0])], [tone(900)])).to_end()
    fades = [d for d in bench.decisions if isinstance(d, FadeBus)]
    assert fades == [FadeBus(Bus.BED, 270 * S, 30 * S, up=False)]
    assert bench.frames("MusicEnded") == bench.frames("SessionEnded") == [5 * M]


def test_the_end_key_fades_from_the_next_block_and_back_calls_it_off() -> None:
    bench = Bench(plan([phase("One", 50, [0])], [tone(900)])).play(60).key(c.End()).play(10)
    bench.key(c.Back()).play(60)
    assert not bench.frames("MusicEnded")
    buses = [(d.bus, d.at, d.frames, d.up) for d in bench.decisions if isinstance(d, FadeBus)]
    assert buses == [(Bus.MASTER, 60 * S, 30 * S, False), (Bus.MASTER, 70 * S, 6 * S, True)]
    bench.key(c.End()).play(31)
    assert bench.frames("MusicEnded") == [160 * S]


def test_a_pause_is_refused_while_the_end_key_fades() -> None:
    bench = Bench(plan([phase("One", 50, [0])], [tone(900)])).play(60).key(c.End()).play(5)
    bench.key(c.Pause())
    assert bench.refused
    bench.key(c.Resume()).play(30)
    assert bench.frames("SessionEnded") == [90 * S]


def test_a_longer_last_phase_calls_the_end_off() -> None:
    bench = Bench(plan([phase("One", 5, [0])], [tone(90)])).play(280)
    bench.key(c.Stretch(by_s=300)).to_end()
    assert bench.frames("MusicEnded") == [10 * M]
    ups = [d for d in bench.decisions if isinstance(d, FadeBus) and d.up]
    assert [(d.bus, d.at) for d in ups] == [(Bus.BED, 280 * S)]


def test_a_session_that_holds_at_its_end_plays_on_until_the_end_key() -> None:
    bench = Bench(plan([phase("One", 5, [0])], [tone(90)], hold_at_end=True)).play(3000)
    assert bench.lines("PhaseHeld") == ["00:05:00 PhaseHeld One"]
    assert bench.sounding()
    bench.key(c.Next())
    assert "last phase" in bench.refused
    bench.key(c.End()).play(31)
    assert bench.names()[-2:] == ["MusicEnded", "SessionEnded"]


def test_a_voice_that_would_reach_over_the_end_is_faded_with_it() -> None:
    rows = [cue("long words", Point.END, -10, seconds=60)]
    bench = Bench(plan([phase("One", 5, [0])], [tone(900)], cues=rows)).to_end()
    stops = [d for d in bench.decisions if isinstance(d, StopClip)]
    assert (stops[0].at, stops[0].frames) == (299 * S, S)
    assert bench.frames("CueEnded") == [5 * M]


def test_ending_in_a_pause_ends_at_once_since_nothing_sounds() -> None:
    bench = Bench(plan([phase("One", 5, [0])], [tone(900)])).play(60).key(c.Pause()).play(30)
    bench.key(c.End())
    assert bench.names()[-2:] == ["MusicEnded", "SessionEnded"]


def test_all_that_sounds_is_let_go_at_the_end() -> None:
    bench = Bench(plan([phase("One", 1, [0])], [tone(900)])).to_end()
    last = [d for d in bench.decisions if isinstance(d, FadeTrack)][-1]
    assert (last.at, last.frames) == (60 * S, 0)

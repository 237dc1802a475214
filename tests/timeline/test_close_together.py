"""Keys and faults that come close together: each of these once went wrong."""

from __future__ import annotations

from conducting import Bench, M, S, cue, lozenge, phase, plan, reminder, tone

from player.session.model import Ends, Point
from player.timeline import commands as c
from player.timeline.conductor import broke_off, learn, opening, reach, wake
from player.timeline.decisions import Bus, FadeBus, StartTrack
from player.timeline.music import awaited, needed, wanted

TWO = [phase("One", 2, [0]), phase("Two", 5, [1, 0])]


def test_a_file_that_is_gone_at_its_start_is_followed_by_one_that_fades_in() -> None:
    bench = Bench(plan(TWO, [tone(900), tone(900)])).play(121)
    deck = bench.state.current
    assert deck is not None
    bench.take(broke_off(bench.plan, bench.state, deck, bench.state.frame, "gone"))
    start = [d for d in bench.decisions if isinstance(d, StartTrack)][-1]
    assert (start.track, start.fade_in) == (0, 10 * S)


def test_a_file_that_is_only_slow_is_played_again_later() -> None:
    bench = Bench(plan([phase("One", 30, [0, 1])], [tone(300), tone(300)])).play(100)
    slow = broke_off(bench.plan, bench.state, 0, bench.state.frame, "slow", broken=False)
    bench.take(slow)
    bench.play(600)
    assert [d.track for d in bench.decisions if isinstance(d, StartTrack)][:3] == [0, 1, 0]


def test_a_kept_deck_that_broke_is_not_revived() -> None:
    bench = Bench(plan(TWO, [tone(900), tone(900)])).play(60).key(c.Next()).play(5)
    bench.take(broke_off(bench.plan, bench.state, 0, bench.state.frame, "gone"))
    bench.key(c.Back())
    assert all(d.fade_in >= 0 for d in bench.decisions if isinstance(d, StartTrack))
    assert bench.sounding()


def test_no_voice_begins_in_a_phase_without_voices_after_a_move_at_the_last_moment() -> None:
    rows = [phase("One", 2, [0]), phase("Two", 2, [0], voice=False)]
    words = [cue("late", Point.PHASE_END, -1, phase=0, seconds=30)]
    bench = Bench(plan(rows, [tone(900)], cues=words)).play(118).key(c.Next()).play(60)
    assert bench.lines("CueStarted") == []


def test_a_check_after_a_booster_comes_again_after_the_next() -> None:
    rows = [reminder("check", Point.BOOSTER, 60)]
    bench = Bench(lozenge(reminders=rows)).play(30).key(c.MarkDose()).key(c.MarkBooster())
    bench.play(90).key(c.TickReminder(reminder=0)).key(c.MarkBooster()).play(90)
    assert bench.frames("ReminderDue") == [90 * S, 180 * S]


def test_a_booster_wants_a_dose_first() -> None:
    bench = Bench(lozenge()).play(30).key(c.MarkBooster())
    assert "mark the dose first" in bench.refused


def test_a_dose_corrected_in_the_last_fade_saves_the_music() -> None:
    rows = [phase("Arrival", 2, [0], ends=Ends.DOSE), phase("Return", 5, [0])]
    bench = Bench(plan(rows, [tone(900)])).play(60).key(c.MarkDose()).play(285)
    bench.key(c.MarkDose(ago_s=100)).play(60)
    assert not bench.frames("MusicEnded")
    assert bench.state.phase_end > 6 * M


def test_calling_off_an_end_that_began_in_a_silence_stays_silent() -> None:
    bench = Bench(plan(TWO, [tone(900), tone(900)])).play(30).key(c.Silence()).play(3)
    bench.key(c.End()).play(2).key(c.Back()).play(20)
    buses = [d for d in bench.decisions if isinstance(d, FadeBus) and d.bus is Bus.MASTER]
    assert not any(d.up for d in buses)
    assert bench.state.rest is not None
    bench.key(c.Resume())
    assert bench.state.rest is None


def fades(bench: Bench) -> list[tuple[Bus, float, float, bool]]:
    rows = [d for d in bench.decisions if isinstance(d, FadeBus)]
    return [(d.bus, d.at / S, d.frames / S, d.up) for d in rows]


def test_an_end_by_key_called_off_within_the_last_fade_leaves_that_to_end_as_it_would() -> None:
    bench = Bench(plan(TWO[:1], [tone(900)])).play(110).key(c.End()).play(4).key(c.Back()).play(60)
    assert fades(bench) == [
        (Bus.BED, 90, 30, False),
        (Bus.MASTER, 110, 10, False),
        (Bus.MASTER, 114, 6, True),
    ]
    assert bench.frames("MusicEnded") == [120 * S]


def test_an_end_by_key_within_the_last_fade_ends_no_later_than_that() -> None:
    bench = Bench(plan(TWO[:1], [tone(900)])).play(117).key(c.End()).play(60)
    assert bench.frames("MusicEnded") == [120 * S]


def test_a_phase_made_longer_while_the_end_by_key_fades_has_its_music_back() -> None:
    bench = Bench(plan(TWO[:1], [tone(900)])).play(110).key(c.End()).play(2)
    bench.key(c.Stretch(by_s=300)).play(2).key(c.Back()).play(60)
    assert fades(bench)[2:] == [(Bus.BED, 114, 6, True), (Bus.MASTER, 114, 6, True)]
    assert bench.frames("MusicEnded") == []


def test_sleep_in_an_end_by_key_within_the_last_fade_leaves_the_last_fade() -> None:
    bench = Bench(plan(TWO[:1], [tone(900)])).play(110).key(c.End()).play(2)
    bench.take(wake(bench.plan, bench.state, S))
    bench.play(60).key(c.Resume()).play(60)
    assert [row for row in fades(bench) if row[0] is Bus.BED] == [(Bus.BED, 90, 30, False)]
    assert bench.frames("MusicEnded") == [120 * S]


def test_sleep_in_an_end_by_key_leaves_the_music_to_a_phase_that_was_made_longer() -> None:
    bench = Bench(plan(TWO[:1], [tone(900)])).play(110).key(c.End()).play(2)
    bench.key(c.Stretch(by_s=300)).play(2)
    bench.take(wake(bench.plan, bench.state, S))
    bench.play(60).key(c.Resume()).play(60)
    assert (Bus.BED, 114, 6, True) in fades(bench)
    assert bench.frames("MusicEnded") == []


def test_moves_and_holds_are_refused_while_the_end_key_fades() -> None:
    for key in (c.Next(), c.Go(phase=1), c.Hold()):
        bench = Bench(plan(TWO, [tone(900), tone(900)])).play(30).key(c.End()).play(2).key(key)
        assert bench.refused == "The music is ending; going back calls that off."
        assert bench.state.ending is not None


def test_releasing_a_held_arrival_waits_for_the_dose_again() -> None:
    bench = Bench(lozenge()).play(60).key(c.Hold()).key(c.Release()).play(1200)
    assert bench.phase == "Arrival"
    assert bench.key(c.MarkDose()).phase == "Onset"


def test_the_first_track_of_each_phase_is_measured_before_the_second_of_any() -> None:
    rows = [phase("One", 5, [0, 1, 2]), phase("Two", 5, [3, 4])]
    made = plan(rows, [None] * 5)
    assert needed(made, opening(made)) == (0, 3, 1, 4, 2)


def test_a_dose_marked_in_the_last_fade_places_the_phases_once_the_end_is_called_off() -> None:
    bench = Bench(lozenge()).play(300).key(c.End()).play(5)
    bench.key(c.MarkDose(ago_s=5)).play(2)
    assert bench.phase == "Arrival"
    bench.key(c.Back())
    assert bench.phase == "Onset"
    assert bench.state.phase_start == 300 * S
    bench.play(600)
    assert bench.phase == "Peak"


def test_a_track_is_not_heard_again_while_another_waits_to_be_measured() -> None:
    bench = Bench(plan([phase("One", 30, [0, 1])], [tone(300), None])).play(20)
    assert awaited(bench.plan, bench.state) == 1
    bench.key(c.Skip()).play(30)
    assert bench.sounding() == ["safety"]
    bench.take(learn(bench.plan, bench.state, 1, tone(300)))
    bench.play(11)
    assert bench.sounding() == ["track 1"]


def test_files_that_are_away_leave_the_safety_bed_until_one_comes_back() -> None:
    bench = Bench(plan([phase("One", 30, [0, 1])], [tone(300), tone(300)])).play(20)
    bench.take(reach(bench.plan, bench.state, frozenset({0, 1})))
    assert bench.sounding() == ["track 0"], "what sounds goes on"
    bench.key(c.Skip()).play(30)
    assert bench.sounding() == ["safety"]
    assert {row.track for row in wanted(bench.plan, bench.state)} == {0, 1}, "they are looked for"
    bench.take(reach(bench.plan, bench.state, frozenset({0})))
    bench.play(11)
    assert bench.sounding() == ["track 1"]

"""Words whose own time is past: a voice that spoke meanwhile is no reason to speak them unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conducting import Bench, S, cue, phase, plan, tone

from player.session.model import Ends, Play, Point
from player.timeline import commands as c
from player.timeline.decisions import StartClip
from player.timeline.plan import Plan, PlanCue
from player.timeline.view import status_of
from player.timeline.written import as_written

MUSIC = [tone(900), tone(2000)]
SETTLE = cue("settle", Point.PHASE_START, 420, seconds=20)
GUIDED = replace(
    cue("guided", Point.PHASE_START, 10, seconds=600), resumes=tuple(n * 10 * S for n in range(59))
)


def dosed(*words: PlanCue) -> Plan:
    rows = [phase("Arrival", 10, [0], ends=Ends.DOSE), phase("Return", 20, [1])]
    return plan(rows, MUSIC, cues=words)


def guided(*words: PlanCue) -> Plan:
    return plan([phase("One", 20, [0, 1])], MUSIC, cues=[GUIDED, *words])


def spoken(bench: Bench) -> list[tuple[int, float]]:
    return [(d.cue, d.at / S) for d in bench.decisions if isinstance(d, StartClip)]


def said(bench: Bench, *kinds: str) -> list[str]:
    return [line.split(" ", 1)[1] for line in bench.lines(*kinds)]


@pytest.mark.parametrize("marked_at_s", [415, 430, 442, 460])
@pytest.mark.parametrize("play", [Play.CLOCK, Play.ASK])
def test_what_a_late_mark_puts_into_the_past_passes_whoever_speaks(
    play: Play, marked_at_s: float
) -> None:
    water = cue("water", Point.DOSE, 120, play=play, seconds=15)
    bench = Bench(dosed(SETTLE, water)).play(marked_at_s).key(c.MarkDose(ago_s=360)).play(200)
    assert said(bench, "CueMissed")[-1] == "CueMissed water: its time was past"
    assert said(bench, "CueAsked") == []
    assert all(number == 0 for number, _ in spoken(bench))


def test_an_offer_that_a_correction_puts_far_into_the_past_passes() -> None:
    water = cue("water", Point.DOSE, 120, play=Play.ASK)
    bench = Bench(dosed(water)).play(10).key(c.MarkDose()).play(100).key(c.MarkDose(ago_s=400))
    assert said(bench, "CueMissed") == ["CueMissed water: its time was past"]


def test_what_was_due_inside_a_guided_piece_is_asked_for_behind_it() -> None:
    bench = Bench(guided(cue("water", Point.PHASE_START, 60))).play(610)
    assert said(bench, "CueAsked") == []
    bench.play(30)
    assert bench.lines("CueAsked") == ["00:10:11 CueAsked water"]
    assert spoken(bench) == [(0, 10)]
    bench.key(c.AllowCue()).play(10)
    assert spoken(bench) == [(0, 10), (1, 641.5)]


def test_what_was_due_inside_a_guided_piece_is_spoken_behind_it_where_nobody_can_be_asked() -> None:
    whole = as_written(guided(cue("water", Point.PHASE_START, 60, play=Play.ASK))).plan
    bench = Bench(whole).play(650)
    assert spoken(bench) == [(0, 10), (1, 613)]
    assert bench.lines("CueAsked", "CueMissed") == []


def test_what_waited_may_be_answered_for_three_minutes_from_its_offer() -> None:
    bench = Bench(guided(cue("water", Point.PHASE_START, 60))).play(611.5 + 170)
    left_s = status_of(bench.plan, bench.state, bench.state.frame).cues[1].offer_left_s
    assert left_s == pytest.approx(10)
    assert bench.play(20).lines("CueMissed") == ["00:13:11 CueMissed water: no answer"]


def test_words_a_few_seconds_behind_a_voice_are_spoken_all_the_same() -> None:
    words = [cue("first", Point.START, 10, seconds=50), cue("next", Point.START, 12)]
    bench = Bench(plan([phase("One", 20, [0])], MUSIC, cues=words)).play(70)
    assert spoken(bench) == [(0, 10), (1, 63)]


def test_an_offer_after_a_late_mark_holds_for_three_minutes_from_its_place() -> None:
    water = cue("water", Point.DOSE, 60, play=Play.ASK)
    bench = Bench(dosed(water)).play(300).key(c.MarkDose(ago_s=180)).play(100)
    assert bench.lines("CueAsked", "CueMissed") == [
        "00:05:00 CueAsked water",
        "00:06:00 CueMissed water: no answer",
    ]


def test_an_offer_does_not_last_longer_for_another_voice() -> None:
    words = [cue("ask", Point.START, 60, play=Play.ASK), cue("hand", Point.END, 0, play=Play.HAND)]
    bench = Bench(plan([phase("One", 20, [0])], MUSIC, cues=words)).play(200)
    bench.key(c.SpeakCue(cue=1)).play(100)
    assert bench.lines("CueMissed") == ["00:04:00 CueMissed ask: no answer"]


@pytest.mark.parametrize("rest", [None, c.Silence(), c.Pause()])
def test_a_guided_piece_whose_time_is_past_does_not_begin_behind_a_rest_either(
    rest: c.RoomCommand | None,
) -> None:
    piece = replace(GUIDED, at=replace(GUIDED.at, phase=1), frames=300 * S)
    bench = Bench(dosed(replace(piece, resumes=piece.resumes[:29]))).play(200)
    if rest:
        bench.key(rest).play(10)
    bench.key(c.MarkDose(ago_s=150)).play(20)
    if rest:
        bench.key(c.Resume())
    bench.play(60)
    assert said(bench, "CueMissed") == ["CueMissed guided: its time was past"]
    assert spoken(bench) == []


def test_a_guided_piece_that_waited_and_then_met_a_silence_keeps_its_place() -> None:
    first = cue("first", Point.START, 2, seconds=30)
    bench = Bench(plan([phase("One", 20, [0, 1])], MUSIC, cues=[first, GUIDED])).play(30)
    bench.key(c.Silence()).play(60).key(c.Resume()).play(60)
    (number, at_s) = spoken(bench)[-1]
    assert number == 1
    assert (at_s - 10) % 10 == 0, "its sentences keep their places"
    assert bench.lines("CueMissed") == []

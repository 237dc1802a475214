"""A track's silent ends are not part of the programme, except in a loop without a seam."""

from __future__ import annotations

from dataclasses import replace

import conducting as kit

from player.timeline import commands as c
from player.timeline.decisions import StartTrack
from player.timeline.music import wanted
from player.timeline.plan import Ease, PlanSound
from player.timeline.state import FOREVER

S = kit.S
SOUND = PlanSound(crossfade=4 * S, phase_crossfade=4 * S)
LATE = replace(kit.tone(30), lead=5 * S, tail=3 * S, eases=(Ease(2 * S, 5.0), Ease(12 * S, 6.0)))


def starts(bench: kit.Bench) -> list[StartTrack]:
    return [row for row in bench.of(StartTrack) if isinstance(row, StartTrack)]


def test_the_next_track_begins_before_the_sound_ends_and_not_the_file() -> None:
    bench = kit.Bench(kit.plan([kit.phase("One", 2, [0, 1])], [LATE, kit.tone(40)], sound=SOUND))
    found = [(row.track, row.at, row.lead, row.frames) for row in starts(bench.play(60))]
    assert found == [(0, 0, 5 * S, 30 * S), (1, 26 * S, 0, 40 * S)]


def test_a_loop_without_a_seam_is_of_the_whole_file() -> None:
    phases = [kit.phase("Loop", 2, [0], seamless=True), kit.phase("Once", 2, [0])]
    bench = kit.Bench(kit.plan(phases, [LATE], sound=SOUND))
    following = wanted(bench.plan, bench.state)
    assert [(row.seamless, row.lead) for row in following if row.at < FOREVER] == [(False, 5 * S)]
    loop, once = starts(bench.play(125))[:2]
    assert (loop.lead, loop.frames, loop.seamless) == (0, 38 * S, True)
    assert (once.lead, once.frames, once.at) == (5 * S, 30 * S, 120 * S)


def test_a_rise_is_eased_where_it_is_heard_and_in_a_loop_where_it_lies_in_the_file() -> None:
    phases = [kit.phase("Once", 1, [0]), kit.phase("Loop", 1, [0], seamless=True)]
    plan = replace(kit.plan(phases, [LATE], sound=SOUND), soften_rises=True)
    bench = kit.Bench(plan).key(c.Next()).play(1)
    once, loop = starts(bench)
    assert 12 * S in [place for place, _ in once.contour]
    assert 17 * S in [place for place, _ in loop.contour]
    inside = [(place + 5 * S, level) for place, level in once.contour]
    assert [row for row in inside if row in loop.contour] == inside

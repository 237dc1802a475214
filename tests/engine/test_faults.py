"""What went wrong since a session began is counted by kind, over every restart of the engine."""

from __future__ import annotations

import pytest

from player.engine.faults import DRY_EVERY_S, MOST_LINES, Dropouts, Faults
from player.timeline.events import (
    Event,
    Fault,
    FaultKind,
    OutputBack,
    OutputLost,
    PhaseEntered,
    TrackPassedOver,
)
from player.timeline.status import FaultCounts

TOLD: list[Event] = [
    PhaseEntered(frame=0, phase="One"),
    OutputLost(frame=48_000),
    OutputBack(frame=48_000),
    Fault(frame=96_000, text="the sound broke off for 1.0s", kind=FaultKind.BREAKS),
    Fault(frame=96_000, text="the output ran dry 3 times", kind=FaultKind.UNDERRUNS, times=3),
    TrackPassedOver(frame=96_000, path="/a.flac", why="is not there"),
    Fault(frame=96_000, text="the disk is full"),
]
COUNTS = FaultCounts(breaks=1, outages=1, underruns=3, files=1, other=1)


def test_faults_are_counted_and_what_is_none_is_not() -> None:
    faults = Faults()
    for event in TOLD:
        faults.take(event)
    assert faults.counts == COUNTS
    assert len(faults.lines) == len(TOLD) - 1
    assert faults.lines[0] == "00:00:01 OutputLost"


def test_one_that_follows_counts_on_from_what_was_told() -> None:
    faults = Faults()
    faults.begin(TOLD, ["a list names a file that is not there"])
    faults.take(OutputLost(frame=480_000))
    assert faults.counts == COUNTS.model_copy(update={"outages": 2})
    faults.begin()
    assert faults.counts == FaultCounts() and not faults.lines


def test_lines_are_bounded_and_counts_are_not() -> None:
    faults = Faults()
    for _ in range(3 * MOST_LINES):
        faults.take(OutputLost(frame=0))
    assert len(faults.lines) == MOST_LINES
    assert faults.counts.outages == 3 * MOST_LINES


def test_dropouts_that_come_close_together_are_one_line_with_their_number() -> None:
    dropouts, told = Dropouts(), []
    for tenth, underruns in enumerate([0, 1, 1, 2, 5, 5] + [5] * 100 + [6] * 100):
        now_s = 1000.0 + tenth / 10
        if (event := dropouts.look(underruns, 48_000, now_s)) is not None:
            told.append((now_s, event.times))
    assert [times for _, times in told] == [1, 4, 1]
    assert told[1][0] - told[0][0] >= DRY_EVERY_S


@pytest.mark.parametrize("then", [1, 3])
def test_an_output_that_counts_anew_loses_no_dropout(then: int) -> None:
    dropouts = Dropouts()
    assert dropouts.look(5, 0, 100.0) is not None
    dry = dropouts.look(then, 0, 200.0)
    assert dry is not None and dry.times == then


def test_what_an_earlier_engine_told_is_not_told_again() -> None:
    dropouts = Dropouts(3)
    assert dropouts.look(3, 0, 100.0) is None
    dry = dropouts.look(4, 0, 100.0)
    assert dry is not None and dry.times == 1

"""An output that runs dry behind the mixer is seen by its pace."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable

from player.sound.outputs.slips import Slips

CHUNK = 6144
CHUNK_S = CHUNK / 48_000
SEEN_LATE_S = 0.03
"""A chunk is looked for every 15 ms, and taken three buffers at a time."""


def slipped(missing_s: Iterable[float], seed: int = 1) -> int:
    """How often a slip is seen where so much is missing before each chunk."""
    slips, rng = Slips(), random.Random(seed)
    at_s = itertools.accumulate(CHUNK_S + missing for missing in missing_s)
    return sum(slips.taken(CHUNK, 100 + at + rng.uniform(0, SEEN_LATE_S)) for at in at_s)


def test_an_even_pace_is_never_a_slip_however_late_single_chunks_are_seen() -> None:
    assert [slipped([0.0] * 3000, seed) for seed in range(8)] == [0] * 8


def test_a_clock_that_is_a_little_off_is_no_slip() -> None:
    assert slipped([CHUNK_S * 300e-6] * 3000) == 0


def test_each_gap_is_seen_once() -> None:
    for gap_s in (0.025, 0.06, 0.3, 1.2):
        missing = [0.0] * 300
        missing[77] = missing[202] = gap_s
        assert slipped(missing) == 2, gap_s


def test_a_stall_that_was_bridged_is_no_slip() -> None:
    missing = [0.0] * 300
    missing[90], missing[91] = 0.1, -0.1
    assert slipped(missing) == 0


def test_a_server_that_stood_still_is_not_counted_as_an_underrun() -> None:
    missing = [0.0] * 300
    missing[90] = 5.0
    assert slipped(missing) == 0


def test_after_a_break_that_is_known_the_pace_is_measured_anew() -> None:
    slips = Slips()
    seen = [slips.taken(CHUNK, number * CHUNK_S) for number in range(50)]
    slips.begin_anew()
    seen += [slips.taken(CHUNK, 0.5 + number * CHUNK_S) for number in range(50, 120)]
    assert not any(seen)

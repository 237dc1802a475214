"""A recording holds every frame that an output was given, and silence where it was not there."""

from __future__ import annotations

import sys
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest

# By its path: a support module of the tests has the same name.
_spec = spec_from_file_location("recording", Path(__file__).parents[2] / "scripts/bench/pulse.py")
assert _spec and _spec.loader
pulse = module_from_spec(_spec)
_spec.loader.exec_module(pulse)

HELD_S = 0.4
PIECE = 4800
PAREC = f"""
import sys, time
import numpy as np
for held in (0, {HELD_S}, 0):
    time.sleep(held)
    sys.stdout.buffer.write(np.repeat(np.arange(1, {PIECE} + 1, dtype=np.float32), 2).tobytes())
    sys.stdout.buffer.flush()
"""


@pytest.fixture
def recorder(tmp_path):
    """Of an output that is given three pieces, the second late, goes, and is there again."""
    (tmp_path / "parec.py").write_text(PAREC)
    stand_in = tmp_path / "parec"
    # A path with a space in it may stand here, and not in a script's first line.
    stand_in.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{tmp_path}/parec.py"\n')
    stand_in.chmod(0o700)
    return pulse.Recorder("room", tmp_path / "room.raw", {"PATH": str(tmp_path)}, time.monotonic())


def left_of(recorder):
    """Its left side so far."""
    whole = np.fromfile(recorder.path, np.float32) if recorder.path.exists() else np.zeros(0)
    return whole[: len(whole) // 2 * 2].reshape(-1, 2)[:, 0]


def test_what_comes_late_is_kept_whole_and_what_was_away_is_silence(recorder):
    until = time.monotonic() + 20
    while np.count_nonzero(left_of(recorder)) < 4 * PIECE:
        assert time.monotonic() < until, "the output was not met again"
        time.sleep(0.02)
    recorder.stop()
    left = left_of(recorder)
    sounding = np.flatnonzero(left)
    pieces = np.split(sounding, np.flatnonzero(np.diff(sounding) > 1) + 1)
    once = np.arange(1, PIECE + 1)
    assert np.array_equal(left[pieces[0]], np.concatenate([once] * 3))
    assert len(pieces) > 1, "the output was away, and no silence says so"

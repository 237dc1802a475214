"""The engine's log on a disk that takes nothing: telling of a fault is never a fault itself."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from player.engine import log, place


@pytest.fixture
def as_engine(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """What `to_file` changes is put back."""
    import faulthandler

    streams, kept = (sys.stdout, sys.stderr), [os.dup(1), os.dup(2)]
    with capfd.disabled():
        yield
    faulthandler.disable()
    sys.stdout, sys.stderr = streams
    for number, handle in enumerate(kept, 1):
        os.dup2(handle, number)
        os.close(handle)


def test_what_is_printed_lands_in_the_log(as_engine: None) -> None:
    log.to_file()
    sys.stderr.write("a word\n")
    os.write(1, b"from C\n")
    assert place.log_file().read_text() == "a word\nfrom C\n"
    assert place.log_file().stat().st_mode & 0o077 == 0
    assert not log.wants_another()


def test_a_log_that_was_taken_away_is_begun_anew(as_engine: None) -> None:
    log.to_file()
    place.log_file().unlink()
    assert log.wants_another()
    log.to_file()
    sys.stdout.write("again\n")
    assert place.log_file().read_text() == "again\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_swallows_what_is_told(as_engine: None) -> None:
    log.to_file()
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, 2)
    os.close(full)
    with pytest.raises(OSError):
        os.write(2, b"x")
    sys.stderr.write("no space left\n")
    try:
        raise RuntimeError("of a thread that must go on")
    except RuntimeError:
        traceback.print_exc()

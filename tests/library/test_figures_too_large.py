"""What the disk may say of a file that the database cannot hold as it stands."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from player.library.catalogue import Catalogue
from player.library.findings import Survey
from player.timeline.plan import TrackFacts

FACTS = TrackFacts(frames=480_000, lufs=-19.5, true_peak_dbtp=-1.25)
AHEAD_S = 13_000_000_000
"""In the year 2381."""


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.mp3"
    path.write_bytes(b"sound" * 1000)
    return path


def test_a_file_dated_centuries_ahead_is_known_like_any_other(tmp_path: Path, song: Path) -> None:
    os.utime(song, (AHEAD_S, AHEAD_S))
    if song.stat().st_mtime_ns < 1 << 63:
        pytest.skip("no such date can be kept here")
    with Catalogue(tmp_path / "c.sqlite") as catalogue:
        assert catalogue.known(song) is None
        assert catalogue.scanned_at([song]) == {}
        assert list(catalogue.to_scan([str(song)])) == [str(song)]
        assert catalogue.remember(song, Survey(FACTS))
        assert catalogue.known(song) == FACTS
        assert list(catalogue.to_scan([str(song)])) == []
        os.utime(song, (AHEAD_S + 1, AHEAD_S + 1))
        assert list(catalogue.to_scan([str(song)])) == [str(song)]
        assert catalogue.warning is None


def test_what_cannot_be_held_at_all_is_not_kept_and_stops_nothing(
    tmp_path: Path, song: Path
) -> None:
    beyond = TrackFacts(frames=1 << 63, lufs=-19.5, true_peak_dbtp=-1.25)
    with Catalogue(tmp_path / "c.sqlite") as catalogue:
        assert not catalogue.remember(song, Survey(beyond))
        assert catalogue.known(song) is None
        assert catalogue.remember(song, Survey(FACTS))
        assert catalogue.known(song) == FACTS

"""A cue's recording that is far too long is refused, by the session's line, with what to do."""

from __future__ import annotations

from pathlib import Path

import tones

from player.library.catalogue import Catalogue
from player.library.findings import Survey
from player.programme.preflight import check
from player.session.loader import load
from player.timeline.plan import LONGEST_CLIP_S, TrackFacts

S = 48_000


def test_a_recording_of_hours_is_a_fault_of_its_line(tmp_path: Path) -> None:
    book = tones.write(tmp_path / "book.flac", tones.tone(2 * S))
    (tmp_path / "s.yaml").write_text(
        "format: 1\ntitle: T\nphases: [{name: One, length: 1m, music: silence}]\n"
        "cues:\n  - {name: A, at: one + 5s, audio: book.flac}\n"
    )
    with Catalogue() as catalogue:
        catalogue.remember(book, Survey(TrackFacts(round((LONGEST_CLIP_S + 1) * S), -20.0, -3.0)))
        found = check(load(tmp_path / "s.yaml"), catalogue)
    (fault,) = found.faults
    assert fault.endswith("longer than 20m: too long for a cue (play it as music of a phase)")
    assert "s.yaml:5: audio: " in fault

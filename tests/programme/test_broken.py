"""Music that cannot be played: what keeps a session from being played as written, what does not."""

from __future__ import annotations

from pathlib import Path

import pytest
import tones

from player.library.catalogue import Catalogue
from player.library.measure import measure
from player.programme import preflight
from player.programme.broken import Looks, broken_music
from player.programme.facts import Knowledge
from player.session.loader import load
from player.timeline import conductor
from player.timeline.events import TrackPassedOver
from player.timeline.plan import Plan, PlanPhase, PlanTrack, TrackFacts

S = 48_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder ``mixed`` with one good and two broken files, and one with broken ones alone."""
    for name in ("mixed", "ruins"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bad.mp3").write_bytes(b"no music at all\n" * 50)
        (tmp_path / name / "empty.wav").touch()
    tones.write(tmp_path / "mixed" / "good.flac", tones.tone(3 * S))
    return tmp_path


def checked(folder: Path, music: str, more: str = "") -> preflight.Checked:
    path = folder / "s.yaml"
    path.write_text(
        f"format: 1\ntitle: T\nphases:\n  - name: One\n    length: 1m\n    music: {music}\n{more}"
    )
    with Catalogue() as catalogue:
        return preflight.check(load(path), catalogue)


def test_a_broken_file_in_a_folder_is_a_warning_with_the_folders_line(folder: Path) -> None:
    found = checked(folder, "mixed")
    assert found.faults == ()
    lines = [line for line in found.warnings if "passed over" in line]
    assert len(lines) == 2
    for line, name in zip(lines, ("bad.mp3", "empty.wav"), strict=True):
        assert line.startswith(f"{folder / 's.yaml'}:6: music: {folder / 'mixed' / name}: ")


def test_a_broken_file_in_a_list_is_a_warning_too(folder: Path) -> None:
    (folder / "l.m3u8").write_text("mixed/bad.mp3\nmixed/good.flac\n")
    found = checked(folder, "[mixed/good.flac, l.m3u8]")
    assert found.faults == ()
    assert sum("bad.mp3: would be passed over" in line for line in found.warnings) == 1


def test_a_broken_file_that_is_named_itself_is_a_fault(folder: Path) -> None:
    found = checked(folder, "[mixed/good.flac,\n      mixed/bad.mp3]")
    assert len(found.faults) == 1
    assert found.faults[0].startswith(f"{folder / 's.yaml'}:7: music: ")


def test_what_is_broken_on_the_shelf_is_a_warning_and_an_empty_piece_is_named(folder: Path) -> None:
    shelf = "shelf:\n  - {name: Calm, music: ruins}\n  - {name: Strings, music: mixed}\n"
    found = checked(folder, "mixed/good.flac", shelf)
    assert found.faults == ()
    told = [line for line in found.warnings if "would be passed over" in line]
    assert len(told) == 4
    assert str(folder / "ruins" / "bad.mp3") in told[0]
    empty = [line for line in found.warnings if "can be played" in line]
    assert len(empty) == 1
    assert "s.yaml:8: shelf: nothing in Calm, on the shelf, can be played" in empty[0]


def test_a_phase_with_nothing_playable_is_a_fault_that_says_what_would_sound(folder: Path) -> None:
    more = "  - {name: Two, length: 1m, music: [mixed, ruins]}\n"
    found = checked(folder, "ruins", more)
    assert len(found.faults) == 1
    assert ":6: music: nothing in the music of One can be played (a quiet piece" in found.faults[0]


def test_a_file_under_a_second_counts_as_broken_measured_or_not(folder: Path) -> None:
    path = tones.write(folder / "short.wav", tones.tone(S // 2))
    for _ in range(2):
        found = checked(folder, "[short.wav, mixed/good.flac]")
        assert len(found.faults) == 1
        assert "short.wav: would be passed over: it is shorter than a second" in found.faults[0]
        with Catalogue() as catalogue:
            catalogue.remember(path, measure(path))


def test_a_file_that_is_silent_throughout_counts_as_broken_once_it_is_measured(
    folder: Path,
) -> None:
    path = tones.write(folder / "silent.wav", tones.tone(3 * S, gain=0.0))
    faint = tones.write(folder / "faint.wav", tones.tone(3 * S, gain=0.001))
    with Catalogue() as catalogue:
        for file in (path, faint):
            catalogue.remember(file, measure(file))
    found = checked(folder, "[silent.wav, faint.wav, mixed/good.flac]")
    assert len(found.faults) == 1
    assert "silent.wav: would be passed over: it is silent throughout" in found.faults[0]
    assert "`music: silence`" in found.faults[0]


def test_files_that_are_broken_do_not_count_as_not_measured_yet(folder: Path) -> None:
    assert "1 file is not measured yet" in " ".join(checked(folder, "mixed").warnings)


def test_without_patience_files_are_left_and_counted(folder: Path) -> None:
    path = folder / "s.yaml"
    path.write_text("format: 1\ntitle: T\nphases: [{name: One, length: 1m, music: mixed}]\n")
    with Catalogue() as catalogue:
        found = broken_music(load(path), Looks(Knowledge(catalogue), patience_s=0))
    assert found.faults == []
    assert found.warnings == ["3 files were never measured, too many to open them all here"]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (TrackFacts(S // 2, -20, -3), "it is shorter than a second"),
        (TrackFacts(60 * S, -90, -80), "it is silent throughout"),
    ],
)
def test_a_track_found_to_be_of_no_use_is_passed_over_in_one_line(
    facts: TrackFacts, why: str
) -> None:
    from player.session.model import Ends

    bed = PlanTrack("bed", "bed", TrackFacts(60 * S, -30, -9))
    rows = (PlanTrack("short", "short"), PlanTrack("good", "good", bed.facts), bed)
    plan = Plan("T", (PlanPhase("One", None, 60 * S, Ends.CLOCK, (0, 1)),), rows, safety=2)
    step = conductor.learn(plan, conductor.opening(plan), 0, facts)
    told = [row for row in step.events if isinstance(row, TrackPassedOver)]
    assert [(row.path, row.why) for row in told] == [("short", why)]

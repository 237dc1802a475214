"""What could startle, told by the minute at which it will be heard."""

from __future__ import annotations

from pathlib import Path

import pytest
import tones

from player.library.catalogue import Catalogue
from player.library.findings import Rise, Silence, Survey
from player.programme import preflight
from player.programme.facts import Knowledge
from player.programme.programme import compose
from player.session.loader import load
from player.timeline.plan import TrackFacts

S = 48_000
SESSION = """format: 1
title: T
sudden_rises: {rises}
phases:
  - {{name: Onset, length: 10m, music: music/calm.wav}}
  - {{name: Peak, length: 20m, music: [music/loud.wav, music/calm.wav]}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files, and a catalogue that says what a long scan found in them."""
    (tmp_path / "music").mkdir()
    calm = tones.write(tmp_path / "music" / "calm.wav", tones.tone(2 * S))
    loud = tones.write(tmp_path / "music" / "loud.wav", tones.tone(3 * S, 300))
    facts = TrackFacts(400 * S, -23.0, -6.0)
    with Catalogue() as catalogue:
        catalogue.remember(calm, Survey(facts))
        found = Survey(
            facts,
            rises=(Rise(130.0, 11.2), Rise(395.0, 9.0)),
            silences=(Silence(200.0, 8.0),),
            clipped_samples=1234,
            faults=("parts of it are damaged",),
        )
        catalogue.remember(loud, found)
    return tmp_path


def checked(folder: Path, rises: str) -> preflight.Checked:
    path = folder / "s.yaml"
    path.write_text(SESSION.format(rises=rises))
    with Catalogue() as catalogue:
        return preflight.check(load(path), catalogue)


def test_each_risk_is_told_with_the_minute_at_which_it_is_heard(folder: Path) -> None:
    found = checked(folder, "warn")
    assert found.faults == ()
    assert [risk.line() for risk in found.risks] == [
        "00:10:00, Peak: loud.wav was recorded too loud: 1,234 samples cut off (and 1 time more)",
        "00:10:00, Peak: loud.wav: parts of it are damaged (and 1 time more)",
        "00:12:10, Peak: rise of 11 LU within 2 s in loud.wav (and 1 time more)",
        "00:13:20, Peak: silence of 8 s within loud.wav: it is no fault (and 1 time more)",
        "00:16:35, Peak: rise of 9 LU within 2 s in loud.wav (and 1 time more)",
    ]
    assert found.warnings[-5:] == tuple(risk.line() for risk in found.risks)
    assert found.as_json()["risks"][2]["at_s"] == 730.0


def test_a_session_may_leave_its_rises_unsaid(folder: Path) -> None:
    assert not [risk for risk in checked(folder, "leave").risks if "rise" in risk.what]


def test_what_comes_after_music_that_was_never_measured_is_told_as_near(folder: Path) -> None:
    tones.write(folder / "music" / "new.wav", tones.tone(S * 2, 500))
    path = folder / "s.yaml"
    path.write_text(
        SESSION.format(rises="warn").replace("[music/loud", "[music/new.wav, music/loud")
    )
    with Catalogue() as catalogue:
        found = preflight.check(load(path), catalogue)
    rise = next(risk for risk in found.risks if "11 LU" in risk.what)
    assert rise.line().startswith("about 00:1")


def test_a_rise_behind_the_end_of_its_phase_is_not_heard(folder: Path) -> None:
    path = folder / "s.yaml"
    path.write_text(
        "format: 1\ntitle: T\nphases:\n  - {name: One, length: 2m, music: music/loud.wav}\n"
        "  - {name: Two, length: 6m, music: music/calm.wav}\n"
    )
    with Catalogue() as catalogue:
        found = preflight.check(load(path), catalogue)
    assert [risk.at_s for risk in found.risks if "rise" in risk.what] == [130.0]
    path.write_text(path.read_text().replace("2m", "1m"))
    with Catalogue() as catalogue:
        found = preflight.check(load(path), catalogue)
    assert not [risk for risk in found.risks if "rise" in risk.what]


def test_in_a_loop_a_risk_is_heard_in_each_round(folder: Path) -> None:
    path = folder / "s.yaml"
    path.write_text(
        "format: 1\ntitle: T\nphases:\n"
        "  - {name: One, length: 20m, music: {from: [music/loud.wav], loop: seamless}}\n"
        "  - {name: Two, length: 10s, music: music/calm.wav}\n"
    )
    with Catalogue() as catalogue:
        found = preflight.check(load(path), catalogue)
    told = {risk.what.split()[0]: (risk.at_s, risk.times) for risk in found.risks}
    assert told["silence"] == (200.0, 3), "at 200, 600 and 1000 s"
    rises = [(risk.at_s, risk.times) for risk in found.risks if "rise" in risk.what]
    assert rises == [(130.0, 3), (395.0, 3)], "the last at 1195 s"
    path.write_text(path.read_text().replace("20m", "19m50s"))
    with Catalogue() as catalogue:
        found = preflight.check(load(path), catalogue)
    rises = [(risk.at_s, risk.times) for risk in found.risks if "rise" in risk.what]
    assert rises == [(130.0, 3), (395.0, 2)], "it has faded within five seconds by then"


@pytest.mark.parametrize(
    ("music", "at_s"), [("music/loud.wav", 125.0), ("{from: [%], loop: seamless}", 130.0)]
)
def test_silence_that_is_left_out_brings_a_rise_nearer_but_not_in_a_loop(
    folder: Path, music: str, at_s: float
) -> None:
    loud = folder / "music" / "loud.wav"
    facts = TrackFacts(380 * S, -23.0, -6.0, lead=5 * S, tail=15 * S)
    path = folder / "s.yaml"
    music = music.replace("%", "music/loud.wav")
    path.write_text(
        f"format: 1\ntitle: T\nphases:\n  - {{name: One, length: 3m, music: {music}}}\n"
    )
    with Catalogue() as catalogue:
        catalogue.remember(loud, Survey(facts, rises=(Rise(130.0, 11.2),)))
        found = preflight.check(load(path), catalogue)
    assert [risk.at_s for risk in found.risks] == [at_s]


@pytest.mark.parametrize("last", [False, True])
def test_what_only_a_hold_would_bring_is_told_as_such(folder: Path, last: bool) -> None:
    """The loud piece would begin 390 s into a phase that is written for 300."""
    path = folder / "s.yaml"
    row = "{name: One, length: 5m, ends: by hand, music: [music/calm.wav, music/loud.wav]}"
    after = "after: hold\n" if last else "  - {name: Two, length: 2m, music: music/calm.wav}\n"
    row = row.replace(" ends: by hand,", "") if last else row
    path.write_text(f"format: 1\ntitle: T\nphases:\n  - {row}\n{after}")
    with Catalogue() as catalogue:
        found = preflight.check(load(path), catalogue)
    rises = [risk for risk in found.risks if "rise" in risk.what]
    assert [(risk.at_s, risk.held) for risk in rises] == [(520.0, True), (785.0, True)]
    assert rises[0].line().startswith("00:08:40, One if held: rise of 11 LU")
    assert found.as_json()["risks"][0]["held"] is True


def test_a_risk_that_is_heard_anyway_is_not_told_again_for_a_hold(folder: Path) -> None:
    path = folder / "s.yaml"
    path.write_text(
        "format: 1\ntitle: T\nphases:\n"
        "  - {name: One, length: 5m, ends: by hand, music: music/loud.wav}\n"
        "  - {name: Two, length: 2m, music: music/calm.wav}\n"
    )
    with Catalogue() as catalogue:
        found = preflight.check(load(path), catalogue)
    rises = [(risk.at_s, risk.held) for risk in found.risks if "rise" in risk.what]
    assert rises == [(130.0, False), (395.0, True)]


@pytest.mark.parametrize(
    ("rises", "told"), [("warn", ""), ("soften", ", softened"), ("leave", None)]
)
def test_a_rise_on_the_shelf_is_told_with_its_own_place(
    folder: Path, rises: str, told: str | None
) -> None:
    path = folder / "s.yaml"
    path.write_text(
        f"format: 1\ntitle: T\nsudden_rises: {rises}\n"
        "phases: [{name: One, length: 5m, music: music/calm.wav}]\n"
        "shelf: [{name: Storm, music: [music/loud.wav, music/calm.wav]}]\n"
    )
    with Catalogue() as catalogue:
        found = preflight.check(load(path), catalogue)
    lines = [line for line in found.warnings if line.startswith("shelf, ")]
    line = (
        "shelf, Storm: rise within 2 s in loud.wav: 11 LU at 00:02:10 of it, 9 LU at 00:06:35 of it"
    )
    assert lines == ([] if told is None else [line + told])


def test_a_file_that_was_moved_has_its_risks_at_once(folder: Path) -> None:
    (folder / "music" / "loud.wav").rename(folder / "music" / "renamed.wav")
    path = folder / "s.yaml"
    path.write_text(SESSION.format(rises="warn").replace("loud.wav", "renamed.wav"))
    with Catalogue() as catalogue:
        found = preflight.check(load(path), catalogue)
    assert any("rise of 11 LU within 2 s in renamed.wav" in risk.line() for risk in found.risks)


@pytest.mark.parametrize(("length", "told"), [("10m", True), ("24h", False)])
def test_what_lies_behind_thousands_of_pieces_is_not_looked_for_beside_the_sound(
    folder: Path, length: str, told: bool
) -> None:
    """Pieces of a second, in place of those that were meant."""
    calm = folder / "music" / "calm.wav"
    path = folder / "s.yaml"
    path.write_text(SESSION.format(rises="warn").replace("length: 10m", f"length: {length}"))
    with Catalogue() as catalogue:
        catalogue.remember(calm, Survey(TrackFacts(S, -23.0, -6.0), faults=("it is odd",)))
        knowledge = Knowledge(catalogue)
        programme = compose(load(path), knowledge.of_music, knowledge.of_clip)
        found = preflight.foreseen(programme, knowledge)
        given_up = preflight.foreseen(programme, knowledge, lambda: False)
    assert found is not None
    assert found[0].what == "calm.wav: it is odd"
    assert any("loud.wav" in risk.what for risk in found) is told
    assert given_up is None

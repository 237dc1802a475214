"""The engine's answers, without a socket: who may open, and what waits for what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import tones
from desks import Desk

from player import paths
from player.engine.coming import OF_ANOTHER
from player.engine.engine import Engine
from player.engine.inputs import Obeyed
from player.engine.journal import Journal
from player.engine.kept import read
from player.library.catalogue import Catalogue
from player.library.findings import Rise, Survey
from player.sound.outputs.paced import NullOutput
from player.timeline import commands as c
from player.timeline.plan import TrackFacts
from player.timeline.status import State


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.engine.stop()


def opening(name: str = "rest") -> c.OpenSession:
    return c.OpenSession(path=str(paths.shipped() / f"{name}.yaml"), output="null")


def test_of_two_that_start_at_once_the_second_is_told_why_not(desk: Desk) -> None:
    first, begun = desk.ask(opening(), client=1), desk.ask(c.Begin(), client=1)
    second = desk.ask(opening("lozenge"), client=2)
    assert desk.answer(second).ok is False
    assert "one session at a time" in desk.answer(second).text
    assert desk.answer(first).ok and desk.answer(begun).ok
    desk.until(lambda: desk.engine.status.state is State.PLAYING)
    assert desk.engine.status.title == "Rest, no medicine"


def test_one_whose_session_is_pushed_aside_before_its_begin_is_told_so(desk: Desk) -> None:
    first = desk.ask(opening(), client=1)
    second = desk.ask(opening("lozenge"), client=2)
    assert "one session at a time" in desk.answer(first).text
    assert desk.answer(second).ok
    moved = desk.ask(opening("rest"), client=2)
    assert desk.answer(moved).ok, "who looks at another one is told nothing"


def test_nobody_begins_or_closes_what_another_screen_has_opened(desk: Desk) -> None:
    desk.ask(opening(), client=1)
    second = desk.ask(opening("lozenge"), client=2)
    assert desk.answer(second).ok
    for command in (c.Begin(), c.CloseSession()):
        refused = desk.answer(desk.ask(command, client=1))
        assert (refused.ok, refused.text) == (False, OF_ANOTHER)
    assert desk.engine.status.title == "Lozenge"
    assert desk.engine.status.state is State.READY
    desk.ask(opening(), client=1)
    assert desk.answer(desk.ask(c.Begin(), client=1)).ok
    desk.until(lambda: desk.engine.status.state is State.PLAYING)
    assert desk.engine.status.title == "Rest, no medicine"


def test_words_said_while_the_session_opens_are_done_once_it_has_begun(desk: Desk) -> None:
    desk.ask(opening())
    desk.ask(c.Begin())
    held = desk.ask(c.Hold())
    assert desk.answer(held).ok
    desk.until(lambda: desk.engine.status.held)


def test_a_session_that_cannot_be_read_is_answered_with_its_faults(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("format: 1\ntittle: x\n")
    told = desk.answer(desk.ask(c.OpenSession(path=str(path), output="null")))
    assert not told.ok
    assert "s.yaml:2: tittle" in told.text
    refused = desk.answer(desk.ask(c.Begin()))
    assert not refused.ok


def test_leaving_while_nothing_runs_ends_the_engine_at_once(desk: Desk) -> None:
    desk.ask(c.Leave())
    desk.until(desk.engine.finished.is_set)


def test_an_opening_that_fails_says_whose_fault_it_was(desk: Desk, tmp_path: Path) -> None:
    vanished = desk.ask(c.OpenSession(path=str(tmp_path / "vanished.yaml"), output="null"))
    told = desk.answer(vanished)
    assert (told.ok, told.exit_code) == (False, 2)
    assert "vanished.yaml" in told.text


def test_faulty_settings_keep_a_session_from_being_opened_and_say_which_line(desk: Desk) -> None:
    paths.settings_file().write_text("robust: maybe\n")
    told = desk.answer(desk.ask(opening()))
    assert (told.ok, told.exit_code) == (False, 2)
    assert "settings.yaml:1: robust" in told.text


@pytest.mark.parametrize(
    ("rises", "risks"),
    [("warn", ("00:01:00, Two: rise of 11 LU within 2 s in loud.wav",)), ("soften", ())],
)
def test_whoever_still_chooses_is_told_what_in_the_music_could_startle(
    desk: Desk, tmp_path: Path, rises: str, risks: tuple[str, ...]
) -> None:
    loud = tones.write(tmp_path / "loud.wav", tones.tone(3 * 48_000))
    with Catalogue() as catalogue:
        facts = TrackFacts(400 * 48_000, -23.0, -6.0)
        catalogue.remember(loud, Survey(facts, rises=(Rise(20.0, 11.2),)))
    path = tmp_path / "s.yaml"
    path.write_text(
        f"format: 1\ntitle: T\nsudden_rises: {rises}\nphases:\n"
        "  - {name: One, length: 40s, music: silence}\n"
        "  - {name: Two, length: 2m, music: loud.wav}\n"
    )
    desk.ask(c.OpenSession(path=str(path), output="null"))
    desk.until(lambda: desk.engine.status.risks is not None)
    assert desk.engine.status.risks == risks
    desk.until(lambda: desk.engine.status.state is State.READY)
    assert (desk.engine.status.risks, desk.engine.status.path) == (risks, str(path))
    desk.ask(c.Begin())
    desk.until(lambda: desk.engine.status.state is State.PLAYING)
    assert desk.engine.status.risks is None, "on the session's screen there is no choice any more"


def test_a_stretch_said_after_a_move_is_of_the_phase_it_moved_to(desk: Desk) -> None:
    desk.ask(opening())
    desk.ask(c.Begin())
    desk.until(lambda: desk.engine.status.state is State.PLAYING)
    before = [phase.length_s for phase in desk.engine.status.phases]
    move, longer = desk.ask(c.Go(phase=2)), desk.ask(c.Stretch(by_s=300))
    assert desk.answer(move).ok and desk.answer(longer).ok
    desk.until(lambda: desk.engine.status.phase == 2)
    after = [phase.length_s for phase in desk.engine.status.phases]
    assert after[0] == before[0]
    assert after[2] == before[2] + 300


def test_a_decision_of_the_turn_in_which_the_output_is_found_hung_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path)
    desk = Desk(Engine(journal=journal))
    ended: list[bytes] = []

    def end() -> None:
        ended.append(journal.path.read_bytes())
        raise RuntimeError("here the process would be gone")

    def hung(_: NullOutput) -> bool:
        playing = desk.engine._playing
        return playing is not None and playing.state.volume_db < 0

    monkeypatch.setattr("player.engine.engine.end_at_once", end)
    monkeypatch.setattr(NullOutput, "hung", property(hung, lambda _, set_to: None), raising=False)
    desk.ask(opening())
    desk.ask(c.Begin())
    desk.until(lambda: desk.engine.status.state is State.PLAYING)
    desk.ask(c.ChangeVolume(by_db=-3))
    desk.until(lambda: bool(ended))
    kept = read(ended[0])
    assert kept is not None
    assert [came.command for came in kept.inputs if isinstance(came, Obeyed)] == [
        c.ChangeVolume(by_db=-3)
    ]
    desk.engine.stop()
    journal.close()

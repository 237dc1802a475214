"""While a session is being brought back it is seen as it was, and nothing throws it away."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tones
from desks import Desk
from journals import SCORE, STANDS, heard

from player import paths
from player.engine import recovery
from player.engine.client import LinkedRoom
from player.engine.elapsed import moment
from player.engine.engine import Engine
from player.engine.inputs import Obeyed
from player.engine.journal import Journal
from player.engine.kept import Kept, read
from player.protocol.wire import encode_message
from player.timeline import commands as c
from player.timeline.status import State, Status

PLACE = 470_000


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """A session held by hand and paused, that broke off this moment."""
    file = tmp_path / "tone.flac"
    tones.write(file, np.zeros((48_000, 2), np.float32))
    return Kept(
        c.OpenSession(path="/sessions/s.yaml", output="null"),
        replace(SCORE, files=(file,) * len(SCORE.files)),
        STANDS[0],
        (
            Obeyed(frame=100_000, command=c.MarkDose()),
            Obeyed(frame=200_000, command=c.BeginTalk()),
        ),
        replace(heard(PLACE), elapsed=PLACE, at=moment()),
        (),
        0,
    )


@pytest.fixture
def way() -> threading.Event:
    """Set once the output may be had."""
    return threading.Event()


@pytest.fixture
def desk(kept: Kept, way: threading.Event, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """An engine that waits for its output on the way back."""
    really = recovery.open_output

    def waits(*words: Any, **more: Any) -> Any:
        assert way.wait(20)
        return really(*words, **more)

    monkeypatch.setattr(recovery, "open_output", waits)
    journal = Journal(paths.journal())
    paths.journal().mkdir(parents=True, exist_ok=True)
    journal.path.write_bytes(b"kept")
    engine = Engine(journal=journal)
    engine.take_up(kept, paused=False)
    made = Desk(engine)
    yield made
    way.set()
    engine.stop()
    journal.close()


def test_it_is_seen_as_it_was_when_it_broke_off_and_its_clocks_go_on(desk: Desk) -> None:
    status = desk.engine.status
    assert status.coming_back
    assert status.state is State.TALKING
    assert status.title == SCORE.plan.title
    assert status.position_s == pytest.approx(PLACE / 48_000)
    assert status.since_dose_s is not None
    desk.until(lambda: (desk.engine.status.since_dose_s or 0) > (PLACE - 100_000) / 48_000 + 0.3)


def test_nothing_that_lets_go_of_a_session_is_done_meanwhile(
    desk: Desk, way: threading.Event
) -> None:
    closed = desk.answer(desk.ask(c.CloseSession()))
    assert not closed.ok
    assert "is being brought back" in closed.text
    other = c.OpenSession(path=str(paths.shipped() / "rest.yaml"), output="null")
    opened = desk.answer(desk.ask(other))
    assert not opened.ok
    assert "one session at a time" in opened.text
    way.set()
    desk.until(lambda: not desk.engine.status.coming_back)
    assert desk.engine.status.state is State.TALKING
    assert desk.engine.status.title == SCORE.plan.title


def test_taken_up_by_two_screens_at_once_it_comes_back_once(
    desk: Desk, way: threading.Event
) -> None:
    assert desk.answer(desk.ask(c.TakeUp(), client=1)).ok
    assert desk.answer(desk.ask(c.TakeUp(), client=2)).ok
    assert desk.engine.status.state is State.TALKING, "as it was, not paused as an offer would be"
    way.set()
    desk.until(lambda: not desk.engine.status.coming_back)
    assert desk.engine.status.state is State.TALKING
    refused = desk.answer(desk.ask(c.TakeUp(), client=2))
    assert (refused.ok, refused.text) == (False, "No session broke off.")


def test_keys_pressed_meanwhile_are_done_once_it_is_back(desk: Desk, way: threading.Event) -> None:
    ended, paused = desk.ask(c.EndTalk()), desk.ask(c.Pause())
    elsewhere = desk.ask(c.ChooseOutput(device="Speakers"))
    desk.until(lambda: desk.engine.status.coming_back)
    assert not desk.answers
    way.set()
    assert desk.answer(ended).ok and desk.answer(paused).ok
    assert "No session" not in desk.answer(elsewhere).text
    desk.until(lambda: desk.engine.status.state is State.PAUSED)


def test_that_it_was_to_be_stopped_is_kept_until_that_is_called_off(
    desk: Desk, way: threading.Event
) -> None:
    journal = paths.journal() / "session.journal"
    way.set()
    desk.until(lambda: not desk.engine.status.coming_back)
    assert desk.answer(desk.ask(c.Leave())).ok
    desk.until(lambda: to_be_stopped(journal))
    assert desk.answer(desk.ask(c.Back())).ok
    desk.until(lambda: not to_be_stopped(journal))
    assert not desk.engine.status.stopped


def to_be_stopped(journal: Path) -> bool:
    kept = read(journal.read_bytes())
    assert kept is not None
    return kept.leaving


def test_stopped_meanwhile_it_never_sounds_again_and_is_over(desk: Desk) -> None:
    left = desk.ask(c.Leave())
    desk.until(desk.engine.finished.is_set)
    desk.fetch()
    assert desk.answer(left).ok
    status = desk.engine.status
    assert status.state is State.ENDED
    assert status.leaving and status.stopped
    assert desk.told == ["SessionEnded"]
    desk.until(lambda: not list(paths.journal().iterdir()))


def test_a_screen_outlives_a_second_death_on_the_way_back() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        room = LinkedRoom(ours, "token", comes_back=True)
        seen = Status(state=State.PLAYING, coming_back=True)
        theirs.sendall(encode_message(seen))
        theirs.recv(100)
        theirs.close()
        assert room.receive(1.0) == seen
        again = room.receive(1.0)
        assert isinstance(again, Status)
        assert (again.state, again.coming_back, again.linked) == (State.PLAYING, True, True)
        room.close()

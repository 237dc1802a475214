"""The loop between screens and the engine: a fault in it ends nothing, and is not hidden."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from player.engine import place, upkeep
from player.engine.beat import CONTROL, Beat, lies_at
from player.engine.client import LinkedRoom, find
from player.engine.link import Link
from player.engine.service import Service
from player.engine.upkeep import Upkeep
from player.engine.watched import Watched
from player.protocol.wire import Request
from player.timeline.status import Status
from player.units import Seconds


class FaultyLink(Link):
    """Goes wrong while it is `broken`."""

    broken = False

    def listen(self, timeout_s: Seconds) -> list[tuple[int, Request | None]]:
        if self.broken:
            raise RuntimeError("broken")
        return super().listen(timeout_s)


@pytest.fixture
def met() -> Iterator[place.Place]:
    held = place.lock()
    assert held is not None
    with held:
        made = place.Place(held)
        yield made
        made.leave()


@pytest.fixture
def link(met: place.Place) -> Iterator[FaultyLink]:
    made = FaultyLink(met.server, met.token)
    yield made
    made.close()


@pytest.fixture
def service(met: place.Place, link: FaultyLink) -> Iterator[Service]:
    watched = Watched()
    made = Service(link, watched, Upkeep(met, watched))
    yield made
    made._journal.close()


def test_a_fault_in_a_turn_does_not_end_the_loop_and_is_no_sign_of_life(
    link: FaultyLink, service: Service, capfd: pytest.CaptureFixture[str]
) -> None:
    beat = Beat(lies_at(place.runtime()))
    service.turn()
    assert beat[CONTROL] == 1
    link.broken = True
    for _ in range(3):
        service.turn()
    assert beat[CONTROL] == 1, "the keeper sees it"
    assert capfd.readouterr().err.count("RuntimeError: broken") == 1
    link.broken = False
    room = find()
    assert isinstance(room, LinkedRoom)
    for _ in range(5):
        service.turn()
    assert isinstance(room.receive(2.0), Status)
    assert beat[CONTROL] > 1
    room.close()


def test_a_fault_in_a_look_does_not_end_the_looks(
    met: place.Place,
    link: FaultyLink,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    looks: list[int] = []
    enough = threading.Event()

    def look() -> None:
        looks.append(len(looks))
        if len(looks) == 3:
            enough.set()
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(met, "look", look)
    monkeypatch.setattr(upkeep, "LOOK_S", 0.01)
    made = Upkeep(met, Watched())
    made.start()
    assert enough.wait(20)
    made.stop()
    assert capfd.readouterr().err.count("RuntimeError: can't") == 1

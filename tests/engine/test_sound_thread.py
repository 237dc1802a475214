"""A fault inside the engine's turns: it is not hidden from the keeper, and costs nobody else."""

from __future__ import annotations

import threading

from player.engine.sound_thread import SoundThread
from player.protocol.wire import Answer, Request
from player.timeline.commands import Pause, Skip, Watch
from player.timeline.status import Status
from player.units import Seconds


class Turns(SoundThread):
    """Takes requests; a skip goes wrong, and so does every turn once it is `broken`."""

    def __init__(self) -> None:
        self.beats = 0
        super().__init__(lambda: None, self.count)
        self.broken = False
        self.turns = 0
        self.turned = threading.Condition()

    def count(self) -> None:
        self.beats += 1

    def wait_for(self, turns: int) -> None:
        with self.turned:
            until = self.turns + turns
            assert self.turned.wait_for(lambda: self.turns >= until, 10)

    def _turn(self) -> None:
        with self.turned:
            self.turns += 1
            self.turned.notify_all()
        if self.broken:
            raise RuntimeError("broken")
        self._take_requests()

    def _rest_s(self) -> Seconds:
        return 0.001

    def _take(self, asked: object) -> None:
        request = getattr(asked, "request")  # noqa: B009
        if isinstance(request.command, Skip):
            raise ValueError("this one goes wrong")

    def _picture(self) -> Status:
        return Status()

    def _let_go(self) -> None:
        pass


def test_an_engine_whose_every_turn_goes_wrong_shows_no_sign_of_life() -> None:
    thread = Turns()
    thread.start()
    thread.wait_for(5)
    assert thread.beats >= 3
    thread.broken = True
    thread.wait_for(2)
    stood = thread.beats
    thread.wait_for(20)
    assert thread.beats == stood, "the keeper sees it"
    thread.broken = False
    thread.wait_for(5)
    assert thread.beats > stood
    thread.stop()


def test_a_request_that_goes_wrong_is_refused_and_those_behind_it_are_taken() -> None:
    taken: list[object] = []

    class Noting(Turns):
        def _take(self, asked: object) -> None:
            super()._take(asked)
            taken.append(asked)

    thread = Noting()
    for number, command in enumerate((Watch(), Skip(), Pause())):
        thread.submit(1, Request(number, command))
    thread.start()
    said = thread.outbox.get(timeout=10)
    thread.wait_for(3)
    thread.stop()
    assert said.client == 1
    assert isinstance(said.message, Answer)
    assert (said.message.id, said.message.ok) == (1, False)
    assert "its log has the details" in said.message.text
    assert len(taken) == 2

"""A client whose engine is gone for long: it goes on looking, and what runs on runs on."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator

import pytest

from player.engine import client, place
from player.engine.client import NOT_DONE, LinkedRoom, find
from player.errors import EngineUnreachable
from player.protocol.wire import Answer, Request, decode_request, encode_message
from player.timeline.commands import MarkDose
from player.timeline.status import ReminderStage, ReminderView, State, Status

SEEN = Status(
    state=State.PLAYING,
    path="a.yaml",
    elapsed_s=60.0,
    since_dose_s=30.0,
    reminders=(ReminderView(text="Check in", stage=ReminderStage.COMING, in_s=90.0),),
)


class Post:
    """The place where engines are found; each takes one client, and is gone with the place."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.opens()

    def opens(self) -> None:
        self._door = place.listen()
        place.write_private(place.token_file(), "token")
        self._channel: socket.socket | None = None

    def says(self, status: Status) -> None:
        if self._channel is None:
            self._channel = self._door.accept()[0]
            self._channel.settimeout(5)
        self._channel.sendall(encode_message(status))

    def told(self) -> list[Request]:
        """What the engine was asked, the token left out."""
        assert self._channel is not None
        lines = self._channel.recv(1 << 16).splitlines()
        return [decode_request(line) for line in lines if line != b"token"]

    def closes(self) -> None:
        assert self._channel is not None
        self._channel.close()
        self._door.close()
        place.token_file().unlink()


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    made = Post()
    monkeypatch.setattr(client, "START_S", 0.0)
    monkeypatch.setattr(client, "monotonic_s", lambda: made.now_s)
    yield made
    made.closes()


@pytest.fixture
def lost(post: Post) -> Iterator[LinkedRoom]:
    """A room that was told that its engine is lost, after a mark that nobody answered."""
    room = find(comes_back=True)
    assert room is not None
    post.says(SEEN)
    assert room.receive(5.0) == SEEN
    post.closes()
    assert isinstance(room.receive(5.0), Status)
    room.send(MarkDose())
    with pytest.raises(EngineUnreachable):
        room.receive(5.0)
    yield room
    room.close()


def test_what_runs_on_without_an_engine_is_said_to_run_on(lost: LinkedRoom, post: Post) -> None:
    post.now_s += 25.0
    status = lost.receive(0.0)
    assert isinstance(status, Status)
    assert not status.linked
    assert (status.elapsed_s, status.since_dose_s) == (85.0, 55.0)
    assert status.reminders[0].in_s == 65.0
    assert status.position_s == SEEN.position_s
    post.opens()
    assert lost.receive(0.0) is None
    post.says(SEEN)


@pytest.mark.parametrize("elapsed_s", [55.0, 3000.0])
def test_once_the_session_is_back_what_was_asked_for_is_asked_again(
    lost: LinkedRoom, post: Post, elapsed_s: float
) -> None:
    post.opens()
    assert lost.receive(0.0) is None, "it is found, and has said nothing yet"
    back = SEEN.model_copy(update={"elapsed_s": elapsed_s})
    post.says(back)
    assert lost.receive(5.0) == back
    assert [type(asked.command) for asked in post.told()] == [MarkDose]


@pytest.mark.parametrize(
    "other",
    [
        Status(),
        SEEN.model_copy(update={"path": "b.yaml"}),
        SEEN.model_copy(update={"elapsed_s": 1.0}),
        SEEN.model_copy(update={"state": State.ENDED}),
    ],
)
def test_nothing_that_was_meant_for_one_session_is_done_in_another(
    lost: LinkedRoom, post: Post, other: Status
) -> None:
    post.opens()
    assert lost.receive(0.0) is None
    post.says(other)
    assert lost.receive(5.0) == other
    refused = lost.receive(5.0)
    assert isinstance(refused, Answer)
    assert (refused.ok, refused.text) == (False, NOT_DONE)
    assert post.told() == []


def test_while_no_process_can_be_started_an_engine_that_comes_back_is_met_all_the_same(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "START_S", 20.0)
    monkeypatch.setattr(client, "KEEPER_S", 0.0)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    room = find(comes_back=True)
    assert room is not None
    post.says(SEEN)
    assert room.receive(5.0) == SEEN
    post.closes()
    for _ in range(3):
        status = room.receive(0.1)
        assert isinstance(status, Status) and status.coming_back
    post.opens()
    assert room.receive(0.0) is None
    post.says(SEEN)
    assert room.receive(5.0) == SEEN
    room.close()

"""The engine's side of the link, against clients that behave and clients that do not."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from player import paths
from player.engine import place
from player.engine.link import GREETING_S, MOST_CLIENTS, MOST_LINES_A_SECOND, Link
from player.errors import InputWrong
from player.protocol.wire import Answer, Request, decode_message, encode_request
from player.timeline.commands import Next

TOKEN = "letmein"


class House:
    """A link with a clock that a test turns, and the means to come as a client."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.link = Link(place.listen(), TOKEN, lambda: self.now_s)
        self.heard: list[tuple[int, Request | None]] = []
        self.channels: list[socket.socket] = []

    def comes(self, greeting: bytes = TOKEN.encode() + b"\n") -> socket.socket:
        channel = place.reach(2.0)
        self.channels.append(channel)
        if greeting:
            channel.sendall(greeting)
        self.turns()
        return channel

    def turns(self, count: int = 5) -> None:
        for _ in range(count):
            self.heard += self.link.listen(0.01)

    def dropped(self, channel: socket.socket) -> bool:
        self.turns()
        channel.settimeout(0.2)
        try:
            while channel.recv(1 << 16):
                pass
        except TimeoutError:
            return False
        except OSError:
            return True
        return True

    def requests(self) -> list[Request]:
        return [request for _, request in self.heard if request is not None]


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    yield made
    for channel in made.channels:
        channel.close()
    made.link.close()


def line(number: int = 1) -> bytes:
    return encode_request(Request(number, Next()))


def test_a_client_with_the_token_is_heard_and_answered(house: House) -> None:
    channel = house.comes()
    channel.sendall(line(7))
    house.turns()
    assert [request.id for request in house.requests()] == [7]
    house.link.tell(Answer(id=7, ok=True))
    assert decode_message(channel.recv(4096)) == Answer(id=7, ok=True)


@pytest.mark.parametrize(
    "greeting",
    [b"wrong\n", b"\n", b"\xff\xfe\n", line(), b"GET / HTTP/1.1\r\n\r\n", b"x" * 200_000],
)
def test_a_wrong_token_is_dropped_unheard(house: House, greeting: bytes) -> None:
    channel = place.reach(2.0)
    house.channels.append(channel)
    channel.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        channel.send(greeting)
    assert house.dropped(channel)
    assert house.requests() == []


def test_a_silent_client_is_dropped_and_holds_up_nobody(house: House) -> None:
    silent = house.comes(b"")
    good = house.comes()
    good.sendall(line())
    house.turns()
    assert len(house.requests()) == 1
    house.now_s += GREETING_S + 0.1
    assert house.dropped(silent)
    good.sendall(line(2))
    house.turns()
    assert len(house.requests()) == 2


def test_half_a_line_is_waited_for_but_not_for_ever(house: House) -> None:
    channel = house.comes()
    whole = line(5)
    channel.sendall(whole[:10])
    house.turns()
    channel.sendall(whole[10:])
    house.turns()
    assert [request.id for request in house.requests()] == [5]
    channel.sendall(whole[:10])
    house.turns()
    house.now_s += GREETING_S + 0.1
    assert house.dropped(channel)


def _garbage(channel: socket.socket) -> None:
    channel.sendall(b"\x00\xff garbage\n")


def _flood(channel: socket.socket) -> None:
    channel.sendall(line() * (MOST_LINES_A_SECOND + 2))


def _endless_line(channel: socket.socket) -> None:
    channel.settimeout(0.5)
    with contextlib.suppress(TimeoutError):
        channel.sendall(b"x" * 150_000)


@pytest.mark.parametrize("harm", [_garbage, _flood, _endless_line])
def test_a_client_that_does_harm_is_dropped_and_others_stay(
    house: House, harm: Callable[[socket.socket], Any]
) -> None:
    good, bad = house.comes(), house.comes()
    harm(bad)
    assert house.dropped(bad)
    good.sendall(line(9))
    house.turns()
    assert house.requests()[-1].id == 9


def test_a_client_that_does_not_read_is_dropped_once_too_much_waits(house: House) -> None:
    lazy, good = house.comes(), house.comes()
    good.settimeout(0.5)
    said = Answer(id=1, ok=True, text="x" * 60_000)
    for _ in range(60):
        house.link.tell(said)
        got = 0
        while got < 60_000:
            got += len(good.recv(1 << 17))
    assert len(house.link.watchers) == 1
    assert house.dropped(lazy)


def test_one_client_too_many_takes_the_place_of_the_one_that_was_silent_longest(
    house: House,
) -> None:
    house.link.farewell = lambda: Answer(id=0, ok=False, text="another one came")
    crowd = []
    for _ in range(MOST_CLIENTS):
        house.now_s += 1
        crowd.append(house.comes())
    crowd[0].sendall(line())
    house.turns()
    house.now_s += 60
    late = house.comes()
    assert len(house.link.watchers) == MOST_CLIENTS
    told = decode_message(crowd[1].recv(4096))
    assert isinstance(told, Answer) and told.text == "another one came"
    assert house.dropped(crowd[1])
    assert not any(house.dropped(one) for one in (crowd[0], crowd[2], late))
    late.sendall(line(8))
    house.turns()
    assert house.requests()[-1].id == 8


def test_one_that_has_to_go_just_when_it_reads_again_harms_nobody(house: House) -> None:
    house.link.farewell = lambda: Answer(id=0, ok=False, text="another one came")
    newcomers = [house.comes(b"") for _ in range(3)]
    crowd = [house.comes() for _ in range(MOST_CLIENTS)]
    slow = house.link.watchers[0]
    while not house.link._clients[slow].unsent:
        house.link.tell(Answer(id=1, ok=True, text="x" * 2000), slow)
    # It reads all at once, and somebody comes in the same moment.
    for newcomer in newcomers:
        newcomer.sendall(TOKEN.encode() + b"\n")
    crowd[0].setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while crowd[0].recv(1 << 20):
            pass
    house.turns()
    assert slow not in house.link.watchers
    assert len(house.link.watchers) == MOST_CLIENTS


def test_where_all_have_asked_for_something_the_one_longest_silent_goes(house: House) -> None:
    crowd = [house.comes() for _ in range(MOST_CLIENTS)]
    for one in (*crowd[::-1], crowd[-1]):
        house.now_s += 1
        one.sendall(line())
        house.turns()
    house.comes()
    assert house.dropped(crowd[-2])
    assert len(house.link.watchers) == MOST_CLIENTS


def test_a_crowd_that_says_nothing_keeps_nobody_out(house: House) -> None:
    crowd = [house.comes(b"") for _ in range(MOST_CLIENTS + 4)]
    house.comes()
    assert len(house.link.watchers) == 1
    assert house.dropped(crowd[0])
    assert not house.dropped(crowd[-1]), "the last to come still has its time"


def test_telling_never_waits(house: House) -> None:
    house.comes()
    began = time.monotonic()
    for _ in range(200):
        house.link.tell(Answer(id=1, ok=True, text="x" * 60_000))
    assert house.link.watchers == ()
    assert time.monotonic() - began < 30


def test_the_socket_and_the_token_are_for_the_owner_alone(house: House) -> None:
    held = place.lock()
    assert held is not None
    with held:
        met = place.Place(held)
        token = met.token
        met.server.close()
    assert len(token) == 32
    assert place.token_file().read_text() == token
    for path in (place.socket_file(), place.token_file()):
        assert path.stat().st_mode & 0o077 == 0
    assert place.socket_file().parent.stat().st_mode & 0o077 == 0


def test_clients_stay_where_the_socket_is_made_anew_and_others_come_by_the_new_one(
    house: House,
) -> None:
    stays = house.comes()
    house.link.listen_at(place.listen())
    comes = house.comes()
    for number, channel in enumerate((stays, comes)):
        channel.sendall(line(number))
        house.turns()
    assert [request.id for request in house.requests()] == [0, 1]
    assert len(house.link.watchers) == 2


def test_there_is_one_engine_at_a_time() -> None:
    held = place.lock()
    assert held is not None
    assert place.lock() is None
    held.close()
    again = place.lock()
    assert again is not None
    again.close()


def test_a_runtime_folder_that_stood_open_is_closed_and_a_link_in_its_place_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = paths.runtime()
    folder.chmod(0o755)
    assert paths.runtime().stat().st_mode & 0o077 == 0
    monkeypatch.setenv("STILLROOM_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir(mode=0o700)
    (tmp_path / "home/run").symlink_to(tmp_path)
    with pytest.raises(InputWrong, match="is a link"):
        paths.runtime()


@pytest.mark.skipif(
    sys.platform != "linux" or os.getuid() != 0, reason="another user can only be played by root"
)
def test_another_user_of_the_machine_is_turned_away_even_with_the_token(house: House) -> None:
    import subprocess

    path = place.socket_file()
    for folder in path.parents:
        if str(folder).startswith("/tmp/sr-"):
            folder.chmod(0o755)
    path.chmod(0o777)
    script = (
        "import os, socket, sys; os.setuid(65534); c = socket.socket(socket.AF_UNIX);"
        "c.connect(sys.argv[1]); print('in'); c.sendall(b'letmein\\n')"
    )
    come = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE)
    house.turns(20)
    assert come.communicate(timeout=20)[0] == b"in\n"
    house.turns()
    assert house.link.watchers == ()

"""What was asked for just before something died: never lost without a word, and never done twice.

Real processes, stopped and killed for good.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time

import pytest
from whole_house import WholeHouse

from player.engine import place
from player.engine.client import KEEPER_S, MOST_UNANSWERED, TOO_MANY, LinkedRoom
from player.engine.locks import Lock, is_free
from player.protocol.wire import Answer, Request, encode_request
from player.timeline.commands import ChangeVolume

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
if sys.platform != "win32":
    from signal import SIGSTOP


def says_down(house: WholeHouse) -> socket.socket:
    """Ask for 3 dB less, as one client with one request, and wait for no answer."""
    line = encode_request(Request(7, ChangeVolume(by_db=-3), "one and the same"))
    channel = place.reach(2.0)
    channel.sendall(place.token_file().read_bytes().strip() + b"\n" + line)
    return channel


def answered(channel: socket.socket) -> bool:
    channel.settimeout(10)
    with channel, channel.makefile("rb") as lines:
        return next(b'"ok":true' in line for line in lines if b'"answer"' in line)


def test_what_is_said_to_an_engine_that_hangs_is_done_by_the_next_one(house: WholeHouse) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    engine = house.engine
    house.kill(engine, SIGSTOP)
    stopped_s = time.monotonic()
    house.says("dose", "volume -3")
    house.until(lambda: house.engine != engine and house.status()["volume_db"] == -3)
    since_s = house.status()["since_dose_s"]
    assert since_s is not None
    assert since_s > time.monotonic() - stopped_s - 1, "the mark is where it was made"
    house.until(lambda: "The volume is" in house.told())
    house.says("volume -1")
    house.until(lambda: house.status()["volume_db"] == -4)


def test_what_was_done_and_kept_but_not_answered_is_not_done_again(house: WholeHouse) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    first = house.engine
    assert answered(says_down(house))
    assert answered(says_down(house)), "by the same engine"
    house.kill(first)
    house.until(lambda: house.engine != first and house.status()["volume_db"] == -3)
    assert answered(says_down(house)), "by the next one"
    second = house.engine
    house.kill(second)
    house.until(lambda: house.engine != second and house.status()["volume_db"] == -3)
    assert answered(says_down(house)), "by the one after that, from where it stands"
    assert house.status()["volume_db"] == -3
    house.says("volume -1")
    house.until(lambda: house.status()["volume_db"] == -4)


def test_a_keeper_that_meets_no_engine_any_more_brings_the_session_back_by_itself(
    house: WholeHouse,
) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    keeper, engine = house.keeper, house.engine
    house.leaves()
    house.kill(keeper)
    house.kill(engine)
    house.until(lambda: not house.lives(engine))
    # What the engine did as its last, once it had missed its keeper for long enough.
    last = (
        "from player.engine.watched import WITHOUT_LOOKS, Watched\n"
        "watched = Watched()\n"
        "for _ in range(WITHOUT_LOOKS): watched.keeper(session_runs=True)\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", last], check=True, timeout=15)
    house.until(lambda: house.engine != engine and house.status()["state"] == "playing")
    assert "it goes on" in house.status()["faults"][-1]


def test_a_screen_asks_for_a_keeper_until_there_is_one(house: WholeHouse) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    engine = house.engine
    house.kill(engine, SIGSTOP)
    house.kill(house.keeper)
    stuck = _the_keepers_lock()
    house.kill(engine)
    time.sleep(KEEPER_S + 1)
    stuck.close()
    house.until(lambda: house.engine != engine and house.status()["state"] == "playing")


def test_a_screen_misses_an_engine_that_hangs_without_a_keeper(house: WholeHouse) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    engine = house.engine
    house.kill(engine, SIGSTOP)
    house.kill(house.keeper)
    house.until(lambda: house.engine != engine and house.status()["state"] == "playing")
    assert "it goes on" in house.status()["faults"][-1]


def _the_keepers_lock() -> Lock:
    """Once the keeper that was killed is gone."""
    until_s = time.monotonic() + 5
    while (lock := Lock.take(place.keeper_lock())) is None:
        assert time.monotonic() < until_s
        time.sleep(0.01)
    return lock


def test_more_than_can_be_repeated_is_refused_in_words() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        room = LinkedRoom(ours, "token")
        for _ in range(MOST_UNANSWERED):
            room.send(ChangeVolume(by_db=-1))
        number = room.send(ChangeVolume(by_db=-1))
        assert room.receive(1) == Answer(id=number, ok=False, text=TOO_MANY)


def test_a_start_while_the_last_keeper_is_leaving_waits_and_begins() -> None:
    leaving = Lock.take(place.keeper_lock())
    assert leaving is not None
    threading.Timer(1.0, leaving.close).start()
    script = (
        "from player.engine.client import connect\n"
        "from player.timeline.commands import Leave\n"
        "room = connect()\nroom.send(Leave())\nwhile room.receive(): pass\n"
    )
    started = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=15,
    )
    assert "the music may go on" in started.stderr, "it was met, and left when it was asked to"
    until_s = time.monotonic() + 10
    while not is_free(place.keeper_lock()):
        assert time.monotonic() < until_s
        time.sleep(0.05)

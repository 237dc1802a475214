"""What comes back by itself after a break, what does not, and the clocks then: real processes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from whole_house import WholeHouse

from player.engine import place
from player.engine.beat import STANDING_BY, Beat
from player.engine.client import find
from player.engine.link import MOST_CLIENTS
from player.errors import EngineUnreachable
from player.timeline.status import State, Status

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")


def broken_off(house: WholeHouse) -> None:
    """A session of which nothing is left but what was kept."""
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    keeper, engine = house.keeper, house.engine
    house.kill(keeper)
    house.kill(engine)
    house.leaves()


def that_stands_by(house: WholeHouse) -> int:
    """The engine that waits to take the other's place, once there is one and it has loaded."""
    children = Path(f"/proc/{house.keeper}/task/{house.keeper}/children")
    house.until(lambda: len(children.read_text().split()) == 2)
    spare = next(row for row in map(int, children.read_text().split()) if row != house.engine)
    house.until(lambda: Beat(place.beat_file())[STANDING_BY] == spare)
    return spare


def decided() -> Status | None:
    """What the engine makes of a session that was kept, once it has looked."""
    room = find()
    while room is not None:
        message = room.receive(2.0)
        if isinstance(message, Status) and (message.unfinished or message.state != State.IDLE):
            room.close()
            return message
    return None


def test_a_session_that_is_only_offered_never_comes_back_unasked(house: WholeHouse) -> None:
    broken_off(house)
    house.plays("--output", "null")
    house.until(lambda: "Trial broke off" in house.told())
    if sys.platform == "linux":
        that_stands_by(house)
    engine = house.engine
    house.kill(engine)
    house.until(lambda: house.engine not in (0, engine) and decided())
    now = decided()
    assert now is not None
    assert now.state is State.IDLE, "nobody asked for it"
    assert now.unfinished is not None, "it is offered again"


@pytest.mark.skipif(sys.platform != "linux", reason="finds the one that stands by as Linux tells")
def test_one_that_stands_by_and_is_stuck_does_not_keep_the_sound_away(house: WholeHouse) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    stuck, engine = that_stands_by(house), house.engine
    house.kill(stuck, signal.SIGSTOP)
    house.kill(engine)
    house.until(lambda: not house.lives(stuck), timeout_s=15)
    house.until(lambda: house.engine not in (0, engine) and house.status()["state"] == "playing")
    assert "it goes on" in house.status()["faults"][-1]


def test_a_dose_that_was_marked_in_a_pause_is_as_old_after_a_break(house: WholeHouse) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    house.says("pause")
    house.until(lambda: house.status()["state"] == "paused")
    time.sleep(2)
    house.says("dose")
    house.until(lambda: house.status()["since_dose_s"] is not None)
    marked_s = time.monotonic() - house.status()["since_dose_s"]
    engine = house.engine
    house.kill(engine)
    house.until(lambda: house.engine != engine and house.status()["state"] == "paused")
    assert house.status()["since_dose_s"] == pytest.approx(time.monotonic() - marked_s, abs=0.6)


def test_a_crowd_that_only_listens_does_not_keep_a_session_from_being_stopped(
    house: WholeHouse, stillroom: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    first = find(comes_back=True)
    assert first is not None
    crowd = [first]
    try:
        while len(crowd) < MOST_CLIENTS - 1:
            crowd.append(find() or first)
        house.until(lambda: house.status()["clients"] == MOST_CLIENTS)
        crowd.append(find() or first)  # one too many
        told = Status()
        with pytest.raises(EngineUnreachable):
            while True:
                message = first.receive(5.0)
                told = message if isinstance(message, Status) else told
        with pytest.raises(EngineUnreachable):
            first.receive(1.0)  # two screens would drop each other in turns
        assert told.let_go and told.state is State.PLAYING, "the session goes on, without it"
        stopped = stillroom("stop")
        assert (stopped.returncode, "ended" in stopped.stdout) == (0, True), stopped.stderr
        house.until(lambda: "SessionEnded" in house.told())
    finally:
        for room in crowd:
            room.close()

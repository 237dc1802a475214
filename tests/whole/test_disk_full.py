"""A disk that is really full: a small one, mounted for the test."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from whole_house import WholeHouse

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk as Linux does")


@pytest.fixture
def small_disk() -> Iterator[None]:
    home = os.environ["STILLROOM_HOME"]
    words = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", home]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    yield
    subprocess.run(["umount", "-l", home], check=True)


def fill(house: WholeHouse) -> None:
    with (house.home / "fill").open("ab", buffering=0) as out, contextlib.suppress(OSError):
        while True:
            out.write(bytes(4096))


def test_a_session_plays_on_over_a_full_disk_and_is_kept_again_once_there_is_room(
    small_disk: None, house: WholeHouse
) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    journal = house.home / "journal/session.journal"
    fill(house)
    house.says(*("volume -1" for _ in range(30)))  # the last page of the file may have room
    house.until(lambda: "cannot be kept" in house.told())
    engine = house.engine
    house.kill(engine)
    house.until(lambda: house.engine != engine and house.status()["state"] == "playing")
    house.until(lambda: "it goes on" in house.told())
    house.says("hold")
    house.until(lambda: "Held" in house.told())
    (house.home / "fill").unlink()
    house.until(lambda: b'"hold"' in journal.read_bytes())
    fill(house)
    house.says("end")
    house.until(lambda: "SessionEnded" in house.told())
    house.until(lambda: not journal.exists())
    assert (house.home / "logs/engine.log").read_text().count("Traceback") == 0

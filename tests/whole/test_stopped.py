"""`stillroom stop` stops the session whatever its engine does just then, and it never sounds again.

Real processes, stopped and killed for good; the sound is what any engine gives its device.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
from whole_house import S, WholeHouse

from player.engine import place
from player.engine.client import KEEPER_S
from player.engine.locks import is_free

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
FADE_S = 6


def stop() -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "player.cli", "stop"],
        check=False,
        env=os.environ.copy(),
        text=True,
        capture_output=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


def sounds(house: WholeHouse) -> None:
    """Begin, with sound and a screen, until it is heard well."""
    house.session.write_text(
        house.session.read_text().replace("end_fade: 0.1s", f"end_fade: {FADE_S}s")
    )
    house.plays(**house.listens())
    house.until(lambda: len(house.heard) > 3 * S * 8)


def is_over(house: WholeHouse) -> None:
    """Nothing is left, nothing is kept to be taken up, and the screen ended calmly."""
    assert house.client is not None
    assert house.client.wait(20) == 0, house.told()
    assert "connection to the sound was lost" not in house.told()
    assert not (house.home / "journal/session.journal").exists()
    house.until(lambda: is_free(place.engine_lock()) and is_free(place.keeper_lock()))
    left = len(house.heard)
    time.sleep(KEEPER_S + 0.5)
    assert len(house.heard) == left
    assert is_free(place.engine_lock())


def hangs_engine(house: WholeHouse) -> None:
    house.kill(house.engine, signal.SIGSTOP)


def kills_both(house: WholeHouse) -> None:
    house.kill(house.keeper)
    house.kill(house.engine)


def hangs_alone(house: WholeHouse) -> None:
    house.kill(house.engine, signal.SIGSTOP)
    house.kill(house.keeper)


@pytest.mark.parametrize("harm", [hangs_engine, kills_both])
def test_stopped_just_after_its_engine_was_harmed_it_is_over_unheard(
    house: WholeHouse, harm: Callable[[WholeHouse], None]
) -> None:
    sounds(house)
    harm(house)
    time.sleep(0.1)
    cut = len(house.sound())
    done = stop()
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "ended"), done.stderr
    is_over(house)
    assert np.abs(house.sound()[cut:]).max(initial=0) == 0


def test_an_engine_that_is_killed_in_the_last_fade_does_not_sound_again(house: WholeHouse) -> None:
    sounds(house)
    house.says("dose")
    house.until(lambda: house.status()["since_dose_s"] is not None)
    done: list[subprocess.CompletedProcess[str]] = []
    stopping = threading.Thread(target=lambda: done.append(stop()))
    stopping.start()
    house.until(lambda: not is_free(place.stop_lock()))
    time.sleep(1.0)
    house.kill(house.engine)
    time.sleep(0.1)
    cut = len(house.sound())
    stopping.join()
    assert (done[0].returncode, done[0].stdout.split("\n")[-2]) == (0, "ended"), done[0].stderr
    is_over(house)
    assert np.abs(house.sound()[cut:]).max(initial=0) == 0


def test_what_is_paused_is_not_said_to_fade(house: WholeHouse) -> None:
    sounds(house)
    house.says("pause")
    house.until(lambda: house.status()["state"] == "paused")
    assert stop().stdout == "ending\nended\n"


def test_a_stop_that_is_called_off_at_a_screen_ends_without_the_session(house: WholeHouse) -> None:
    sounds(house)
    done: list[subprocess.CompletedProcess[str]] = []
    stopping = threading.Thread(target=lambda: done.append(stop()))
    stopping.start()
    house.until(lambda: not is_free(place.stop_lock()))
    time.sleep(1.0)
    house.says("back")
    stopping.join()
    assert (done[0].returncode, done[0].stdout) == (1, "fading out\n")
    assert done[0].stderr == "it was called off at a screen: the session goes on\n"
    assert house.status()["state"] == "playing"


def test_who_waits_no_longer_for_the_end_is_told_that_the_music_still_fades(
    house: WholeHouse,
) -> None:
    sounds(house)
    with subprocess.Popen(
        [sys.executable, "-m", "player.cli", "stop"],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    ) as stopping:
        house.until(lambda: not is_free(place.stop_lock()))
        time.sleep(1.0)
        stopping.send_signal(signal.SIGINT)
        said, wrong = stopping.communicate(timeout=20)
    assert (stopping.returncode, said) == (1, "fading out\n")
    assert wrong == "it still fades; its engine ends by itself\n"
    is_over(house)


def test_a_session_whose_engine_hangs_is_told_of_as_running(house: WholeHouse) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    hangs_alone(house)
    house.leaves()
    told = subprocess.run(
        [sys.executable, "-m", "player.cli", "status"],
        check=True,
        text=True,
        capture_output=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )
    assert told.stdout.startswith("One, ")

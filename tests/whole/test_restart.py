"""What happens when something dies: real processes, killed for good, and what is heard after it.

Places and samples are asserted on. How long it takes until it is heard again (1.2 s), until one
that hangs is ended (3 s) and until a new keeper is there (2 s) is pure time, which a busy machine
stretches: scripts/chaos.py judges that, and the waits here only end what would never come.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from whole_house import LOW_HZ, RISE_HZ_S, S, WholeHouse

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")

NEAR_S = 0.3
"""How near to where it was heard last it goes on."""
PICTURE_S = 0.25
"""The picture that a status is may be so old."""


def place_s(sound: Any) -> float:
    """Where in the music the middle of a window of 8192 frames was."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(8192), 65536))
    return float((int(spectrum.argmax()) * S / 65536 - LOW_HZ) / RISE_HZ_S)


def test_an_engine_that_is_killed_is_heard_again_where_it_was_with_all_that_was_decided(
    house: WholeHouse,
) -> None:
    house.plays(**house.listens())
    house.until(lambda: len(house.heard) > 4 * S * 8)
    house.says("hold", "volume -2")
    house.until(lambda: "volume is" in house.told())
    first = house.engine
    house.kill(first)
    time.sleep(0.1)
    cut = len(house.sound())
    house.until(lambda: len(house.heard) > (cut + 3 * S) * 8)
    sound = house.sound()
    begins = cut + int(np.argmax(np.abs(sound[cut:]) > 1e-4))
    before = place_s(sound[cut - 8192 : cut]) + 4096 / S
    after = place_s(sound[begins + 4800 : begins + 4800 + 8192]) - (4800 + 4096) / S
    assert abs(after - before) < NEAR_S
    assert np.abs(sound[begins : begins + 480]).max() < 0.01, "it fades in"
    assert np.abs(sound[begins:]).max() <= np.abs(sound[:cut]).max() * 1.02, "no burst"
    steepest = 2 * np.pi * (LOW_HZ + RISE_HZ_S * 20) / S * np.abs(sound).max()
    assert np.abs(np.diff(sound[begins:])).max() < steepest * 1.1, "no step"
    status = house.status()
    assert status["engine_pid"] not in (0, first)
    assert status["volume_db"] == -2
    assert house.client is not None and house.client.poll() is None, "the screen stays"
    assert house.told().count("the sound broke off for") == 1
    assert house.told().count("PhaseEntered One") == 1
    house.says("status")
    house.until(lambda: ", held" in house.told())


def test_a_killed_keeper_is_replaced_and_the_new_one_brings_back_the_engine(
    house: WholeHouse,
) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    keeper, engine = house.keeper, house.engine
    house.kill(keeper)
    house.until(lambda: house.keeper != keeper and house.lives(house.keeper))
    assert house.engine == engine
    house.until(lambda: house.status()["keeper_pid"] == house.keeper)
    house.kill(engine)
    house.until(lambda: house.engine != engine and house.status()["position_s"] > 0)
    assert "it goes on" in house.status()["faults"][-1]
    first = house.engine
    house.kill(first)
    house.until(lambda: house.engine != first and house.status()["position_s"] > 0)
    house.until(lambda: house.status()["fault_counts"]["breaks"] == 2)
    assert house.status()["clients"] == 2, "the screen, and this one"


def test_an_engine_that_hangs_is_ended_and_started_again(house: WholeHouse) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    house.says("talk")
    house.until(lambda: house.status()["state"] == "talking")
    engine = house.engine
    asked_s, before_s = time.monotonic(), house.status()["position_s"]
    house.kill(engine, signal.SIGSTOP)
    hung_s = time.monotonic()
    house.until(lambda: not house.lives(engine))
    ended_s = time.monotonic()
    house.until(lambda: house.status()["position_s"] > 0)
    house.until(lambda: house.status()["state"] == "talking")
    status = house.status()
    # It stood still while it hung.
    most_s = hung_s - asked_s + time.monotonic() - ended_s + PICTURE_S
    assert before_s - NEAR_S <= status["position_s"] <= before_s + most_s + NEAR_S


def test_when_all_are_killed_the_next_start_offers_to_take_it_up_paused(house: WholeHouse) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 2)
    house.says("dose")
    house.until(lambda: house.status()["since_dose_s"] is not None)
    keeper, engine = house.keeper, house.engine
    asked_s, before_s = time.monotonic(), house.status()["position_s"]
    killed_s = time.monotonic()
    house.kill(keeper)
    house.kill(engine)
    most_s = time.monotonic() - asked_s + PICTURE_S
    house.leaves()
    house.session.unlink()
    house.session = Path("rest")
    house.plays("--output", "null")
    house.until(lambda: "Trial broke off" in house.told())
    house.says("take up")
    house.until(lambda: house.status()["state"] == "paused")
    away_s = time.monotonic() - killed_s
    status = house.status()
    assert status["session"] == "Trial"
    assert before_s - NEAR_S <= status["position_s"] <= before_s + most_s + NEAR_S
    assert status["since_dose_s"] is not None, (house.home / "journal/session.journal").read_text()
    assert status["since_dose_s"] > away_s - 0.3, "its clock went on"
    assert house.told().count("PhaseEntered One") == 1
    house.says("resume")
    house.until(lambda: house.status()["state"] == "playing")


def test_what_broke_off_can_be_given_up_and_nothing_of_it_is_kept(house: WholeHouse) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    keeper, client = house.keeper, house.client
    house.kill(keeper, signal.SIGTERM)
    house.until(lambda: not house.lives(keeper))
    assert client is not None
    client.wait(20)
    house.plays("--output", "null")
    house.until(lambda: "Trial broke off" in house.told())
    house.says("give up")
    house.until(lambda: house.told().count("PhaseEntered One") == 2)
    house.says("end")
    house.until(lambda: "SessionEnded" in house.told())
    house.until(lambda: not list((house.home / "journal").iterdir()))


def test_two_starts_at_once_make_one_engine_and_one_session(house: WholeHouse) -> None:
    house.plays("--output", "null")
    words = [sys.executable, "-m", "player.cli", "play", "rest", "--plain", "--output", "null"]
    first = house.client
    assert first is not None
    with subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as second:
        house.until(lambda: (first.poll() is None) != (second.poll() is None))
        first_lost = first.poll() is not None
        second.kill()
        told = house.told() if first_lost else second.communicate()[0]
    assert "one session at a time" in told


def test_a_data_folder_that_is_taken_away_is_one_quiet_line_and_the_session_plays_on(
    house: WholeHouse,
) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    engine, keeper = house.engine, house.keeper
    away = house.home.rename(house.home.with_name("away"))
    try:
        house.says("volume -2")
        house.until(lambda: "cannot be kept" in house.told())
        house.says("volume -2", "end")
        house.until(lambda: "SessionEnded" in house.told())
        assert house.told().count("cannot be kept") == 1
        assert house.lives(engine)
    finally:
        for process in (keeper, engine):
            if house.lives(process):
                house.kill(process)
        house.leaves()
        house.client = None
        shutil.rmtree(house.home, ignore_errors=True)
        away.rename(house.home)


@pytest.mark.parametrize(
    "slip", ["volume_ceiling_db: -6\nrobust: maybe\n", "volume_ceiling_db: low\n"]
)
def test_a_slip_in_the_settings_neither_loses_the_session_nor_unlocks_its_volume(
    house: WholeHouse, slip: str
) -> None:
    file = house.home / "settings.yaml"
    file.write_text("volume_ceiling_db: -6\n")
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    assert house.status()["volume_db"] == -6, "it begins under the ceiling"
    file.write_text(slip)
    engine = house.engine
    house.kill(engine)
    house.until(lambda: house.engine != engine and house.status()["volume_db"] == -6)
    house.says("volume -2")
    house.until(lambda: house.status()["volume_db"] == -8)
    house.says("volume +5")
    house.until(lambda: house.status()["volume_db"] > -8)
    assert house.status()["volume_db"] == -6
    assert house.status()["state"] == "playing"


def test_a_damaged_journal_is_set_aside_and_the_next_session_says_so(house: WholeHouse) -> None:
    folder = house.home / "journal"
    folder.mkdir(mode=0o700)
    (folder / "session.journal").write_bytes(b'0badc0de [1,"head",{}]\n' * 3)
    house.plays("--output", "null")
    house.until(lambda: "is damaged: it was set aside" in house.told())
    assert (folder / "session.damaged").exists()
    house.until(lambda: house.status()["state"] == "playing")
    assert house.status()["fault_counts"]["other"] == 1

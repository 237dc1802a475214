"""Folders taken away from a session that runs: it goes on, it is reached, and it stays alone."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from whole_house import WholeHouse

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="open files stay there")


def test_a_session_whose_runtime_folder_was_taken_away_is_reached_again_and_stays_alone(
    house: WholeHouse,
) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    engine, keeper = house.engine, house.keeper
    shutil.rmtree(house.home / "run")
    words = [sys.executable, "-m", "player.cli", "play", "rest", "--plain", "--output", "null"]
    second = subprocess.run(
        words, input="", capture_output=True, text=True, check=False, timeout=30
    )
    assert "one session at a time" in second.stdout + second.stderr
    house.until(lambda: house.status()["engine_pid"] == engine)
    house.until(lambda: house.lives(house.keeper) and house.status()["keeper_pid"] == house.keeper)
    assert house.engine == engine
    house.says("volume -2")
    house.until(lambda: house.status()["volume_db"] == -2)
    kept = house.keeper
    assert kept == keeper or not house.lives(keeper), "one keeper, whichever it is"
    house.kill(engine)
    house.until(lambda: house.engine != engine and house.status()["position_s"] > 0)
    assert house.keeper == kept
    house.says("end")
    house.until(lambda: "SessionEnded" in house.told())

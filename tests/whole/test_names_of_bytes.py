"""Folders whose names are no UTF-8, as old disks have them: a session plays there too."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from whole_house import WholeHouse

from player.engine.beat import lies_at

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")

NAME = os.fsdecode(b"s\xe9ance")


def test_a_session_in_such_a_folder_plays_and_comes_back(house: WholeHouse) -> None:
    folder = house.session.parent / NAME
    folder.mkdir()
    house.session = house.session.rename(folder / "s.yaml")
    (house.session.parent.parent / "sweep.flac").rename(folder / "sweep.flac")
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    engine = house.engine
    house.kill(engine)
    house.until(lambda: house.engine != engine and house.status()["position_s"] > 0.5)
    assert house.status()["path"].endswith("/s?ance/s.yaml")


def test_a_data_folder_of_such_a_name_holds_all_that_is_its_own(
    house: WholeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = lies_at(house.home / "run")
    house.home = Path(os.environ["STILLROOM_HOME"]) / NAME
    monkeypatch.setenv("STILLROOM_HOME", str(house.home))
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    assert lies_at(house.home / "run") != before
    assert (house.home / "run" / "keeper.lock").exists()
    house.kill(house.keeper, signal.SIGTERM)
    house.until(lambda: not lies_at(house.home / "run").exists(), 30)
    assert not (house.home / "run" / "engine.sock").exists()

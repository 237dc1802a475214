"""The machine's clock is set while a session runs: only what was said by that clock may change.

Every process of the house reads its wall clock through a shift that the test turns. The clocks
that never stop are the machine's own.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from whole_house import WholeHouse

from player.engine.kept import read

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")

SHIFTED = """
import pathlib, time
_real = time.time
time.time = lambda: _real() + float(pathlib.Path({file!r}).read_text())
"""
DAY_S = 86_400


@pytest.fixture
def set_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the wall clock of all processes that begin from now on, at any time."""
    folder, file = tmp_path / "clock", tmp_path / "clock/shift"
    folder.mkdir()

    def turn(shift_s: float) -> None:
        draft = file.with_suffix(".draft")
        draft.write_text(str(shift_s))
        draft.replace(file)

    turn(0)
    (folder / "sitecustomize.py").write_text(SHIFTED.format(file=str(file)))
    paths = [str(folder), str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    return turn


def kept_at_s(house: WholeHouse) -> float:
    """When the session was heard last, by the wall clock of its engine."""
    kept = read((house.home / "journal/session.journal").read_bytes())
    return 0.0 if kept is None else kept.heard.at.wall_s


def test_a_set_clock_moves_neither_the_programme_nor_the_dose_nor_what_a_break_leads_to(
    set_clock: Callable[[float], None], house: WholeHouse
) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    house.says("dose")
    house.until(lambda: house.status()["since_dose_s"] is not None)
    status, began_s = house.status(), time.monotonic()
    dosed_s, played_s = status["since_dose_s"], status["position_s"]
    for shift_s in (2 * 3600, -2 * DAY_S):
        set_clock(shift_s)
        time.sleep(1)
        passed_s, status = time.monotonic() - began_s, house.status()
        assert status["state"] == "playing"
        assert status["since_dose_s"] == pytest.approx(dosed_s + passed_s, abs=0.6)
        assert status["position_s"] == pytest.approx(played_s + passed_s, abs=0.6)
    # What was kept says a moment two days back by now; it was a moment ago all the same.
    engine = house.engine
    house.until(lambda: abs(kept_at_s(house) - (time.time() - 2 * DAY_S)) < 60)
    set_clock(5 * DAY_S)
    house.kill(engine)
    house.until(lambda: house.engine not in (0, engine) and house.status()["position_s"] > 0)
    passed_s, status = time.monotonic() - began_s, house.status()
    assert status["state"] == "playing", "seconds, not days: it goes on by itself"
    assert status["since_dose_s"] == pytest.approx(dosed_s + passed_s, abs=0.6)
    assert status["position_s"] < played_s + passed_s + 0.3
    keeper, engine = house.keeper, house.engine
    house.kill(keeper)
    house.kill(engine)
    house.leaves()
    set_clock(-5 * DAY_S)
    house.plays("--output", "null")
    house.until(lambda: "Trial broke off" in house.told())
    house.says("take up")
    house.until(lambda: house.status()["state"] == "paused")
    passed_s = time.monotonic() - began_s
    assert house.status()["since_dose_s"] == pytest.approx(dosed_s + passed_s, abs=0.6)

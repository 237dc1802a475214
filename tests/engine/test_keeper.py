"""The keeper, with engines that cannot live: no restarts for ever, and a clear line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import player
from player import paths
from player.engine import client, place
from player.engine.beat import CONTROL, MEMORY, PID, SOUND, Beat, lies_at, tidy
from player.engine.keeper import BEGIN_LOOKS, CALLED_LOOKS, HUNG_LOOKS, Keeper, _Looks
from player.engine.locks import Lock
from player.errors import EngineUnreachable


def keeper(*words: str) -> subprocess.CompletedProcess[bytes]:
    line = [sys.executable, "-m", "player.engine.keeper"]
    return subprocess.run(
        [*line, str(paths.runtime()), str(place.engine_lock()), str(place.log_file()), *words],
        capture_output=True,
        check=False,
        timeout=60,
    )


DIES = """
import os, sys
if sys.orig_argv[-1] == "player.engine":
    os._exit(1)
"""


def test_an_engine_that_dies_at_once_is_given_up_and_who_starts_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(DIES)
    before = os.environ.get("PYTHONPATH", str(Path(player.__file__).parent.parent))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(tmp_path), before)))
    with pytest.raises(EngineUnreachable, match="3 times in a row"):
        client.connect()
    log = place.log_file().read_text()
    assert log.count("the engine ended with 1") == 3
    assert (paths.runtime() / "given-up").stat().st_mode & 0o077 == 0


def test_where_no_file_can_be_written_who_starts_an_engine_is_told_which_and_what_to_do() -> None:
    place.log_file().mkdir()  # as on a disk that is read-only
    with pytest.raises(EngineUnreachable) as told:
        client.connect()
    assert str(place.log_file()) in str(told.value)
    assert "set STILLROOM_HOME" in str(told.value)


@pytest.mark.parametrize(
    ("quick", "deaths", "line"),
    [
        (3, 3, "the sound died at once 3 times in a row and was given up"),
        (0, 30, "the sound broke off 30 times within 5 minutes and was given up"),
    ],
)
def test_what_is_given_up_is_told_as_it_was(
    tmp_path: Path, quick: int, deaths: int, line: str
) -> None:
    own = Lock.take(tmp_path / "keeper.lock")
    assert own is not None
    with own:
        kept = Keeper(tmp_path, tmp_path / "engine.lock", tmp_path / "log", own, again=False)
        kept._give_up(quick, deaths)
    assert (tmp_path / "given-up").read_text().startswith(line)


def test_there_is_one_keeper() -> None:
    held = Lock.take(place.keeper_lock())
    assert held is not None
    with held:
        assert keeper().returncode == 0
    assert not lies_at(paths.runtime()).exists()


def test_one_that_shows_signs_of_life_never_hangs_and_one_that_stops_does(tmp_path: Path) -> None:
    beat = Beat(tmp_path / "beat", fresh=True)
    looks = _Looks(beat)
    assert not any(looks.look() for _ in range(BEGIN_LOOKS)), "it may take its time to begin"
    for _ in range(50):
        beat.count(SOUND)
        beat.count(CONTROL)
        assert not looks.look()
    for _ in range(HUNG_LOOKS - 1):
        beat.count(CONTROL)
        assert not looks.look()
    assert looks.look(), "the sound stands although the control goes round"


def test_one_that_stood_by_has_less_time_to_begin_than_one_that_loads(tmp_path: Path) -> None:
    looks = _Looks(Beat(tmp_path / "beat", fresh=True), CALLED_LOOKS)
    assert [looks.look() for _ in range(CALLED_LOOKS + 1)] == [*[False] * CALLED_LOOKS, True]


def test_signs_of_life_are_seen_by_another_that_looks(tmp_path: Path) -> None:
    one, other = Beat(tmp_path / "beat", fresh=True), Beat(tmp_path / "beat")
    one[SOUND] = 12345678901
    assert other[SOUND] == 12345678901
    assert (tmp_path / "beat").stat().st_mode & 0o077 == 0


def test_a_keeper_that_is_asked_to_part_starts_nothing(tmp_path: Path) -> None:
    own = Lock.take(tmp_path / "keeper.lock")
    assert own is not None
    kept = Keeper(tmp_path, tmp_path / "engine.lock", tmp_path / "log", own, again=False)
    kept._part(15, None)
    assert kept.run() == 0
    assert not lies_at(tmp_path).exists()
    own.close()


def test_signs_of_life_are_never_shown_in_a_file_of_somebody_else_or_by_a_link(
    tmp_path: Path,
) -> None:
    path = lies_at(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"mine")
    path.symlink_to(elsewhere)
    try:
        assert lies_at(tmp_path) == tmp_path / "engine.beat"
        with pytest.raises(OSError):
            Beat(path)
    finally:
        path.unlink()
    assert elsewhere.read_bytes() == b"mine"
    assert lies_at(tmp_path) == path


@pytest.mark.skipif(not MEMORY.is_dir(), reason="signs of life lie in the runtime folder here")
def test_signs_of_life_that_nobody_shows_any_more_are_tidied_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as done:
        done.wait()
    monkeypatch.setattr("player.engine.beat.MEMORY", tmp_path)
    rows = {"dead": done.pid, "never": 0, "lives": os.getpid(), "new": 0, "another's": 0}
    for name, process in rows.items():
        path = lies_at(tmp_path / name)
        Beat(path, fresh=True)[PID] = process
        if name != "new":
            os.utime(path, (1e9, 1e9))
    lies_at(tmp_path / "another's").chmod(0o644)
    tidy()
    left = {path.name for path in tmp_path.iterdir()}
    monkeypatch.undo()
    assert left == {lies_at(tmp_path / name).name for name in ("lives", "new", "another's")}

"""The keeper, with engines that cannot live: no restarts for ever, and a clear line."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import player
from player import paths
from player.engine import client, place
from player.engine import keeper as keeping
from player.engine.beat import CONTROL, MEMORY, PID, SOUND, Beat, lies_at, tidy
from player.engine.keeper import (
    BEGIN_LOOKS,
    CALLED_LOOKS,
    HUNG_LOOKS,
    START_TRIES,
    Keeper,
    _died,
    _Looks,
)
from player.engine.locks import Lock
from player.errors import EngineUnreachable
from player.timeline.status import Status


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
DIES_WHERE_IT_BREAKS_OFF = """
import os, sys
if sys.orig_argv[-1] == "player.engine":
    from player.engine import place
    from player.protocol.wire import encode_message
    from player.timeline.status import State, Status
    door = place.listen()
    place.write_private(place.token_file(), "token")
    door.settimeout(5)
    channel, _ = door.accept()
    channel.sendall(encode_message(Status(state=State.PLAYING, path="a.yaml", elapsed_s=60.0)))
    channel.recv(100)
    os._exit(1)
"""
SAYS_WHETHER_IT_COMES_BACK = """
import os, pathlib, sys
if sys.orig_argv[-1] == "player.engine":
    log = pathlib.Path(os.environ["STILLROOM_HOME"], "logs", "engine.log")
    log.write_text("again: " + os.environ.get("STILLROOM_AGAIN", "no"))
    os._exit(0)
"""


HANGS_ONCE = """
import os, pathlib, sys, time
if sys.orig_argv[-1] == "player.engine":
    log = pathlib.Path(os.environ["STILLROOM_HOME"], "befores")
    first = not log.exists()
    with log.open("a") as out:
        print(os.environ.get("STILLROOM_AGAIN"), file=out)
    time.sleep(60 if first else 0)
    os._exit(0)
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Keeper]:
    """A keeper in this process."""
    place = Lock.take(tmp_path / "keeper.lock")
    assert place is not None
    with place:
        made = Keeper(tmp_path, tmp_path / "engine.lock", tmp_path / "log", place, again=False)
        yield made
        made.leave()


@pytest.fixture
def keepers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Waits at the end for all keepers that were started."""
    started: list[subprocess.Popen[bytes]] = []
    really = client.start

    def start(*, again: bool = False) -> subprocess.Popen[bytes]:
        started.append(really(again=again))
        return started[-1]

    monkeypatch.setattr(client, "start", start)
    yield
    for each in started:
        each.wait(20)


@pytest.fixture
def engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has all engines do what a program says."""

    def do(program: str) -> None:
        (tmp_path / "sitecustomize.py").write_text(program)
        before = os.environ.get("PYTHONPATH", str(Path(player.__file__).parent.parent))
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(tmp_path), before)))

    return do


def test_an_engine_that_dies_at_once_is_given_up_and_who_starts_one_is_told(
    engines: Callable[[str], None],
) -> None:
    engines(DIES)
    with pytest.raises(EngineUnreachable, match="3 times in a row"):
        client.connect()
    log = place.log_file().read_text()
    assert log.count("the engine ended with 1") == 3
    assert (paths.runtime() / "given-up").stat().st_mode & 0o077 == 0


def test_who_watches_is_told_that_it_was_given_up_and_starts_nothing_anew(
    engines: Callable[[str], None], keepers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines(DIES_WHERE_IT_BREAKS_OFF)
    monkeypatch.setattr(client, "KEEPER_S", 0.4)
    room = client.connect()
    seen: list[Status | str] = []
    until_s = time.monotonic() + 20
    while not any(isinstance(each, str) for each in seen[:-2]) and time.monotonic() < until_s:
        seen += [each for each in (_next(room),) if each is not None]
    room.close()
    log = place.log_file().read_text()
    assert log.count("the engine ended with 1") == 3
    assert log.count("was given up") == 1
    lost = next(at for at, status in enumerate(seen) if isinstance(status, str))
    assert "3 times in a row" in str(seen[lost])
    told = seen[lost - 1]
    assert isinstance(told, Status)
    assert (told.linked, told.given_up) == (False, seen[lost])
    assert [each for each in seen[lost + 1 :] if isinstance(each, str)] == []


def _next(room: client.LinkedRoom) -> Status | str | None:
    try:
        message = room.receive(0.3)
    except EngineUnreachable as fault:
        return str(fault)
    return message if isinstance(message, Status) else None


@pytest.mark.parametrize(("given_up", "again"), [(True, "no"), (False, "died")])
def test_what_was_given_up_never_comes_back_by_itself(
    engines: Callable[[str], None], given_up: bool, again: str
) -> None:
    engines(SAYS_WHETHER_IT_COMES_BACK)
    if given_up:
        (paths.runtime() / "given-up").write_text("it died")
    place.log_file()
    assert keeper("again").returncode == 0
    assert f"again: {again}" in place.log_file().read_text()
    assert place.given_up() == ""


def test_an_engine_that_follows_one_that_hung_is_told_so(
    engines: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines(HANGS_ONCE)
    monkeypatch.setattr(keeping, "LOOK_S", 0.02)
    monkeypatch.setattr(keeping, "SPARE_LOOKS", 1_000_000)
    home = Path(os.environ["STILLROOM_HOME"])
    held = Lock.take(tmp_path / "keeper.lock")
    assert held is not None
    with held:
        assert Keeper(home, home / "engine.lock", tmp_path / "log", held, again=True).run() == 0
    assert (home / "befores").read_text().split() == ["died", "hung"]


def test_what_was_given_up_on_a_full_disk_is_told_all_the_same() -> None:
    (paths.runtime() / "given-up").touch()
    assert str(place.log_file()) in place.given_up()


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
        (0, 12, "the sound broke off 12 times within 2 minutes and was given up"),
    ],
)
def test_what_is_given_up_is_told_as_it_was(
    tmp_path: Path, own: Keeper, quick: int, deaths: int, line: str
) -> None:
    own._give_up(_died(quick, deaths))
    assert (tmp_path / "given-up").read_text().startswith(line)


def test_one_that_dies_now_and_then_is_not_brought_back_for_ever(
    tmp_path: Path, own: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived = tmp_path / "lived"
    program = tmp_path / "dies"
    program.write_text(f'#!/bin/sh\necho >> "{lived}"\nexit 1\n')
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(keeping, "QUICK_S", 0.0)
    monkeypatch.setattr(keeping, "LOOK_S", 0.001)
    assert own.run() == 1
    assert len(lived.read_text().splitlines()) == keeping.MOST_DEATHS
    assert "broke off 12 times within 2 minutes" in (tmp_path / "given-up").read_text()


def test_where_no_process_can_be_started_who_wants_one_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(EngineUnreachable, match="no process can be started"):
        client.connect()


def test_a_keeper_that_can_start_no_process_tries_on_and_says_at_last_that_it_gave_up(
    tmp_path: Path, own: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    monkeypatch.setattr(keeping, "TRY_S", 0.0)
    assert own.run() == 1
    assert (tmp_path / "log").read_text().count("no engine can be started") == START_TRIES
    line = (tmp_path / "given-up").read_text()
    assert line.startswith("no process can be started (No such file or directory): the sound was")


def test_a_keeper_that_can_have_no_engine_stand_by_keeps_the_one_that_runs(
    own: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = sys.executable
    program = "import time; time.sleep(0.1)"
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    monkeypatch.setattr(keeping, "LOOK_S", 0.001)
    engine = subprocess.Popen([really, "-c", program])
    assert own._watch_own(engine, _Looks(None)), "it ended in good order"


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


def test_a_keeper_that_is_asked_to_part_starts_nothing(tmp_path: Path, own: Keeper) -> None:
    own._part(15, None)
    assert own.run() == 0
    assert not lies_at(tmp_path).exists()


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

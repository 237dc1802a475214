"""Where an engine is met, taken away underneath it: made anew, by one engine and no other."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from player import paths
from player.engine import place
from player.engine.beat import CONTROL, PID, Beat
from player.engine.keeper import Keeper, _Looks
from player.engine.locks import Lock, is_free

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="open files stay there")


@pytest.fixture
def met() -> Iterator[place.Place]:
    held = place.lock()
    assert held is not None
    with held:
        made = place.Place(held)
        yield made
        made.server.close()


def servers(met: place.Place) -> int:
    """How often a look made a new socket, in three looks; only the newest stays open."""
    made = 0
    for _ in range(3):
        before, new = met.server, met.look()
        if new is not None:
            before.close()
            made += 1
    return made


def test_an_untouched_place_stays_as_it_is(met: place.Place) -> None:
    assert servers(met) == 0


@pytest.mark.parametrize("name", ["engine.sock", "engine.token", ""])
def test_what_was_taken_away_is_made_anew_and_the_token_is_the_same(
    met: place.Place, name: str
) -> None:
    gone = paths.runtime() / name
    if name:
        gone.unlink()
    else:
        shutil.rmtree(gone)
    assert servers(met) == (name != "engine.token")
    assert place.token_file().read_text() == met.token
    place.reach(1.0).close()
    for path in (place.socket_file(), place.token_file(), paths.runtime()):
        assert path.stat().st_mode & 0o077 == 0


def test_a_token_that_was_written_over_is_put_right(met: place.Place) -> None:
    place.token_file().write_text("x" * 32)
    met.look()
    assert place.token_file().read_text() == met.token


@pytest.mark.parametrize("name", ["engine.sock", "engine.token"])
def test_a_folder_that_lies_in_the_way_is_set_aside_with_all_that_is_in_it(
    met: place.Place, name: str
) -> None:
    gone = paths.runtime() / name
    gone.unlink()
    gone.mkdir()
    (gone / "mine").write_text("kept")
    assert servers(met) == (name == "engine.sock")
    assert place.token_file().read_text() == met.token
    place.reach(1.0).close()
    (aside,) = paths.runtime().glob(f"{name}.aside-*")
    assert (aside / "mine").read_text() == "kept"


def test_an_engine_without_its_folder_still_keeps_a_second_one_out(met: place.Place) -> None:
    shutil.rmtree(paths.runtime())
    assert place.lock() is None


def test_another_engine_that_came_meanwhile_is_let_be(met: place.Place) -> None:
    place.engine_lock().unlink()
    other_lock = place.lock()
    assert other_lock is not None
    with other_lock:
        other = place.Place(other_lock)
        assert servers(met) == 0
        assert not met.is_own
        met.leave()
        assert place.token_file().read_text() == other.token
        other.server.close()
    assert servers(met) == 1, "once the other has left"
    assert met.is_own


def test_a_lock_is_taken_anew_once_its_file_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = Lock.take(path)
    assert first is not None and Lock.take(path) is None and not is_free(path)
    path.unlink()
    assert is_free(path)
    assert first.look()
    assert not is_free(path) and int(path.read_text()) > 1
    path.unlink()
    second = Lock.take(path)
    assert second is not None and not first.look()
    second.close()
    assert first.look()
    first.close()


def test_a_keeper_whose_place_another_took_ends_and_leaves_the_engine_be(tmp_path: Path) -> None:
    own = Lock.take(tmp_path / "keeper.lock")
    assert own is not None
    with own:
        (tmp_path / "keeper.lock").unlink()
        other = Lock.take(tmp_path / "keeper.lock")
        engine = Lock.take(tmp_path / "engine.lock")
        assert other is not None and engine is not None
        with other, engine:
            log = tmp_path / "log"
            keeper = Keeper(tmp_path, tmp_path / "engine.lock", log, own, again=False)
            assert keeper.run() == 0
            assert "another keeper" in log.read_text()
            assert not is_free(tmp_path / "engine.lock")


def test_signs_of_life_are_looked_for_where_they_lie_now(tmp_path: Path) -> None:
    path = tmp_path / "beat"
    old = Beat(path, fresh=True)
    looks = _Looks(old)
    path.unlink()
    assert not old.is_at(path)
    looks.follow(path)
    assert looks.beat is old, "nothing else is there yet"
    new = Beat(path)
    new[PID], new[CONTROL] = 7, 9
    looks.follow(path)
    assert looks.beat is not None
    assert looks.beat is not old and looks.beat[PID] == 7

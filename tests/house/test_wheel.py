"""What is installed from a wheel, without the checkout: shipped sessions and sound are in it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import player

ROOT = Path(player.__file__).parents[1]


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of all files in a wheel that was built from the checkout."""
    pytest.importorskip("hatchling", reason="the development extra brings what builds the wheel")
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("stillroom-*.whl")
    with zipfile.ZipFile(wheel) as opened:
        return set(opened.namelist())


def all_of(folder: str, ending: str) -> set[str]:
    """The files of a folder in the checkout, as paths within it."""
    return {
        file.relative_to(ROOT / folder).as_posix()
        for file in (ROOT / folder).rglob(f"*{ending}")
        if "__pycache__" not in file.parts
    }


@pytest.mark.parametrize("ending", [".yaml", ".opus"])
def test_all_shipped_sessions_music_and_voice_travel_in_the_wheel(inside, ending):
    shipped = all_of("playlists", ending)
    assert shipped
    assert {f"player/shipped/{name}" for name in shipped} <= inside


def test_all_code_travels_in_the_wheel(inside):
    assert {f"player/{name}" for name in all_of("player", ".py")} <= inside
    assert "player/py.typed" in inside


def test_licence_and_notices_travel_in_the_wheel(inside):
    notes = {Path(name).name for name in inside if ".dist-info/licenses/" in name}
    assert notes == {"LICENSE", "NOTICE.md"}


def test_nothing_else_travels_in_the_wheel(inside):
    assert {name.split("/")[0].partition("-")[0] for name in inside} == {"player", "stillroom"}
    assert not [name for name in inside if "__pycache__" in name]

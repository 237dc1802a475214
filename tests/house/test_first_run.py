"""The two commands, run for real in a small project that needs no network."""

from __future__ import annotations

import ast
import os
import runpy
import shutil
import sys
from pathlib import Path

import pytest

import player

ROOT = Path(player.__file__).parents[1]
LINK = "https://www.python.org/downloads/"
POSIX = pytest.mark.skipif(os.name == "nt", reason="stands in for a Python with a shell script")

AS_OLD = """
import runpy, sys
sys.version_info = (3, 8, 18, "final", 0)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
WITHOUT = """
import importlib.util, runpy, sys
missing, *sys.argv = sys.argv[1:]
find = importlib.util.find_spec
importlib.util.find_spec = lambda name: None if name == missing else find(name)
runpy.run_path(sys.argv[0], run_name="__main__")
"""

OLD_PYTHON = (sys.executable, "-c", AS_OLD)
"""This Python, saying that it is an old one."""


@pytest.mark.parametrize("file", ["start.py", "test.py", "first_run/*.py"])
def test_an_old_python_can_read_the_two_commands(file):
    found = sorted((ROOT / "scripts").glob(file))
    assert found
    for path in found:
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_the_oldest_python_is_the_one_that_the_project_names():
    oldest = runpy.run_path(str(ROOT / "scripts" / "first_run" / "pythons.py"))["OLDEST"]
    asked = f'requires-python = ">={oldest[0]}.{oldest[1]}"'
    assert asked in (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()


def test_an_old_python_alone_says_what_is_missing_and_where_it_is_found(place):
    done = place.run("start.py", python=OLD_PYTHON, environment={"PATH": str(place.folder)})
    assert done.returncode == 1
    assert "needs Python 3.11 or later" in done.stderr
    assert "This is Python 3.8.18" in done.stderr
    assert done.stderr.count("https://") == 1
    assert LINK in done.stderr
    assert not place.venv.exists()


@POSIX
@pytest.mark.parametrize("script", ["start.py", "test.py"])
def test_an_old_python_hands_over_to_the_newest_one_on_the_path(place, script):
    stand_in(place.folder / "bin" / "python3.13", answer=127)
    stand_in(place.folder / "bin" / "python3.12", answer=0)
    stand_in(place.folder / "bin" / "python3.11", answer=0)
    path = f"{place.folder / 'bin'}"
    done = place.run(script, "one", "two words", python=OLD_PYTHON, environment={"PATH": path})
    assert done.stdout.splitlines() == [
        "python3.12 runs",
        str(place.folder / "scripts" / script),
        "one",
        "two words",
    ]
    assert done.returncode == 9


def stand_in(file: Path, answer: int) -> None:
    """A program that answers the question for its version, and else says how it was called."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(
        f'#!/bin/sh\n[ "$1" = -c ] && exit {answer}\n'
        f'echo "{file.name} runs"\nfor one in "$@"; do echo "$one"; done\nexit 9\n'
    )
    file.chmod(0o755)


def test_start_installs_then_opens_with_arguments_and_exit_code(opened):
    installed, done = opened
    assert done.stderr == ""
    assert done.returncode == 7
    said = done.stdout.splitlines()
    assert said[0].startswith(f"Making {installed.venv} with Python ")
    assert said[2].startswith("Installing Stillroom")
    assert said[-1] == f"opened ['play', 'a b.yaml'] {installed.folder.parent}"


def test_the_second_time_it_opens_at_once_from_any_folder(installed, tmp_path):
    done = installed.run("start.py", folder=tmp_path)
    assert done.stdout.splitlines() == [f"opened [] {tmp_path}"]
    assert done.returncode == 7


def test_a_changed_project_is_installed_again_into_what_is_there(installed):
    marker = installed.venv / "still-here"
    marker.touch()
    with (installed.folder / "pyproject.toml").open("a", encoding="utf-8") as pyproject:
        pyproject.write("# changed\n")
    done = installed.run("start.py")
    assert [line.split(":")[0] for line in done.stdout.splitlines()[:1]] == ["Installing Stillroom"]
    assert marker.exists()
    assert len(installed.run("start.py").stdout.splitlines()) == 1


def test_the_voice_is_added_to_what_is_there_and_kept_from_then_on(installed):
    added = installed.run("start.py", "--with", "voice", "check", "rest").stdout.splitlines()
    assert added[0].startswith("Installing Stillroom and its voice:")
    assert added[-1].startswith("opened ['check', 'rest']")
    assert len(installed.run("start.py").stdout.splitlines()) == 1
    assert len(installed.run("start.py", "--with", "voice").stdout.splitlines()) == 1
    wrong = installed.run("start.py", "--with", "voices")
    assert wrong.returncode == 2
    assert "start.py --with voice" in wrong.stderr


def test_a_failed_installation_shows_the_end_of_the_log_and_where_it_lies(needy):
    done = needy.run("start.py")
    assert done.returncode == 1
    assert "Something could not be installed." in done.stderr
    assert "no-such-package-anywhere" in done.stderr
    assert f"The whole log: {needy.venv / 'install.log'}" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_network_it_says_so(needy):
    index = {"PIP_NO_INDEX": "0", "PIP_INDEX_URL": "http://127.0.0.1:9/"}
    done = needy.run("start.py", environment={**index, "PIP_CONFIG_FILE": os.devnull})
    assert done.returncode == 1
    assert "could not be reached" in done.stderr


@pytest.fixture
def needy(installed):
    """The project, for one test in want of a package that no index has."""
    pyproject = installed.folder / "pyproject.toml"
    before = pyproject.read_text(encoding="utf-8")
    pyproject.write_text(f"{before}# needy\n", encoding="utf-8")
    yield installed
    pyproject.write_text(before, encoding="utf-8")


def without_its_python(venv: Path) -> None:
    (venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")).unlink()


def without_pip(venv: Path) -> None:
    shutil.rmtree(next(venv.rglob("site-packages/pip")))


def half_made(venv: Path) -> None:
    shutil.rmtree(venv)
    venv.mkdir()


def not_even_a_folder(venv: Path) -> None:
    shutil.rmtree(venv)
    venv.write_text("")


def broken_off(venv: Path) -> None:
    (venv / "stillroom-stamp.json").write_text('{"fault": "it was broken off"}')


def as_it_was(venv: Path) -> None:
    """What is copied belongs to the folder it was copied from."""


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (without_its_python, "the one that is there does not work"),
        (without_pip, "the one that is there does not work"),
        (half_made, "the one that is there does not work"),
        (not_even_a_folder, "the one that is there does not work"),
        (broken_off, "it was broken off"),
        (as_it_was, "the one that is there belongs to another folder"),
    ],
)
def test_what_cannot_be_trusted_is_to_be_made_anew(installed, tmp_path, spoil, reason):
    copy = installed.copy(tmp_path / "copy")
    spoil(copy.venv)
    assert copy.why_anew() == reason


def test_a_folder_that_is_whole_is_kept(installed):
    assert installed.why_anew() is None


def test_a_folder_whose_python_has_gone_is_made_anew(installed, tmp_path):
    copy = installed.copy(tmp_path / "copy")
    without_its_python(copy.venv)
    done = copy.run("start.py")
    assert f"Making {copy.venv} anew (the one that is there does not work)" in done.stdout
    assert done.returncode == 7


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_names_the_package_that_has_it(place, missing):
    without = (sys.executable, "-c", WITHOUT, missing)
    done = place.run("start.py", python=without)
    assert done.returncode == 1
    assert "sudo apt install python3-venv" in done.stderr
    assert not place.venv.exists()

"""The house is kept: short files, plain names, nothing half done, a reason for every package."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import player

ROOT = Path(player.__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CODE = sorted(
    file for folder in ("player", "scripts", "tests") for file in (ROOT / folder).rglob("*.py")
)
LONGEST = 400
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "manager", "managers", "misc", "common"}
LEFT_OVER = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")


def named(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_there_is_code_to_look_at():
    assert {"player/units.py", "scripts/start.py", "tests/conftest.py"} <= set(map(named, CODE))


def test_no_file_is_longer_than_a_room():
    lengths = {named(file): len(file.read_text(encoding="utf-8").splitlines()) for file in CODE}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_every_name_says_what_is_in_the_file():
    assert [named(file) for file in CODE if EMPTY_NAMES & set(file.stem.split("_"))] == []


def test_nothing_is_left_for_later_in_the_code():
    left = [
        f"{named(file)}:{number}"
        for file in CODE
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if LEFT_OVER.search(line)
    ]
    assert left == []


@pytest.mark.parametrize("folder", ["player", "scripts"])
def test_every_module_says_its_job(folder):
    silent = [
        named(file)
        for file in CODE
        if file.is_relative_to(ROOT / folder)
        and file.read_text(encoding="utf-8").strip()
        and not file.read_text(encoding="utf-8").lstrip().startswith('"""')
    ]
    assert silent == []


def test_the_version_is_the_same_in_both_places():
    assert PROJECT["version"] == player.__version__


def test_the_change_log_speaks_of_this_version():
    assert f"## [{player.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_package_that_is_installed_has_its_reason_above_it():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    for requirement in PROJECT["dependencies"]:
        (place,) = [at for at, line in enumerate(lines) if line.strip() == f'"{requirement}",']
        assert lines[place - 1].strip().startswith("# "), f"no reason above {requirement}"


def test_every_package_that_is_installed_stands_in_the_notices():
    notices = (ROOT / "NOTICE.md").read_text(encoding="utf-8")
    names = [re.split(r"[<>=;\[ ]", requirement)[0] for requirement in PROJECT["dependencies"]]
    assert [name for name in names if not re.search(rf"\| {name} ", notices, re.I)] == []


def test_the_licence_is_there_in_full():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text

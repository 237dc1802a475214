from __future__ import annotations

import errno
import os
import re
import shutil
from pathlib import Path

import pytest

from player import paths
from player.errors import InputWrong
from player.session.find import everything, find


@pytest.fixture
def chosen(shipped: Path) -> Path:
    for name in (
        "zen",
        "long",
        "grounding-10",
        "rest",
        "lozenge",
        "voice",
        "grounding-5",
        "calm 9",
    ):
        (shipped / f"{name}.yaml").touch()
    (shipped / "calm 10.yaml").touch()
    for name in ("Mine.yaml", "another.yml", ".hidden.yaml", "notes.txt", "music.yaml"):
        (paths.own_sessions() / name).touch()
    return shipped


def test_shipped_sessions_come_in_their_order_and_then_ones_own(chosen: Path) -> None:
    assert [(each.name, each.own) for each in everything()] == [
        ("rest", False),
        ("lozenge", False),
        ("long", False),
        ("grounding-5", False),
        ("grounding-10", False),
        ("calm 9", False),
        ("calm 10", False),
        ("zen", False),
        ("another", True),
        ("Mine", True),
        ("music", True),
    ]


def test_a_session_is_found_by_name_without_case(chosen: Path) -> None:
    assert find("rest") == chosen / "rest.yaml"
    assert find("mine") == paths.own_sessions() / "Mine.yaml"


def test_ones_own_session_comes_before_a_shipped_one_of_its_name(chosen: Path) -> None:
    (paths.own_sessions() / "rest.yaml").touch()
    assert find("rest") == paths.own_sessions() / "rest.yaml"


def test_a_session_is_found_by_path(
    chosen: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "my.yaml").touch()
    (folder / "plain").touch()
    (Path.home() / "far.yaml").touch()
    monkeypatch.chdir(folder)
    assert find("my.yaml") == Path("my.yaml")
    assert find(str(folder / "my.yaml")) == folder / "my.yaml"
    assert find("~/far.yaml") == Path.home() / "far.yaml"
    assert find("plain") == Path("plain")
    assert find(".") == Path()
    assert find(f"..{os.sep}mine") == Path("../mine")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("lozange", 'no session is called "lozange" (do you mean "lozenge"?)'),
        ("xyzzy", "known here: rest, lozenge"),
        ("", 'no session is called ""'),
        ("mu.yaml", '"mu.yaml" is not there (do you mean "my.yaml"?)'),
        ("lozenge.yaml", '"lozenge.yaml" is not there (do you mean "lozenge"?)'),
        ("no/such/thing.yaml", "is not there"),
        ("~nobody-here/x.yaml", "is not there"),
    ],
)
def test_what_is_not_found_is_told_with_the_nearest_names(
    chosen: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, told: str
) -> None:
    (folder / "my.yaml").touch()
    monkeypatch.chdir(folder)
    with pytest.raises(InputWrong, match=re.escape(told)):
        find(name)


def test_where_the_folder_of_ones_own_cannot_be_made_the_shipped_ones_are_there(
    chosen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(self: Path, *given: object, **named: object) -> None:
        if not self.is_dir():
            raise OSError(errno.EROFS, "Read-only file system")

    shutil.rmtree(paths.own_sessions())
    monkeypatch.setattr(Path, "mkdir", read_only)
    assert [each.name for each in everything()][:2] == ["rest", "lozenge"]
    assert not any(each.own for each in everything())

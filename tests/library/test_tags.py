"""What a piece is called on the screen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tones import tone, write

from player.library.tags import name_of, title_of


@pytest.mark.parametrize("ending", [".mp3", ".m4a", ".flac", ".opus"])
def test_tags_give_artist_and_title(tmp_path: Path, ending: str) -> None:
    tags = {"title": "Tide  at\nNight", "artist": "Ana Río"}
    path = write(tmp_path / f"01{ending}", tone(48000), tags=tags)
    assert title_of(path) == "Ana Río - Tide at Night"


def test_a_title_alone_is_enough_and_an_artist_alone_is_not(tmp_path: Path) -> None:
    titled = write(tmp_path / "a.flac", tone(4800), tags={"title": "Tide"})
    nameless = write(tmp_path / "tide_rising.flac", tone(4800), tags={"artist": "Ana"})
    assert title_of(titled) == "Tide"
    assert title_of(nameless) == "tide rising"


def test_a_file_that_cannot_be_opened_is_called_by_its_name(tmp_path: Path) -> None:
    empty = tmp_path / "03 - Slow_water.mp3"
    empty.touch()
    assert title_of(empty) == "Slow water"
    assert title_of(tmp_path / "nowhere.mp3") == "nowhere"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("01 Shore.mp3", "Shore"),
        ("1. Shore.mp3", "Shore"),
        ("12 - Shore line.flac", "Shore line"),
        ("3_shore_line.ogg", "shore line"),
        ("5-minute rest.opus", "5-minute rest"),
        ("1999.mp3", "1999"),
        ("07.mp3", "07"),
        ("Cafe\u0301.mp3", "Caf\u00e9"),
        ("a.b.c.mp3", "a.b.c"),
        ("_.mp3", "untitled"),
        ("x" * 300 + ".mp3", "x" * 119 + "…"),
        (os.fsdecode(b"caf\xe9.mp3"), "caf\ufffd"),
        ("bell\x1b[31m.mp3", "bell [31m"),
    ],
)
def test_file_names_are_tidied(file: str, name: str) -> None:
    assert name_of(Path(file)) == name

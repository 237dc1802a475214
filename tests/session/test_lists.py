"""Lists that other programs wrote, in all the ways in which they write them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from player.session.lists import entries
from player.session.music import Shelf
from player.text.words import Misread

elsewhere = pytest.mark.skipif(os.name == "nt", reason="on Windows a drive is a drive")


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def opened(folder: Path, entry: str) -> list[str]:
    return [track.relative_to(folder).as_posix() for track in Shelf(folder).open(entry).tracks]


def test_titles_and_lengths_stand_before_their_piece(folder: Path) -> None:
    lines = [
        "#EXTM3U",
        '#EXTINF:201.5 tvg-id="x",Ann - Tide',
        "#EXTGRP:quiet",
        "a.wav",
        "#EXTINF:-1,No length",
        "b.mp3",
        "c.ogg",
        "#EXTINF:90",
        "d.ogg",
        "#EXTINF:soon,Words",
        "e.ogg",
    ]
    (folder / "l.m3u8").write_text("\n".join(lines), encoding="utf-8")
    notes = [(each.note.title, each.note.length_s) for each in entries(folder / "l.m3u8")]
    assert notes == [("Ann - Tide", 201.5), ("No length", None), ("", None), ("", 90), ("", None)]


def test_an_xspf_list_tells_titles_and_lengths_too(folder: Path) -> None:
    text = (
        '<playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList><track>'
        "<location>a.wav</location><title>Tide</title><creator>Ann</creator>"
        "<duration>201500</duration><location>b.mp3</location></track>"
        "<track><location>b.mp3</location><duration>never</duration></track>"
        "<!-- kept --></trackList></playlist>"
    )
    (folder / "l.xspf").write_text(text, encoding="utf-8")
    first, second = entries(folder / "l.xspf")
    assert (first.written, first.note.title, first.note.length_s) == ("a.wav", "Ann - Tide", 201.5)
    assert (second.note.title, second.note.length_s) == ("", None)


@elsewhere
def test_a_list_from_a_windows_machine_is_found_by_the_ends_of_its_paths(folder: Path) -> None:
    fill(folder, "peak/größe.mp3", "x y.mp3", "sub/z.mp3")
    lines = ["C:\\Users\\Ann\\Music\\peak\\größe.mp3", "D:/Old/x y.mp3", "sub\\z.mp3"]
    lines += ["file:///C:/Music/x%20y.mp3", "\\\\room\\share\\peak\\größe.mp3", "sub\\..\\a.wav"]
    lines += ["C:\\gone.mp3"]
    (folder / "l.m3u").write_bytes("\r\n".join(lines).encode("cp1252"))
    found = Shelf(folder).open("l.m3u")
    names = [track.relative_to(folder).as_posix() for track in found.tracks]
    assert names == [
        *("peak/größe.mp3", "x y.mp3", "sub/z.mp3", "x y.mp3", "peak/größe.mp3", "a.wav"),
    ]
    assert found.notes == ('l.m3u line 7: "C:\\gone.mp3" is not there',)


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_sort_of_unicode_is_read(folder: Path, code: str) -> None:
    fill(folder, "ħ 🌊.mp3")
    (folder / "l.m3u8").write_text("#EXTM3U\nħ 🌊.mp3\n", encoding=code)
    assert opened(folder, "l.m3u8") == ["ħ 🌊.mp3"]


def test_a_name_with_a_percent_sign_is_itself_before_it_is_a_code(folder: Path) -> None:
    fill(folder, "100%25.mp3", "100%.mp3")
    (folder / "l.m3u8").write_text("100%25.mp3\n100%.mp3\n100%2525.mp3\n", encoding="utf-8")
    assert opened(folder, "l.m3u8") == ["100%25.mp3", "100%.mp3", "100%25.mp3"]


BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))


@pytest.mark.parametrize(
    "head",
    [
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{BOMB}]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>',
    ],
)
def test_hostile_xml_is_refused_in_words(folder: Path, head: str) -> None:
    track = "<track><location>&l8;</location></track>"
    body = f"{head}<playlist><trackList>{track}</trackList></playlist>"
    (folder / "l.xspf").write_text(body, encoding="utf-8")
    with pytest.raises(Misread, match="can do harm"):
        entries(folder / "l.xspf")


def test_very_deep_xml_is_read_or_refused_but_harms_nothing(folder: Path) -> None:
    (folder / "l.xspf").write_text("<a>" * 100_000 + "</a>" * 100_000, encoding="utf-8")
    assert entries(folder / "l.xspf") == []


@elsewhere
@pytest.mark.parametrize("begin", ["C:\\", "file:///C:/"])
def test_a_path_too_long_for_any_system_is_not_looked_for_elsewhere(
    folder: Path, begin: str
) -> None:
    fill(folder, "a/b.mp3")
    long = begin + "a/" * 3000 + "b.mp3"
    (folder / "l.m3u8").write_text(f"{begin}x/a/b.mp3\n{long}\n", encoding="utf-8")
    short, other = entries(folder / "l.m3u8")
    assert folder / "a/b.mp3" in short.paths
    assert len(other.paths) <= 4
    assert opened(folder, "l.m3u8") == ["a/b.mp3"]

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from player.session import folders
from player.session.folders import Budget, music_in, natural
from player.session.music import Shelf
from player.session.shipped import pieces
from player.text.words import Misread

links = pytest.mark.skipif(os.name == "nt", reason="links want rights of their own on Windows")


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def opened(folder: Path, entry: str) -> list[str]:
    return [track.relative_to(folder).as_posix() for track in Shelf(folder).open(entry).tracks]


def refused(folder: Path, entry: str) -> str:
    with pytest.raises(Misread) as fault:
        Shelf(folder).open(entry)
    return str(fault.value)


def test_a_folder_gives_its_music_in_the_order_in_which_people_count(folder: Path) -> None:
    fill(
        folder, *(f"m/{name}" for name in ("10 b.mp3", "2 a.FLAC", "Disc 2/1.ogg", "disc 1/x.wav"))
    )
    fill(folder, "m/cover.jpg", "m/.hidden.mp3", "m/._2 a.flac", "m/.git/y.mp3", "m/list.m3u8")
    assert opened(folder, "m") == ["m/2 a.FLAC", "m/10 b.mp3", "m/disc 1/x.wav", "m/Disc 2/1.ogg"]


def test_names_sort_by_the_value_of_their_numbers() -> None:
    names = ["b", "A 10", "a 9", "ä", "a", "007", "8"]
    assert sorted(names, key=natural) == ["007", "8", "a", "a 9", "A 10", "b", "ä"]


@links
def test_links_in_a_circle_are_followed_once(folder: Path) -> None:
    fill(folder, "m/one/a.mp3")
    (folder / "m/one/up").symlink_to(folder / "m")
    (folder / "m/self").symlink_to("self")
    (folder / "m/linked.mp3").symlink_to(folder / "a.wav")
    (folder / "m/gone.mp3").symlink_to(folder / "gone.mp3")
    assert opened(folder, "m") == ["m/linked.mp3", "m/one/a.mp3"]


def test_a_folder_that_cannot_be_read_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder, "m/a.mp3", "m/locked/b.mp3")
    scandir = os.scandir

    @contextmanager
    def guarded(place: Path) -> Iterator[Iterator[os.DirEntry[str]]]:
        if Path(place).name == "locked":
            raise PermissionError(13, "Permission denied")
        with scandir(place) as entries:
            yield entries

    monkeypatch.setattr(folders.os, "scandir", guarded)
    found = Shelf(folder).open("m")
    assert [track.name for track in found.tracks] == ["a.mp3"]
    assert "locked" in found.notes[0]
    assert "permission denied" in found.notes[0]
    assert "cannot be read: permission denied" in refused(folder, "m/locked")


def test_a_whole_disk_named_by_mistake_is_refused(folder: Path) -> None:
    fill(folder, *(f"m/{n}.mp3" for n in range(12)))
    with pytest.raises(Misread, match="too many files"):
        music_in(folder / "m", Budget(11))
    assert len(music_in(folder / "m", Budget(12)).tracks) == 12


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_file_whose_name_is_not_text_is_left_out_and_told(folder: Path) -> None:
    fill(folder, "m/a.mp3")
    Path(os.fsdecode(os.fsencode(folder / "m") + b"/\xff.mp3")).touch()
    found = Shelf(folder).open("m")
    assert [track.name for track in found.tracks] == ["a.mp3"]
    assert "not plain text" in found.notes[0]
    found.notes[0].encode()


def test_a_file_is_found_beside_the_session_at_home_and_anywhere(folder: Path) -> None:
    fill(Path.home(), "Music/x.mp3")
    shelf = Shelf(folder)
    assert shelf.open("a.wav").tracks == (folder / "a.wav",)
    assert shelf.open("voice/../a.wav").tracks == (folder / "a.wav",)
    assert shelf.open("~/Music/x.mp3").tracks == (Path.home() / "Music/x.mp3",)
    assert shelf.open(str(folder / "b.mp3")).tracks == (folder / "b.mp3",)
    assert shelf.open((folder / "b.mp3").as_uri()).tracks == (folder / "b.mp3",)


def test_an_ending_that_is_not_known_is_only_warned_of(folder: Path) -> None:
    fill(folder, "x.xyz")
    found = Shelf(folder).open("x.xyz")
    assert found.tracks == (folder / "x.xyz",)
    assert "may not play" in found.notes[0]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("aa.wav", '"aa.wav" is not there (do you mean "a.wav"?)'),
        ("B.MP3.", 'do you mean "b.mp3"?'),
        ("none/x.flac", "is not there (looked for "),
        ("“a.wav”", "do you mean"),
        ("“zzzzzzzz”", "curly quotes"),
        ("https://example.org/a.mp3", "is on the network"),
        ("file://server/a.mp3", "is on the network"),
        ("http://[x", "is on the network"),
        ("~nobody-here/a.mp3", "is not there"),
        ("a\0b", "control character"),
        ("x" * 5000, "cannot be played"),
        ("shipped:shor", 'no shipped piece is called "shor" (do you mean "shore"?)'),
        ("shipped:", "known here: shore, deep, lost"),
        ("shipped:lost", "install again"),
        ("empty", 'the folder "empty" holds no music'),
    ],
)
def test_music_that_is_not_there_is_refused_with_a_hint(
    folder: Path, entry: str, told: str
) -> None:
    fill(folder, "empty/readme.txt")
    message = refused(folder, entry)
    if entry.startswith("~"):
        assert "not there" in message
    else:
        assert told in message


def test_a_shipped_piece_is_known_by_name_and_carries_its_figures(
    folder: Path, shipped: Path
) -> None:
    found = Shelf(folder).open("shipped:Shore")
    assert found.tracks == (shipped / "music" / "shore.opus",)
    shore = pieces()["shore"]
    assert (shore.title, shore.frames, shore.lufs, shore.true_peak_dbtp, shore.rights) == (
        "Shore",
        96_000,
        -20.1,
        -3.2,
        "CC0",
    )


@pytest.mark.parametrize("body", [None, "", "- a\n", "shore: x\n", "shore: {file: a}\n", "a: [\n"])
def test_a_broken_list_of_shipped_music_is_told(
    folder: Path, shipped: Path, body: str | None
) -> None:
    (shipped / "music.yaml").unlink()
    if body is not None:
        (shipped / "music.yaml").write_text(body, encoding="utf-8")
    assert "install Stillroom again" in refused(folder, "shipped:shore")


def test_a_list_gives_its_entries_and_names_what_is_missing(folder: Path) -> None:
    fill(folder, "m/ä b.mp3", "m/c#d.ogg", "sub/x.mp3")
    lines = [
        "#EXTM3U",
        "#EXTINF:1,One",
        "m/ä b.mp3",
        "",
        str(folder / "a.wav"),
        (folder / "m" / "c#d.ogg").as_uri(),
        "sub\\x.mp3",
        "m/%C3%A4%20b.mp3",
        "gone.mp3",
        "http://radio.example/stream",
        "m",
    ]
    (folder / "l.m3u8").write_text("\r\n".join(lines), encoding="utf-8-sig")
    found = Shelf(folder).open("l.m3u8")
    names = [track.relative_to(folder).as_posix() for track in found.tracks]
    assert names == ["m/ä b.mp3", "a.wav", "m/c#d.ogg", "sub/x.mp3", "m/ä b.mp3"]
    assert found.notes == (
        'l.m3u8 line 9: "gone.mp3" is not there',
        'l.m3u8 line 10: "http://radio.example/stream" is on the network',
        'l.m3u8 line 11: "m" is not there',
    )


def test_a_list_in_a_list_is_named_and_not_taken_for_music(folder: Path) -> None:
    fill(folder, "a.wav")
    (folder / "l.m3u8").write_text("l.m3u8\na.wav\nother.xspf\n", encoding="utf-8")
    (folder / "other.xspf").touch()
    found = Shelf(folder).open("l.m3u8")
    assert [track.name for track in found.tracks] == ["a.wav"]
    assert [note.split(":")[0] for note in found.notes] == ["l.m3u8 line 1", "l.m3u8 line 3"]
    assert all("is a list itself: name it in the session" in note for note in found.notes)


def test_an_old_list_in_latin_letters_is_read(folder: Path) -> None:
    fill(folder, "größe.mp3")
    (folder / "l.m3u").write_bytes("größe.mp3\n".encode("cp1252"))
    assert opened(folder, "l.m3u") == ["größe.mp3"]


def test_an_xspf_list_is_read_with_or_without_a_name_space(folder: Path) -> None:
    fill(folder, "a b.mp3")
    tracks = "<track><location>a%20b.mp3</location></track><track><title>x</title></track>"
    tracks += f"<track><location> {(folder / 'a.wav').as_uri()} </location></track>"
    for head in ("<playlist>", '<playlist version="1" xmlns="http://xspf.org/ns/0/">'):
        text = f"<?xml version='1.0'?>{head}<trackList>{tracks}</trackList></playlist>"
        (folder / "l.xspf").write_text(text, encoding="utf-8")
        found = Shelf(folder).open("l.xspf")
        assert [track.name for track in found.tracks] == ["a b.mp3", "a.wav"]
        assert found.notes == ("l.xspf track 2: it names no file",)


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("l.m3u", b"", "lists no music that is there (it is empty)"),
        ("l.m3u", b"gone.mp3\n", 'lists no music that is there (l.m3u line 1: "gone.mp3"'),
        ("l.m3u", b"\x00\x01\xff\n", "lists no music that is there"),
        ("l.m3u8", b"a.wav\n" * 10_001, "lists more than 10000"),
        ("l.xspf", b"not xml", "not an xspf list"),
        ("l.xspf", b"", "not an xspf list"),
        ("l.xspf", b"<?xml version='1.0' encoding='no-such'?><a/>", "not an xspf list"),
        (
            "l.xspf",
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            "not an xspf list that is safe to read",
        ),
    ],
)
def test_a_list_without_music_is_refused(folder: Path, name: str, body: bytes, told: str) -> None:
    (folder / name).write_bytes(body)
    assert told in refused(folder, name)


def test_many_missing_entries_are_not_named_one_by_one(folder: Path) -> None:
    (folder / "l.m3u").write_text("a.wav\n" + "gone.mp3\n" * 40, encoding="utf-8")
    notes = Shelf(folder).open("l.m3u").notes
    assert len(notes) == 11
    assert notes[-1] == "l.m3u: 30 more are not there"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes in folders")
def test_a_pipe_is_no_music(folder: Path) -> None:
    os.mkfifo(folder / "p.mp3")
    os.mkfifo(folder / "p.m3u")
    assert "a device or a pipe" in refused(folder, "p.mp3")
    assert "a device or a pipe" in refused(folder, "p.m3u")
    (folder / "l.m3u").write_text("p.mp3\na.wav\n", encoding="utf-8")
    assert opened(folder, "l.m3u") == ["a.wav"]

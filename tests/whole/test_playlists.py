"""Lists of other programs and sessions, there and back, as people type the commands."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import tones

S = 48_000


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "my music"
    folder.mkdir()
    tones.write(folder / "a #1.flac", tones.tone(2 * S), tags={"title": "Tide", "artist": "Ann"})
    tones.write(folder / "b.wav", tones.tone(3 * S))
    text = "format: 1\ntitle: Two & more\nsound: {crossfade: 1s}\nphases:\n"
    text += '  - {name: One, length: 4s, music: ["a #1.flac", b.wav]}\n'
    text += "  - {name: Two, length: 2s, ends: by hand, music: b.wav}\n"
    text += "cues: [{at: start + 1s, say: Hello.}]\n"
    (folder / "two.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_session_is_written_as_a_list_in_the_order_in_which_it_would_be_played(
    stillroom: Any, music: Path
) -> None:
    done = stillroom("playlist", str(music / "two.yaml"), "-o", str(music / "two.m3u8"))
    assert done.returncode == 0, done.stderr
    assert (music / "two.m3u8").read_text(encoding="utf-8").splitlines() == [
        "#EXTM3U",
        "#PLAYLIST:Two & more",
        "#EXTINF:2,Ann - Tide",
        "a #1.flac",
        "#EXTINF:3,b",
        "b.wav",
        "#EXTINF:2,Ann - Tide",
        "a #1.flac",
        "#EXTINF:3,b",
        "b.wav",
    ]


def test_an_xspf_list_is_well_made_and_read_back(stillroom: Any, music: Path) -> None:
    done = stillroom("playlist", str(music / "two.yaml"), "-o", str(music / "two.xspf"))
    assert done.returncode == 0, done.stderr
    root = ET.parse(music / "two.xspf").getroot()  # noqa: S314 (our own file)
    space = {"x": "http://xspf.org/ns/0/"}
    assert root.findtext("x:title", namespaces=space) == "Two & more"
    assert [row.text for row in root.iterfind(".//x:location", space)][:2] == [
        "a%20%231.flac",
        "b.wav",
    ]
    assert root.findtext(".//x:duration", namespaces=space) == "2000"
    again = music / "again.yaml"
    done = stillroom("import", str(music / "two.xspf"), "-o", str(again), "--template", "rest")
    assert done.returncode == 0, done.stderr
    assert '"a #1.flac"' in again.read_text(encoding="utf-8")
    checked = json.loads(stillroom("check", str(again), "--json").stdout)
    assert checked["playable"]
    assert checked["session"] == "Rest, no medicine: two"


def test_missing_entries_are_told_and_left_out_of_the_session(stillroom: Any, music: Path) -> None:
    (music / "l.m3u").write_bytes("gröÃ\xdfe.mp3\nb.wav\n".encode("cp1252"))
    out = music / "new.yaml"
    done = stillroom("import", str(music / "l.m3u"), "-o", str(out))
    assert done.returncode == 0
    assert "left out: l.m3u line 1" in done.stderr
    shipped = stillroom("check", "lozenge", "--json")
    kept = json.loads(shipped.stdout)["timeline"]
    made = json.loads(stillroom("check", str(out), "--json").stdout)["timeline"]
    told = [row for row in kept if row["what"].startswith(("cue", "reminder"))]
    assert told
    assert [row for row in made if row["what"].startswith(("cue", "reminder"))] == told


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("import", "{}/two.yaml", "-o", "{}/new.yaml"), "is no list"),
        (("import", "-o", "{}/new.yaml", "--phase", "peak"), "NAME=LIST"),
        (("import", "{}/l.m3u", "-o", "{}/two.yaml"), "--force"),
        (("import", "{}/l.m3u", "-o", "{}/new.yaml", "--template", "lozeng"), '"lozenge"'),
        (("playlist", "{}/two.yaml", "-o", "{}/two.yaml"), ".m3u8 or .xspf"),
        (("playlist", "{}/two.yaml", "-o", "{}/none/two.m3u8"), "no such folder"),
        (("playlist", "{}/two.yaml", "-o", "{}/l.m3u8"), "--force"),
    ],
)
def test_what_cannot_be_done_is_answered_in_words_and_changes_nothing(
    stillroom: Any, music: Path, words: tuple[str, ...], says: str
) -> None:
    for name in ("l.m3u", "l.m3u8"):
        (music / name).write_text("b.wav\n", encoding="utf-8")
    before = {file: file.read_bytes() for file in music.iterdir()}
    done = stillroom(*(word.format(music) for word in words))
    assert done.returncode == 2
    assert says in done.stderr
    assert {file: file.read_bytes() for file in music.iterdir()} == before

"""Sessions made of lists: what they keep of their template, and what they refuse."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from player.errors import InputWrong
from player.session.importing import Imported, Wishes, make_session
from player.session.loader import load

TEMPLATE = """\
# Kept: edit with your prescriber.
format: 1
title: >-
  Old
  name
about: Stays.   # and this
phases:
  - name: Arrival   # kept
    length: 10m
    ends: at dose
    music: {from: [shipped:shore], loop: seamless}   # kept too
  - {name: Rest, length: 5m, music: silence}
  - {name: Flow, length: 10m, music: [a.wav]}
  - name: Peak
    role: peak
    length: 30m
    music:
      from:
        - shipped:deep
        # lost with its list
      order: shuffle
    # a note on the voice
    voice: off
cues:
  - at: arrival + 1m
    say: Hello.
    audio: voice/hello.opus
reminders:
  - at: dose + 40m
    text: Blood pressure
after: hold
"""


@pytest.fixture
def template(folder: Path) -> Path:
    (folder / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    return folder / "template.yaml"


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """A folder with seven pieces and a list of them with lengths."""
    place = tmp_path / "music"
    place.mkdir()
    lines = ["#EXTM3U"]
    for number in range(7):
        (place / f"{number}.mp3").touch()
        lines += [f"#EXTINF:{300 if number else 600},Piece {number}", f"{number}.mp3"]
    (place / "list.m3u8").write_text("\n".join([*lines, "gone.mp3"]), encoding="utf-8")
    return place


def made(
    template: Path, out: Path, whole: Path | None, force: bool = False, **own: Path
) -> Imported:
    lists = {name: str(path) for name, path in own.items()}
    wishes = Wishes(template, None if whole is None else str(whole), lists)
    return make_session(wishes, out, lambda path: None, force=force)


def names(imported: Imported) -> list[list[str]]:
    return [[track.name for track in phase.music.tracks] for phase in imported.session.phases]


def test_a_list_is_spread_over_the_phases_and_all_else_stays(template: Path, music: Path) -> None:
    out = music / "new.yaml"
    imported = made(template, out, music / "list.m3u8")
    assert names(imported) == [
        ["0.mp3"],
        [],
        ["1.mp3"],
        [f"{n}.mp3" for n in (2, 3, 4, 5, 6)],
    ]
    assert imported.notes == ('list.m3u8 line 16: "gone.mp3" is not there',)
    written, old = load(out), load(template)
    assert written.warnings == ()
    assert (written.title, written.about) == ("Old name: list", "Stays.")
    assert (written.reminders, written.after) == (old.reminders, old.after)
    lineless = [
        [cue.model_copy(update={"line": 0}) for cue in each.cues] for each in (written, old)
    ]
    assert lineless[0] == lineless[1]
    assert [row.ends for row in written.phases] == [row.ends for row in old.phases]
    assert not written.phases[-1].voice
    text = out.read_text(encoding="utf-8")
    for kept in ("# Kept: edit", "# kept\n", "# kept too", "# and this", "# a note on the voice"):
        assert kept in text
    assert '    music:\n      - "0.mp3"' in text
    assert oct(out.stat().st_mode & 0o777) == "0o600" or os.name == "nt"
    assert list(imported.lengths_s.values()) == [600, 300, 1500], "as the list says"


def test_a_phase_may_have_a_list_of_its_own_and_the_others_stay(
    template: Path, music: Path
) -> None:
    imported = made(template, music / "new.yaml", None, peak=music / "list.m3u8")
    assert names(imported)[:3] == [["shore.opus"], [], ["a.wav"]]
    assert len(names(imported)[3]) == 7
    assert imported.session.phases[2].music.tracks == load(template).phases[2].music.tracks


def test_a_list_goes_round_the_phases_that_have_their_own(template: Path, music: Path) -> None:
    imported = made(template, music / "new.yaml", music / "list.m3u8", peak=music / "list.m3u8")
    assert [len(row) for row in names(imported)] == [3, 0, 4, 7]


def test_a_folder_and_shipped_pieces_are_music_too(template: Path, music: Path) -> None:
    (music / "mixed.m3u").write_text("3.mp3\n../shipped/music/deep.opus\n", encoding="utf-8")
    made(template, music / "new.yaml", music, peak=music / "mixed.m3u")
    text = (music / "new.yaml").read_text(encoding="utf-8")
    assert '- "3.mp3"\n      - "shipped:deep"' in text


@pytest.mark.parametrize("name", ["a b.mp3", "~x.mp3", "q\"uo'te.mp3", "re: x #1.mp3", "ä 🌊.mp3"])
def test_names_with_unusual_signs_are_found_again(template: Path, music: Path, name: str) -> None:
    (music / "odd").mkdir()
    try:
        (music / "odd" / name).touch()
    except OSError:
        pytest.skip("this system has no such names")
    imported = made(template, music / "odd" / "new.yaml", music / "odd")
    assert load(music / "odd" / "new.yaml").phases[0].music.tracks == (music / "odd" / name,)
    assert imported.notes == ()


def test_nothing_is_written_over_without_being_asked(template: Path, music: Path) -> None:
    out = music / "new.yaml"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(InputWrong, match="--force"):
        made(template, out, music)
    assert out.read_text(encoding="utf-8") == "mine"
    made(template, out, music, force=True)
    assert load(out).title == "Old name: music"
    with pytest.raises(InputWrong, match="the template itself"):
        made(out, out, music, force=True)


@pytest.mark.parametrize(
    ("whole", "own", "out", "told"),
    [
        (None, {}, "new.yaml", "name a list"),
        ("list.m3u8", {"peek": "list.m3u8"}, "new.yaml", 'do you mean "Peak"'),
        ("gone.m3u8", {}, "new.yaml", "is not there"),
        ("list.m3u8", {}, "new.txt", "ends in .yaml"),
        ("list.m3u8", {}, "none/new.yaml", "no such folder"),
        ("empty.m3u8", {}, "new.yaml", "lists no music"),
    ],
)
def test_what_cannot_be_made_is_said_and_leaves_nothing(
    template: Path, music: Path, whole: str | None, own: dict[str, str], out: str, told: str
) -> None:
    (music / "empty.m3u8").write_text("gone.mp3\n", encoding="utf-8")
    before = sorted(music.iterdir())
    lists = {name: music / each for name, each in own.items()}
    with pytest.raises(InputWrong, match=told):
        made(template, music / out, music / whole if whole else None, **lists)
    assert sorted(music.iterdir()) == before


def test_more_pieces_than_a_file_can_name_are_refused_with_another_way(
    template: Path, music: Path
) -> None:
    (music / "long.m3u").write_text("0.mp3\n" * 9000 + "./1.mp3\n", encoding="utf-8")
    (music / ("n" * 60)).mkdir()
    with pytest.raises(InputWrong, match=r"music: my-list\.m3u8"):
        made(template, music / ("n" * 60) / "new.yaml", music / "long.m3u")
    assert list((music / ("n" * 60)).iterdir()) == []

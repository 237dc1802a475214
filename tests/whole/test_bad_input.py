"""Session files as they go wrong, through every command that reads one: the same quiet answer."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import tones

from player.cli import main

S = 48_000
HEAD = "format: 1\ntitle: T\n"
PHASES = "phases:\n  - {name: One, length: 1m, music: music}\n"


def bomb() -> str:
    """Each line ten times the one before."""
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    return "\n".join(lines)


BAD: dict[str, tuple[str | bytes, list[str]]] = {
    "not YAML": ("a: [b\n c: }\n", ["1: a [ is opened and never closed"]),
    "empty": ("", ["1: the file is empty (begin with: format: 1)"]),
    "a list": ("- a\n- b\n", ["1: a session wants a mapping of keys, found a list"]),
    "unknown keys": (
        HEAD + "tittle: x\n" + PHASES + "cuez: []\n",
        ['3: tittle: is not a key of a session (do you mean "title"?)', "6: cuez: is not a key"],
    ),
    "bare numbers": (
        HEAD + PHASES.replace("1m", "10") + "  - {name: Two, length: 600, music: music}\n",
        ['4: length: "10" is not a length (the unit is missing', '5: length: "600" is not'],
    ),
    "no time": (
        HEAD + PHASES.replace("1m", "0s") + "  - {name: Two, length: -5m, music: music}\n",
        ['4: length: "0s" is no time at all', '5: length: "-5m" is negative'],
    ),
    "anchors to nothing": (
        HEAD + PHASES + "cues: [{at: onset, say: x}]\nreminders: [{at: peek, text: y}]\n",
        ['5: at: no phase has the role "onset"', '6: at: "peek" is no place here'],
    ),
    "cues beyond the end": (
        HEAD + PHASES + "cues:\n  - {at: start + 5m, say: x}\n  - {at: end, say: y}\n"
        "reminders: [{at: start + 50m, text: fine}]\n",
        ['6: at: "start + 5m" lies 4m beyond the end', '7: at: "end" lies at the end'],
    ),
    "missing music": (
        HEAD + PHASES.replace("music}", "[a.flac, music/tome.wav]}"),
        ['4: music: "a.flac" is not there', '4: music: "music/tome.wav" is not there (do you mean'],
    ),
    "a hollow folder": (
        HEAD + PHASES.replace("music}", "hollow}"),
        ['4: music: the folder "hollow" holds no music (endings: '],
    ),
    "deep": (HEAD + "about: " + "[" * 50_000 + "]" * 50_000, ["3: nested deeper than 32 levels"]),
    "aliases": (bomb(), ["5: holds more than 50000 parts"]),
    "Latin-1": ((HEAD + "about: Café\n").encode("latin-1"), ["3: bytes that are not UTF-8 text"]),
    "UTF-16": ((HEAD + PHASES).encode("utf-16"), ["1: is written in UTF-16 (save it as UTF-8)"]),
    "NUL": (b"format: 1\ntitle: a\0b\n", ["2: a control character"]),
    "a device": (
        HEAD + PHASES.replace("music}", "/dev/null}"),
        ['4: music: "/dev/null" cannot be played: a device or a pipe'],
    ),
    "broken recordings": (
        HEAD + PHASES + "cues:\n  - at: start + 5s\n    audio: words.wav\n"
        "  - at: start + 9s\n    say: x\n    audio: none.wav\n",
        ["7: audio: ", "10: audio: "],
    ),
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a little music, in which commands are called."""
    (tmp_path / "hollow").mkdir()
    (tmp_path / "music").mkdir()
    tones.write(tmp_path / "music" / "tone.wav", tones.tone(3 * S))
    for name in ("words.wav", "none.wav"):
        (tmp_path / name).write_bytes(b"these are no words\n" * 50)
    monkeypatch.chdir(tmp_path)
    return tmp_path


Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a command in this very process: its exit code, and what it printed."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["stillroom", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(str(left.value.code)), said.out, said.err

    return run


COMMANDS = (
    ("check",),
    ("play", "--plain"),
    ("rehearse", "--plain"),
    ("render", "-o", "out.flac"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=[row[0] for row in COMMANDS])
@pytest.mark.parametrize(("body", "told"), BAD.values(), ids=BAD.keys())
def test_every_fault_is_told_at_once_with_its_line(
    place: Path, call: Call, command: tuple[str, ...], body: str | bytes, told: list[str]
) -> None:
    (place / "s.yaml").write_bytes(body.encode() if isinstance(body, str) else body)
    code, out, err = call(command[0], "s.yaml", *command[1:])
    assert code == 2
    if "audio" in told[0] and command[0] == "check":
        err = "".join(f"{row[7:]}\n" for row in out.splitlines() if row.startswith("Fault: "))
    lines = [line.rpartition("s.yaml:")[2] for line in err.splitlines()]
    assert len(lines) == len(told)
    for line, begin in zip(lines, told, strict=True):
        assert line.startswith(begin)
    assert not (place / "out.flac").exists()


@pytest.mark.parametrize("command", COMMANDS, ids=[row[0] for row in COMMANDS])
def test_a_hundred_megabytes_are_not_read(
    place: Path, call: Call, command: tuple[str, ...]
) -> None:
    with (place / "s.yaml").open("wb") as file:
        file.write(HEAD.encode())
        file.truncate(100_000_000)
    code, _, err = call(command[0], "s.yaml", *command[1:])
    assert code == 2
    assert err.endswith("s.yaml:1: is larger than 256 kB (is it the file you mean?)\n")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("command", COMMANDS, ids=[row[0] for row in COMMANDS])
def test_a_folder_or_nothing_in_place_of_a_file_is_told(
    place: Path, call: Call, command: tuple[str, ...]
) -> None:
    (place / "s.yaml").mkdir()
    code, _, err = call(command[0], "s.yaml", *command[1:])
    assert code == 2
    assert err.endswith("s.yaml:1: is a folder, not a file (name the .yaml file in it)\n")
    assert call(command[0], "t.yaml", *command[1:])[::2] == (2, '"t.yaml" is not there\n')


@pytest.mark.parametrize(("body", "told"), BAD.values(), ids=BAD.keys())
def test_check_tells_the_same_faults_as_json(
    place: Path, call: Call, body: str | bytes, told: list[str]
) -> None:
    (place / "s.yaml").write_bytes(body.encode() if isinstance(body, str) else body)
    code, out, err = call("check", "s.yaml", "--json")
    report = json.loads(out)
    assert (code, report["playable"], err) == (2, False, "")
    assert [
        fault.rpartition("s.yaml:")[2][: len(begin)]
        for fault, begin in zip(report["faults"], told, strict=True)
    ] == told


def test_an_error_beside_json_is_one_document_too(place: Path, call: Call) -> None:
    code, out, _ = call("check", "--json")
    assert code == 2
    assert "SESSION" in json.loads(out)["error"]


@pytest.mark.parametrize(
    ("out", "told"),
    [
        ("none/out.wav", "none: there is no such folder"),
        ("hollow", "hollow: the ending '' is not one of"),
        ("music.flac", "music.flac: is a folder"),
        ("out.xyz", "out.xyz: the ending '.xyz' is not one of .wav"),
        ("music/tone.wav", "music/tone.wav: is played in this session and would be written over"),
    ],
)
def test_a_place_where_nothing_can_be_written_is_told_before_the_work(
    place: Path, call: Call, out: str, told: str
) -> None:
    (place / "s.yaml").write_text(HEAD + PHASES)
    (place / "music.flac").mkdir()
    code, _, err = call("render", "s.yaml", "-o", out)
    assert code == 2
    assert err.startswith(told)


def test_a_report_that_cannot_be_written_is_told_before_the_work(place: Path, call: Call) -> None:
    (place / "s.yaml").write_text(HEAD + PHASES)
    for report in ("hollow", "none/r.json", "s.yaml", "out.wav", "music/tone.wav"):
        code, _, err = call("render", "s.yaml", "-o", "out.wav", "--report", report)
        assert (code, err.startswith(report)) == (2, True)
        assert not (place / "out.wav").exists()


USES_MUCH = (
    HEAD + PHASES + "shelf: [{name: Calm, music: shelf.wav}]\n"
    "cues: [{at: start, audio: words.wav}]\n"
)


@pytest.mark.parametrize("target", ["music/tone.wav", "shelf.wav", "words.wav"])
@pytest.mark.parametrize(
    "words", [("render", "s.yaml", "-o"), ("play", "s.yaml", "--plain", "--output")]
)
def test_what_a_session_plays_is_never_written_over(
    place: Path, call: Call, words: tuple[str, ...], target: str
) -> None:
    (place / "s.yaml").write_text(USES_MUCH)
    for name in ("shelf.wav", "words.wav"):
        tones.write(place / name, tones.tone(S))
    before = (place / target).read_bytes()
    for force in ((), ("--force",)):
        code, _, err = call(*words, target, *force)
        assert (code, err) == (
            2,
            f"{target}: is played in this session and would be written over\n",
        )
    assert (place / target).read_bytes() == before


@pytest.mark.parametrize(
    "words", [("render", "s.yaml", "-o"), ("play", "s.yaml", "--plain", "--output")]
)
def test_any_other_file_is_written_over_only_where_that_is_asked_for(
    place: Path, call: Call, words: tuple[str, ...]
) -> None:
    (place / "s.yaml").write_text(HEAD + PHASES)
    (place / "mine.wav").write_bytes(b"mine")
    told = "mine.wav: is there already; another name, or --force to write over it\n"
    assert call(*words, "mine.wav")[::2] == (2, told)
    assert (place / "mine.wav").read_bytes() == b"mine"


def test_a_render_writes_over_an_empty_file_and_with_force_over_any(
    place: Path, call: Call
) -> None:
    (place / "s.yaml").write_text(HEAD + PHASES.replace("1m", "2s"))
    (place / "out.wav").touch()
    (place / "r.json").touch()
    line = ("render", "s.yaml", "-o", "out.wav", "--report", "r.json")
    assert call(*line)[0] == 0
    sound = (place / "out.wav").read_bytes()
    assert call(*line)[::2] == (
        2,
        "out.wav: is there already; another name, or --force to write over it\n",
    )
    assert call("render", "s.yaml", "-o", "new.wav", "--report", "r.json")[::2] == (
        2,
        "r.json: is there already; another name, or --force to write over it\n",
    )
    (place / "out.wav").write_bytes(b"other")
    assert call(*line, "--force")[0] == 0
    assert (place / "out.wav").read_bytes() == sound


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is closed to root")
def test_a_target_that_may_not_be_written_is_a_plain_sentence(place: Path, call: Call) -> None:
    (place / "s.yaml").write_text(HEAD + PHASES)
    (place / "out.wav").touch(mode=0o400)
    code, _, err = call("render", "s.yaml", "-o", "out.wav")
    assert (code, "write-protected" in err) == (1, True)
    (place / "hollow").chmod(0o500)
    code, _, err = call("render", "s.yaml", "-o", "hollow/out.wav")
    assert (code, "cannot be written" in err) == (1, True)

"""A recorded script as a zip: there and back, and everything that must not come in."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest

from player import paths
from player.errors import InputWrong
from player.voice.carry import export, take_in
from player.voice.key import key_of
from player.voice.takes import folder_of, forget, keep, take_of, texts_of, wav_of, whole_take

WORDS = ("The couch is underneath you.", "Nothing needs doing – just now.")


def pcm(number: int) -> bytes:
    return (np.arange(4800, dtype="<i2") * (number + 1)).tobytes()


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A zip of a script of two sentences, which are no longer on this machine."""
    for number, text in enumerate(WORDS):
        keep("settling", text, original=pcm(number + 5), sound=pcm(number))
    out = tmp_path / "settling.zip"
    export("settling", out)
    forget("settling")
    return out


def files() -> list[str]:
    return sorted(str(each.relative_to(paths.home())) for each in paths.home().rglob("*"))


def test_a_recorded_script_comes_back_as_it_was(packed):
    assert take_of("settling", WORDS[0]) is None
    carried = take_in(packed)
    assert (carried.script, carried.sentences) == ("settling", 2)
    found = whole_take("settling", WORDS)
    assert found is not None
    assert [file.read_bytes() for file in found] == [wav_of(pcm(0)), wav_of(pcm(1))]
    original = folder_of("settling") / "originals" / f"{key_of(WORDS[0])}.wav"
    assert original.read_bytes() == wav_of(pcm(5))
    assert texts_of("settling") == {key_of(text): text for text in WORDS}


def test_all_that_was_unpacked_is_for_its_owner_alone(packed):
    take_in(packed)
    assert packed.stat().st_mode & 0o077 == 0
    for each in [folder_of("settling"), *folder_of("settling").rglob("*")]:
        assert each.stat().st_mode & 0o077 == 0, each


def test_recordings_that_are_there_are_only_replaced_when_asked(packed):
    keep("settling", "Mine.", original=pcm(1), sound=pcm(1))
    with pytest.raises(InputWrong, match="are here already"):
        take_in(packed)
    assert take_of("settling", "Mine.") is not None
    take_in(packed, replace=True)
    assert take_of("settling", "Mine.") is None
    assert take_of("settling", WORDS[1]) is not None
    assert [name for name in files() if "/." in name] == []


def test_nothing_recorded_is_nothing_to_export(tmp_path):
    with pytest.raises(InputWrong, match="nothing of it is recorded"):
        export("breath", tmp_path / "breath.zip")
    assert not (tmp_path / "breath.zip").exists()


def rows(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def rewritten(file: Path, change: dict[str, bytes | None]) -> Path:
    """The zip with members replaced, added, or left out where None."""
    kept = {name: body for name, body in (rows(file) | change).items() if body is not None}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, body in kept.items():
            pack.writestr(name, body)
    return file


def index(**changes: object) -> bytes:
    body = {
        "format": 1,
        "script": "settling",
        "sentences": {key_of(text): text for text in WORDS},
    }
    return json.dumps(body | changes).encode()


FIRST = f"{key_of(WORDS[0])}.wav"
HOSTILE: dict[str, tuple[dict[str, bytes | None], str]] = {
    "a way out": ({"../../evil.wav": b"x"}, "does not belong"),
    "a way out within the folder": ({f"originals/../../{FIRST}": b"x"}, "does not belong"),
    "an absolute name": ({"/tmp/evil.wav": b"x"}, "does not belong"),
    "a backslash": ({"..\\evil.wav": b"x"}, "does not belong"),
    "a drive": ({"C:evil.wav": b"x"}, "does not belong"),
    "another file": ({"run.py": b"print()"}, "does not belong"),
    "a hidden file": ({".profile": b"x"}, "does not belong"),
    "a key that is none": ({"0123456789ABCDEF.wav": b"x"}, "does not belong"),
    "a sound without words": ({"0123456789abcdef.wav": wav_of(b"\0\0")}, "do not match"),
    "words without a sound": ({FIRST: None}, "do not match"),
    "no index": ({"index.json": None}, "there is no index.json"),
    "an index that is no JSON": ({"index.json": b"\xff\xfe{"}, "cannot be read"),
    "an index that is a list": ({"index.json": b"[]"}, "cannot be read"),
    "an index nested deeply": ({"index.json": b"[" * 100_000}, "cannot be read"),
    "an index too large": ({"index.json": b" " * (1 << 21)}, "far too large"),
    "another version": ({"index.json": index(format=2)}, "another version"),
    "a script that leads elsewhere": ({"index.json": index(script="../x")}, "name of a script"),
    "other words": ({"index.json": index(sentences={"0" * 16: "x"})}, "do not match"),
    "no sentence": ({"index.json": index(sentences={})}, "cannot be read"),
    "a sound that is none": ({FIRST: b"RIFF" + bytes(500)}, "is not a recorded sentence"),
    "an empty sound": ({FIRST: wav_of(b"")}, "is not a recorded sentence"),
    "a sound cut short": ({FIRST: wav_of(pcm(0))[:-99]}, "is not a recorded sentence"),
    "a bomb": ({FIRST: bytes(40 << 20)}, "far too large"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_does_not_belong_is_refused_and_nothing_changes(packed, what):
    change, why = HOSTILE[what]
    rewritten(packed, change)
    before = files()
    with pytest.raises(InputWrong, match=why) as told:
        take_in(packed)
    assert files() == before
    assert "\n" not in str(told.value)


def test_a_link_in_the_zip_is_refused(packed):
    link = zipfile.ZipInfo("0123456789abcdef.wav")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(packed, "a") as pack:
        pack.writestr(link, "/etc/passwd")
    with pytest.raises(InputWrong, match="does not belong"):
        take_in(packed)


def test_a_name_that_comes_twice_is_refused(packed):
    with zipfile.ZipFile(packed, "a") as pack, pytest.warns(UserWarning, match="Duplicate"):
        pack.writestr("index.json", index())
    with pytest.raises(InputWrong, match="does not belong"):
        take_in(packed)


def test_a_size_that_lies_is_found_out_as_it_is_unpacked(packed):
    rewritten(packed, {FIRST: bytes(40 << 20)})
    body = packed.read_bytes().replace((40 << 20).to_bytes(4, "little"), (99).to_bytes(4, "little"))
    packed.write_bytes(body)
    before = files()
    with pytest.raises(InputWrong):
        take_in(packed)
    assert files() == before


def test_a_stereo_sound_is_refused(packed):
    import wave

    body = io.BytesIO()
    with wave.open(body, "wb") as wav:
        wav.setnchannels(2)
        wav.setsampwidth(2)
        wav.setframerate(48_000)
        wav.writeframes(bytes(4000))
    rewritten(packed, {FIRST: body.getvalue()})
    with pytest.raises(InputWrong, match="is not a recorded sentence"):
        take_in(packed)


def test_a_file_that_is_no_zip_or_a_damaged_one_is_refused(packed, tmp_path):
    whole = packed.read_bytes()
    for name, body in (("none.zip", b"hello"), ("half.zip", whole[: len(whole) // 2])):
        (tmp_path / name).write_bytes(body)
        with pytest.raises(InputWrong, match="is not a zip"):
            take_in(tmp_path / name)
    broken = bytearray(whole)
    broken[200:260] = bytes(60)
    packed.write_bytes(bytes(broken))
    with pytest.raises(InputWrong):
        take_in(packed)
    with pytest.raises(InputWrong, match="no such file"):
        take_in(tmp_path)
    with pytest.raises(InputWrong, match="no such file"):
        take_in(tmp_path / "nowhere.zip")


OWN = "format: 1\ntitle: Mine\nsentences: [{say: The couch is underneath you.}]\n"


def test_a_script_of_ones_own_is_carried_with_its_sound(tmp_path):
    file = paths.own_scripts() / "mine.yaml"
    file.write_text(OWN)
    keep("mine", WORDS[0], original=pcm(1), sound=pcm(1))
    out = tmp_path / "mine.zip"
    export("mine", out)
    forget("mine")
    file.unlink()
    take_in(out)
    assert file.read_text() == OWN
    assert file.stat().st_mode & 0o077 == 0
    assert not (folder_of("mine") / "script.yaml").exists()
    assert take_of("mine", WORDS[0]) is not None


def test_a_script_that_is_here_stays_as_it_is(packed):
    file = paths.own_scripts() / "settling.yaml"
    file.write_text(OWN)
    take_in(rewritten(packed, {"script.yaml": OWN.replace("Mine", "Theirs").encode()}))
    assert file.read_text() == OWN


@pytest.mark.parametrize("script", [b"\xff\xfe", b"- a\n", b"x: " + b"[" * 5000, b"a" * (1 << 19)])
def test_a_script_with_faults_does_not_come_in(packed, script):
    rewritten(packed, {"script.yaml": script})
    before = files()
    with pytest.raises(InputWrong):
        take_in(packed)
    assert files() == before

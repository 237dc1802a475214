"""Zips that are made to cost much, or are packed in a way that an export does not."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from player import paths
from player.errors import InputWrong
from player.voice.carry import export, take_in
from player.voice.takes import forget, keep, take_of
from player.voice.unpacking import LARGEST_TABLE

WORDS = ("The couch is underneath you.", "Nothing needs doing – just now.")
END = b"PK\5\6"


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A zip of a script of two sentences, which are no longer on this machine."""
    for text in WORDS:
        pcm = np.arange(4800, dtype="<i2").tobytes()
        keep("settling", text, original=pcm, sound=pcm)
    out = tmp_path / "settling.zip"
    export("settling", out)
    forget("settling")
    return out


def rewritten(file: Path, method: int) -> Path:
    with zipfile.ZipFile(file) as pack:
        kept = {name: pack.read(name) for name in pack.namelist()}
    with zipfile.ZipFile(file, "w", method) as pack:
        for name, body in kept.items():
            pack.writestr(name, body)
    return file


def refused(file: Path, why: str) -> None:
    """It is refused in one line, and nothing is left of it here."""
    before = sorted(paths.home().rglob("*"))
    with pytest.raises(InputWrong, match=why) as told:
        take_in(file)
    assert sorted(paths.home().rglob("*")) == before
    assert "\n" not in str(told.value)


def test_a_zip_that_is_only_stored_is_taken_in(packed: Path) -> None:
    take_in(rewritten(packed, zipfile.ZIP_STORED))
    assert take_of("settling", WORDS[1]) is not None


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize("damaged", [False, True])
def test_another_way_of_packing_is_refused_by_its_name(
    packed: Path, method: int, damaged: bool
) -> None:
    body = bytearray(rewritten(packed, method).read_bytes())
    if damaged:
        body[50:80] = b"\xff" * 30
    packed.write_bytes(body)
    refused(packed, "another way than")


@pytest.mark.parametrize("at", range(0, 60, 3))
def test_a_zip_with_any_byte_of_its_table_changed_is_taken_in_or_refused_in_words(
    packed: Path, at: int
) -> None:
    body = bytearray(packed.read_bytes())
    place = body.index(b"PK\1\2") + at
    body[place] ^= 0xFF
    packed.write_bytes(body)
    try:
        take_in(packed)
    except InputWrong as told:
        assert "\n" not in str(told)


def with_names(file: Path, count: int) -> Path:
    """A zip whose table holds so many empty files."""
    with zipfile.ZipFile(file, "w") as pack:
        pack.writestr("a", b"")
    body = file.read_bytes()
    begin, end = body.index(b"PK\1\2"), body.rindex(END)
    table = body[begin:end] * count
    tail = struct.pack("<4sHHHHIIH", END, 0, 0, 1, 1, len(table), begin, 0)
    file.write_bytes(body[:begin] + table + tail)
    return file


def test_a_zip_of_more_names_than_any_script_is_refused(tmp_path: Path) -> None:
    refused(with_names(tmp_path / "many.zip", 900), "more files than any recorded script")


def test_a_table_that_is_too_large_is_not_read_whatever_it_says_of_its_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    class Counted(zipfile.ZipInfo):
        def __init__(self, name: str) -> None:
            made.append(name)
            super().__init__(name)

    file = with_names(tmp_path / "many.zip", LARGEST_TABLE // 47 + 1)
    monkeypatch.setattr(zipfile, "ZipInfo", Counted)
    refused(file, "more files than any recorded script")
    assert not made


def test_a_large_table_behind_a_64_bit_end_is_not_read_either(tmp_path: Path) -> None:
    file = with_names(tmp_path / "many.zip", LARGEST_TABLE // 47 + 1)
    body = file.read_bytes()
    begin, end = body.index(b"PK\1\2"), body.rindex(END)
    large = struct.pack(
        "<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, end - begin, begin
    ) + struct.pack("<4sLQL", b"PK\6\7", 0, end, 1)
    tail = struct.pack("<4sHHHHIIH", END, 0, 0, 1, 1, 2**32 - 1, 2**32 - 1, 0)
    file.write_bytes(body[:end] + large + tail)
    refused(file, "more files than any recorded script")


@pytest.mark.parametrize("begin", [0, 1 << 40, (1 << 64) - 1])
def test_a_member_that_is_said_to_lie_nowhere_is_refused(packed: Path, begin: int) -> None:
    with zipfile.ZipFile(packed) as pack:
        name = pack.namelist()[0].encode()
    body = packed.read_bytes()
    row = body.index(b"PK\1\2")
    extra = struct.pack("<HHQ", 1, 8, begin)
    fixed = bytearray(body[row : row + 46])
    struct.pack_into("<H", fixed, 30, len(extra))
    struct.pack_into("<I", fixed, 42, 0xFFFF_FFFF)
    end = body.rindex(END)
    rest = body[row + 46 + len(name) : end]
    table = bytes(fixed) + name + extra + rest
    count = struct.unpack_from("<H", body, end + 8)[0]
    tail = struct.pack("<4sHHHHIIH", END, 0, 0, count, count, len(table), row, 0)
    packed.write_bytes(body[:row] + table + tail)
    try:
        take_in(packed)
        assert begin == 0
    except InputWrong as told:
        assert "\n" not in str(told)

from __future__ import annotations

import os
from pathlib import Path

import pytest

from player.text.yaml_nodes import Listing, Mapping, Scalar, parse, read


def only_fault(text: str) -> str:
    (fault,) = parse(text).faults
    return fault.text("f")


def test_words_stay_words_with_their_lines() -> None:
    root = parse("a: 12:30\nb: off\nc: 'x'\nd:\n  - 1\n  - ~\n").root
    assert isinstance(root, Mapping)
    values = {key.text: node for key, node in root.pairs if isinstance(key, Scalar)}
    assert values["a"] == Scalar(1, "12:30", True)
    assert values["b"] == Scalar(2, "off", True)
    assert values["c"] == Scalar(3, "x", False)
    assert values["d"] == Listing(5, (Scalar(5, "1", True), Scalar(6, "~", True)))


def test_an_alias_stands_for_the_same_part() -> None:
    root = parse("- &m [x, y]\n- *m\n").root
    assert isinstance(root, Listing)
    assert root.items[0] is root.items[1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "f:1: the file is empty (begin with: format: 1)"),
        ("# nothing\n", "f:1: the file is empty"),
        ("a: 1\n---\nb: 2\n", "f:2: a second document begins here"),
        ("a: !!python/object/apply:os.system [x]\n", "f:1: a tag"),
        ("[" * 33 + "]" * 33, "f:1: nested deeper than 32"),
        ("[" * 250_000, "f:1: nested deeper than 32"),
        ("\n".join(" " * n + "a:" for n in range(40)), "f:33: nested deeper than 32"),
        ("- &a x\n" + "- *a\n" * 101, "f:102: more than 100 aliases"),
        ("a: &a [*a]\n", "f:1: *a stands inside itself"),
        ("say: *breathe\n", "f:1: *breathe stands for nothing"),
        ("- a\n" * 50_001, "f:50000: holds more than 50000 parts"),
        ("a: 1\nb: \x07\n", "f:2: a control character"),
        ("a:\n\t- b\n", "f:2: a tab stands where spaces belong"),
        ("a 1\nb: 2\n", 'f:1: a colon is missing in "a 1"'),
        ("a" + " " * 200_000 + "b:c\n b: c\n", 'f:1: a colon is missing in "a"'),
        ("a # b\n c: d\n", "f:2: a line that belongs to nothing before it"),
        ("b: 2\na 1\nc: 3\n", "f:2: a colon is missing after the key"),
        ("b: 2\na:1\nc: 3\n", "put a space after the colon: a: …"),
        ("a: 1\n  b: 2\n", "f:2: a colon or an indentation is out of place"),
        ("a: “b: c”\n", "f:1: a colon or an indentation is out of place (curly quotes"),
        ("music: shipped: shore\n", "write shipped:NAME without a space"),
        ('a: 1\nb: "c\nd: e\n', "f:2: a quotation mark is opened and never closed"),
        ("a: 1\nb: [c\nd: e\n", "f:2: a [ is opened and never closed"),
        ("a: {b: c\nd: e\n", "f:1: a { is opened and never closed"),
        ('a: "C:\\Music"\n', "f:1: a backslash in double quotes"),
        ("a: @b\n", "f:1: a character that cannot begin a value"),
        ("a: - b\n", "f:1: a list begins in the middle of a line"),
    ],
)
def test_broken_or_hostile_yaml_is_told_in_plain_words(text: str, told: str) -> None:
    assert told in only_fault(text)


def test_every_line_with_a_tab_is_told() -> None:
    faults = parse("a:\n\tb: 1\n\tc: 2\n").faults
    assert [fault.line for fault in faults] == [2, 3]


def test_an_alias_bomb_is_refused_before_it_is_written_out() -> None:
    lines = ["- &a0 [x, x]"] + [f"- &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 25)]
    assert "holds more than 50000 parts" in only_fault("\n".join(lines))


def test_aliases_count_towards_the_depth() -> None:
    lines = ["- &a0 [x]"] + [f"- &a{n} [*a{n - 1}]" for n in range(1, 40)]
    assert "nested deeper than 32" in only_fault("\n".join(lines))


@pytest.mark.parametrize(
    ("body", "line", "told"),
    [
        (b"a: 1\nb: \xff\n", 2, "bytes that are not UTF-8"),
        ("a: 1".encode("utf-16"), 1, "UTF-16"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "not UTF-8"),
        (b"a: \x00", 1, "control character"),
        (b"#" * 256_001, 1, "larger than 256 kB"),
    ],
)
def test_a_file_that_is_no_small_text_is_told(
    tmp_path: Path, body: bytes, line: int, told: str
) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(body)
    (fault,) = read(file).faults
    assert fault.line == line
    assert told in fault.message


def test_a_file_of_100_megabytes_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    with file.open("wb") as stream:
        stream.truncate(100_000_000)
    assert "larger than 256 kB" in read(file).faults[0].message


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    root = read(file).root
    assert isinstance(root, Mapping)
    assert [(key.line, key.text) for key, _ in root.pairs if isinstance(key, Scalar)] == [
        (1, "a"),
        (2, "b"),
    ]


def test_what_is_not_an_ordinary_file_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in read(tmp_path).faults[0].message
    assert "no such file" in read(tmp_path / "none.yaml").faults[0].message
    assert "name is not one" in read(tmp_path / "a\0b").faults[0].message
    assert "cannot be read" in read(tmp_path / ("x" * 5000)).faults[0].message


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes in folders")
def test_a_pipe_or_a_device_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "circle.yaml").symlink_to("circle.yaml")
    assert "a device or a pipe" in read(tmp_path / "pipe.yaml").faults[0].message
    assert "a device or a pipe" in read(Path("/dev/zero")).faults[0].message
    assert "symbolic links" in read(tmp_path / "circle.yaml").faults[0].message

"""A journal harmed in every way: it is read as far as it is whole, or set aside, and said to be."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import journals
import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.engine.elapsed import between_s, moment
from player.engine.kept import Kept, look, read
from player.engine.lines import line_of

HUGE = st.one_of(
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.sampled_from([1 << 63, -(1 << 63), 10**4000, 1e308, float("inf"), float("nan")]),
)
JSON = st.recursive(
    HUGE | st.none() | st.booleans() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
KINDS = ["head", "facts", "stand", "input", "told", "heard", "over", "more"]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return journals.keep(tmp_path_factory.mktemp("journal")).read_bytes()


def is_sound(kept: Kept | None) -> bool:
    """What was read is what was written, though less of it."""
    return kept is None or (kept.stand in journals.STANDS and kept.score == journals.SCORE)


def is_placed(kept: Kept | None) -> bool:
    """It is where it was heard, or where it began or stood, with the clocks of its begin."""
    if kept is None:
        return True
    began = journals.HEAD.heard
    stood = replace(began, frame=kept.stand.state.frame)
    return is_sound(kept) and kept.heard in (journals.heard(470_000), began, stood)


def test_cut_off_at_every_byte_it_is_read_up_to_there(content: bytes) -> None:
    last = content.rstrip(b"\n").rfind(b"\n")
    read_at = [cut for cut in range(last, len(content)) if read(content[:cut]) is not None]
    for cut in (*range(0, len(content), 97), *range(last - 50, len(content))):
        assert is_placed(read(content[:cut]))
    assert read_at, "the last line is not what all hangs on"


@given(bit=st.integers(0, 1 << 20), more=st.lists(st.integers(0, 1 << 20), max_size=6))
def test_flipped_bits_lose_lines_and_change_none(content: bytes, bit: int, more: list[int]) -> None:
    harmed = bytearray(content)
    for each in (bit, *more):
        harmed[each // 8 % len(harmed)] ^= 1 << each % 8
    assert is_placed(read(bytes(harmed)))


@given(order=st.lists(st.integers(0, 30), max_size=14))
def test_lines_dropped_repeated_and_out_of_order_never_make_up_a_decision(
    content: bytes, order: list[int]
) -> None:
    lines = content.splitlines(keepends=True)
    kept = read(b"".join([lines[0], *(lines[each % len(lines)] for each in order)]))
    if kept is not None:
        assert kept.stand.state.frame in (0, 480_000)
        assert {came.frame for came in kept.inputs} <= {100_000, 481_000}


@given(kind=st.sampled_from(KINDS), body=JSON, number=HUGE)
def test_whole_lines_of_senseless_figures_are_left_out(
    content: bytes, kind: str, body: Any, number: Any
) -> None:
    text = json.dumps([number, kind, body]).encode()
    strange = b"%08x %s\n" % (zlib.crc32(text), text)
    lines = content.splitlines(keepends=True)
    for at in (0, 2, len(lines)):
        kept = read(b"".join([*lines[:at], strange, *lines[at:]]))
        assert kept is None or kept.stand in journals.STANDS or kind == "stand"


@given(frame=HUGE, elapsed=HUGE, clock=HUGE, wall=HUGE, run=JSON)
def test_a_place_of_senseless_figures_is_never_fatal(
    content: bytes, frame: Any, elapsed: Any, clock: Any, wall: Any, run: Any
) -> None:
    number = content.count(b"\n") + 1
    kept = read(content + line_of(number, "heard", [frame, elapsed, clock, run, wall]))
    assert is_sound(kept)
    if kept is not None:
        between_s(kept.heard.at, moment())
        assert kept.heard.frame - kept.stand.state.frame <= 3600 * 48_000


@pytest.mark.parametrize("deep", [b"[" * 200_000, b'{"a":' * 200_000, b'[1,"heard",' * 50_000])
def test_deep_nesting_is_left_out(content: bytes, deep: bytes) -> None:
    line = b"%08x %s\n" % (zlib.crc32(deep), deep)
    kept = read(content + line)
    assert kept is not None and kept.heard == journals.heard(470_000)
    assert read(line + content) == kept


@given(garbage=st.binary(min_size=1, max_size=200))
def test_garbage_is_set_aside_and_said_in_one_plain_sentence(
    garbage: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path: Path = tmp_path_factory.mktemp("set-aside") / "session.journal"
    path.write_bytes(garbage)
    said: list[str] = []
    assert look(path, said.append) is None
    assert said == ["what was kept of the last session is damaged: it was set aside"]
    assert path.with_suffix(".damaged").read_bytes() == garbage


@pytest.mark.parametrize("change", [{"version": "99.0"}, {"format": 99, "more": 1}, {"format": 2}])
def test_what_another_version_kept_is_not_called_damaged(
    tmp_path: Path, content: bytes, change: dict[str, Any]
) -> None:
    first, rest = content.split(b"\n", 1)
    head = json.loads(first[9:])[2] | change
    kept = line_of(1, "head", head) + rest
    path = tmp_path / "session.journal"
    path.write_bytes(kept)
    said: list[str] = []
    assert look(path, said.append) is None
    assert said == [
        "what was kept of the last session was written by another version of Stillroom:"
        " it was set aside"
    ]
    assert path.with_suffix(".other").read_bytes() == kept

"""How long a script becomes: exactly what was asked, and only its silences stretch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player import paths
from player.voice.layout import lay_out, longest, shortest
from player.voice.script import Script, Silence
from player.voice.scripts import load
from player.voice.shelf import sound_of

S = 48_000
SCRIPTS = sorted(path.stem for path in (paths.shipped() / "scripts").glob("*.yaml"))

silence = st.tuples(st.floats(0, 60), st.floats(0, 60)).map(
    lambda two: Silence(shortest_s=min(two), longest_s=max(two))
)
rows = st.lists(st.tuples(st.integers(1, 10 * S), silence), min_size=1, max_size=40)


def shipped(name: str) -> tuple[Script, list[int]]:
    script = load(paths.shipped() / "scripts" / f"{name}.yaml")
    found = [sound_of(text) for text in script.texts]
    return script, [each.facts.frames for each in found if each is not None and each.facts]


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_shipped_script_is_as_long_as_asked_at_any_length_it_can_have(name: str) -> None:
    script, spoken = shipped(name)
    silences = [sentence.silence for sentence in script.sentences]
    assert len(spoken) == len(silences)
    least, most = shortest(spoken, silences), longest(spoken, silences)
    for step in range(101):
        asked = least + (most - least) * step // 100
        assert lay_out(spoken, silences, asked).frames == asked


@given(rows, st.integers(0, 4000 * S))
def test_a_length_between_shortest_and_longest_is_met_to_the_frame(
    rows: list[tuple[int, Silence]], asked: int
) -> None:
    spoken, silences = [row[0] for row in rows], [row[1] for row in rows]
    least, most = shortest(spoken, silences), longest(spoken, silences)
    laid = lay_out(spoken, silences, asked)
    assert laid.frames == min(max(asked, least), most)
    ends = [*laid.starts[1:], laid.frames]
    for start, end, frames, rest, row in zip(
        laid.starts, ends, spoken, laid.silences, silences, strict=True
    ):
        assert end - start == frames + rest, "speech keeps its length"
        assert row.shortest_s * S - 1 <= rest <= row.longest_s * S + 2


def test_each_silence_takes_its_share_of_what_is_asked() -> None:
    silences = [Silence(shortest_s=5, longest_s=15), Silence(shortest_s=4, longest_s=4)]
    laid = lay_out([2 * S, 3 * S], silences, 19 * S)
    assert laid.starts == (0, 12 * S)
    assert laid.silences == (10 * S, 4 * S)


def test_without_a_length_a_script_has_its_shortest_form() -> None:
    assert lay_out([S], [Silence(shortest_s=5, longest_s=15)]).frames == 6 * S

"""One list over several phases: in order, by length, nothing lost."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
from hypothesis import given

from player.session.spread import spread

LENGTHS = st.one_of(st.none(), st.floats(1.0, 4000.0))


@given(pieces=st.lists(LENGTHS, min_size=1, max_size=60), data=st.data())
def test_each_phase_gets_a_piece_and_each_piece_keeps_its_place(pieces: Any, data: Any) -> None:
    phases = data.draw(st.lists(st.floats(1.0, 9000.0), min_size=1, max_size=20))
    shares = spread(pieces, phases)
    assert len(shares) == len(phases)
    assert all(shares)
    flat = [piece for share in shares for piece in share]
    assert flat == sorted(flat)
    if len(pieces) >= len(phases):
        assert flat == list(range(len(pieces)))


def test_a_long_phase_gets_more_of_the_list_than_a_short_one() -> None:
    shares = spread([300.0] * 20, [600, 600, 1800, 600])
    assert [len(share) for share in shares] == [3, 4, 10, 3]


def test_long_pieces_count_for_more_than_short_ones() -> None:
    assert spread([1800.0, 300.0, 300.0, 300.0, 300.0], [1800, 1200]) == [[0], [1, 2, 3, 4]]


def test_with_fewer_pieces_than_phases_neighbours_share_one() -> None:
    assert spread([None, None], [600, 600, 600, 600]) == [[0], [0], [1], [1]]

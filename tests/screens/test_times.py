"""Seconds as the screens write them."""

from __future__ import annotations

import pytest

from player.screens.times import length


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-61110.0, "0 s"),
        (-0.4, "0 s"),
        (45.0, "45 s"),
        (95.0, "1 min 35 s"),
        (5700.0, "1 h 35 min"),
    ],
)
def test_a_length_is_told_in_words_and_never_less_than_nothing(seconds, words):
    assert length(seconds) == words

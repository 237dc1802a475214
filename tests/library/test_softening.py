"""Eased down as a session would, no sudden rise is left in a piece, whatever its shape."""

from __future__ import annotations

import numpy as np
import pytest

from player.library.loudness import Floats
from player.library.shape import RISE_LU, rises
from player.library.softening import MOST_EASES, softened
from player.timeline.easing import contour
from player.units import frames_of


def powers(*parts: tuple[float, float]) -> Floats:
    """The power of each 100 ms of stretches, (LUFS, seconds) for each."""
    levels = [np.full(round(seconds * 10), 10 ** ((lufs + 0.691) / 10)) for lufs, seconds in parts]
    return np.concatenate(levels)


def crescendo(start: float, stop: float, seconds: float) -> list[tuple[float, float]]:
    return [(lufs, 0.1) for lufs in np.linspace(start, stop, round(seconds * 10))]


def eased(piece: Floats) -> Floats:
    """What is heard of it: the level of the contour in the middle of each 100 ms."""
    eases = softened(piece, rises(piece))
    if not eases:
        return piece
    places, levels = zip(*contour(eases), strict=True)
    middles = (np.arange(len(piece)) + 0.5) * frames_of(0.1)
    found: Floats = piece * 10 ** (np.interp(middles, places, levels) / 10)
    return found


SHAPES = {
    "a step": [(-40, 30), (-20, 60)],
    "a great step": [(-48, 30), (-14, 60)],
    "out of silence": [(-20, 30), (-120, 9), (-20, 30)],
    "a steep crescendo": [(-45, 20), *crescendo(-45, -18, 4), (-18, 30)],
    "a crescendo, then a step": [(-45, 20), *crescendo(-45, -30, 3), (-15, 30)],
    "two steps close together": [(-45, 20), (-34, 4), (-20, 30)],
    "a burst": [(-40, 20), (-15, 1), (-40, 20)],
    "a rise while it comes back": [(-40, 20), (-22, 6), (-30, 3), (-19, 30)],
    "one after the other": [(-38, 9), (-20, 9)] * 6,
    "right at the beginning": [(-45, 3), (-20, 30)],
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_no_sudden_rise_is_left(shape: list[tuple[float, float]]) -> None:
    piece = powers(*shape)
    assert rises(piece), "there is one to begin with"
    assert rises(eased(piece)) == ()


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_nothing_is_made_louder_and_what_is_far_from_a_rise_stays(
    shape: list[tuple[float, float]],
) -> None:
    piece = powers(*shape, (-20, 60))
    heard = eased(piece)
    assert (heard <= piece * (1 + 1e-9)).all()
    assert np.allclose(heard[-200:], piece[-200:])


def test_a_piece_without_a_sudden_rise_is_left_alone() -> None:
    piece = powers((-30, 20), (-21.2, 20))
    assert rises(piece, more_than_lu=7.0)
    assert not rises(piece, more_than_lu=RISE_LU)
    assert softened(piece, rises(piece)) == ()


def test_a_rise_just_under_the_limit_stays_beside_one_that_is_eased() -> None:
    piece = powers((-30, 20), (-21.2, 40), (-42, 20), (-20, 40))
    assert [round(ease.at / 48_000) for ease in softened(piece, rises(piece))] == [80]


def test_music_that_is_all_rises_stays_within_bounds() -> None:
    piece = powers(*[(-50, 5), (-20, 5)] * 500)
    assert len(softened(piece, rises(piece))) == MOST_EASES

"""The shipped music, as it decodes: level, evenness, width, tone, and a seam that is not heard."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from player import paths
from player.library.measure import measure

PIECES = ("shore", "bowls", "tide", "lattice", "cathedral", "deep", "morning", "rain")
ALL = (*PIECES, "safety")
MOST_BYTES = 16_000_000


@dataclass(frozen=True)
class Measured:
    """What is measured of a file; its samples are let go."""

    faults: tuple[object, ...]
    """Whatever the player itself would warn of."""
    frames: int
    player_lufs: float
    true_peak_dbtp: float
    short_term_rise_lu: float
    momentary_rise_lu: float
    correlation: float
    fall_db_per_octave: float
    seam_step: float
    seam_bend: float
    miscut_bend: float


each_piece = pytest.mark.parametrize("name", ALL, scope="module")
"""All tests of one piece run one after the other: it is measured once."""


class Heard(dict[str, Measured]):
    """The shipped pieces, each decoded and measured when a test first asks for it."""

    def __init__(self, hearing: ModuleType, music: dict[str, dict[str, Any]]) -> None:
        super().__init__()
        self._hearing = hearing
        self._music = music

    def __missing__(self, name: str) -> Measured:
        self[name] = listen(self._hearing, self._music[name]["file"])
        return self[name]


@pytest.fixture(scope="module")
def heard(hearing: ModuleType, music: dict[str, dict[str, Any]]) -> Heard:
    return Heard(hearing, music)


def listen(hearing: ModuleType, file: str) -> Measured:
    survey = measure(paths.shipped() / file)
    sound = hearing.decode(paths.shipped() / file)
    curves = hearing.loudness(sound, loop=True, peaks=False)
    return Measured(
        faults=(*survey.rises, *survey.silences, *survey.faults),
        frames=sound.shape[1],
        player_lufs=survey.lufs,
        true_peak_dbtp=survey.facts.true_peak_dbtp,
        short_term_rise_lu=hearing.largest_rise(curves.short_term),
        momentary_rise_lu=hearing.largest_rise(curves.momentary),
        correlation=hearing.correlation(sound),
        fall_db_per_octave=hearing.tilt_db_per_octave(sound),
        seam_step=hearing.seam_step(sound),
        seam_bend=hearing.seam_bend(sound),
        miscut_bend=hearing.seam_bend(sound[:, 12_345:]),
    )


def colour(hearing: ModuleType, file: str) -> np.ndarray:
    hz, power = hearing.spectrum(hearing.decode(paths.shipped() / file))
    return np.asarray(hearing.thirds_db(hz, power, 50, 12_800))


def test_the_index_lists_every_piece_and_no_other(music):
    files = sorted(path.name for path in (paths.shipped() / "music").iterdir())
    assert sorted(row["file"] for row in music.values()) == [f"music/{name}" for name in files]
    assert set(music) == set(ALL)


@each_piece
def test_the_player_measures_what_the_index_says(heard, music, name):
    assert heard[name].frames == music[name]["frames"]
    assert heard[name].player_lufs == pytest.approx(music[name]["lufs"], abs=0.1)
    assert heard[name].faults == ()
    assert heard[name].true_peak_dbtp == pytest.approx(music[name]["true_peak_dbtp"], abs=0.15)


@each_piece
def test_a_piece_is_as_loud_as_it_should_be_and_keeps_headroom(heard, name):
    wanted_lufs = -23 if name == "safety" else -20
    assert heard[name].player_lufs == pytest.approx(wanted_lufs, abs=0.5)
    assert heard[name].true_peak_dbtp <= -3


@each_piece
def test_nothing_rises_suddenly_not_even_across_the_seam(heard, name):
    assert heard[name].short_term_rise_lu < 2.5
    assert heard[name].momentary_rise_lu < 5


@each_piece
def test_the_last_frame_joins_the_first(heard, name):
    assert heard[name].seam_step < 1
    assert heard[name].seam_bend < 5


def test_a_cut_that_does_not_join_would_be_found(heard):
    assert heard["shore"].miscut_bend > 5


@each_piece
def test_a_piece_is_wide_but_not_hollow_and_falls_gently_to_the_highs(heard, name):
    assert 0.3 <= heard[name].correlation <= 0.7
    assert -14 <= heard[name].fall_db_per_octave <= -9


def test_no_two_pieces_have_the_same_colour(hearing, music):
    spectra = {name: colour(hearing, music[name]["file"]) for name in PIECES}
    common = np.mean(list(spectra.values()), axis=0)
    apart = {
        pair: float(np.std((spectra[pair[0]] - common) - (spectra[pair[1]] - common)))
        for pair in itertools.combinations(PIECES, 2)
    }
    assert {pair: db for pair, db in apart.items() if db < 2} == {}


@pytest.mark.parametrize("name", PIECES)
def test_a_piece_lasts_three_to_six_minutes(music, name):
    assert 3 * 60 <= music[name]["frames"] / 48_000 <= 6 * 60


def test_the_safety_bed_is_short_enough_to_be_kept_decoded(music):
    assert music["safety"]["frames"] <= 60 * 48_000


@each_piece
def test_a_piece_carries_its_title_and_its_rights(hearing, music, name):
    tags = hearing.tags(paths.shipped() / music[name]["file"])
    assert tags["title"] == music[name]["title"]
    assert tags["license"] == music[name]["rights"]
    assert "CC0" in music[name]["rights"]


def test_the_music_stays_small():
    sizes = [path.stat().st_size for path in (paths.shipped() / "music").iterdir()]
    assert 0 < sum(sizes) <= MOST_BYTES

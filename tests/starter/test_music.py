"""The shipped music, as it decodes: level, evenness, width, tone, and a seam that is not heard."""

from __future__ import annotations

import pytest

from player import paths
from player.library.measure import measure

PIECES = ("shore", "deep", "morning")
ALL = (*PIECES, "safety")
MOST_BYTES = 6_000_000


def test_the_index_lists_every_piece_and_no_other(music):
    files = sorted(path.name for path in (paths.shipped() / "music").iterdir())
    assert sorted(row["file"] for row in music.values()) == [f"music/{name}" for name in files]
    assert set(ALL) <= set(music)


@pytest.mark.parametrize("name", ALL)
def test_the_player_measures_what_the_index_says(music, name):
    facts = measure(paths.shipped() / music[name]["file"]).facts
    assert facts.frames == music[name]["frames"]
    assert facts.lufs == pytest.approx(music[name]["lufs"], abs=0.1)
    assert facts.true_peak_dbtp == pytest.approx(music[name]["true_peak_dbtp"], abs=0.15)


@pytest.mark.parametrize("name", ALL)
def test_a_piece_is_as_loud_as_it_should_be_and_keeps_headroom(heard, music, name):
    _, loudness = heard(music[name]["file"])
    wanted_lufs = -23 if name == "safety" else -20
    assert loudness.lufs == pytest.approx(wanted_lufs, abs=0.5)
    assert loudness.true_peak_dbtp <= -3


@pytest.mark.parametrize("name", ALL)
def test_nothing_rises_suddenly_not_even_across_the_seam(hearing, heard, music, name):
    _, loudness = heard(music[name]["file"])
    assert hearing.largest_rise(loudness.short_term) < 2.5
    assert hearing.largest_rise(loudness.momentary) < 5


@pytest.mark.parametrize("name", ALL)
def test_the_last_frame_joins_the_first(hearing, heard, music, name):
    sound, _ = heard(music[name]["file"])
    assert hearing.seam_step(sound) < 1
    assert hearing.seam_bend(sound) < 5


def test_a_cut_that_does_not_join_would_be_found(hearing, heard, music):
    sound, _ = heard(music["shore"]["file"])
    assert hearing.seam_bend(sound[:, 12_345:]) > 5


@pytest.mark.parametrize("name", ALL)
def test_a_piece_is_wide_but_not_hollow_and_falls_gently_to_the_highs(hearing, heard, music, name):
    sound, _ = heard(music[name]["file"])
    assert 0.3 <= hearing.correlation(sound) <= 0.7
    assert -14 <= hearing.tilt_db_per_octave(sound) <= -9


@pytest.mark.parametrize("name", PIECES)
def test_a_piece_lasts_three_to_five_minutes(music, name):
    assert 3 * 60 <= music[name]["frames"] / 48_000 <= 5 * 60


def test_the_safety_bed_is_short_enough_to_be_kept_decoded(music):
    assert music["safety"]["frames"] <= 60 * 48_000


@pytest.mark.parametrize("name", ALL)
def test_a_piece_carries_its_title_and_its_rights(hearing, music, name):
    tags = hearing.tags(paths.shipped() / music[name]["file"])
    assert tags["title"] == music[name]["title"]
    assert tags["license"] == music[name]["rights"]
    assert "CC0" in music[name]["rights"]


def test_all_shipped_sound_stays_small():
    sizes = [path.stat().st_size for path in paths.shipped().rglob("*.opus")]
    assert 0 < sum(sizes) <= MOST_BYTES

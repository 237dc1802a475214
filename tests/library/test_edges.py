"""Only what is truly silent, and long, is left out at the ends of a piece."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tones import tone, write

from player.library.catalogue import Catalogue
from player.library.findings import Survey
from player.library.measure import measure

S = 48_000
KEPT = S // 20


def silence(seconds: float) -> NDArray[np.float32]:
    return np.zeros((round(seconds * S), 2), np.float32)


def surveyed(folder: Path, *parts: NDArray[np.float32], name: str = "piece.wav") -> Survey:
    codec = "pcm_f32le" if name.endswith(".wav") else None
    return measure(write(folder / name, np.concatenate(parts), codec=codec))


@pytest.mark.parametrize("name", ["piece.wav", "piece.flac"])
@pytest.mark.parametrize("before_s", [0.6, 3.25, 30])
def test_silence_at_both_ends_is_left_out_but_for_50_ms(
    tmp_path: Path, name: str, before_s: float
) -> None:
    sound = tone(4 * S)[1:-1]  # a sine begins and ends at 0
    facts = surveyed(tmp_path, silence(before_s), sound, silence(2), name=name).facts
    assert facts.lead == round(before_s * S) - KEPT
    assert facts.tail == 2 * S - KEPT
    assert facts.frames == len(sound) + 2 * KEPT
    assert facts.whole_frames == round(before_s * S) + len(sound) + 2 * S


def test_hiss_under_70_dbfs_is_silence_and_music_over_it_is_none(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).uniform(-1, 1, (2 * S, 2)).astype(np.float32)
    hiss = surveyed(tmp_path, noise * 10 ** (-72 / 20), tone(3 * S))
    assert hiss.facts.lead == pytest.approx(2 * S - KEPT, abs=2)
    quiet = surveyed(tmp_path, tone(2 * S, gain=10 ** (-66 / 20)), tone(3 * S))
    assert (quiet.facts.lead, quiet.facts.frames) == (0, 5 * S)
    assert quiet.leading_silence_s > 1, "people are told of it all the same"


@pytest.mark.parametrize("fade_s", [1, 10, 60])
def test_a_piece_that_fades_in_from_nothing_and_out_again_stays_whole(
    tmp_path: Path, fade_s: int
) -> None:
    sound = tone(2 * fade_s * S, 220)
    ramp = np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / (fade_s * S)
    facts = surveyed(tmp_path, (sound * ramp[:, None]).astype(np.float32)).facts
    assert (facts.lead, facts.frames, facts.tail) == (0, len(sound), 0)


@pytest.mark.parametrize(
    ("before_s", "sound_s", "after_s"), [(0.49, 3, 0.49), (4, 0.8, 4), (0, 5, 0), (6, 0, 0)]
)
def test_short_silence_a_mere_sign_and_silence_throughout_stay_whole(
    tmp_path: Path, before_s: float, sound_s: float, after_s: float
) -> None:
    sound = tone(round(sound_s * S))
    facts = surveyed(tmp_path, silence(before_s), sound, silence(after_s)).facts
    whole = round((before_s + sound_s + after_s) * S)
    assert (facts.lead, facts.frames, facts.tail) == (0, whole, 0)


def test_what_is_left_out_is_remembered_and_a_rise_counts_from_the_first_frame_played(
    tmp_path: Path,
) -> None:
    quiet, loud = tone(8 * S, gain=0.02), tone(8 * S, gain=0.4)
    write(path := tmp_path / "piece.flac", np.concatenate([silence(5), quiet, loud, silence(3)]))
    survey = measure(path)
    ease = survey.facts.eases[0]
    assert ease.at + survey.facts.lead == round(survey.rises[0].at_s * S)
    with Catalogue(tmp_path / "c.sqlite") as catalogue:
        catalogue.remember(path, survey)
        assert catalogue.known(path) == survey.facts
        again = catalogue.scanned(path)
        assert isinstance(again, Survey)
        assert (again.facts, again.seconds) == (survey.facts, 24)
    assert survey.facts.whole.eases[0].at == round(survey.rises[0].at_s * S)

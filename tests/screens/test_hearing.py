"""The sound line: what is at the ear, or that nobody has measured."""

from __future__ import annotations

import pytest

from player.screens.hearing import hearing
from player.screens.status_report import status_report
from player.screens.summary import summary


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({}, "uncalibrated"),
        ({"level_db": -2.0, "sound_s": 3600.0}, "uncalibrated"),
        (
            {"calibration_dba": 78.0, "level_db": -2.0, "sound_s": 3600.0},
            "76 dBA, sound dose 1.6 %",
        ),
        (
            {"calibration_dba": 100.0, "level_db": 0.0, "sound_s": 3600.0},
            "100 dBA, sound dose 250 %",
        ),
        ({"calibration_dba": 78.0, "level_db": None, "sound_s": 60.0}, "sound dose 0.0 %"),
    ],
)
def test_level_and_dose_in_words(figures, words, picture):
    status = picture(**figures)
    assert hearing(status) == words
    assert any(f"volume 0 dB, {words}" in line for line in summary(status))


def test_scripts_get_the_figures(picture):
    status = picture(calibration_dba=78.0, level_db=-2.0, sound_s=3600.0)
    told = status_report(status)
    assert (told["calibrated"], told["level_dba"], told["sound_dose"]) == (True, 76.0, 0.01577)
    told = status_report(picture())
    assert (told["calibrated"], told["level_dba"], told["sound_dose"]) == (False, None, None)


async def test_the_session_screen_shows_it_beside_the_volume(playing, picture):
    status = picture(calibration_dba=78.0, level_db=-2.0, sound_s=3600.0, volume_db=-2.0)
    async with playing(status, (80, 24)) as stage:
        assert "volume −2 dB, 76 dBA, sound dose 1.6 %" in stage.text.splitlines()[0]

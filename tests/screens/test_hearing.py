"""The sound line: what is at the ear, or that nobody has measured."""

from __future__ import annotations

import pytest

from player.screens.face import head
from player.screens.hearing import hearing
from player.screens.ink import CARE
from player.screens.status_report import status_report
from player.screens.summary import summary
from player.timeline.status import ReminderStage, ReminderView


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


SILENT = [
    ("null", "no sound: a rehearsal"),
    ("file", "no sound here: it is written to a file"),
]


@pytest.mark.parametrize(("kind", "words"), SILENT)
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_session_that_nobody_hears_says_so_on_its_first_row_with_care(
    playing, picture, kind, words, size
):
    silent = picture(output={"name": "x", "state": "sounding", "kind": kind}, volume_db=-2.0)
    async with playing(silent, size) as stage:
        first = stage.text.splitlines()[0]
        assert words in first
        assert ("volume −2 dB" in first) == (kind == "null" or size[0] == 120), "where it has room"
    drawn = head(silent, size[0] - 2)
    assert [span.style for span in drawn.spans if words in drawn.plain[span.start : span.end]] == [
        CARE
    ]


@pytest.mark.parametrize(("kind", "words"), SILENT)
def test_that_nobody_hears_it_gives_way_to_nothing_else_in_its_row(kind, words, picture):
    fast = picture(output={"name": "x", "state": "sounding", "kind": kind}, speed=60.0)
    assert f"{words}, 60 times as fast" in head(fast, 78).plain
    assert words[:28] in head(fast, 30).plain


@pytest.mark.parametrize(("kind", "words"), SILENT)
def test_that_nobody_hears_it_is_told_with_how_it_stands(kind, words, picture):
    silent = picture(output={"name": "x", "state": "sounding", "kind": kind})
    assert summary(silent)[1] == f"{words}."
    sounds = picture(output={"name": "Phones", "state": "sounding", "kind": "device"})
    assert not any("no sound" in line for line in summary(sounds))


def test_reminders_that_were_missed_are_told(picture):
    missed = ReminderView(text="Blood pressure", stage=ReminderStage.MISSED, in_s=-900.0)
    told = summary(picture(reminders=(*picture().reminders, missed)))
    assert told[-3:] == [
        "due: Check in.",
        "missed: Blood pressure.",
        "next reminder: Check in again in 28:59.",
    ]

"""What check says of the ears, with and without a calibration."""

from __future__ import annotations

from pathlib import Path

import pytest

from player import paths, settings
from player.errors import InputWrong
from player.programme.hearing import hearing
from player.session.loader import load


def session_of(folder: Path) -> Path:
    text = "format: 1\ntitle: T\nsound: {bed: -20 LUFS}\nphases:\n"
    text += "  - {name: One, length: 60m, music: shipped:deep, level: -3 dB}\n"
    text += "  - {name: Two, length: 60m, music: silence}\n"
    (folder / "t.yaml").write_text(text, encoding="utf-8")
    return folder / "t.yaml"


def test_without_a_calibration_the_word_is_uncalibrated(tmp_path: Path) -> None:
    told = hearing(load(session_of(tmp_path)))
    assert told == "uncalibrated: nobody has entered what the output gives in dBA"


def test_a_calibrated_device_tells_level_and_dose(tmp_path: Path) -> None:
    text = "device: USB Headphones\ncalibration: {usb  headphones: 78}\n"
    paths.settings_file().write_text(text, encoding="utf-8")
    told = hearing(load(session_of(tmp_path)))
    assert "USB Headphones gives up to 78 dBA at volume 0 dB" in told
    assert "1.6 % of what seven days allow" in told


def test_under_a_ceiling_it_is_the_level_that_a_session_can_have(tmp_path: Path) -> None:
    """10 dB less are a tenth of the dose."""
    text = "device: USB\ncalibration: {USB: 78}\nvolume_ceiling_db: -10\n"
    paths.settings_file().write_text(text, encoding="utf-8")
    told = hearing(load(session_of(tmp_path)))
    assert "gives up to 68 dBA at volume -10 dB" in told
    assert "0.2 % of what seven days allow" in told


@pytest.mark.parametrize(
    ("written", "told"), [("{x: loud}", "not a number"), ("{x: 20}", "too low")]
)
def test_a_calibration_that_cannot_be_is_refused(written: str, told: str) -> None:
    paths.settings_file().write_text(f"calibration: {written}\n", encoding="utf-8")
    with pytest.raises(InputWrong, match=told):
        settings.read(paths.settings_file())

"""The output goes away: one line says so, and a digit chooses another."""

from __future__ import annotations

from player.timeline.commands import ChooseOutput

AWAY = {"name": "Quiet phones", "state": "lost", "others": ("Speakers", "Hall")}


async def test_a_digit_plays_on_another_output_while_the_one_is_away(playing, picture):
    async with playing(picture(output=AWAY)) as stage:
        assert "Quiet phones is away: the music waits" in stage.text
        await stage.press("2")
        assert stage.sent() == [ChooseOutput(device="Hall")]
        assert "looking for Hall" in stage.text
        await stage.press("3")
        assert stage.sent() == [ChooseOutput(device="Hall")], "there is no third"


async def test_a_digit_means_nothing_while_the_output_sounds(playing, picture):
    async with playing(picture()) as stage:
        await stage.press("1")
        assert stage.sent() == []
        assert "does nothing here" in stage.text

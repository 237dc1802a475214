"""Screens compared with golden text files at the two sizes they are made for."""

from __future__ import annotations

import pytest

from player.timeline.status import CueStage, ReminderStage, ReminderView, State

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_the_peak_at_work(playing, golden, size):
    async with playing(size=SIZES[size]) as stage:
        golden(f"peak-{size}", stage.text)


async def test_a_phase_that_waits_offers_a_cue_and_says_what_failed(playing, picture, golden, size):
    status = picture(
        left_s=-150.0,
        state=State.HOLDING,
        since_booster_s=800.0,
        boosters=1,
        volume_db=-3.0,
        notice="Deep water.flac cannot be read and was passed over",
    )
    cue = status.cues[1].model_copy(
        update={"stage": CueStage.ASKED, "in_s": 12.0, "offer_left_s": 192.0}
    )
    status = status.model_copy(update={"cues": (status.cues[0], cue), "cue_asked": 1})
    async with playing(status, SIZES[size]) as stage:
        golden(f"waits-{size}", stage.text)


async def test_an_arrival_that_waits_for_the_dose(playing, picture, golden, size):
    reminders = (
        ReminderView(text="Blood pressure", stage=ReminderStage.MISSED, in_s=None),
        ReminderView(
            text="Check in", stage=ReminderStage.COMING, in_s=None, waits="after the dose"
        ),
    )
    async with playing(picture(at=0, left_s=120.0, reminders=reminders), SIZES[size]) as stage:
        golden(f"arrival-{size}", stage.text)


async def test_talking(playing, picture, golden, size):
    status = picture(state=State.TALKING, talking=True)
    async with playing(status, SIZES[size]) as stage:
        golden(f"talking-{size}", stage.text)


async def test_silenced(playing, picture, golden, size):
    status = picture(state=State.SILENCED, resting=State.SILENCED)
    async with playing(status, SIZES[size]) as stage:
        golden(f"silenced-{size}", stage.text)


async def test_paused_with_the_output_lost(playing, picture, golden, size):
    status = picture(
        state=State.PAUSED,
        resting=State.PAUSED,
        output={"name": "Quiet phones", "state": "lost", "others": ("Speakers", "Hall")},
    )
    async with playing(status, SIZES[size]) as stage:
        golden(f"paused-{size}", stage.text)


async def test_the_music_is_over_and_the_clocks_go_on(playing, picture, golden, size):
    status = picture(
        at=6, left_s=0.0, state=State.MUSIC_ENDED, track="", next_track="", cue_next=None
    )
    async with playing(status, SIZES[size]) as stage:
        golden(f"music-over-{size}", stage.text)


async def test_opening_says_how_far_it_is(playing, picture, golden, size):
    status = picture(at=0, left_s=600.0, state=State.OPENING, opening=0.43, begin_asked=True)
    async with playing(status, SIZES[size]) as stage:
        golden(f"opening-{size}", stage.text)


async def test_help_shows_every_key_and_leaves_phase_and_clocks(playing, golden, size):
    async with playing(size=SIZES[size]) as stage:
        await stage.press("question_mark")
        golden(f"help-{size}", stage.text)


async def test_the_panel_for_the_dose(playing, golden, size):
    async with playing(size=SIZES[size]) as stage:
        await stage.press("d")
        golden(f"dose-{size}", stage.text)


async def test_the_list_of_phases(playing, golden, size):
    async with playing(size=SIZES[size]) as stage:
        await stage.press("g")
        golden(f"go-{size}", stage.text)


async def test_the_chooser(choosing, golden, size):
    async with choosing(SIZES[size]) as stage:
        golden(f"chooser-{size}", stage.text)


async def test_the_chooser_on_a_faulty_session(choosing, golden, size):
    async with choosing(SIZES[size]) as stage:
        await stage.press("down", "down")
        golden(f"chooser-faulty-{size}", stage.text)


@pytest.mark.parametrize("small", [(60, 24), (60, 15), (40, 12), (20, 6), (4, 2)])
async def test_a_small_screen_still_shows_phase_and_countdown(playing, golden, small):
    async with playing(size=small) as stage:
        golden(f"small-{small[0]}x{small[1]}", stage.text)


async def test_a_hundred_phases_show_the_ones_round_the_running_one(playing, picture, golden):
    status = picture()
    many = tuple(
        status.phases[4].model_copy(update={"name": f"Part {n}", "passed": n < 50})
        for n in range(100)
    )
    async with playing(status.model_copy(update={"phases": many, "phase": 50})) as stage:
        golden("hundred-phases", stage.text)


async def test_brackets_and_control_signs_in_names_are_only_signs(playing, picture):
    status = picture(track="[red]Water[/red]\x1b[2J", title="[b]Mine[/b]")
    async with playing(status) as stage:
        assert "[red]Water[/red] [2J" in stage.text
        assert "[b]Mine[/b]" in stage.text


async def test_the_music_was_ended_early_and_the_phases_show_what_was_heard(
    playing, picture, golden, size
):
    status = picture(left_s=1200.0, state=State.MUSIC_ENDED, track="", next_track="", cue_next=None)
    status = status.model_copy(
        update={
            "length_s": status.position_s,
            "phases": tuple(
                phase.model_copy(update={"entered": at <= 4 and at != 1})
                for at, phase in enumerate(status.phases)
            ),
            "reminders": (
                *status.reminders,
                ReminderView(text="Water", stage=ReminderStage.COMING, in_s=None, never=True),
            ),
        }
    )
    async with playing(status, SIZES[size]) as stage:
        golden(f"ended-early-{size}", stage.text)


LONG_WORDS = (
    "Nothing needs doing just now. The couch is underneath you. You can leave the holding to it. "
) * 6


@pytest.mark.parametrize("stage_of_it", ["coming", "offered", "whole"])
async def test_a_cue_without_sound_is_read_aloud_by_the_counsellor(
    playing, picture, golden, size, stage_of_it
):
    status = picture()
    offered = stage_of_it != "coming"
    now = {"stage": CueStage.ASKED, "in_s": 12.0, "offer_left_s": 192.0} if offered else {}
    words = {"words": LONG_WORDS, "length_s": None}
    cue = status.cues[1].model_copy(update=words | now)
    status = status.model_copy(
        update={"cues": (status.cues[0], cue), "cue_asked": 1 if offered else None}
    )
    async with playing(status, SIZES[size]) as stage:
        if stage_of_it == "whole":
            await stage.press("c")
        golden(f"read-aloud-{stage_of_it}-{size}", stage.text)


async def test_the_music_menu_with_a_full_shelf_that_is_held(playing, picture, golden, size):
    shelf = tuple(f"{mood} piano and strings" for mood in ["Calm", "Warm", "Bright", "Slow"])
    shelf += ("Rain", "Bowls", "Choir", "Drone", "Earth and water, the long version")
    async with playing(picture(shelf=shelf, shelf_held=1), SIZES[size]) as stage:
        await stage.press("m")
        golden(f"music-{size}", stage.text)

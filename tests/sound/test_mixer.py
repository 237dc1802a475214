"""Which sample falls on which frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from player.sound.mixer import Mixer
from player.sound.streams import BLOCK
from player.timeline.decisions import (
    Bus,
    Decision,
    DropTrack,
    DuckBed,
    FadeBus,
    FadeTrack,
    Freeze,
    LiftBed,
    ReviveTrack,
    SetVolume,
    StartClip,
    StartTrack,
    StopClip,
    Thaw,
)

LONG = 1 << 30
Make = Callable[..., Any]


def start(deck: int, at: int, frames: int = LONG, fade_in: int = 0) -> StartTrack:
    return StartTrack(deck, 0, at, fade_in, 0.0, frames)


def test_a_track_sounds_from_its_first_frame_to_its_last_and_nowhere_else(
    desk: Make, tape: Make, counted: Make
) -> None:
    sound = counted(30_000)
    out = desk(tapes={0: tape(sound)}).play(60_000, [start(0, 10_001, 25_000)])
    assert not out[:10_001].any()
    assert np.array_equal(out[10_001:35_001], sound[:25_000])
    assert not out[35_001:].any()


def test_a_track_that_ends_where_it_was_measured_keeps_its_last_samples(
    desk: Make, tape: Make, counted: Make
) -> None:
    sound = counted(20_000)
    table = desk(tapes={0: tape(sound)})
    out = table.play(40_000, [start(0, 0, 20_000)])
    assert np.array_equal(out[:20_000], sound)
    assert table.dry == []


def test_the_first_frame_given_out_is_the_start_frame(
    desk: Make, tape: Make, counted: Make
) -> None:
    sound = counted(60_000)
    out = desk(tapes={0: tape(sound)}, start_frame=777_777).play(20_000, [start(0, 780_000)])
    assert np.array_equal(out[2_223:], sound[: 20_000 - 2_223])


def test_decisions_told_early_and_at_the_last_moment_sound_the_same(
    desk: Make, tape: Make, counted: Make
) -> None:
    script: list[Decision] = [
        start(0, 100, 90_000, 5_000),
        start(1, 30_001, 90_000, 20_000),
        FadeTrack(0, 30_001, 20_000),
        DuckBed("cue", 40_000, 9_000, 9.0),
        StartClip(0, 49_000, -3.0),
        LiftBed("cue", 60_000, 12_345),
        SetVolume(70_000, 4_000, -6.0),
        FadeBus(Bus.MASTER, 80_000, 20_000, up=False),
    ]
    clip = counted(11_000)
    early = desk(tapes={0: tape(counted(90_000))}, clips={0: clip}).play(120_000, script)
    late = [(max(0, line.at - 256) // BLOCK, line) for line in script]
    told_late = desk(tapes={0: tape(counted(90_000))}, clips={0: clip}).play(120_000, late)
    assert np.array_equal(early, told_late)


def test_a_decision_that_comes_too_late_is_taken_at_once(
    desk: Make, tape: Make, counted: Make
) -> None:
    sound = counted(50_000)
    table = desk(tapes={1: tape(sound)})
    out = table.play(4 * BLOCK, [(2, start(1, 5))])
    head = table.heads[1]
    assert not out[:head].any()
    assert np.array_equal(out[head:], sound[: 4 * BLOCK - head])


def test_decks_and_the_voice_are_summed(desk: Make, tape: Make) -> None:
    clip = np.full((1_000, 2), 0.125, np.float32)
    table = desk(tapes={n: tape(0.25) for n in range(3)}, clips={4: clip})
    out = table.play(BLOCK, [start(0, 0), start(1, 0), start(2, 0), StartClip(4, 5_001, 0.0)])
    assert np.all(out[:5_001] == 0.75)
    assert np.all(out[5_001:6_001] == 0.875)
    assert np.all(out[6_001:] == 0.75)


def test_a_clip_that_is_taken_up_begins_at_the_frame_behind_what_is_left_out(
    desk: Make, counted: Make
) -> None:
    clip = counted(9_000)
    out = desk(clips={0: clip}).play(BLOCK * 2, [StartClip(0, 5_001, 0.0, skip=2_000)])
    assert not out[:5_001].any()
    assert np.array_equal(out[5_001:12_001], clip[2_000:])
    assert not out[12_001:].any()


def test_a_deck_with_no_end_goes_on_past_its_length(desk: Make, tape: Make) -> None:
    seamless = StartTrack(0, 0, 0, 0, 0.0, 1_000, seamless=True)
    out = desk(tapes={0: tape(0.5)}).play(50_000, [seamless])
    assert np.all(out == 0.5)


def test_a_fade_out_closes_its_source(desk: Make, tape: Make) -> None:
    source = tape(1.0)
    out = desk(tapes={0: source}).play(40_000, [start(0, 0), FadeTrack(0, 9_000, 9_000)])
    assert not out[18_000:].any()
    assert source.closed


def test_a_kept_deck_goes_on_where_it_fell_silent(desk: Make, tape: Make, counted: Make) -> None:
    sound = counted(200_000)
    source = tape(sound)
    script = [start(0, 0, 100_000), FadeTrack(0, 10_000, 10_000, keep=True)]
    script.append(ReviveTrack(0, 120_000, 0))
    out = desk(tapes={0: source}).play(220_000, script)
    assert not out[20_000:120_000].any()
    assert np.array_equal(out[120_000:200_000], sound[20_000:100_000])
    assert not out[200_000:].any()


def test_a_kept_deck_reads_nothing_while_it_stands(desk: Make, tape: Make) -> None:
    source = tape(1.0)
    table = desk(tapes={0: source})
    table.play(10 * BLOCK, [start(0, 0), FadeTrack(0, 0, 1_000, keep=True)])
    assert source.at < 2 * BLOCK
    assert not source.closed
    table.play(BLOCK, [DropTrack(0)])
    assert source.closed


def test_dropping_a_deck_that_still_fades_lets_the_fade_finish(desk: Make, tape: Make) -> None:
    source = tape(1.0)
    table = desk(tapes={0: source})
    fade = FadeTrack(0, 0, 4 * BLOCK, keep=True)
    out = table.play(6 * BLOCK, [start(0, 0), fade, (1, DropTrack(0))])
    assert 0.6 < out[2 * BLOCK, 0] < 0.8
    assert source.closed


def test_a_source_that_breaks_off_fades_out_and_is_told(desk: Make, tape: Make) -> None:
    table = desk(tapes={0: tape(1.0, total=30_000)})
    out = table.play(60_000, [start(0, 500, 90_000)])[:, 0]
    assert np.all(out[500:28_100] == 1.0)
    middle = 30_500 - 1_200
    assert abs(out[middle] - np.cos(np.pi / 4)) < 1e-5
    assert np.abs(np.diff(out[28_000:31_000])).max() < 0.001
    assert not out[30_500:].any()
    assert table.dry == [(0, 30_500)]


def test_a_track_that_cannot_be_opened_is_told_and_the_rest_plays_on(desk: Make) -> None:
    def refuse(start: StartTrack) -> Any:
        raise OSError(f"no track {start.track}")

    mixer = Mixer(open_track=refuse, clip=lambda cue: np.zeros((0, 2)), ceiling_dbtp=-1.0)
    mixer.apply(start(3, 100))
    assert not mixer.render().any()
    assert mixer.dry_decks() == [(3, 100)]
    assert mixer.dry_decks() == []


def test_a_source_that_fails_in_the_middle_fades_out(desk: Make, tape: Make) -> None:
    class Failing:
        def __init__(self) -> None:
            self.calls = 0

        def read(self, frames: int) -> Any:
            self.calls += 1
            if self.calls > 2:
                raise ValueError("broken packet")
            return np.ones((frames, 2), np.float32)

        def close(self) -> None:
            pass

    table = desk(tapes={0: Failing()})
    out = table.play(4 * BLOCK, [start(0, 0)])
    assert np.abs(np.diff(out[1:, 0])).max() < 0.001
    assert not out[3 * BLOCK :].any()
    assert [deck for deck, _ in table.dry] == [0]


def test_sound_that_is_not_a_number_becomes_silence(desk: Make, tape: Make) -> None:
    sound = np.full((20_000, 2), 0.5, np.float32)
    sound[9_000] = np.nan
    sound[9_001] = np.inf
    out = desk(tapes={0: tape(sound)}, ceiling_dbtp=-1.0).play(20_000, [start(0, 0, 20_000)])
    assert np.all(out[:9_000] == 0.5)
    assert not out[9_000:9_002].any()
    assert np.all(out[9_002:] == 0.5)


def test_a_stopped_clip_fades_and_a_waiting_one_never_sounds(desk: Make) -> None:
    clip = np.ones((30_000, 2), np.float32)
    script = [StartClip(0, 1_000, 0.0), StartClip(1, 50_000, 0.0), (1, StopClip(12_000, 4_000))]
    out = desk(clips={0: clip, 1: clip}).play(80_000, script)[:, 0]
    assert np.all(out[1_000:12_000] == 1.0)
    assert abs(out[14_000] - np.cos(np.pi / 4)) < 1e-5
    assert not out[16_000:].any()


def test_a_clip_told_after_a_stop_sounds(desk: Make) -> None:
    clip = np.ones((3_000, 2), np.float32)
    script = [StartClip(0, 20_000, 0.0), StopClip(500, 100), StartClip(1, 30_000, 0.0)]
    out = desk(clips={0: clip, 1: clip}).play(50_000, script)[:, 0]
    assert not out[:30_000].any()
    assert np.all(out[30_000:33_000] == 1.0)


def test_no_frame_is_lost_or_repeated_over_a_freeze(desk: Make, tape: Make, counted: Make) -> None:
    sound = counted(100_000)
    table = desk(tapes={0: tape(sound)})
    out = table.play(24 * BLOCK, [start(0, 0, 100_000), Freeze(20_001), (9, Thaw())])
    assert np.array_equal(out[:20_001], sound[:20_001])
    resumed = int(np.flatnonzero(out[20_001:].any(axis=1))[0]) + 20_001
    assert np.array_equal(out[resumed : resumed + 79_999], sound[20_001:])
    assert table.heads[4:9] == [20_001] * 5
    assert resumed == 9 * BLOCK + 256


def test_the_tail_names_the_programme_frame_that_comes_out_next(
    desk: Make, tape: Make, counted: Make
) -> None:
    table = desk(tapes={0: tape(counted(200_000))})
    script: dict[int, Decision] = {0: start(0, 0), 2: Freeze(3 * BLOCK + 100), 6: Thaw()}
    for number in range(12):
        if number in script:
            table.mixer.apply(script[number])
        tail = table.mixer.tail
        block = table.mixer.render()
        sounding = np.flatnonzero(block[:, 0])
        if len(sounding):
            first = round(float(block[sounding[0], 0]) * (1 << 23)) - 1
            assert first == tail
    assert tail > 3 * BLOCK + 100


def test_thaw_before_the_freeze_was_reached_forgets_it(desk: Make, tape: Make) -> None:
    script = [start(0, 0), Freeze(3 * BLOCK), (1, Thaw())]
    out = desk(tapes={0: tape(1.0)}).play(6 * BLOCK, script)
    assert np.all(out == 1.0)


def test_the_bed_fades_while_the_voice_stays(desk: Make, tape: Make) -> None:
    clip = np.full((40_000, 2), 0.25, np.float32)
    script = [start(0, 0), StartClip(0, 0, 0.0), FadeBus(Bus.BED, 0, 20_000, up=False)]
    out = desk(tapes={0: tape(1.0)}, clips={0: clip}).play(40_000, script)
    assert abs(out[0, 0] - 1.25) < 1e-6
    assert np.all(out[20_000:, 0] == 0.25)


def test_a_lift_told_for_a_former_cue_does_not_lift_the_next(desk: Make, tape: Make) -> None:
    script = [
        start(0, 0),
        DuckBed("cue", 0, 1_000, 20.0),
        LiftBed("cue", 60_000, 1_000),
        (2, LiftBed("cue", 3 * BLOCK, 1_000)),
        (4, DuckBed("cue", 5 * BLOCK, 1_000, 20.0)),
        (4, LiftBed("cue", 90_000, 1_000)),
    ]
    out = desk(tapes={0: tape(1.0)}).play(100_000, script)[:, 0]
    assert out[5 * BLOCK - 1] == 1.0
    assert np.allclose(out[5 * BLOCK + 1_000 : 90_000], 0.1, atol=1e-6)
    assert out[91_001] == 1.0


def test_a_fade_told_last_holds_over_one_that_waited_on_the_same_bus(
    desk: Make, tape: Make
) -> None:
    script = [
        start(0, 0),
        FadeBus(Bus.MASTER, 20_001, 9_000, up=True),
        FadeBus(Bus.BED, 80_000, 1_000, up=False),
        (1, FadeBus(Bus.MASTER, 20_000, 4_800, up=False)),
    ]
    out = desk(tapes={0: tape(1.0)}).play(40_000, script)[:, 0]
    assert out[20_000] == 1.0
    assert not out[24_800:].any()
    assert np.abs(np.diff(out)).max() < 0.001


def test_a_volume_told_last_holds_over_one_that_waited(desk: Make, tape: Make) -> None:
    script = [start(0, 0), SetVolume(20_001, 2_400, -6.0), (1, SetVolume(20_000, 2_400, -12.0))]
    out = desk(tapes={0: tape(1.0)}).play(40_000, script)[:, 0]
    assert np.allclose(out[22_500:], 10 ** (-12 / 20), atol=1e-4)


def test_closing_the_mixer_closes_every_source(desk: Make, tape: Make) -> None:
    tapes = {0: tape(1.0), 1: tape(1.0)}
    table = desk(tapes=tapes)
    table.play(BLOCK, [start(0, 0), start(1, 60_000)])
    table.mixer.close()
    assert tapes[0].closed
    assert tapes[1].closed


def test_a_contour_belongs_to_the_places_of_its_track_through_keeping_and_revival(
    desk: Make, tape: Make
) -> None:
    """Half way down at place 15,000; the deck stands for 20,000 frames in between."""
    points = ((10_000, 0.0), (20_000, -12.0), (25_000, -12.0), (35_000, 0.0))
    begins = StartTrack(0, 0, 500, 0, 0.0, LONG, False, points)
    table = desk(tapes={0: tape(0.5)})
    script = [begins, FadeTrack(0, 12_000, 0, keep=True), ReviveTrack(0, 32_000, 0)]
    out = table.play(90_000, script)[:, 0] / 0.5
    places = np.concatenate([np.arange(11_500), np.arange(11_500, 69_500)])
    at, level = zip(*points, strict=True)
    gain = 10 ** (np.interp(places, at, level) / 20)
    assert np.abs(out[500:12_000] - gain[:11_500]).max() < 1e-5
    assert not out[12_000:32_000].any()
    heard = out[32_000:]
    assert np.abs(heard - gain[11_500 : 11_500 + len(heard)]).max() < 1e-5


def test_a_contour_goes_round_with_a_seamless_track(desk: Make, tape: Make) -> None:
    points = ((-1_000, 0.0), (2_000, -9.0), (4_000, 0.0))
    begins = StartTrack(0, 0, 0, 0, 0.0, 20_000, True, points)
    out = desk(tapes={0: tape(1.0)}).play(60_000, [begins])[:, 0]
    gain = 10 ** (
        np.interp(np.arange(60_000), [-1_000, 2_000, 4_000], [0, -9, 0], period=20_000) / 20
    )
    assert np.abs(out[: len(gain)] - gain).max() < 1e-5
    assert np.abs(np.diff(out)).max() < 0.001, "no step at the join"

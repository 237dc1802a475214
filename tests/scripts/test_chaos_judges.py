"""What a run of faults is judged by, on recordings made with a known break in them."""

from __future__ import annotations

import numpy as np
import pytest

RATE = 48_000
LEVEL = 0.3
KILLED_S = 8.0


@pytest.fixture
def judging(script):
    return script("judging")


@pytest.fixture
def music():
    """Twenty seconds of a sweep, at a given level."""
    at = 20 + np.arange(20 * RATE) / RATE
    wave = LEVEL * np.sin(2 * np.pi * (400 * at + 25 * at**2))
    return wave.astype(np.float32)


def silent(sound, at_s, length_s, fade_s=0.5):
    """A silence in which the music waits, and comes back with a fade-in."""
    cut = round(at_s * RATE)
    back = sound[cut:].copy()
    back[: round(fade_s * RATE)] *= np.linspace(0, 1, round(fade_s * RATE))
    nothing = np.zeros(round(length_s * RATE), np.float32)
    return np.concatenate((sound[:cut], nothing, back))


def judged(judging, sound, at_s=KILLED_S, **allowed):
    fault = judging.Fault(lambda room: 0.0, **({"silence_s": 1.5} | allowed))
    done = [judging.Done(at_s, "killed", fault, 0.0)]
    heard = judging.Heard(done, sound, np.zeros(RATE, np.float32))
    heard.judge()
    return heard.bad


def test_a_whole_recording_and_one_with_the_silence_that_is_allowed_have_nothing_bad(
    judging, music
):
    assert judged(judging, music) == []
    assert judged(judging, silent(music, 8.1, 0.4)) == []
    assert judged(judging, silent(music, 8.1, 0.4, fade_s=2.0)) == []


def test_a_recording_may_begin_amid_the_music(judging, music):
    begun = np.concatenate((np.zeros(1500, np.float32), music[5000:]))
    assert abs(begun[1500]) > LEVEL / 2, "no step is made at its begin"
    assert judged(judging, begun) == []


def test_of_four_silences_after_one_fault_three_are_bad(judging, music):
    sound = music
    for at_s in (8.1, 10.5, 13.0, 16.0):
        sound = silent(sound, at_s, 1.0)
    assert [line.split()[0] for line in judged(judging, sound)] == ["10.50", "13.00", "16.00"]


def test_a_second_silence_at_once_is_bad_but_where_the_fault_states_two(judging, music):
    sound = silent(silent(music, 8.1, 0.3), 8.7, 0.2)
    assert len(judged(judging, sound)) == 1
    assert judged(judging, sound, silences=2) == []


def test_two_silences_with_hardly_a_sound_between_them_are_judged_by_both_their_sides(
    judging, music
):
    sound = silent(silent(music, 8.1, 0.8), 8.95, 0.6)
    assert judged(judging, sound, silences=2) == []
    assert len(judged(judging, sound, silences=2, silence_s=1.2)) == 1, "all they are together"
    cut = round(9.55 * RATE)
    astray = silent(np.concatenate((sound[:cut], sound[cut + RATE :])), 9.55, 0.001)
    assert "place +1.0" in judged(judging, astray, silences=2)[0]


def test_a_silence_where_none_is_allowed_or_too_late_or_too_long_is_bad(judging, music):
    assert len(judged(judging, silent(music, 8.1, 0.05), silence_s=0.0)) == 1
    assert len(judged(judging, silent(music, 9.2, 0.3))) == 1
    assert len(judged(judging, silent(music, 8.1, 1.6))) == 1


def test_a_silence_to_the_end_of_the_recording_is_bad(judging, music):
    sound = music.copy()
    sound[round(19 * RATE) :] = 0
    assert "to the end" in judged(judging, sound, at_s=18.8)[0]


@pytest.mark.parametrize("length_s", [0.001, 0.003, 0.019, 0.029, 0.05])
def test_a_short_hole_is_seen_wherever_it_lies(judging, music, length_s):
    for at_s in (12.0, 12.0071, 12.013):
        sound = music.copy()
        sound[round(at_s * RATE) : round(at_s * RATE) + round(length_s * RATE)] = 0
        bad = judged(judging, sound)
        assert len(bad) == 1
        assert f"silent for {length_s:.3f} s" in bad[0]


@pytest.mark.parametrize("astray_s", [-0.45, -0.2, 0.2, 0.45])
def test_what_is_heard_twice_or_left_out_without_a_silence_is_seen(judging, music, astray_s):
    cut = round(12 * RATE)
    sound = np.concatenate((music[:cut], music[cut + round(astray_s * RATE) :]))
    assert sum("without a silence" in line for line in judged(judging, sound)) == 1


def test_a_burst_a_step_and_a_click_are_bad(judging, music):
    burst = music.copy()
    burst[12 * RATE : 12 * RATE + 480] *= 3
    assert "loudest 3.00" in judged(judging, burst)[0]
    step = music.copy()
    step[12 * RATE :] *= 0.8
    assert "step" in judged(judging, step)[0]
    click = music.copy()
    click[12 * RATE] += 0.02
    assert len(judged(judging, click)) == 1


def test_a_return_without_a_fade_in_is_bad_and_so_is_one_with_a_burst(judging, music):
    assert "without a fade-in" in judged(judging, silent(music, 8.1, 0.4, fade_s=0.001))[0]
    sound = silent(music, 8.1, 0.4)
    sound[round(8.54 * RATE)] = 0.9
    assert len(judged(judging, sound)) == 1


def test_a_silence_is_excused_by_a_machine_that_stood_still_as_long_and_no_longer(script, judging):
    still = script("stalls").Stalls([(10.0, 0.1)])
    assert still.excuse(10.1, 10.3, 0.2)
    assert not still.excuse(10.1, 11.1, 1.0)
    assert not still.excuse(12.0, 12.2, 0.2)


def test_the_edges_of_a_silence_near_a_move_to_another_piece_are_told_once(judging, music):
    at = np.arange(12 * RATE) / RATE
    other = LEVEL * np.sin(2 * np.pi * (400 * at + 25 * at**2))
    turn = np.clip((np.arange(len(other)) - RATE) / RATE, 0, 1) * np.pi / 2
    sound = music.copy()
    sound[8 * RATE :] = np.cos(turn) * sound[8 * RATE :] + np.sin(turn) * other
    moves = {"moves_on": True, "silence_s": 0.0}
    assert judged(judging, sound, **moves) == []
    peak = round(11.5 * RATE) + int(np.argmax(sound[round(11.5 * RATE) :][:200]))
    sound[peak : peak + 960] = 0
    bad = judged(judging, sound, **moves)
    assert len(bad) == 1
    assert "silent for 0.0" in bad[0]

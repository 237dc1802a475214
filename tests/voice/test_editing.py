"""What is done to a recorded sentence, measured on its samples."""

from __future__ import annotations

import numpy as np
import pytest
from recordings import S, power_db, recorded, room, spoken, tone

from player.library.measure import measure_clip
from player.voice.editing import clipped, edited, room_db, without_rumble


def loudness(sound):
    return measure_clip(np.repeat(sound[:, np.newaxis], 2, axis=1))


@pytest.mark.parametrize("level", [0.01, 0.1, 0.9])
def test_however_softly_it_was_spoken_it_comes_out_at_one_level(level):
    found = edited(recorded(spoken(level=level), noise_db=-85.0))
    lufs, peak_dbtp = loudness(found.sound)
    assert found.fault == ""
    assert lufs == pytest.approx(-23.0, abs=0.2)
    assert peak_dbtp <= -3.4


def test_a_sentence_of_high_peaks_is_kept_lower_than_the_level():
    sound = spoken(level=0.05)
    sound[:: S // 4] = 0.9
    found = edited(recorded(sound, noise_db=-85.0))
    assert loudness(found.sound)[1] == pytest.approx(-3.5, abs=0.3)


@pytest.mark.parametrize("noise_db", [-85.0, -65.0, -45.0])
def test_silence_is_trimmed_to_a_breath_at_both_ends_in_a_loud_room_too(noise_db):
    found = edited(recorded(noise_db=noise_db)).sound
    assert len(found) / S == pytest.approx(2.0 + 0.08 + 0.26, abs=0.2)
    assert abs(found[0]) < 1e-4
    assert abs(found[-1]) < 1e-4


def test_a_pause_within_a_sentence_stays():
    sound = np.concatenate([spoken(1.0), np.zeros(S, np.float32), spoken(1.0)])
    assert len(edited(recorded(sound)).sound) / S == pytest.approx(3.3, abs=0.25)


def test_the_click_of_a_key_at_either_end_is_left_out():
    whole = recorded()
    for at_s in (0.3, 3.6):
        whole[round(at_s * S) : round((at_s + 0.02) * S)] += tone(3000, 0.02, 0.5)
    found = edited(whole).sound
    assert len(found) / S == pytest.approx(2.34, abs=0.2)


@pytest.mark.parametrize(("hertz", "at_least_db"), [(20, 45), (40, 22), (50, 15)])
def test_rumble_is_taken_out(hertz, at_least_db):
    before = tone(hertz)
    assert power_db(before, hertz) - power_db(without_rumble(before), hertz) >= at_least_db


@pytest.mark.parametrize("hertz", [120, 200, 1000, 8000])
def test_what_a_voice_is_made_of_passes_as_it_is(hertz):
    before = tone(hertz)
    assert power_db(without_rumble(before), hertz) == pytest.approx(
        power_db(before, hertz), abs=1.0 if hertz < 150 else 0.2
    )


def test_a_voice_over_strong_rumble_is_kept_without_it():
    whole = recorded() + tone(30, 4.0, 0.3)
    found = edited(whole)
    assert found.fault == ""
    before = power_db(whole, 30) - power_db(whole, 160)
    assert power_db(found.sound, 30) - power_db(found.sound, 160) < before - 30


def test_a_silent_recording_is_refused_in_words():
    for silent in (np.zeros(3 * S, np.float32), room(3.0, -75.0)):
        found = edited(silent)
        assert "nothing was heard" in found.fault
        assert (len(found.sound), found.may_keep) == (0, False)


def test_a_recording_of_nothing_but_rumble_is_refused():
    found = edited(tone(20, 3.0, 0.02))
    assert "only rumble" in found.fault
    assert not found.may_keep


@pytest.mark.parametrize("length_s", [0.0, 0.1, 0.4])
def test_a_recording_that_is_too_short_says_how_short(length_s):
    found = edited(spoken(2.0)[: round(length_s * S)])
    assert f"only {length_s:.1f} s long" in found.fault
    assert not found.may_keep


def test_a_second_with_hardly_any_speech_is_refused():
    whole = room(1.4, -70.0)
    whole[S // 2 : S // 2 + S // 20] += tone(400, 0.05)
    assert "hardly any speech" in edited(whole).fault


def test_a_second_for_a_long_sentence_asks_whether_all_of_it_was_said():
    one_second = recorded(spoken(1.0))
    found = edited(one_second, words=12)
    assert "s long for 12 words" in found.fault
    assert found.may_keep
    assert edited(one_second, words=4).fault == ""


def test_a_clipped_recording_says_so_and_may_be_kept_all_the_same():
    found = edited(np.clip(recorded(spoken(level=3.0)), -1, 1))
    assert "too loud" in found.fault
    assert found.may_keep
    assert loudness(found.sound)[0] == pytest.approx(-23.0, abs=0.3)


def test_one_peak_at_the_top_is_not_yet_clipping():
    sound = spoken(level=0.99)
    assert not clipped(sound)
    assert clipped(np.clip(sound * 2, -1, 1))


def test_the_room_is_measured_between_the_words():
    assert room_db(recorded(noise_db=-55.0)) == pytest.approx(-55.0, abs=2.0)

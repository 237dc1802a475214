"""The shipped words: every sentence has its sound, at one level, with its rights."""

from __future__ import annotations

import re

import numpy as np
import pytest

from player import paths
from player.library.measure import measure
from player.programme.words import texts_of
from player.voice.key import key_of
from player.voice.script import Place, Purpose
from player.voice.scripts import load

FORBIDDEN = re.compile(
    r"\b(safe|heal\w*|journey|surrender|let go|pathways?|well done|must|should)\b", re.I
)
MOST_BYTES = 2_000_000
FREE = re.compile(r"[Nn]othing (to do|needs|to work)|no hurry")
LEAVE = re.compile(
    r"You can (move|lift|uncover|open)|it can move|left alone|stay still|close again|left for later"
)
HOME_ALONE = re.compile(r"\b(couch|counsellor|eye shades|blanket)\b", re.I)


@pytest.fixture(scope="session")
def sentences(voice):
    return voice["sentences"]


@pytest.fixture(scope="session")
def scripts():
    files = sorted((paths.shipped() / "scripts").glob("*.yaml"))
    return [load(file) for file in files]


def test_there_is_a_script_of_every_kind_for_the_clinic_and_for_home(scripts):
    there = {(script.purpose, script.place) for script in scripts}
    cues = set(Purpose) - {Purpose.GUIDED, Purpose.OTHER}
    assert {(purpose, place) for purpose in cues for place in (Place.CLINIC, Place.HOME)} <= there
    guided = [script.name for script in scripts if script.purpose is Purpose.GUIDED]
    assert guided == ["grounding-10", "grounding-20", "grounding-5"]


def test_every_sentence_of_scripts_and_sessions_has_its_sound_and_no_other_has(
    scripts, sessions, sentences
):
    said = {text for script in scripts for text in script.texts}
    said |= {
        text for session in sessions.values() for cue in session.cues for text in texts_of(cue)
    }
    assert {key: row["text"] for key, row in sentences.items()} == {key_of(t): t for t in said}


def test_the_index_lists_every_file_and_no_other(sentences):
    files = sorted(path.name for path in (paths.shipped() / "voice").iterdir())
    assert sorted(f"{key}.opus" for key in sentences) == files


def test_the_player_measures_what_the_index_says(sentences):
    for key, row in list(sentences.items())[::4]:
        facts = measure(paths.shipped() / "voice" / f"{key}.opus").facts
        assert facts.frames == row["frames"], row["text"]
        assert facts.lufs == pytest.approx(row["lufs"], abs=0.1), row["text"]
        assert facts.true_peak_dbtp == pytest.approx(row["true_peak_dbtp"], abs=0.15), row["text"]


def test_every_sentence_speaks_at_one_level_with_headroom(sentences):
    for row in sentences.values():
        assert row["lufs"] == pytest.approx(-23, abs=0.5), row["text"]
        assert row["true_peak_dbtp"] <= -3, row["text"]


def test_a_sentence_begins_at_once_and_starts_and_ends_softly(hearing, sentences):
    for key, row in list(sentences.items())[::8]:
        (sound,) = hearing.decode(paths.shipped() / "voice" / f"{key}.opus")
        assert np.abs(sound[:48]).max() < 0.01, row["text"]
        assert np.abs(sound[-48:]).max() < 0.01, row["text"]
        loud = np.flatnonzero(np.abs(sound) > 0.01)
        assert loud[0] < 0.15 * 48_000, row["text"]
        assert len(sound) - loud[-1] < 0.45 * 48_000, row["text"]


def test_a_sentence_carries_its_words_and_its_rights(hearing, voice, sentences):
    for key, row in list(sentences.items())[::8]:
        tags = hearing.tags(paths.shipped() / "voice" / f"{key}.opus")
        assert tags["comment"] == row["text"]
        assert tags["license"] == voice["rights"]
    assert voice["rights"].startswith("CC0")


def test_a_sentence_is_one_and_short(sentences):
    texts = [row["text"] for row in sentences.values()]
    assert [text for text in texts if len(text.split()) >= 12] == []
    assert [text for text in texts if re.search(r"[.?!]\s", text)] == []


def test_nothing_is_promised_or_commanded(sentences):
    texts = [row["text"] for row in sentences.values()]
    assert [text for text in texts if FORBIDDEN.search(text)] == []


def test_words_for_home_know_nothing_of_a_clinic(scripts):
    home = [text for script in scripts if script.place is Place.HOME for text in script.texts]
    assert [text for text in home if HOME_ALONE.search(text)] == []


def test_a_silence_after_a_sentence_is_five_seconds_at_least_but_in_paced_breath(scripts):
    for script in scripts:
        for sentence in script.sentences[:-1]:
            paced = re.match("(Breathing|And (slowly )?out)", sentence.text)
            least_s = 2.5 if paced else 5
            assert sentence.silence.shortest_s >= least_s, (script.name, sentence.text)


def test_every_script_begins_with_nothing_to_do_and_gives_leave_to_move_stop_or_look(scripts):
    for script in scripts:
        assert FREE.search(" ".join(script.texts[:2])), script.name
        assert LEAVE.search(" ".join(script.texts)), script.name


def test_whoever_is_led_through_the_body_at_home_may_stop_and_open_the_eyes(scripts):
    led = (Purpose.SETTLING, Purpose.BREATH, Purpose.BODY_SCAN, Purpose.CONTACT, Purpose.GUIDED)
    for script in scripts:
        if script.place is Place.HOME and script.purpose in led:
            assert script.texts[0].startswith("This is for lying down or sitting"), script.name
            assert "You can open your eyes, or stop." in script.texts[:9], script.name


def test_sight_comes_last_and_only_with_the_eye_shades_off(scripts):
    for script in scripts:
        if script.purpose not in (Purpose.FIVE_SENSES, Purpose.GUIDED, Purpose.COMING_BACK):
            assert not re.search(r"colour|[Tt]he light", " ".join(script.texts)), script.name
    (senses,) = [script for script in scripts if script.name == "five-senses"]
    sight = next(n for n, text in enumerate(senses.texts) if "The light" in text)
    assert any("eye shades" in text and "come off" in text for text in senses.texts[:sight])


def test_all_words_together_stay_small():
    sizes = [path.stat().st_size for path in (paths.shipped() / "voice").iterdir()]
    assert 0 < sum(sizes) < MOST_BYTES

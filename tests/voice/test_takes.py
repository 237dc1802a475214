"""Which recording stands for which sentence."""

from __future__ import annotations

import pytest

from player.errors import InputWrong
from player.voice.key import key_of
from player.voice.takes import folder_of, take_of, wav_of, whole_take

WORDS = "The couch is underneath you."


def recorded(script: str, text: str):
    folder = folder_of(script)
    folder.mkdir(exist_ok=True)
    file = folder / f"{key_of(text)}.wav"
    file.write_bytes(wav_of(bytes(9600)))
    return file


def test_a_recorded_sentence_is_found_by_its_words_however_they_are_wrapped():
    file = recorded("settling", WORDS)
    assert take_of("settling", "The couch is\n  underneath you.") == file


def test_other_words_and_other_scripts_have_no_recording():
    recorded("settling", WORDS)
    assert take_of("settling", "The chair is underneath you.") is None
    assert take_of("breath", WORDS) is None


def test_a_script_recorded_in_part_is_not_used_at_all():
    first = recorded("settling", "One.")
    assert whole_take("settling", ["One.", "Two."]) is None
    second = recorded("settling", "Two.")
    assert whole_take("settling", ["One.", "Two."]) == (first, second)
    assert whole_take("settling", []) is None


@pytest.mark.parametrize("name", ["../settling", "a/b", "", ".", "Settling", "a" * 61, "con\x00"])
def test_a_name_that_could_lead_elsewhere_is_refused(name):
    assert take_of(name, WORDS) is None
    with pytest.raises(InputWrong):
        folder_of(name)

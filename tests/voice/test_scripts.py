"""Scripts as files: what is read, and every fault of one at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from player import paths
from player.errors import SessionFaulty
from player.session.scripts import script_file
from player.text.words import Misread
from player.voice.key import key_of
from player.voice.scripts import Place, Purpose, load

GOOD = """\
format: 1
title: Contact
purpose: contact
place: home
silence: 5s to 12s
sentences:
  - say: Something underneath you
      is carrying your weight.
  - say: You can leave the holding to it.
    silence: 8s
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "contact.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    path = written(folder, text)
    with pytest.raises(SessionFaulty) as caught:
        load(path)
    return [fault.text("contact.yaml") for fault in caught.value.faults]


def test_a_script_is_read_with_its_silences(tmp_path: Path) -> None:
    script = load(written(tmp_path, GOOD))
    assert (script.name, script.title) == ("contact", "Contact")
    assert (script.purpose, script.place) == (Purpose.CONTACT, Place.HOME)
    assert script.texts[0] == "Something underneath you is carrying your weight."
    silences = [(row.silence.shortest_s, row.silence.longest_s) for row in script.sentences]
    assert silences == [(5, 12), (8, 8)]
    assert script.sentences[1].key == key_of(" You can leave\nthe holding  to it.")


def test_every_fault_of_a_script_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    broken = GOOD.replace("format: 1", "format: 2").replace("8s", "20s to 8s")
    broken = broken.replace("place: home", "place: clinik").replace("5s to 12s", "5 to 12s")
    assert faults(tmp_path, broken) == [
        'contact.yaml:1: format: "2" is not a format known here (write format: 1)',
        'contact.yaml:4: place: "clinik" is not known (do you mean "clinic"?)',
        'contact.yaml:5: silence: "5" is not a length (the unit is missing: write 5m or 5s)',
        'contact.yaml:10: silence: "20s to 8s" goes from long to short (write 8s to 20s)',
    ]


@pytest.mark.parametrize(
    ("sentences", "told"),
    [
        ("", "sentences: is missing in a script"),
        ("sentences: []\n", "sentences: holds 0 entries"),
        ("sentences:\n", "sentences: is empty"),
        ("sentences:\n  - say: '…'\n", "holds nothing that can be said"),
        ("sentences:\n  - say: '🙂 🙂'\n", "holds nothing that can be said"),
        (f"sentences:\n  - say: {'word ' * 200}\n", "say: is longer than 400 characters"),
        ("sentences:\n  - Nothing needs doing.\n", "a sentence wants a mapping of keys"),
        ("sentences:\n" + "  - say: A.\n" * 401, "holds 401 entries"),
    ],
)
def test_a_script_without_words_to_say_is_a_fault_in_plain_words(
    tmp_path: Path, sentences: str, told: str
) -> None:
    assert told in "\n".join(faults(tmp_path, f"format: 1\ntitle: T\n{sentences}"))


def test_a_script_is_found_by_name_own_ones_first(tmp_path: Path) -> None:
    own = paths.own_scripts() / "body-scan.yaml"
    own.write_text(GOOD, encoding="utf-8")
    assert script_file("Body scan", tmp_path) == own
    there = written(tmp_path, GOOD)
    assert script_file("contact.yaml", tmp_path) == there
    with pytest.raises(Misread, match='do you mean "body-scan"'):
        script_file("bodyscan", tmp_path)

"""Reads a script file: the script, or every fault in it at once. Finds scripts by name.

Reads as session files are read: bounded, with lines, and nothing but text is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from player.errors import SessionFaulty
from player.session.fields import Fields, Reading, TooMany
from player.session.keys import FORMAT
from player.session.kinds import Schema, Version, Words
from player.session.lengths import parse_length
from player.session.scripts import script_files
from player.session.tables import Key, Parts, Table, words_of
from player.text.small_files import absolute
from player.text.words import Misread, shown
from player.text.yaml_nodes import Node, read
from player.units import Seconds
from player.voice.key import key_of
from player.voice.script import Place, Purpose, Script, Sentence, Silence

__all__ = ["Place", "Purpose", "Script", "Sentence", "Silence", "everything", "key_of", "load"]

MOST_SENTENCES = 400
MOST_CHARS = 400
"""In one sentence; a good one has under twelve words."""
LONGEST_SILENCE_S: Seconds = 900
USUAL = Silence(shortest_s=5.0, longest_s=30.0)
"""After each sentence, where a script says nothing else."""
HOW_SILENCES = "write 5s, or 5s to 30s"


@dataclass(frozen=True, slots=True)
class SilenceSpan:
    """A silence as it is written: ``8s``, or ``5s to 30s``."""

    def read(self, text: str) -> Silence:
        """The silence. Raises Misread."""
        first, to, last = (part.strip() for part in text.partition(" to "))
        shortest_s = _length_s(first)
        longest_s = _length_s(last) if to else shortest_s
        if longest_s < shortest_s:
            raise Misread(f"{shown(text)} goes from long to short", f"write {last} to {first}")
        return Silence(shortest_s=shortest_s, longest_s=longest_s)

    def schema(self) -> Schema:
        """A text of one or two lengths."""
        return {"type": "string", "minLength": 1, "$comment": HOW_SILENCES}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence that can be said aloud."""

    def read(self, text: str) -> str:
        """The sentence on one line. Raises Misread where nothing in it can be said."""
        sentence = Words(MOST_CHARS).read(text)
        if not any(letter.isalnum() for letter in sentence):
            raise Misread(f"{shown(sentence)} holds nothing that can be said", "write words")
        return sentence

    def schema(self) -> Schema:
        """A text with its bounds."""
        return Words(MOST_CHARS).schema()


SENTENCE = Table(
    "a sentence",
    (
        Key("say", Spoken(), "One sentence.", "The couch is underneath you.", needed=True),
        Key("silence", SilenceSpan(), "The silence after it: shortest to longest.", "5s to 20s"),
    ),
    {"text": "say", "words": "say", "pause": "silence", "rest": "silence", "then": "silence"},
)

SCRIPT = Table(
    "a script",
    (
        Key("format", Version(FORMAT), "The version of this format.", FORMAT, needed=True),
        Key("title", Words(120), "Its title.", "Body scan", needed=True),
        Key("about", Words(600), "A line or two.", "From the feet to the face."),
        Key("purpose", words_of(Purpose), "What it is for.", "body scan"),
        Key("place", words_of(Place), "Where its words are true.", "clinic"),
        Key("silence", SilenceSpan(), "After each sentence that has none of its own.", "5s to 30s"),
        Key(
            "sentences",
            Parts(SENTENCE, 1, MOST_SENTENCES),
            "What is said, in its order.",
            [{"say": "The couch is underneath you.", "silence": "5s to 20s"}],
            needed=True,
        ),
    ),
    {
        "name": "title",
        "kind": "purpose",
        "cue": "purpose",
        "lines": "sentences",
        "say": "sentences",
    },
)


def load(path: Path) -> Script:
    """The script in a file. Raises SessionFaulty, with every fault in it."""
    reading = Reading(str(path))
    script = None
    try:
        document = read(path)
        reading.faults.extend(document.faults)
        if document.root is not None:
            script = _script(document.root, reading, absolute(path))
    except TooMany:
        script = None
    if script is None or reading.faults:
        raise SessionFaulty(str(path), reading.faults)
    return script


def everything() -> dict[str, Path]:
    """Every script that can be named, one's own in place of a shipped one of the same name."""
    return script_files()


def _script(root: Node, reading: Reading, source: Path) -> Script | None:
    fields = reading.fields(root, SCRIPT)
    if fields is None:
        return None
    values = dict(fields.values)
    usual = values.pop("silence", USUAL)
    sentences = [_sentence(each, usual) for each in values.pop("sentences", None) or []]
    values.pop("format", None)
    if reading.faults:
        return None
    read_whole = tuple(sentence for sentence in sentences if sentence is not None)
    return Script(name=source.stem, sentences=read_whole, source=source, **values)


def _sentence(fields: Fields | None, usual: Silence) -> Sentence | None:
    if fields is None or "say" not in fields.values:
        return None
    return Sentence(text=fields.values["say"], silence=fields.values.get("silence", usual))


def _length_s(text: str) -> Seconds:
    try:
        return parse_length(text, zero=True, most_s=LONGEST_SILENCE_S)
    except Misread as why:
        raise Misread(why.message, why.hint or HOW_SILENCES) from None

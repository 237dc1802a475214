"""What one written value may be: how it is read, and how an editor's schema describes it.

Both stand side by side here, so that they cannot drift. Knows nothing of which keys there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from player.session.lengths import (
    CLOCK_PATTERN,
    LEVEL_PATTERN,
    LONGEST_S,
    UNITS_PATTERN,
    length_text,
    level_text,
    parse_length,
    parse_level,
)
from player.text.words import Misread, has_controls, nearest_hint, same, shown
from player.units import Decibels, Seconds

Schema: TypeAlias = dict[str, Any]


class Kind(Protocol):
    """A kind of value that is written as one text."""

    def read(self, text: str) -> object:
        """The value. Raises Misread."""
        ...

    def schema(self) -> Schema:
        """The same, as JSON Schema."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """Text for people: one line, or several where `lines` is set."""

    most_chars: int
    lines: bool = False

    def read(self, text: str) -> str:
        """The text without outer spaces. Raises Misread where it is empty or too long."""
        if has_controls(text):
            raise Misread("holds a control character", "leave it out")
        clean = text.strip() if self.lines else " ".join(text.split())
        if not clean:
            raise Misread("is empty")
        if len(clean) > self.most_chars:
            raise Misread(f"is longer than {self.most_chars} characters", "say it shorter")
        return clean

    def schema(self) -> Schema:
        """A text with its bounds."""
        return {"type": "string", "minLength": 1, "maxLength": self.most_chars}


@dataclass(frozen=True, slots=True)
class Names:
    """A list of short texts, or one of them."""

    most: int = 200

    def read(self, text: str) -> str:
        """One of them, in one line. Raises Misread."""
        return Words(200).read(text)

    def schema(self) -> Schema:
        """A text, or a list of them."""
        one = Words(200).schema()
        return {"anyOf": [one, {"type": "array", "maxItems": self.most, "items": one}]}


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time, in seconds once read."""

    zero: bool = False
    least_s: Seconds = 0.0
    most_s: Seconds = LONGEST_S

    def read(self, text: str) -> Seconds:
        """The length in seconds. Raises Misread."""
        return parse_length(text, zero=self.zero, least_s=self.least_s, most_s=self.most_s)

    def schema(self) -> Schema:
        """A text in one of the two ways to write a length."""
        ways = [{"pattern": UNITS_PATTERN}, {"pattern": CLOCK_PATTERN}]
        return {"type": "string", "anyOf": ways, "$comment": f"at most {length_text(self.most_s)}"}


@dataclass(frozen=True, slots=True)
class Level:
    """A level with its unit."""

    unit: str
    least: Decibels
    most: Decibels

    def read(self, text: str) -> Decibels:
        """The level in its unit. Raises Misread."""
        return parse_level(text, self.unit, least=self.least, most=self.most)

    def schema(self) -> Schema:
        """A text with a figure and a unit."""
        span = f"{level_text(self.least, self.unit)} to {level_text(self.most, self.unit)}"
        return {"type": "string", "pattern": LEVEL_PATTERN, "$comment": span}


@dataclass(frozen=True)
class Choice:
    """One of a few words, no case."""

    meanings: Mapping[str, object]

    def read(self, text: str) -> object:
        """What the word means. Raises Misread with the nearest word."""
        word = same(text)
        if word in self.meanings:
            return self.meanings[word]
        hint = nearest_hint(word.replace("-", " ").replace("_", " "), self.meanings)
        raise Misread(f"{shown(text)} is not known", hint)

    def schema(self) -> Schema:
        """The words."""
        return {"enum": list(self.meanings)}


@dataclass(frozen=True, slots=True)
class Version:
    """The number of the file format."""

    number: int

    def read(self, text: str) -> int:
        """The number. Raises Misread for any other."""
        if text.strip() != str(self.number):
            written = shown(text) if text.strip() else "nothing"
            raise Misread(f"{written} is not a format known here", f"write format: {self.number}")
        return self.number

    def schema(self) -> Schema:
        """The number alone."""
        return {"const": self.number}


@dataclass(frozen=True, slots=True)
class Place:
    """An anchor: read by `anchors`, once the phases are known."""

    def read(self, text: str) -> str:
        """The text as written, bounded. Raises Misread where it is empty or too long."""
        return Words(300).read(text)

    def schema(self) -> Schema:
        """A text; its words depend on the session's phases."""
        return {"type": "string", "minLength": 1, "maxLength": 300}


@dataclass(frozen=True, slots=True)
class SoundFile:
    """The path of one recording: opened by `music`, which knows the folder it is relative to."""

    def read(self, text: str) -> str:
        """The path as written. Raises Misread where it is empty."""
        if not text.strip():
            raise Misread("is empty", "name a sound file")
        return text.strip()

    def schema(self) -> Schema:
        """A text."""
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True, slots=True)
class ScriptName:
    """A script, by its name or its file: found by `scripts`, which knows where they lie."""

    def read(self, text: str) -> str:
        """The name as written, bounded. Raises Misread where it is empty or too long."""
        return Words(300).read(text)

    def schema(self) -> Schema:
        """A text."""
        return {"type": "string", "minLength": 1, "maxLength": 300}

"""What a script is: sentences, each with a silence behind it that may stretch. Frozen.

Knows nothing of how long its sentences take to say, or of who says them.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import Field

from player.session.model import Part
from player.units import Seconds
from player.voice.key import key_of


class Purpose(StrEnum):
    """What a script is for."""

    SETTLING = "settling"
    EYE_SHADES = "eye shades"
    BREATH = "breath"
    BODY_SCAN = "body scan"
    CONTACT = "contact"
    FIVE_SENSES = "five senses"
    COMING_BACK = "coming back"
    CLOSING = "closing"
    GUIDED = "guided piece"
    OTHER = "other"


class Place(StrEnum):
    """Where its words are true."""

    CLINIC = "clinic"
    HOME = "home"
    ANYWHERE = "anywhere"


class Silence(Part):
    """How long nothing is said: somewhere from the shortest to the longest."""

    shortest_s: Seconds
    longest_s: Seconds


class Sentence(Part):
    """One sentence, and the silence after it."""

    text: str
    silence: Silence

    @property
    def key(self) -> str:
        """What its sound is filed under."""
        return key_of(self.text)


class Script(Part):
    """A whole script."""

    name: str
    """The file's name without its ending: what sessions and commands take."""
    title: str
    about: str = ""
    purpose: Purpose = Purpose.OTHER
    place: Place = Place.ANYWHERE
    sentences: tuple[Sentence, ...] = Field(min_length=1)
    source: Path

    @property
    def texts(self) -> tuple[str, ...]:
        """Its sentences, in their order."""
        return tuple(sentence.text for sentence in self.sentences)

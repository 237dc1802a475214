"""The form of a table of keys: what may stand in one part of a file, for loader and schema alike.

Knows no key by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from player.session.kinds import Choice, Kind


@dataclass(frozen=True)
class Part:
    """A mapping with keys of its own."""

    table: Table


@dataclass(frozen=True)
class Parts:
    """A list of such mappings."""

    table: Table
    least: int
    most: int


@dataclass(frozen=True)
class MusicEntries:
    """Music: one entry, a list of them, or the mapping with `from`."""

    table: Table
    entry: Table | None = None
    """An entry of a list that says more than where it lies."""


AnyKind: TypeAlias = Kind | Part | Parts | MusicEntries


@dataclass(frozen=True)
class Key:
    """One key: what may stand behind it, what it is for, and an example."""

    name: str
    kind: AnyKind
    about: str
    example: object
    into: str = ""
    """The model's name for it, where it is another."""
    needed: bool = False

    @property
    def field(self) -> str:
        """The model's name for it."""
        return self.into or self.name


@dataclass(frozen=True)
class Table:
    """The keys of one part of a session file."""

    what: str
    """The part's name in messages, with its article."""
    keys: tuple[Key, ...]
    meant: Mapping[str, str] = field(default_factory=dict)
    """Words that newcomers write, and what to write instead."""

    def named(self, name: str) -> Key | None:
        """The key of this name."""
        return next((key for key in self.keys if key.name == name), None)

    @property
    def names(self) -> list[str]:
        """The names of all keys, in the order in which they are explained."""
        return [key.name for key in self.keys]


def words_of(choices: type[StrEnum]) -> Choice:
    """The words of an enumeration."""
    return Choice({choice.value: choice for choice in choices})

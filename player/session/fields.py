"""Reads one mapping of a file against its table of keys, and gathers every fault on the way.

Knows tables and nodes; what the values mean together is the loader's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from player.errors import Fault
from player.session.kinds import Kind, Names
from player.session.tables import Key, MusicEntries, Part, Parts, Table
from player.text.words import Misread, nearest_hint, shown
from player.text.yaml_nodes import Listing, Mapping, Node, Scalar

MOST_FAULTS = 200
"""A file with more is not a session; the first ones are told."""

_NO_SPACE = re.compile(r"^([A-Za-z_]+):\S")
_KINDS = {Scalar: "a text", Listing: "a list", Mapping: "a mapping of keys"}


class TooMany(Exception):
    """There are enough faults: reading stops."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What a mapping held that could be read: values by the model's names, lines by key."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        """The line of a key, or of the mapping where the key is missing."""
        return self.lines.get(key, self.line)


class Reading:
    """One reading of one file: its faults and its warnings."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.warnings: list[str] = []

    def fault(self, line: int, key: str, message: str, hint: str = "") -> None:
        """Note a fault. Raises TooMany when there are enough."""
        self.faults.append(Fault(line, key, message, hint))
        if len(self.faults) >= MOST_FAULTS:
            self.faults.append(Fault(line, "", "too many faults; these are the first"))
            raise TooMany

    def misread(self, line: int, key: str, why: Misread) -> None:
        """Note a word that cannot be read."""
        self.fault(line, key, why.message, why.hint)

    def warn(self, line: int, key: str, message: str) -> None:
        """Note what is not wrong but worth knowing."""
        self.warnings.append(Fault(line, key, message).text(self.file))

    def fields(self, node: Node, table: Table, inside: str = "") -> Fields | None:
        """The readable values of a mapping; None where the node is none."""
        if not isinstance(node, Mapping):
            self._not_a_mapping(node, table, inside)
            return None
        fields = Fields(node.line)
        for key_node, value in node.pairs:
            key = self._key(key_node, table, inside, fields)
            if key:
                self._value(key, value, fields, inside)
        self._missing(table, fields, inside)
        return fields

    def _key(self, node: Node, table: Table, inside: str, fields: Fields) -> Key | None:
        if not isinstance(node, Scalar):
            self.fault(node.line, inside, f"a key is a word, not {_KINDS[type(node)]}")
            return None
        key = table.named(node.text)
        if not key:
            self._unknown(node, table, inside)
            return None
        if key.name in fields.lines:
            message = f"stands twice, first on line {fields.lines[key.name]}"
            self.fault(node.line, _joined(inside, key.name), message, "keep one")
            return None
        fields.lines[key.name] = node.line
        return key

    def _unknown(self, node: Scalar, table: Table, inside: str) -> None:
        meant = table.meant.get(node.text.strip().casefold())
        hint = f"write {meant}" if meant else nearest_hint(node.text, table.names)
        hint = "write its keys out" if node.text == "<<" else hint
        name = _joined(inside, shown(node.text, 40)[1:-1])
        self.fault(node.line, name, f"is not a key of {table.what}", hint)

    def _missing(self, table: Table, fields: Fields, inside: str) -> None:
        for key in table.keys:
            if key.needed and key.name not in fields.lines:
                plain = isinstance(key.example, str | int)
                example = f"write {key.name}: {key.example}" if plain else key.about
                name = _joined(inside, key.name)
                self.fault(fields.line, name, f"is missing in {table.what}", example)

    def _value(self, key: Key, node: Node, fields: Fields, inside: str) -> None:
        name, line = _joined(inside, key.name), fields.lines[key.name]
        if isinstance(node, Scalar) and not node.text.strip():
            self.fault(line, name, "is empty", _example(key))
        elif isinstance(key.kind, MusicEntries):
            fields.values[key.field] = node
        elif isinstance(key.kind, Part):
            fields.values[key.field] = self.fields(node, key.kind.table, name)
        elif isinstance(key.kind, Parts):
            fields.values[key.field] = self._parts(key.kind, node, line, name)
        elif isinstance(key.kind, Names):
            fields.values[key.field] = self._names(key.kind, node, line, name)
        elif isinstance(node, Scalar):
            self._word(key, key.kind, node, fields, name)
        else:
            wrong = f"wants a text, found {_KINDS[type(node)]}"
            self.fault(line, name, wrong, _example(key))

    def _word(self, key: Key, kind: Kind, node: Scalar, fields: Fields, name: str) -> None:
        try:
            fields.values[key.field] = kind.read(node.text)
        except Misread as why:
            self.fault(fields.lines[key.name], name, why.message, why.hint or _example(key))

    def _names(self, kind: Names, node: Node, line: int, name: str) -> tuple[str, ...]:
        items = node.items if isinstance(node, Listing) else (node,)
        if len(items) > kind.most:
            self.fault(line, name, f"holds {len(items)} entries", f"{kind.most} are possible")
        names = []
        for item in items[: kind.most]:
            try:
                if not isinstance(item, Scalar):
                    raise Misread(f"wants a text, found {_KINDS[type(item)]}")
                names.append(kind.read(item.text))
            except Misread as why:
                self.misread(item.line, name, why)
        return tuple(names)

    def _parts(self, kind: Parts, node: Node, line: int, name: str) -> list[Fields | None] | None:
        if not isinstance(node, Listing):
            found = _KINDS[type(node)]
            hint = f'begin each entry with "- {kind.table.names[0]}: …"'
            self.fault(line, name, f"wants a list, found {found}", hint)
            return None
        if not kind.least <= len(node.items) <= kind.most:
            bounds = f"{kind.least} to {kind.most} are possible"
            self.fault(line, name, f"holds {len(node.items)} entries", bounds)
        return [self.fields(item, kind.table) for item in node.items[: kind.most]]

    def _not_a_mapping(self, node: Node, table: Table, inside: str) -> None:
        if isinstance(node, Scalar) and _NO_SPACE.match(node.text):
            hint = f"put a space after the colon: {node.text.partition(':')[0]}: …"
        else:
            hint = f"write its keys: {', '.join(table.names)}"
        message = f"{table.what} wants a mapping of keys, found {_KINDS[type(node)]}"
        self.fault(node.line, inside, message, hint)


def _example(key: Key) -> str:
    if isinstance(key.kind, Parts):
        begin = f'begin each entry with "- {key.kind.table.names[0]}: …"'
        return begin if key.needed else f"leave it out, or {begin}"
    return f"for example {key.name}: {key.example}" if isinstance(key.example, str | int) else ""


def _joined(inside: str, name: str) -> str:
    return f"{inside}.{name}" if inside else name

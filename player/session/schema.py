"""The session file as JSON Schema, for editors: made from the very tables that the loader reads.

What no schema can say (anchors to phases that are there, music that exists) is the loader's.
"""

from __future__ import annotations

from typing import Any

from player.session.keys import SESSION
from player.session.tables import AnyKind, Key, MusicEntries, Part, Parts, Table

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a session file, each key with a description and an example."""
    return {
        "$schema": DIALECT,
        "title": "Stillroom session",
        "description": "A timed session of music, spoken cues and silent reminders.",
    } | _table(SESSION)


def _table(table: Table) -> dict[str, Any]:
    described: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: _key(key) for key in table.keys},
    }
    needed = [key.name for key in table.keys if key.needed]
    if needed:
        described["required"] = needed
    ways = [name for name in ("say", "script", "audio") if name in table.names]
    if len(ways) > 1:
        described["anyOf"] = [{"required": [name]} for name in ways]
    return described


def _key(key: Key) -> dict[str, Any]:
    return {"description": key.about, "examples": [key.example]} | _kind(key.kind)


def _kind(kind: AnyKind) -> dict[str, Any]:
    if isinstance(kind, Part):
        return _table(kind.table)
    if isinstance(kind, Parts):
        bounds = {"minItems": kind.least, "maxItems": kind.most}
        return {"type": "array", "items": _table(kind.table)} | bounds
    if isinstance(kind, MusicEntries):
        return {"anyOf": _music(kind)}
    return kind.schema()


def _music(kind: MusicEntries) -> list[dict[str, Any]]:
    entry = {"type": "string", "minLength": 1}
    one = {"anyOf": [entry, _table(kind.entry)]} if kind.entry else entry
    ways: list[dict[str, Any]] = [entry, {"type": "array", "minItems": 1, "items": one}]
    return [*ways, _table(kind.table)] if kind.table.keys else ways

"""The schema and the loader know the same keys, and the schema's own examples are good."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from player import paths
from player.session.keys import SESSION
from player.session.loader import load
from player.session.schema import schema
from player.session.tables import Key, MusicEntries, Part, Parts, Table
from player.text.yaml_nodes import Listing, Mapping, Node, Scalar, read


def keys_of(table: Table) -> list[tuple[str, Key]]:
    """Every key that the loader knows, with where it stands."""
    found = []
    for key in table.keys:
        found.append((key.name, key))
        if isinstance(key.kind, Part | Parts | MusicEntries):
            found += [(f"{key.name}.{name}", each) for name, each in keys_of(key.kind.table)]
    return found


def described(node: dict[str, Any], inside: str = "") -> dict[str, dict[str, Any]]:
    """Every key that the schema describes, with where it stands."""
    found: dict[str, dict[str, Any]] = {}
    for name, each in node.get("properties", {}).items():
        found[f"{inside}{name}"] = each
        for way in [each, each.get("items", {}), *each.get("anyOf", [])]:
            found |= described(way, f"{inside}{name}.")
    return found


def fits(node: Node, rule: dict[str, Any]) -> bool:
    """Whether a node agrees with a rule, as far as this schema uses JSON Schema."""
    if "anyOf" in rule:
        rest = {name: value for name, value in rule.items() if name != "anyOf"}
        needed = rest.get("required", [])
        ways = (
            rest | way | {"required": needed + way.get("required", [])} for way in rule["anyOf"]
        )
        return any(fits(node, way) for way in ways)
    if isinstance(node, Mapping):
        held = {key.text: value for key, value in node.pairs if isinstance(key, Scalar)}
        known = rule.get("properties")
        if known is None or not set(rule.get("required", [])) <= held.keys() <= known.keys():
            return False
        return all(fits(value, known[name]) for name, value in held.items())
    if isinstance(node, Listing):
        return rule.get("type") == "array" and all(fits(item, rule["items"]) for item in node.items)
    return fits_text(node.text, rule)


def fits_text(text: str, rule: dict[str, Any]) -> bool:
    if "const" in rule:
        return text == str(rule["const"])
    if "enum" in rule:
        return text in rule["enum"]
    if rule.get("type") != "string" or not re.search(rule.get("pattern", ""), text):
        return False
    return rule.get("minLength", 0) <= len(text) <= rule.get("maxLength", 10**6)


def test_schema_and_loader_know_the_same_keys() -> None:
    assert set(described(schema())) == {name for name, _ in keys_of(SESSION)}


def test_every_key_is_described_with_an_example() -> None:
    for name, each in described(schema()).items():
        assert each["description"].endswith("."), name
        assert each["examples"], name


@pytest.mark.parametrize("name", [name for name, _ in keys_of(SESSION)])
def test_an_example_is_what_its_key_takes(name: str) -> None:
    key = dict(keys_of(SESSION))[name]
    if isinstance(key.kind, Part):
        assert isinstance(key.example, dict)
        assert set(key.example) <= set(key.kind.table.names)
    elif isinstance(key.kind, Parts):
        assert isinstance(key.example, list)
        assert all(set(each) <= set(key.kind.table.names) for each in key.example)
    elif not isinstance(key.kind, MusicEntries):
        key.kind.read(str(key.example))


def test_the_schema_is_plain_json() -> None:
    assert json.loads(json.dumps(schema())) == schema()
    assert schema()["required"] == ["format", "title", "phases"]


GOOD = """\
format: 1
title: T
sound: {bed: -23 LUFS, duck: {by: 9 dB, up: 1.5s}}
phases:
  - {name: A, role: arrival, length: 12:30, ends: at dose, music: shipped:shore, voice: off}
  - {name: B, length: 1h30m, music: {from: [shipped:shore], order: fit, loop: seamless}}
  - {name: C, length: 1:30:00, music: [a.wav, b.mp3], level: +1 dB}
cues:
  - {at: a + 1m, say: x, play: ask}
reminders:
  - {at: dose + 1m, text: x}
after: hold
"""


def test_what_the_loader_takes_the_schema_takes(write) -> None:
    file = write(GOOD)
    load(file)
    root = read(file).root
    assert root is not None
    assert fits(root, schema())


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("-23 LUFS", "-23"),
        ("12:30", "10"),
        ("at dose", "dosed"),
        ("off", "5"),
        ("order: fit", "odrer: fit"),
        ("format: 1", "format: 2"),
        ("say: x, ", ""),
        ("title: T\n", ""),
    ],
)
def test_what_the_schema_refuses_the_loader_refuses(write, was: str, now: str) -> None:
    file = write(GOOD.replace(was, now, 1))
    root = read(file).root
    assert root is not None
    with pytest.raises(Exception, match=re.escape(str(file))):
        load(file)
    assert not fits(root, schema())


@pytest.fixture
def shipped() -> None:
    """Here the shipped folder is the real one."""


def test_the_shipped_sessions_fit_the_schema(shipped: None) -> None:
    sessions = [
        file for file in paths.shipped().glob("*.yaml") if file.stem not in ("music", "voice")
    ]
    assert sessions
    for file in sessions:
        root = read(file).root
        assert root is not None
        assert fits(root, schema()), file.name

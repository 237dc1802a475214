"""Reads a small YAML file into plain nodes with line numbers, from libyaml's events.

Nothing is made of the words: ``12:30`` and ``off`` stay text, tags are refused, and no
object is ever built. Depth, aliases and size are bounded while reading, so that a hostile
file costs little. Knows nothing of sessions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from player.errors import Fault
from player.text.small_files import read_bytes
from player.text.words import Misread, has_controls
from player.text.yaml_faults import syntax_faults

MOST_BYTES = 256_000
DEEPEST = 32
MOST_ALIASES = 100
MOST_NODES = 50_000
"""With every alias written out. A session of 100 phases has some 2,000."""

_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One text, never turned into a number, a date or a switch."""

    line: int
    text: str
    plain: bool
    """Written without quotes."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Nodes in their order."""

    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their nodes in the order of the file; a repeated key stands in it twice."""

    line: int
    pairs: tuple[tuple[Node, Node], ...]


Node: TypeAlias = Scalar | Listing | Mapping


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, as far as it could be read, and what is wrong with its YAML."""

    root: Node | None
    faults: tuple[Fault, ...]


def read(file: Path) -> Document:
    """The document in a file of at most 256 kB of UTF-8. Never raises."""
    try:
        body = read_bytes(file, MOST_BYTES)
        return parse(_decoded(body))
    except _Refused as fault:
        return Document(None, (fault.fault,))
    except Misread as fault:
        return Document(None, (Fault(1, "", fault.message, fault.hint),))


def parse(text: str) -> Document:
    """The document in a text. Never raises; where nothing can be read, `root` is None."""
    builder = _Builder()
    try:
        _refuse_controls(text)
        for event in yaml.parse(text, Loader=_PARSER):
            builder.take(event)
    except _Refused as fault:
        return Document(None, (*builder.faults, fault.fault))
    except yaml.YAMLError as problem:
        return Document(None, syntax_faults(problem, text))
    if builder.root is None:
        builder.fault(1, "the file is empty", "begin with: format: 1")
    return Document(builder.root, tuple(builder.faults))


class _Refused(Exception):
    """Reading stops here."""

    def __init__(self, line: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.fault = Fault(line, "", message, hint)


@dataclass(slots=True)
class _Open:
    """A list or a mapping whose end has not come yet."""

    line: int
    anchor: str | None
    mapping: bool
    first_node: int
    items: list[Node] = field(default_factory=list)
    height: int = 1

    def closed(self) -> Node:
        if not self.mapping:
            return Listing(self.line, tuple(self.items))
        pairs = zip(self.items[::2], self.items[1::2], strict=True)
        return Mapping(self.line, tuple(pairs))


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A node that an alias may stand for, with what it costs to write it out."""

    node: Node
    nodes: int
    height: int


class _Builder:
    """Makes nodes of events, counting depth, aliases and size as they come."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.faults: list[Fault] = []
        self._open: list[_Open] = []
        self._anchored: dict[str, _Anchored] = {}
        self._aliases = 0
        self._nodes = 0
        self._documents = 0

    def fault(self, line: int, message: str, hint: str = "") -> None:
        self.faults.append(Fault(line, "", message, hint))

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._begin_document(line)
        elif self._documents > 1:
            return
        elif isinstance(event, yaml.AliasEvent):
            self._alias(str(event.anchor), line)
        elif isinstance(event, yaml.ScalarEvent):
            self._refuse_tag(event, line)
            plain = event.style in (None, "")
            self._put(Scalar(line, event.value, plain), event.anchor, nodes=1, height=0)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._refuse_tag(event, line)
            self._begin(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self._open.pop()
            self._put(done.closed(), done.anchor, self._nodes - done.first_node, done.height)

    def _begin_document(self, line: int) -> None:
        self._documents += 1
        if self._documents == 2:
            self.fault(line, "a second document begins here", "one document a file: remove the ---")

    def _begin(self, event: Any, line: int) -> None:
        self._deep(len(self._open) + 1, line)
        self._count(1, line)
        mapping = isinstance(event, yaml.MappingStartEvent)
        self._open.append(_Open(line, event.anchor, mapping, self._nodes - 1))

    def _put(self, node: Node, anchor: str | None, nodes: int, height: int) -> None:
        if isinstance(node, Scalar):
            self._count(1, node.line)
        if anchor:
            self._anchored[anchor] = _Anchored(node, nodes, height)
        if self._open:
            parent = self._open[-1]
            parent.items.append(node)
            parent.height = max(parent.height, height + 1)
        else:
            self.root = node

    def _alias(self, anchor: str, line: int) -> None:
        self._aliases += 1
        if self._aliases > MOST_ALIASES:
            raise _Refused(line, f"more than {MOST_ALIASES} aliases", "write the parts out")
        if any(each.anchor == anchor for each in self._open):
            raise _Refused(line, f"*{anchor} stands inside itself", "write the part out")
        meant = self._anchored.get(anchor)
        if meant is None:
            raise _Refused(line, f"*{anchor} stands for nothing", "put text with a * in quotes")
        self._deep(len(self._open) + meant.height, line)
        self._count(meant.nodes, line)
        self._put_again(meant)

    def _put_again(self, meant: _Anchored) -> None:
        parent = self._open[-1]
        parent.items.append(meant.node)
        parent.height = max(parent.height, meant.height + 1)

    def _deep(self, depth: int, line: int) -> None:
        if depth > DEEPEST:
            raise _Refused(line, f"nested deeper than {DEEPEST} levels", "is it the file you mean?")

    def _count(self, nodes: int, line: int) -> None:
        self._nodes += nodes
        if self._nodes > MOST_NODES:
            raise _Refused(line, f"holds more than {MOST_NODES} parts", "is it the file you mean?")

    def _refuse_tag(self, event: Any, line: int) -> None:
        if event.tag is not None:
            self.fault(line, "a tag (a word with !) means nothing here", "leave it out")


def _decoded(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _Refused(1, "is written in UTF-16", "save it as UTF-8")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = body.count(b"\n", 0, fault.start) + 1
        raise _Refused(line, "bytes that are not UTF-8 text", "save it as UTF-8") from None


def _refuse_controls(text: str) -> None:
    if not has_controls(text.replace("\r", "")):
        return
    for number, line in _lines(text):
        if has_controls(line):
            raise _Refused(number, "a control character", "is it a text file?")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1)

"""Turns what libyaml says of broken YAML into plain sentences with the line that needs care.

Knows YAML and the slips that newcomers make in it; nothing of sessions but `shipped:`.
"""

from __future__ import annotations

import re
from typing import Any

from player.errors import Fault
from player.text.words import curly_hint, shown

LONGEST_LINE = 300
"""Characters of a line that are looked at for what was meant."""

_QUOTES_HINT = "text that begins with * & ! % @ ` or holds a colon goes in quotes"
_COLUMNS_HINT = "keys of one part stand in one column; text that holds a colon goes in quotes"

_PLAIN: tuple[tuple[str, str, str], ...] = (
    ("could not find expected ':'", "a colon is missing after the key", "write key: value"),
    ("mapping values are not allowed", "a colon or an indentation is out of place", _COLUMNS_HINT),
    ("tab character", "a tab stands where spaces belong", "indent with spaces"),
    ("cannot start any token", "a character that cannot begin a value", _QUOTES_HINT),
    ("unexpected end of stream", "a quotation mark is opened and never closed", "close it"),
    ("expected ',' or ']'", "a [ is opened and never closed, or a comma is missing", "close it"),
    ("expected ',' or '}'", "a { is opened and never closed, or a comma is missing", "close it"),
    (
        "escape c",
        "a backslash in double quotes means something else",
        "use single quotes, as for a Windows path: 'C:\\Music'",
    ),
    ("alphabetic or numeric character", "a * or & that is no YAML alias", _QUOTES_HINT),
    ("expected '-' indicator", "the indentation is out of step with the list", _COLUMNS_HINT),
    ("expected key", "the indentation is out of step, or text follows a quote", _COLUMNS_HINT),
    (
        "block sequence entries are not allowed",
        "a list begins in the middle of a line",
        "put each - on a line of its own",
    ),
    ("<document start>", "a line that belongs to nothing before it", _COLUMNS_HINT),
    ("undefined tag handle", "a tag (a word with !) means nothing here", _QUOTES_HINT),
    ("expected node content", "a bracket or a comma is out of place", "close every [ and {"),
)
"""Part of libyaml's words, what it means, what to do."""

_FROM_CONTEXT = ("could not find expected ':'", "unexpected end of stream", "expected ',' or")
"""Problems that libyaml finds late: the line that needs care is where the part began."""

_NO_SPACE = re.compile(r"^\s*(?:- +)?([A-Za-z_]+):(?=[^\s:/\\])")
_NO_COLON = re.compile(r"^\s*(?:- +)?[A-Za-z_]+ +[^:#]*$")


def syntax_faults(problem: Exception, text: str) -> tuple[Fault, ...]:
    """What is wrong with a text that libyaml refused: tabs all at once, else the one problem."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    tabs = [n for n, line in enumerate(lines, 1) if "\t" in line[: _indent(line)]]
    if tabs:
        return tuple(
            Fault(n, "", "a tab stands where spaces belong", "indent with spaces") for n in tabs
        )
    return (_fault(problem, lines),)


def _fault(problem: Any, lines: list[str]) -> Fault:
    words = str(getattr(problem, "problem", None) or "")
    number = _line_number(problem, words, len(lines))
    message, hint = next(
        ((told, hint) for part, told, hint in _PLAIN if part in words),
        (f"is not YAML: {words}" if words else "is not YAML", _COLUMNS_HINT),
    )
    before = lines[number - 2][:LONGEST_LINE] if number > 1 else ""
    if "mapping values" in words and _NO_COLON.match(before):
        line = before.strip()
        return Fault(number - 1, "", f"a colon is missing in {shown(line)}", "write key: value")
    return Fault(number, "", message, _line_hint(lines[number - 1][:LONGEST_LINE]) or hint)


def _line_number(problem: Any, words: str, most: int) -> int:
    late = any(part in words for part in _FROM_CONTEXT)
    mark = getattr(problem, "context_mark", None) if late else None
    mark = mark or getattr(problem, "problem_mark", None)
    return min(mark.line + 1, most) if mark else 1


def _line_hint(line: str) -> str:
    if re.search(r"shipped:\s", line):
        return "write shipped:NAME without a space"
    close = _NO_SPACE.match(line)
    if close:
        return f"put a space after the colon: {close[1]}: …"
    return curly_hint(line)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))

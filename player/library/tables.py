"""The tables of the catalogue, and what is asked of them. Knows nothing of paths or threads.

Contents are what was found out, by content; places say which content lay where, when; curves
stand apart, so that what is read often stays small.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, TypeAlias

SCHEMA = 5
"""Goes up with the tables."""

Place: TypeAlias = tuple[bytes, int, int, int, int]
"""A path, and of what lay there the size, the time in ns, the inode, and the time in ns of its
last change of any kind: programs that edit a file and put its time back cannot set that one."""
AT_ONCE = 500
"""Places asked for in one question; SQLite takes 999 at the least."""

TABLES = """
CREATE TABLE IF NOT EXISTS contents (
    content BLOB PRIMARY KEY, size INTEGER NOT NULL,
    frames INTEGER, lufs REAL, true_peak_dbtp REAL, broken TEXT, details TEXT,
    survey INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sizes ON contents (size);
CREATE TABLE IF NOT EXISTS places (
    path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL, content BLOB NOT NULL, changed_ns INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS curves (content BLOB PRIMARY KEY, curve BLOB NOT NULL);
"""
PLACE = "path, places.size, mtime_ns, inode, changed_ns"
FIGURES = "frames, lufs, true_peak_dbtp, broken, details, survey"
LIES_THERE = (
    "INSERT OR REPLACE INTO places (path, size, mtime_ns, inode, changed_ns, content) "
    "VALUES (?, ?, ?, ?, ?, ?)"
)


class LaterVersion(Exception):
    """The tables were made by a later version of this program."""


def prepare(base: sqlite3.Connection) -> None:
    """Make the tables, or those of an earlier version into these. Raises LaterVersion.

    What an earlier version measured is kept; what it did not look for is left open.
    """
    (version,) = base.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA:
        raise LaterVersion
    base.execute("BEGIN IMMEDIATE")
    try:
        (version,) = base.execute("PRAGMA user_version").fetchone()
        if version == 1:
            base.execute("ALTER TABLE contents ADD COLUMN details TEXT")
        if 0 < version < 4:
            base.execute("ALTER TABLE contents ADD COLUMN survey INTEGER")
        if 0 < version < 5:
            base.execute("ALTER TABLE places ADD COLUMN changed_ns INTEGER NOT NULL DEFAULT 0")
        for statement in TABLES.split(";"):
            base.execute(statement)
        base.execute(f"PRAGMA user_version = {SCHEMA}")
        base.execute("COMMIT")
    except BaseException:
        base.rollback()
        raise


def row_at(base: sqlite3.Connection, place: Place) -> Any:
    """The figures of what lies at a place, if it is still that; else None."""
    return base.execute(
        f"SELECT {FIGURES} FROM places JOIN contents USING (content) "  # noqa: S608
        "WHERE path = ? AND places.size = ? AND mtime_ns = ? AND inode = ? AND changed_ns = ?",
        place,
    ).fetchone()


def rows_at(base: sqlite3.Connection, paths: list[bytes]) -> Iterator[tuple[Place, Any]]:
    """What was last known to lie at each of these paths, as places, with its figures."""
    for start in range(0, len(paths), AT_ONCE):
        some = paths[start : start + AT_ONCE]
        marks = ", ".join("?" * len(some))
        for row in base.execute(
            f"SELECT {PLACE}, {FIGURES} FROM places "  # noqa: S608
            f"JOIN contents USING (content) WHERE path IN ({marks})",
            some,
        ):
            yield row[:5], row[5:]


def places_surveyed(base: sqlite3.Connection, paths: list[bytes], survey: int) -> list[Place]:
    """Those of these paths that were looked at in this survey, as places."""
    marks = ", ".join("?" * len(paths))
    return base.execute(
        f"SELECT {PLACE} FROM places "  # noqa: S608
        f"JOIN contents USING (content) WHERE survey = ? AND path IN ({marks})",
        [survey, *paths],
    ).fetchall()


def row_moved(base: sqlite3.Connection, content: bytes, place: Place) -> Any:
    """The figures of a content, which is from now on known to lie at a place; None if unknown."""
    row = base.execute(
        f"SELECT {FIGURES} FROM contents WHERE content = ?",  # noqa: S608
        (content,),
    ).fetchone()
    if row is not None:
        base.execute(LIES_THERE, (*place, content))
    return row


def size_is_known(base: sqlite3.Connection, size: int) -> bool:
    """Whether any content of this very size was ever measured."""
    row = base.execute("SELECT 1 FROM contents WHERE size = ? LIMIT 1", (size,)).fetchone()
    return row is not None


def curve_at(base: sqlite3.Connection, place: Place) -> bytes:
    """The curve of what lies at a place; empty where there is none."""
    row = base.execute(
        "SELECT curve FROM places JOIN curves USING (content) "
        "WHERE path = ? AND size = ? AND mtime_ns = ? AND inode = ? AND changed_ns = ?",
        place,
    ).fetchone()
    return row[0] if row is not None else b""


def keep(base: sqlite3.Connection, content: bytes, place: Place, row: Any, curve: bytes) -> bool:
    """Write what was found out about the content that lies at a place, in one transaction."""
    base.execute("BEGIN IMMEDIATE")
    try:
        base.execute(
            "INSERT OR REPLACE INTO contents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (content, place[1], *row),
        )
        base.execute(LIES_THERE, (*place, content))
        if curve:
            base.execute("INSERT OR REPLACE INTO curves VALUES (?, ?)", (content, curve))
        base.execute("COMMIT")
    except BaseException:
        base.rollback()
        raise
    return True

"""Remembers what was measured of music files, by their content, in one small database.

A file that is unchanged is known without being read; one that was moved or renamed is known
again by its content; one that was edited is unknown. Only a cache: a database that is broken
is set aside and begun anew, one that cannot be written is replaced by memory, and neither
stops a session. Knows nothing of sound, so that the chooser may ask it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TypeAlias, TypeVar

from player import paths
from player.timeline.plan import Broken, TrackFacts

__all__ = ["Broken", "Catalogue", "Known", "content_of", "shipped_facts"]

Known: TypeAlias = TrackFacts | Broken
Row: TypeAlias = tuple[int | None, float | None, float | None, str | None]
Answer = TypeVar("Answer")

SCHEMA = 1
"""Goes up with the tables, and with any change in how things are measured."""
PATIENCE_S = 5.0
"""How long another process may hold the database; nobody writes more than a row at a time."""
CHUNK_BYTES = 1 << 20

TABLES = """
CREATE TABLE IF NOT EXISTS contents (
    content BLOB PRIMARY KEY, size INTEGER NOT NULL,
    frames INTEGER, lufs REAL, true_peak_dbtp REAL, broken TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sizes ON contents (size);
CREATE TABLE IF NOT EXISTS places (
    path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL, content BLOB NOT NULL
) WITHOUT ROWID;
"""


class Catalogue:
    """The cache, shared by threads and processes. No method raises for what is on the disk.

    `warning` is a sentence for the counsellor where it had to begin anew or cannot be kept.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or paths.catalogue()
        self.warning: str | None = None
        self._lock = threading.Lock()
        self._base = self._opened()

    def known(self, path: Path) -> Known | None:
        """What was measured of a file, or why it cannot be played; None where it is unknown.

        A file at a new place is read only if one of its very size was ever measured.
        """
        status = _status_of(path)
        if status is None:
            return None
        row = self._asked(lambda base: _row_at(base, path, status))
        if row is None and self._asked(lambda base: _size_is_known(base, status.st_size)):
            row = self._row_by_content(path, status)
        if row is None:
            return None
        frames, lufs, peak, broken = row
        if broken is not None or frames is None or lufs is None or peak is None:
            return Broken(broken or "cannot be played")
        return TrackFacts(frames=frames, lufs=lufs, true_peak_dbtp=peak)

    def remember(self, path: Path, facts: TrackFacts) -> None:
        """Keep what was measured of a file as it is now; reads it once more, for its content."""
        self._keep(path, (facts.frames, facts.lufs, facts.true_peak_dbtp, None))

    def remember_broken(self, path: Path, why: str) -> None:
        """Keep that a file, as it is now, cannot be played; one that cannot be read is not kept."""
        self._keep(path, (None, None, None, why))

    def close(self) -> None:
        """Close the database; may be called twice."""
        with self._lock:
            self._base.close()

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def _keep(self, path: Path, row: Row) -> None:
        status = _status_of(path)
        content = content_of(path) if status is not None else None
        if status is None or content is None:
            return

        def write(base: sqlite3.Connection) -> None:
            base.execute(
                "INSERT OR REPLACE INTO contents VALUES (?, ?, ?, ?, ?, ?)",
                (content, status.st_size, *row),
            )
            _put_place(base, path, status, content)

        self._asked(write)

    def _row_by_content(self, path: Path, status: os.stat_result) -> Row | None:
        content = content_of(path)
        if content is None:
            return None

        def look(base: sqlite3.Connection) -> Row | None:
            row: Row | None = base.execute(
                "SELECT frames, lufs, true_peak_dbtp, broken FROM contents WHERE content = ?",
                (content,),
            ).fetchone()
            if row is not None:
                _put_place(base, path, status, content)
            return row

        return self._asked(look)

    def _asked(self, question: Callable[[sqlite3.Connection], Answer]) -> Answer | None:
        """An answer of the database; None where it has none to give, now or ever."""
        with self._lock:
            try:
                return question(self._base)
            except sqlite3.ProgrammingError:  # closed
                return None
            except sqlite3.OperationalError as fault:
                self.warning = f"{self.path}: what was measured could not be kept ({fault})"
                return None
            except sqlite3.DatabaseError:
                self._base.close()
                self._set_aside()
                self._base = self._opened()
                return None

    def _opened(self) -> sqlite3.Connection:
        try:
            return self._connected()
        except sqlite3.OperationalError as fault:
            return self._in_memory(fault)
        except sqlite3.DatabaseError:
            self._set_aside()
        except OSError as fault:
            return self._in_memory(fault)
        try:
            return self._connected()
        except (sqlite3.Error, OSError) as fault:
            return self._in_memory(fault)

    def _connected(self) -> sqlite3.Connection:
        """The database of the file; made 0600, as its companions then are."""
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        base = _connection(str(self.path))
        try:
            base.execute("PRAGMA journal_mode = WAL")
            base.execute("PRAGMA synchronous = NORMAL")
            _prepare(base)
        except BaseException:
            base.close()
            raise
        return base

    def _in_memory(self, fault: Exception) -> sqlite3.Connection:
        self.warning = (
            f"{self.path}: cannot be used ({fault}): music is measured again the next time"
        )
        base = _connection(":memory:")
        _prepare(base)
        return base

    def _set_aside(self) -> None:
        """Rename a broken database, so that it can be looked at, and drop its companions."""
        aside = self.path.with_name(self.path.name + ".broken")
        self.warning = f"{self.path}: was damaged and is begun anew; the old one is {aside.name}"
        try:
            self.path.replace(aside)
            for ending in ("-wal", "-shm"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        except OSError:  # another process was quicker, or the folder is read-only
            return


def content_of(path: Path) -> bytes | None:
    """A key of 20 bytes for a file's content (BLAKE2b), read in pieces; None if it cannot be."""
    digest = hashlib.blake2b(digest_size=20)
    try:
        with path.open("rb") as file:
            while piece := file.read(CHUNK_BYTES):
                digest.update(piece)
    except OSError:
        return None
    return digest.digest()


def shipped_facts() -> dict[Path, TrackFacts]:
    """The figures that travel with the shipped pieces, by absolute path; these are never measured.

    Empty where the list is missing or not as it was made: the pieces are then measured.
    """
    import yaml

    folder = paths.shipped()
    try:
        listed = yaml.load((folder / "music.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
        return {folder / row["file"]: _facts_in(row) for row in listed.values()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError):
        return {}


def _facts_in(row: dict[str, str | float]) -> TrackFacts:
    return TrackFacts(
        frames=int(row["frames"]),
        lufs=float(row["lufs"]),
        true_peak_dbtp=float(row["true_peak_dbtp"]),
    )


def _connection(name: str) -> sqlite3.Connection:
    """Each statement is a transaction of its own; the caller's lock keeps threads apart."""
    return sqlite3.connect(name, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False)


def _prepare(base: sqlite3.Connection) -> None:
    """Make the tables; those of another schema are dropped, since all can be measured again."""
    (version,) = base.execute("PRAGMA user_version").fetchone()
    if version not in (0, SCHEMA):
        base.executescript("DROP TABLE IF EXISTS contents; DROP TABLE IF EXISTS places;")
    base.executescript(TABLES)
    base.execute(f"PRAGMA user_version = {SCHEMA}")


def _status_of(path: Path) -> os.stat_result | None:
    """A plain file's size and times; None for anything else."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def _key_of(path: Path) -> bytes:
    return os.fsencode(path.absolute())


def _row_at(base: sqlite3.Connection, path: Path, status: os.stat_result) -> Row | None:
    row: Row | None = base.execute(
        "SELECT frames, lufs, true_peak_dbtp, broken FROM places JOIN contents USING (content) "
        "WHERE path = ? AND places.size = ? AND mtime_ns = ? AND inode = ?",
        (_key_of(path), status.st_size, status.st_mtime_ns, _inode(status)),
    ).fetchone()
    return row


def _size_is_known(base: sqlite3.Connection, size: int) -> bool:
    row = base.execute("SELECT 1 FROM contents WHERE size = ? LIMIT 1", (size,)).fetchone()
    return row is not None


def _put_place(
    base: sqlite3.Connection, path: Path, status: os.stat_result, content: bytes
) -> None:
    base.execute(
        "INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?, ?)",
        (_key_of(path), status.st_size, status.st_mtime_ns, _inode(status), content),
    )


def _inode(status: os.stat_result) -> int:
    """Kept to 63 bits, the most that the database holds; some file systems use more."""
    return status.st_ino & 0x7FFF_FFFF_FFFF_FFFF

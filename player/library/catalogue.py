"""Remembers what was measured of music files, by their content, in one small database.

A file that is unchanged is known without being read; one that was moved or renamed is known
again by its content; one that was edited is unknown. Only a cache: a database that is broken,
or of a later version, is set aside and begun anew, one that cannot be written is replaced by
memory, and neither stops a session. Knows nothing of sound, so that the chooser may ask it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import stat
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TypeAlias, TypeVar

from player import paths
from player.library import tables
from player.library.findings import Survey, details, survey_of, with_places
from player.session.choices import Energy
from player.timeline.plan import Broken, TrackFacts

__all__ = ["Broken", "Catalogue", "Known", "Scanned", "content_of", "shipped_facts"]

Known: TypeAlias = TrackFacts | Broken
Scanned: TypeAlias = Survey | Broken
Row: TypeAlias = tuple[int | None, float | None, float | None, str | None, str | None, int | None]
Answer = TypeVar("Answer")

METHOD = 4
"""Goes up with how things are measured; which things, `details` itself tells."""
PATIENCE_S = 5.0
"""How long another process may hold the database; nobody writes more than a row at a time."""
CHUNK_BYTES = 1 << 20
_MOST_BITS = (1 << 63) - 1


class Catalogue:
    """The cache, shared by threads and processes. No method raises for what is on the disk.

    `warning` is a sentence for the counsellor where it had to begin anew or cannot be kept.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or paths.catalogue()
        self.warning: str | None = None
        self.lasts = True
        """False where it is kept in memory alone."""
        self._survey = _survey_number()
        self._lock = threading.Lock()
        self._base = self._opened()

    def known(self, path: Path) -> Known | None:
        """What was measured of a file, or why it cannot be played; None where it is unknown.

        A file at a new place is read only if one of its very size was ever measured.
        """
        status = _status_of(path)
        if status is None:
            return None
        row = self._row(path, status)
        return None if row is None else _known(row)

    def scanned(self, path: Path, *, in_full: bool = False) -> Scanned | None:
        """All that was found out about a file, but for its curve; None where it is to be scanned.

        A file at a new place is read only if one of its very size was ever measured. With
        `in_full`, what an earlier version found is not enough, if it looked for less.
        """
        status = _status_of(path)
        row = None if status is None else self._row(path, status)
        if row is None or (in_full and row[5] != self._survey):
            return None
        return _scanned(row)

    def scanned_at(self, files: Iterable[Path]) -> dict[Path, Scanned]:
        """The same of many files, of those that are known where they are: none is read."""
        found: dict[Path, Scanned] = {}
        rest = iter(files)
        while some := list(islice(rest, tables.AT_ONCE)):
            places = {place[0]: (path, place) for path in some for place in _places(path)}
            found |= self._asked(partial(_scanned_at, places=places)) or {}
        return found

    def to_scan(self, files: Iterable[str]) -> Iterator[str]:
        """Those of many files, by absolute path, of which not all is known; none is read."""
        rest = iter(files)
        while some := list(islice(rest, tables.AT_ONCE)):
            paths = [os.fsencode(file) for file in some]
            known = (
                self._asked(partial(tables.places_surveyed, paths=paths, survey=self._survey)) or []
            )
            places = {place[0]: place for place in known}
            for file, path in zip(some, paths, strict=True):
                place = places.get(path)
                status = None if place is None else _status_of(file)
                if status is None or place != _place_of(path, status):
                    yield file

    def last_found(self, files: Iterable[str]) -> Iterator[Scanned | None]:
        """What was last found at each of many absolute paths, in order; no file is looked at."""
        rest = iter(files)
        while some := list(islice(rest, tables.AT_ONCE)):
            paths = [os.fsencode(file) for file in some]
            rows = self._asked(partial(_rows_by_path, paths=paths)) or {}
            yield from (_scanned(rows[path]) if path in rows else None for path in paths)

    def curve(self, path: Path) -> bytes:
        """The packed loudness curve of a file that is known where it is; empty where it is not."""
        status = _status_of(path)
        if status is None:
            return b""
        return self._asked(lambda base: tables.curve_at(base, _place(path, status))) or b""

    def remember(
        self, path: Path, survey: Survey, measured_as: os.stat_result | None = None
    ) -> bool:
        """Keep what was found out about a file; reads it once more, for its content.

        With `measured_as`, nothing is kept of a file that is not as it was then. True where
        it was kept.
        """
        facts, told = survey.facts, json.dumps(details(survey), ensure_ascii=True)
        row = (facts.whole_frames, facts.lufs, facts.true_peak_dbtp, None, told, self._survey)
        return self._keep(path, row, survey.curve, measured_as)

    def remember_broken(
        self, path: Path, why: str, measured_as: os.stat_result | None = None
    ) -> bool:
        """Keep that a file, as it is now, cannot be played; one that cannot be read is not kept."""
        return self._keep(path, (None, None, None, why, None, self._survey), b"", measured_as)

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

    def _keep(self, path: Path, row: Row, curve: bytes, measured_as: os.stat_result | None) -> bool:
        status = _status_of(path)
        if status is None or (measured_as is not None and not same_file(measured_as, status)):
            return False
        content = content_of(path)
        after = _status_of(path)
        if content is None or after is None or not same_file(status, after):
            return False
        place = _place(path, status)
        kept = self._asked(lambda base: tables.keep(base, content, place, row, curve))
        return kept is not None

    def _row(self, path: Path, status: os.stat_result) -> Row | None:
        place = _place(path, status)
        row = self._asked(lambda base: tables.row_at(base, place))
        if row is None and self._asked(lambda base: tables.size_is_known(base, status.st_size)):
            content = content_of(path)
            if content is not None:
                row = self._asked(lambda base: tables.row_moved(base, content, place))
        return row

    def _asked(self, question: Callable[[sqlite3.Connection], Answer]) -> Answer | None:
        """An answer of the database; None where it has none to give, now or ever."""
        with self._lock:
            try:
                return question(self._base)
            except (sqlite3.ProgrammingError, OverflowError):  # closed; a figure beyond its bounds
                return None
            except sqlite3.OperationalError as fault:
                self.warning = f"{self.path}: what was measured could not be kept ({fault})"
                return None
            except sqlite3.DatabaseError:
                self._base.close()
                self._set_aside("broken", "was damaged")
                self._base = self._opened()
                return None

    def _opened(self) -> sqlite3.Connection:
        try:
            return self._connected()
        except tables.LaterVersion:
            self._set_aside("later", "is of a later version of Stillroom")
        except sqlite3.OperationalError as fault:
            return self._in_memory(fault)
        except sqlite3.DatabaseError:
            self._set_aside("broken", "was damaged")
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
            tables.prepare(base)
        except BaseException:
            base.close()
            raise
        return base

    def _in_memory(self, fault: Exception) -> sqlite3.Connection:
        self.warning = (
            f"{self.path}: cannot be used ({fault}): music is measured again the next time"
        )
        self.lasts = False
        base = _connection(":memory:")
        tables.prepare(base)
        return base

    def _set_aside(self, as_what: str, why: str) -> None:
        """Rename a database that cannot be used, so that it can be looked at or used again."""
        aside = self.path.with_name(f"{self.path.name}.{as_what}")
        self.warning = f"{self.path}: {why} and is begun anew; the old one is {aside.name}"
        try:
            self.path.replace(aside)
            for ending in ("-wal", "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    companion = self.path.with_name(self.path.name + ending)
                    companion.replace(aside.with_name(aside.name + ending))
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
        energy=Energy(str(row["energy"])) if "energy" in row else None,
    )


def _survey_number() -> int:
    """Names what is looked for in a file, and how: of a file with another, not all is known."""
    looked_for = ",".join(sorted(details(Survey(TrackFacts(0, 0.0, 0.0)))))
    return METHOD << 32 | zlib.crc32(looked_for.encode())


def _connection(name: str) -> sqlite3.Connection:
    """Each statement is a transaction of its own; the caller's lock keeps threads apart."""
    return sqlite3.connect(name, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False)


def _figures(row: Row) -> Known:
    """The figures of a whole file."""
    frames, lufs, peak, broken, _, _ = row
    if broken is not None or frames is None or lufs is None or peak is None:
        return Broken(broken or "cannot be played")
    return TrackFacts(frames=frames, lufs=lufs, true_peak_dbtp=peak)


def _known(row: Row) -> Known:
    facts, told = _figures(row), row[4]
    if isinstance(facts, Broken):
        return facts
    try:
        found = {} if told is None else json.loads(told)
        trims, energy = found.get("trims", (0, 0)), found.get("energy")
        return with_places(facts, found.get("eases", ()), trims, energy, found.get("pulse_lu"))
    except (ValueError, TypeError, AttributeError):
        return facts


def _scanned(row: Row) -> Scanned | None:
    """None for a file that an earlier version measured, which looked at less."""
    facts, told = _figures(row), row[4]
    if isinstance(facts, Broken):
        return facts
    try:
        return survey_of(facts, json.loads(told)) if told is not None else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _rows_by_path(base: sqlite3.Connection, paths: list[bytes]) -> dict[bytes, Row]:
    return {place[0]: row for place, row in tables.rows_at(base, paths)}


def _scanned_at(
    base: sqlite3.Connection, *, places: dict[bytes, tuple[Path, tables.Place]]
) -> dict[Path, Scanned]:
    found = {}
    for place, row in tables.rows_at(base, list(places)):
        path, now = places[place[0]]
        scanned = _scanned(row) if place == now else None
        if scanned is not None:
            found[path] = scanned
    return found


def _status_of(path: Path | str) -> os.stat_result | None:
    """A plain file's size and times; None for anything else."""
    try:
        status = os.stat(path)  # noqa: PTH116 (many thousands, whose paths are plain text)
    except (OSError, ValueError):
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def same_file(one: os.stat_result, other: os.stat_result) -> bool:
    """Whether a file was left as it was: the same one, its size and its times."""
    kept = ("st_size", "st_mtime_ns", "st_ino", "st_ctime_ns")
    return all(getattr(one, name) == getattr(other, name) for name in kept)


def _places(path: Path) -> Iterator[tables.Place]:
    """What lies at a path now; nothing where no plain file does."""
    status = _status_of(path)
    if status is not None:
        yield _place(path, status)


def _place(path: Path, status: os.stat_result) -> tables.Place:
    return _place_of(os.fsencode(path.absolute()), status)


def _place_of(path: bytes, status: os.stat_result) -> tables.Place:
    """Inode and times are kept to 63 bits, the most that the database holds.

    Some systems number their inodes higher, and a file may be dated after the year 2262.
    """
    changed, inode, touched = (
        figure & _MOST_BITS for figure in (status.st_mtime_ns, status.st_ino, status.st_ctime_ns)
    )
    return path, status.st_size, changed, inode, touched

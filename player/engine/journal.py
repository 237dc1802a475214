"""Keeps what a session needs to go on after its engine died: on a thread, never in the sound's way.

Whoever plays hands values over and goes on at once. Decisions go to the disk as they come, the
heard position at the latest 5 s later. Where the disk does not take it, the session plays on;
all that matters is kept in memory meanwhile and written when the disk takes it again.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from player.engine.inputs import Input
from player.engine.journal_file import JournalFile
from player.engine.kept import Head, Heard
from player.engine.lines import line_of
from player.engine.stands import KNOWN, Stand, stand_json
from player.timeline.events import Event
from player.units import Seconds

NAME = "session.journal"
TO_DISK_S: Seconds = 4.0
"""At least so often it is on the disk for certain; a second is left for the disk to take it."""
AGAIN_S: Seconds = 5.0
"""How often it is tried again where the disk does not take it."""
CLOSING_S: Seconds = 3.0

Row: TypeAlias = tuple[str, Any]


@dataclass(slots=True)
class _Stretch:
    """A stand and what came after it."""

    stand: Stand
    rows: list[Row] = field(default_factory=list)


class Journal:
    """One session at a time. `say` is given one quiet line, on the journal's thread."""

    def __init__(self, folder: Path, say: Callable[[str], None] = lambda line: None) -> None:
        self._file = JournalFile(folder / NAME)
        self._say = say
        self._todo: deque[tuple[str, Any]] = deque()
        self._heard: Heard | None = None
        self._changed = threading.Condition()
        self._closed = False
        self._unwritten = False
        self._thread: threading.Thread | None = None
        self._head: Row | None = None
        self._told: list[Row] = []
        self._stretches: deque[_Stretch] = deque()
        self._number = 0
        self._well = True
        self._anew = False
        """The file is to be written as a whole."""
        self._on_disk_s: Seconds = 0.0
        self._tried_s: Seconds = 0.0

    @property
    def path(self) -> Path:
        """The file while a session runs."""
        return self._file.path

    def begin(self, head: Head, stand: Stand, told: Iterable[Event] = ()) -> None:
        """A session begins, or goes on, at this stand; it is heard where the head says."""
        self._give("begin", (head, stand, tuple(told)))

    def head(self, head: Head) -> None:
        """What was there before the first sound is another now, as the device; all else stays."""
        self._give("head", head)

    def inputs(self, came: Iterable[Input]) -> None:
        """Decisions from outside, in order: to the disk at once."""
        for row in came:
            self._give("input", row)

    def told(self, event: Event) -> None:
        """An event was told: it will not be told again."""
        self._give("told", event)

    def stand(self, stand: Stand) -> None:
        """Where the session stands now."""
        self._give("stand", stand)

    def heard(self, heard: Heard) -> None:
        """Where it is heard now; only the newest matters."""
        with self._changed:
            self._heard = heard
            self._changed.notify()

    def over(self) -> None:
        """The session is over: nothing of it is kept any longer."""
        self._give("over", None)

    def give_up(self) -> None:
        """What was kept of an earlier session is not wanted any more: it is removed."""
        self._give("given up", None)

    def settle(self, timeout_s: Seconds) -> bool:
        """Wait until all that was handed over is written, at most so long, and say whether it
        is: what a counsellor is answered should outlive the engine."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._unwritten, timeout_s)

    def close(self) -> None:
        """Write all that waits, and end; a disk that does not answer is not waited for."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(CLOSING_S)

    def _give(self, kind: str, what: Any) -> None:
        with self._changed:
            self._todo.append((kind, what))
            self._unwritten = True
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="journal", daemon=True)
                thread.start()
                self._thread = thread  # only now: one that cannot be had is asked for again
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(self._due, timeout=TO_DISK_S)
                todo, self._todo = list(self._todo), deque()
                heard, self._heard = self._heard, None
                closed = self._closed
            try:
                urgent = self._turn(todo, heard)
                self._all_written()
                self._to_disk(urgent=urgent)
            except Exception as fault:  # what goes wrong here must not end the keeping
                self._fail(fault)
            self._all_written()
            if closed and not self._todo:
                self._finish()
                return

    def _due(self) -> bool:
        return bool(self._todo or self._closed or self._heard is not None)

    def _all_written(self) -> None:
        with self._changed:
            self._unwritten = bool(self._todo)
            self._changed.notify_all()

    def _turn(self, todo: list[tuple[str, Any]], heard: Heard | None) -> bool:
        """Write what was handed over; whether it is to be on the disk at once."""
        rows: list[Row] = []
        for kind, what in todo:
            try:
                rows += self._take(kind, what)
            except OSError as fault:  # what follows in the same turn, a begin perhaps, must not go
                self._fail(fault)
        if heard is not None and self._head is not None:
            rows.append(self._keep_heard(heard))
        self._write(rows)
        return any(kind in ("input", "told") for kind, _ in rows)

    def _take(self, kind: str, what: Any) -> list[Row]:
        """One thing that was handed over: kept in memory, and as rows for the file."""
        if kind == "begin":
            self._begin(*what)
        elif kind == "over":
            self._end()
        elif kind == "given up":
            self._file.remove()
        elif self._head is not None:
            return self._keep(kind, what)
        return []

    def _keep(self, kind: str, what: Any) -> list[Row]:
        """What comes while a session runs."""
        if kind == "head":
            self._head, self._anew = _head_row(what), True
            return []
        if kind == "stand":
            self._stretches.append(_Stretch(what))
            return [("stand", stand_json(what))]
        row = (kind, what.model_dump(mode="json"))
        (self._told if kind == "told" else self._stretches[-1].rows).append(row)
        return [row]

    def _begin(self, head: Head, stand: Stand, told: tuple[Event, ...]) -> None:
        self._head = _head_row(head)
        self._told = [("told", event.model_dump(mode="json")) for event in told]
        self._stretches = deque([_Stretch(stand, [("heard", head.heard.row())])])
        self._anew = True

    def _keep_heard(self, heard: Heard) -> Row:
        row = ("heard", heard.row())
        last = self._stretches[-1].rows
        if last and last[-1][0] == "heard":
            last.pop()
        last.append(row)
        while len(self._stretches) > 1 and self._stretches[1].stand.state.frame <= heard.frame:
            self._stretches.popleft()
        return row

    def _write(self, rows: list[Row]) -> None:
        if self._head is None:
            return
        now_s = time.monotonic()
        again = not self._well and (now_s - self._tried_s >= AGAIN_S or self._closed)
        if self._anew or again:
            self._anew = False
            self._write_anew()
            return
        if not self._well:
            return
        if rows:
            self._file.append(b"".join(self._line(row) for row in rows))

    def _to_disk(self, *, urgent: bool) -> None:
        if self._head is None or not self._well:
            return
        now_s = time.monotonic()
        if urgent or now_s - self._on_disk_s >= TO_DISK_S:
            self._file.to_disk()
            self._on_disk_s = now_s
        if self._file.large:
            self._write_anew()

    def _write_anew(self) -> None:
        self._tried_s = time.monotonic()
        self._number = 0
        self._file.write_anew(self._line(row) for row in self._all_rows())
        self._on_disk_s, self._well = self._tried_s, True

    def _all_rows(self) -> Iterator[Row]:
        """All that is still needed."""
        if self._head is None:
            return
        yield self._head
        facts = self._stretches[0].stand.state.facts
        yield "facts", [KNOWN.dump_python(known, mode="json") for known in facts]
        yield from self._told
        for stretch in self._stretches:
            yield "stand", stand_json(stretch.stand)
            yield from stretch.rows

    def _line(self, row: Row) -> bytes:
        self._number += 1
        return line_of(self._number, *row)

    def _end(self) -> None:
        """Nothing is kept of a session that is over; where it cannot be removed, a line says so."""
        if self._head is None:
            return
        self._head, self._told, self._stretches, self._anew = None, [], deque(), False
        try:
            self._file.remove()
        except OSError:
            self._file.append(self._line(("over", None)))
            self._file.to_disk()

    def _fail(self, fault: Exception) -> None:
        """Say it once, and go on when the disk does."""
        print(f"journal: {fault!r}", file=sys.stderr)  # noqa: T201 - the engine's log
        if self._well and self._head is not None:
            why = fault.strerror if isinstance(fault, OSError) and fault.strerror else "it failed"
            self._say(f"the place in this session cannot be kept on the disk ({why.lower()})")
        self._well = False

    def _finish(self) -> None:
        try:
            if self._head is not None and self._well:
                self._file.to_disk()
            self._file.close()
        except OSError as fault:
            self._fail(fault)


def _head_row(head: Head) -> Row:
    return "head", head.model_dump(mode="json")

"""Scans many files at once, in processes that step back behind everything else.

Each file is kept in the catalogue as soon as it is measured, so a scan that was stopped goes on
where it was. Knows nothing of how things are measured or shown.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

from player import paths
from player.library.catalogue import Broken, Catalogue, Scanned
from player.library.findings import Survey
from player.library.measuring import Measured, Measurer
from player.library.walk import Met
from player.stopping import Stop, Telling
from player.text.words import has_controls

MOST_PROCESSES = 8
"""More only wait for the disk."""
LOOK_EVERY_S = 0.1
UNREADABLE_NAME = "its name is not plain text: sessions leave it out until it is renamed"

GRACE_S = 10.0
"""So long files in hand may still take once a scan was asked to end."""
LOOKED_UP_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result."""

    place: str
    """The file's absolute path, as text."""
    found: Scanned
    not_music: str = ""
    """What the file is, where nobody would take it for music."""

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(self.place)

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with it, in words."""
        if isinstance(self.found, Broken):
            return (self.found.why,)
        return self.found.faults


class Scan:
    """One scan of what was met. Leave it, and its processes end at once."""

    def __init__(
        self, files: Sequence[Met], *, catalogue: Path | None = None, processes: int | None = None
    ) -> None:
        self.warning: str | None = None
        """A sentence for people where the catalogue could not be used."""
        self._files = files
        self._catalogue = catalogue or paths.catalogue()
        self._told: dict[str, Scanned] = {}
        """What the catalogue could not keep."""
        self._pool: _Pool | None = None
        self._processes = processes or _processors()
        self._done = 0
        self._total = 0

    def __enter__(self) -> Scan:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.close()
            self._done += len(list(self._pool.answers(0)))

    @property
    def counted(self) -> tuple[int, int]:
        """How many files were measured in this run, and how many there were to measure."""
        return self._done, self._total

    def run(
        self,
        progress: Telling,
        stop: Stop | None = None,
        say: Callable[[str], None] = lambda sentence: None,
    ) -> Iterator[Row]:
        """Measure what is not known yet; a row for each file that was met, in the same order.

        Once the end was asked for, the files in hand are let finish for a while, which `say` is
        told, or ended at once where it was asked for twice; then it raises KeyboardInterrupt.
        """
        stop = stop or Stop()
        asked = (met.place for met in self._files if not (met.fault or met.not_music))
        with Catalogue(self._catalogue) as catalogue:
            look = stop.heeded_by(progress)
            unknown = list(_looking_up(catalogue.to_scan(asked), look))
            self.warning = catalogue.warning
        self._total = len(unknown)
        if unknown:
            self._measure(unknown, progress, stop, say)
        return self._rows(stop)

    def _rows(self, stop: Stop) -> Iterator[Row]:
        """What is known of each file now, a few hundred at a time: memory stays flat."""
        files = iter(self._files)
        with Catalogue(self._catalogue) as catalogue:
            while some := list(islice(files, LOOKED_UP_AT_ONCE)):
                if stop.times:
                    raise KeyboardInterrupt
                asked = [met.place for met in some if not (met.fault or met.not_music)]
                found = dict(zip(asked, catalogue.last_found(asked), strict=True))
                for met in some:
                    yield _row(met, self._told.get(met.place) or found.get(met.place))

    def _measure(
        self, unknown: list[str], progress: Telling, stop: Stop, say: Callable[[str], None]
    ) -> None:
        """Long files first, so that no process is left alone with one at the end."""
        sizes = {place: _size(place) for place in unknown}
        whole, done, wanted = sum(sizes.values()), 0, len(unknown)
        waiting = deque(sorted(unknown, key=lambda place: -sizes[place]))
        self._pool = pool = _Pool(waiting, self._processes, self._catalogue)
        until_s: float | None = None
        while self._done < wanted:
            for measured in pool.answers(LOOK_EVERY_S):
                done += sizes[self._heard(measured)]
            under_way = pool.under_way()
            now = sum(sizes[place] * fraction for place, fraction in under_way)
            name = Path(under_way[0][0]).name if under_way else ""
            progress(f"{self._done} of {self._total}  {name}", (done + now) / whole)
            if stop.times and until_s is None:
                wanted -= pool.dismiss()
                until_s = time.monotonic() + GRACE_S
                say(_stopping(wanted - self._done))
            if until_s is not None and (stop.times > 1 or time.monotonic() > until_s):
                break
        if until_s is not None:
            raise KeyboardInterrupt

    def _heard(self, measured: Measured) -> str:
        place = str(measured.path)
        if not measured.kept:
            self._told[place] = measured.survey or _broken(measured)
        self._done += 1
        return place


def _looking_up(unknown: Iterator[str], look: Telling) -> Iterator[str]:
    """The same files; is interrupted where the end is asked for."""
    for number, place in enumerate(unknown):
        if number % LOOKED_UP_AT_ONCE == 0:
            look("looking up what is known", 0.0)
        yield place


def _stopping(in_hand: int) -> str:
    if not in_hand:
        return "stopping"
    files = "1 file is" if in_hand == 1 else f"{in_hand} files are"
    return f"stopping: {files} still being measured, for {GRACE_S:.0f} s at most; again: at once"


class _Pool:
    """Several measurers, each given the next file when it has answered."""

    def __init__(self, waiting: deque[str], processes: int, catalogue: Path) -> None:
        self._waiting = waiting
        self._answers: queue.SimpleQueue[Measured] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._current: dict[int, str] = {}
        self._measurers = [
            Measurer(catalogue=catalogue, all_of_it=True, on_measured=self._heard_by(number))
            for number in range(min(processes, len(waiting)))
        ]
        for number in range(len(self._measurers)):
            self._feed(number)

    def answers(self, timeout_s: float) -> Iterable[Measured]:
        """What was found since the last time; waits so long for the first."""
        try:
            yield self._answers.get(timeout=timeout_s)
            while True:
                yield self._answers.get_nowait()
        except queue.Empty:
            return

    def dismiss(self) -> int:
        """Begin no further file; how many are left undone."""
        with self._lock:
            undone = len(self._waiting)
            self._waiting.clear()
        return undone

    def under_way(self) -> list[tuple[str, float]]:
        """The files in hand, and how far each is."""
        with self._lock:
            current = list(self._current.items())
        return [
            (place, self._measurers[number].progress(Path(place)) or 0.0)
            for number, place in current
        ]

    def close(self) -> None:
        """End all processes at once."""
        with self._lock:
            self._waiting.clear()
        for measurer in self._measurers:
            measurer.close()

    def _heard_by(self, number: int) -> Callable[[Measured], None]:
        def heard(measured: Measured) -> None:
            self._feed(number)
            self._answers.put(measured)

        return heard

    def _feed(self, number: int) -> None:
        with self._lock:
            place = self._waiting.popleft() if self._waiting else None
            if place is None:
                self._current.pop(number, None)
                return
            self._current[number] = place
        self._measurers[number].add([Path(place)])


def as_json(row: Row) -> dict[str, Any]:
    """A row as `scan --json` prints it; figures that could not be had are null."""
    survey = row.found if isinstance(row.found, Survey) else None
    return {
        "path": row.place,
        "seconds": survey and round(survey.seconds, 3),
        "lufs": survey and round(survey.lufs, 2),
        "lra": survey and survey.lra,
        "true_peak_dbtp": survey and round(survey.facts.true_peak_dbtp, 2),
        "rises": [rise._asdict() for rise in survey.rises] if survey else [],
        "silences": [silence._asdict() for silence in survey.silences] if survey else [],
        "clipped_samples": survey.clipped_samples if survey else 0,
        "tags": dict(survey.tags) if survey else {},
        "faults": list(row.faults),
    }


def _row(met: Met, found: Scanned | None) -> Row:
    if met.not_music:
        return Row(met.place, Broken(met.fault or f"is not music: {met.not_music}"), met.not_music)
    if found is None:
        return Row(met.place, Broken(met.fault or "could not be measured"))
    if has_controls(met.place):
        return Row(met.place, _with_fault(found, UNREADABLE_NAME))
    if isinstance(found, Broken) and _is_dead_link(met.path):
        return Row(met.place, Broken("is a link that leads nowhere"))
    return Row(met.place, found)


def _with_fault(found: Scanned, fault: str) -> Scanned:
    if isinstance(found, Broken):
        return Broken(f"{found.why}; {fault}")
    return replace(found, faults=(*found.faults, fault))


def _broken(measured: Measured) -> Broken:
    known = measured.known
    return known if isinstance(known, Broken) else Broken("could not be measured")


def _is_dead_link(path: Path) -> bool:
    try:
        if not path.is_symlink():
            return False
    except OSError:  # within a closed folder
        return False
    try:
        return not path.is_file()
    except OSError:  # a link to itself
        return True


def _size(place: str) -> int:
    try:
        return max(1, Path(place).stat().st_size)
    except OSError:
        return 1


def _processors() -> int:
    """As many as may be used: a container or `taskset` may allow fewer than there are."""
    allowed = getattr(os, "sched_getaffinity", None)
    count = len(allowed(0)) if allowed is not None else os.cpu_count() or 1
    return max(1, min(MOST_PROCESSES, count))

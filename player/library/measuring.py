"""Has files measured by a process of its own, one at a time, in the order they will be needed.

Knows nothing of how things are measured: `worker` does that, and fills the catalogue.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import player
from player import paths
from player.library.catalogue import Broken, Known
from player.timeline.plan import TrackFacts

TRIES = 2
"""A process that dies is started once more; the file it dies on again counts as broken."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found out about one file."""

    path: Path
    known: Known
    """Its figures, or why it cannot be played."""


class Measurer:
    """A queue of files to measure and the process that does it. Close it, or it stays.

    Results are kept for `poll`, or given to `on_measured` on a thread of the measurer's own.
    """

    def __init__(
        self,
        files: Iterable[Path] = (),
        *,
        catalogue: Path | None = None,
        on_measured: Callable[[Measured], None] | None = None,
        log: int | IO[bytes] = subprocess.DEVNULL,
    ) -> None:
        self._catalogue = catalogue or paths.catalogue()
        self._on_measured = on_measured
        self._log = log
        self._waiting: list[Path] = list(dict.fromkeys(files))
        self._current: Path | None = None
        self._fraction = 0.0
        self._finished: set[Path] = set()
        self._results: list[Measured] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="measuring", daemon=True)
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Everything that was asked for is answered."""
        with self._changed:
            return self._current is None and not self._waiting

    @property
    def process_id(self) -> int | None:
        """The process that measures; None while there is none."""
        with self._changed:
            return self._process.pid if self._process is not None else None

    def add(self, files: Iterable[Path]) -> None:
        """Have more files measured, after those that wait."""
        with self._changed:
            known = {*self._waiting, self._current}
            self._waiting += [file for file in dict.fromkeys(files) if file not in known]
            self._changed.notify_all()

    def hurry(self, path: Path) -> None:
        """Have a file measured next, whether it was asked for before or not."""
        with self._changed:
            if path == self._current:
                return
            if path in self._waiting:
                self._waiting.remove(path)
            self._waiting.insert(0, path)
            self._changed.notify_all()

    def progress(self, path: Path) -> float | None:
        """How far a file is, 0 to 1; None for one that was not begun."""
        with self._changed:
            if path == self._current:
                return self._fraction
            return 1.0 if path in self._finished else None

    def poll(self) -> list[Measured]:
        """What was found since the last poll, in order; never waits."""
        with self._changed:
            results, self._results = self._results, []
        return results

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until everything is answered, at most so long; whether it is."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._closed or (self._current is None and not self._waiting), timeout_s
            )

    def close(self) -> None:
        """End the process at once, whatever it is at; may be called twice."""
        with self._changed:
            self._closed = True
            if self._process is not None:
                self._process.kill()
            self._changed.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        tries = 0
        while (path := self._next()) is not None:
            known = self._ask(path)
            tries = 0 if known is not None else tries + 1
            if known is None and tries < TRIES and not self._closed:
                self._put_back(path)
                continue
            if known is None:
                known, tries = Broken("could not be measured: the process for it died"), 0
            self._answer(Measured(path, known))
        self._end_process()

    def _put_back(self, path: Path) -> None:
        """Have the file that a dead process had in hand tried again."""
        with self._changed:
            self._current = None
            self._waiting.insert(0, path)

    def _next(self) -> Path | None:
        """The next file; while there is none the process is let go. None when closed."""
        with self._changed:
            if not self._waiting and not self._closed:
                self._end_process()
            self._changed.wait_for(lambda: self._closed or self._waiting)
            if self._closed:
                return None
            self._current, self._fraction = self._waiting.pop(0), 0.0
            return self._current

    def _answer(self, measured: Measured) -> None:
        if self._on_measured is not None and not self._closed:
            self._on_measured(measured)
        with self._changed:
            self._current = None
            self._finished.add(measured.path)
            if self._on_measured is None:
                self._results.append(measured)
            self._changed.notify_all()

    def _ask(self, path: Path) -> Known | None:
        """What the process says of a file; None where it died."""
        try:
            process = self._running()
            if process is None or process.stdin is None or process.stdout is None:
                return None
            process.stdin.write(json.dumps({"measure": str(path)}).encode() + b"\n")
            process.stdin.flush()
            for line in process.stdout:
                known = self._heard(json.loads(line))
                if known is not None:
                    return known
        except (OSError, ValueError, KeyError):
            pass
        self._end_process()
        return None

    def _heard(self, line: dict[str, str | float]) -> Known | None:
        """The result in a line from the process; None for mere progress."""
        if "progress" in line:
            with self._changed:
                self._fraction = float(line["progress"])
        if "broken" in line:
            return Broken(str(line["broken"]))
        if "frames" not in line:
            return None
        return TrackFacts(
            frames=int(line["frames"]),
            lufs=float(line["lufs"]),
            true_peak_dbtp=float(line["true_peak_dbtp"]),
        )

    def _running(self) -> subprocess.Popen[bytes] | None:
        """The process, started if need be; None when closed."""
        with self._changed:
            if self._closed:
                return None
            if self._process is None:
                self._process = _started(self._catalogue, self._log)
            return self._process

    def _end_process(self) -> None:
        with self._changed:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            with contextlib.suppress(OSError), process:  # what it never read cannot be flushed
                pass


def _started(catalogue: Path, log: int | IO[bytes]) -> subprocess.Popen[bytes]:
    """The worker, with this very package and nothing from the folder we happen to be in."""
    ours = str(Path(player.__file__).parent.parent)
    before = os.environ.get("PYTHONPATH")
    environment = {**os.environ, "PYTHONPATH": f"{ours}{os.pathsep}{before}" if before else ours}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "player.library.worker", str(catalogue)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=environment,
        creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
    )

"""Has files measured by a process of its own, one at a time, in the order they will be needed.

Knows nothing of how things are measured: `worker` does that, and fills the catalogue.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from player import paths, starting
from player.library.catalogue import Broken, Known
from player.library.findings import Survey, survey_of, with_places
from player.timeline.plan import TrackFacts

PATIENCE_S = 60.0
"""A file is told of at least every 11 s of sound, 30 ms of work: this is a thousand times that."""
TRIES = 2
"""A process that dies is started once more; the file it dies on again counts as broken."""
AGAIN_S = 1.0
"""So long it is waited before that: a machine short of processes or memory may have some then."""
CLOSING_S = 1.0
"""A process that a disk holds ends when the disk answers: whoever closes does not wait for it."""

DIED = "could not be measured: the process for it died"
HUNG = "could not be measured: reading it never ended"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found out about one file."""

    path: Path
    known: Known
    """Its figures, or why it cannot be played."""
    survey: Survey | None = None
    """All that was found out; None where it cannot be played, or only its loudness was asked."""
    kept: bool = False
    """Whether the catalogue has it."""


class Measurer:
    """A queue of files to measure and the process that does it. Close it, or it stays.

    Results are kept for `poll`, or given to `on_measured` on a thread of the measurer's own.
    With `all_of_it` a file whose loudness alone is known is scanned again. A process that says
    nothing for `patience_s` has come upon a file that hangs it.
    """

    def __init__(
        self,
        files: Iterable[Path] = (),
        *,
        catalogue: Path | None = None,
        on_measured: Callable[[Measured], None] | None = None,
        all_of_it: bool = False,
        patience_s: float = PATIENCE_S,
        log: int | IO[bytes] = subprocess.DEVNULL,
    ) -> None:
        self._catalogue = catalogue or paths.catalogue()
        self._on_measured = on_measured
        self._kind = "scan" if all_of_it else "measure"
        self._patience_s = patience_s
        self._log = log
        self._waiting: list[Path] = list(dict.fromkeys(files))
        self._current: Path | None = None
        self._fraction = 0.0
        self._heard_s = 0.0
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
        """End the process at once, waiting CLOSING_S at most for it; may be called twice."""
        with self._changed:
            self._closed = True
            if self._process is not None:
                self._process.kill()
            self._changed.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join(CLOSING_S)

    def _run(self) -> None:
        tries = 0
        while (path := self._next()) is not None:
            measured = self._ask(path)
            tries = 0 if measured is not None else tries + 1
            if measured is None and tries < TRIES and not self._closed:
                self._put_back(path)
                continue
            if measured is None:
                measured, tries = Measured(path, Broken(DIED)), 0
            self._answer(measured)
        self._end_process()

    def _put_back(self, path: Path) -> None:
        """Have the file that a dead process had in hand tried again, in a while."""
        with self._changed:
            self._current = None
            self._waiting.insert(0, path)
            self._changed.wait_for(lambda: self._closed, AGAIN_S)

    def _next(self) -> Path | None:
        """The next file; while there is none the process is let go. None when closed."""
        if self.idle:
            self._end_process()
        with self._changed:
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
            if self._on_measured is None:
                self._finished.add(measured.path)
                self._results.append(measured)
            self._changed.notify_all()

    def _ask(self, path: Path) -> Measured | None:
        """What the process says of a file; None where it died, or could not be started."""
        hung = threading.Event()
        try:
            process = self._running()
            if process is None or process.stdin is None or process.stdout is None:
                return None
            process.stdin.write(json.dumps({self._kind: str(path)}).encode() + b"\n")
            process.stdin.flush()
            with self._watched(process, hung):
                for line in process.stdout:
                    measured = self._heard(path, json.loads(line))
                    if measured is not None:
                        return measured
        except (OSError, ValueError, KeyError, TypeError):
            pass
        except Exception:  # without this thread nothing would be measured any more
            traceback.print_exc()
        self._end_process()
        return Measured(path, Broken(HUNG)) if hung.is_set() else None

    @contextlib.contextmanager
    def _watched(self, process: subprocess.Popen[bytes], hung: threading.Event) -> Iterator[None]:
        """While within, a process that is silent for too long is killed; then `hung` is set."""
        answered = threading.Event()
        self._heard_s = time.monotonic()

        def watch() -> None:
            left_s = self._patience_s
            while not answered.wait(left_s):
                left_s = self._heard_s + self._patience_s - time.monotonic()
                if left_s <= 0:
                    hung.set()
                    process.kill()
                    return

        threading.Thread(target=watch, name="watching", daemon=True).start()
        try:
            yield
        finally:
            answered.set()

    def _heard(self, path: Path, line: dict[str, Any]) -> Measured | None:
        """The result in a line from the process; None for mere progress."""
        self._heard_s = time.monotonic()
        if "progress" in line:
            with self._changed:
                self._fraction = float(line["progress"])
        kept = bool(line.get("kept"))
        if "broken" in line:
            return Measured(path, Broken(str(line["broken"])), kept=kept)
        if "frames" not in line:
            return None
        facts = TrackFacts(
            frames=int(line["frames"]),
            lufs=float(line["lufs"]),
            true_peak_dbtp=float(line["true_peak_dbtp"]),
        )
        trims, energy = line.get("trims", (0, 0)), line.get("energy")
        facts = with_places(facts, line.get("eases", ()), trims, energy, line.get("pulse_lu"))
        survey = survey_of(facts, line["found"]) if "found" in line else None
        return Measured(path, facts, survey, kept)

    def _running(self) -> subprocess.Popen[bytes] | None:
        """The process, started if need be; None when closed."""
        with self._changed:
            if self._closed or self._process is not None:
                return None if self._closed else self._process
        process = _started(self._catalogue, self._log)  # by this thread alone; nobody waits for it
        with self._changed:
            self._process = process
            if self._closed:
                process.kill()
        return process

    def _end_process(self) -> None:
        with self._changed:
            process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(OSError), process:  # what it never read cannot be flushed
                process.kill()


def _started(catalogue: Path, log: int | IO[bytes]) -> subprocess.Popen[bytes]:
    """The worker."""
    # Threads of its own would only wait for each other.
    environment = starting.environment() | {"OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(
        starting.words("player.library.worker", str(catalogue)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=environment,
        creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
    )

"""The keeper: starts the engine, watches it, and brings it back. Tiny; standard library only.

``python -m player.engine.keeper RUNTIME ENGINE_LOCK LOG [again]``. It knows nothing of sound or
sessions: an engine that ends with 0 ended in good order, all else is a fault. It is one of its kind
by a lock; an engine that runs already is adopted. Where the folder of all that was taken away, the
engine makes it anew, and the keeper finds its place in it again.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from player import starting
from player.engine.beat import (
    CONTROL,
    LEAVING,
    PID,
    RUNS,
    SESSION,
    SOUND,
    STANDING_BY,
    Beat,
    lies_at,
    tidy,
)
from player.engine.locks import Lock, is_free

LOOK_S = 0.25
HUNG_LOOKS = 7
"""So many looks without a sign of life, 1.75 s, and an engine counts as hung."""
LATELY_LOOKS = 2
LEAVING_LOOKS = 60
"""The same for one that is ending."""
BEGIN_LOOKS = 80
"""The same for one that has not begun to count: a cold start on a slow disk."""
CALLED_LOOKS = 12
"""The same for one that stood by and had all loaded: it has only to begin. 3 s."""
QUICK_S = 3.0
"""An engine that lived shorter than this died at once."""
MOST_QUICK = 3
"""So many deaths at once in a row, and it is given up."""
MOST_DEATHS, DEATHS_S = 12, 120.0
"""So many in so long, and it is given up too: music that comes and goes does harm."""
WAITS_S = (0.0, 0.5, 2.0)
"""Before the next start, by how often it died at once."""
START_TRIES, TRY_S = 20, 0.5
"""Where the system starts no process, as with too many of them, that often; then it is given up."""
SPARE_LOOKS = 12
"""An engine stands by from 3 s after another began; so often it is tried."""
STANDS_BY = "stands-by"
GO = "go"
"""What an engine that stands by is told on its standard input, or what AGAIN says to others."""
LOCK = "keeper.lock"
"""In the runtime folder."""

AGAIN = "STILLROOM_AGAIN"
"""Set for an engine that follows one that ended while a session ran: it brings that back."""
DIED, HUNG = "died", "hung"
"""What AGAIN says of the one before; of one that hung, the system played on what it held."""


class Keeper:
    """One engine after another, until one ends in good order."""

    def __init__(
        self, runtime: Path, engine_lock: Path, log: Path, place: Lock, *, again: bool
    ) -> None:
        self._runtime = runtime
        self._engine_lock = engine_lock
        self._log = log
        self._place = place
        self._again = again
        self._hung = False
        """Whether the engine before was ended because it hung."""
        self._asked_to_part = False
        self._replaced = False
        self._engine: subprocess.Popen[bytes] | None = None
        self._spare: subprocess.Popen[bytes] | None = None
        self._has_loaded = False
        """Whether the one that stands by said so."""

    def run(self) -> int:
        """Keep until there is nothing to keep. The exit code: 1 where the engine was given up."""
        for name in ("SIGTERM", "SIGHUP", "SIGINT"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._part)
        quick = 0
        deaths: list[float] = []
        while not self._asked_to_part:
            began = time.monotonic()
            try:
                ended_well = self._watch_one()
            except OSError as fault:
                if self._asked_to_part:
                    break
                self._give_up(f"no process can be started ({fault.strerror}): the sound")
                return 1
            if ended_well or self._asked_to_part or self._replaced:
                break
            quick = quick + 1 if time.monotonic() - began < QUICK_S else 0
            now = time.monotonic()
            deaths = [*(death for death in deaths if now - death < DEATHS_S), now]
            if quick >= MOST_QUICK or len(deaths) >= MOST_DEATHS:
                self._give_up(_died(quick, len(deaths)))
                return 1
            time.sleep(WAITS_S[quick])
        return 0

    def leave(self) -> None:
        """Nothing is watched any more, unless by another keeper."""
        if not self._replaced:
            with contextlib.suppress(OSError):
                lies_at(self._runtime).unlink()

    def _watch_one(self) -> bool:
        """Adopt the engine that runs, or start one; whether it ended in good order."""
        if self._runs():
            self._note("the engine runs without a keeper: it is kept from now on")
            return self._watch_adopted()
        with contextlib.suppress(OSError):
            (self._runtime / "given-up").unlink()
            self._again = False  # what killed one after another is offered, never begun by itself
        environment = starting.environment()
        environment.pop(AGAIN, None)
        if self._again:
            environment[AGAIN] = self._before
        beat = self._beat(fresh=True)
        looks = CALLED_LOOKS if self._has_loaded else BEGIN_LOOKS
        self._engine = self._called_up()
        if self._engine is None:
            self._engine, looks = self._started(environment), BEGIN_LOOKS
        self._hung = False
        return self._watch_own(self._engine, _Looks(beat, looks))

    def _started(self, environment: dict[str, str]) -> subprocess.Popen[bytes]:
        """A new engine. Raises OSError where the system starts none for long."""
        words = starting.words("player.engine")
        tries = 0
        while True:
            try:
                return subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL)
            except OSError as fault:
                self._note(f"no engine can be started: {fault}")
                tries += 1
                if tries >= START_TRIES or self._asked_to_part:
                    raise
            time.sleep(TRY_S)

    @property
    def _before(self) -> str:
        return HUNG if self._hung else DIED

    def _called_up(self) -> subprocess.Popen[bytes] | None:
        """The engine that stood by, on its way; None where there is none."""
        spare, self._spare = self._spare, None
        if spare is None or spare.stdin is None or spare.poll() is not None:
            return None
        try:
            spare.stdin.write(f"{self._before if self._again else GO}\n".encode())
            spare.stdin.close()
        except OSError:
            return None
        return spare

    def _have_one_stand_by(self, looks: int) -> None:
        """Once an engine has settled, another loads all it needs and waits: half the way back."""
        if self._spare is None and looks % SPARE_LOOKS == 0:
            self._spare = subprocess.Popen(
                starting.words("player.engine", STANDS_BY),
                env=starting.environment(),
                stdin=subprocess.PIPE,
            )

    def _watch_own(self, engine: subprocess.Popen[bytes], hung: _Looks) -> bool:
        looks = 0
        while not self._replaced:
            try:
                code = engine.wait(LOOK_S)
            except subprocess.TimeoutExpired:
                looks += 1
                self._look_around(hung, looks)
                if hung.look():
                    self._note("the engine hangs: it is ended, and started again")
                    self._hung = True
                    engine.kill()
                continue
            if code != 0:
                self._note(f"the engine ended with {code}")
                self._look_back(hung.beat)
            return code == 0
        return False

    def _watch_adopted(self) -> bool:
        hung, looks = _Looks(self._beat(fresh=False)), 0
        while self._adopted_runs(hung) and not self._replaced:
            looks += 1
            self._look_around(hung, looks)
            if self._asked_to_part:
                _signal(hung.beat, signal.SIGTERM)
                self._asked_to_part = False
            if hung.look():
                self._note("the engine hangs: it is ended, and started again")
                self._hung = True
                _signal(hung.beat, getattr(signal, "SIGKILL", signal.SIGTERM))
            time.sleep(LOOK_S)
        self._look_back(hung.beat)
        return hung.beat is not None and bool(hung.beat[LEAVING])

    def _look_back(self, beat: Beat | None) -> None:
        """Whether the engine that died had a session; where it did not come so far, as before.

        And whether the one that stands by is ready.
        """
        spare = self._spare.pid if self._spare is not None else 0
        self._has_loaded = beat is not None and beat[STANDING_BY] == spare
        if beat is None:
            self._again = True
        elif beat[SESSION]:
            self._again = beat[SESSION] == RUNS

    def _adopted_runs(self, hung: _Looks) -> bool:
        """By its lock; where that was taken away, by its signs of life until it has a new one."""
        return self._runs() or (not self._engine_lock.exists() and hung.lives)

    def _look_around(self, hung: _Looks, looks: int) -> None:
        """Have another engine stand by; and see to its own place, and to where the signs are."""
        with contextlib.suppress(OSError):
            self._have_one_stand_by(looks)
        with contextlib.suppress(OSError):
            if not self._place.look():
                self._note("another keeper has taken over")
                self._replaced = True
            hung.follow(lies_at(self._runtime))

    def _runs(self) -> bool:
        """Whether an engine holds the engine's lock."""
        return not is_free(self._engine_lock)

    def _beat(self, *, fresh: bool) -> Beat | None:
        try:
            self._runtime.mkdir(mode=0o700, exist_ok=True)
            return Beat(lies_at(self._runtime), fresh=fresh)
        except OSError as fault:
            self._note(f"no signs of life can be had: {fault}")
            return None

    def _part(self, number: int, _frame: object) -> None:
        """Asked to end: the engine fades and ends, and so does the keeper."""
        self._asked_to_part = True
        if self._engine is not None and self._engine.poll() is None:
            self._engine.terminate()

    def _give_up(self, what: str) -> None:
        line = f"{what} was given up; {self._log} says why"
        self._note(line)
        with contextlib.suppress(OSError):
            path = self._runtime / "given-up"
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as out:
                out.write(line)

    def _note(self, line: str) -> None:
        with contextlib.suppress(OSError):
            stamp = time.strftime("%Y-%m-%d %H:%M:%S")
            handle = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8", errors="replace") as log:
                log.write(f"{stamp} keeper: {line}\n")


def _died(quick: int, deaths: int) -> str:
    if quick >= MOST_QUICK:
        return f"the sound died at once {quick} times in a row and"
    return f"the sound broke off {deaths} times within {DEATHS_S / 60:.0f} minutes and"


class _Looks:
    """Counts looks at an engine that shows no sign of life. A look is one however late it comes:
    a machine that slept, or a keeper that was held up, does not make an engine hang."""

    def __init__(self, beat: Beat | None, begin_looks: int = BEGIN_LOOKS) -> None:
        self.beat = beat
        self._begin_looks = begin_looks
        self._seen = (-1, -1)
        self._without = [0, 0]

    def follow(self, path: Path) -> None:
        """Look at the file that lies there now, where it is another. Raises OSError."""
        if path.exists() and (self.beat is None or not self.beat.is_at(path)):
            self.beat = Beat(path)

    @property
    def lives(self) -> bool:
        """Whether it showed a sign of life lately."""
        return self.beat is not None and max(self._without) < LATELY_LOOKS

    def look(self) -> bool:
        """Whether it hangs."""
        if self.beat is None:
            return False
        now = (self.beat[SOUND], self.beat[CONTROL])
        for place in (0, 1):
            same = now[place] == self._seen[place]
            self._without[place] = self._without[place] + 1 if same else 0
        self._seen = now
        most = HUNG_LOOKS if all(now) else self._begin_looks
        if self.beat[LEAVING]:
            most = LEAVING_LOOKS
        if max(self._without) < most:
            return False
        self._without = [0, 0]
        return True


def _signal(beat: Beat | None, number: int) -> None:
    """Send a signal to an engine that is known to run, by the process that it wrote down."""
    process = beat[PID] if beat is not None else 0
    if process:
        with contextlib.suppress(OSError):
            os.kill(process, number)


def main() -> int:
    """Run the one keeper; at once done where there is one already."""
    runtime, engine_lock, log, *more = sys.argv[1:]
    place = Lock.take(Path(runtime) / LOCK)
    if place is None:
        return 0
    with place:
        tidy()
        keeper = Keeper(Path(runtime), Path(engine_lock), Path(log), place, again="again" in more)
        code = keeper.run()
        keeper.leave()
        return code


if __name__ == "__main__":
    sys.exit(main())

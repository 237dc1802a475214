"""Ctrl-C and the polite signals of the system, for long commands that tidy up behind them.

A signal only leaves word; the work looks at it where it tells how far it is. An exception out of
the blue could be swallowed by a library's callback, or break into the tidying. Only who asks
again, seconds later, interrupts at once: the work may hang where nothing is looked at.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

from player.units import Seconds

POLITE = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""As far as a system knows them."""
AGAIN_S: Seconds = 2.0
"""Asked again this long after the first time, the work is interrupted wherever it is."""

Telling = Callable[[str, float], None]
"""Told what is being done, and how far from 0 to 1."""


class Stop:
    """Whether somebody asked for the end."""

    def __init__(self) -> None:
        self.times = 0
        """How often the end was asked for."""
        self._asked_s: Seconds | None = None

    def heeded_by(self, tell: Telling) -> Telling:
        """The same telling; it raises KeyboardInterrupt once the end was asked for."""

        def told(what: str, fraction: float) -> None:
            if self._asked_s is not None:
                raise KeyboardInterrupt
            tell(what, fraction)

        return told

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        """Take a signal."""
        now_s = time.monotonic()
        self.times += 1
        if self._asked_s is not None and now_s - self._asked_s > AGAIN_S:
            raise KeyboardInterrupt
        if self._asked_s is None:
            self._asked_s = now_s


@contextlib.contextmanager
def stoppable() -> Iterator[Stop]:
    """Within, polite signals leave word with the Stop. Off the main thread it hears of none."""
    stop = Stop()
    numbers = _heard() if threading.current_thread() is threading.main_thread() else []
    before = {number: signal.signal(number, stop.ask) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _heard() -> list[signal.Signals]:
    """Those that are not ignored already: nohup, or a shell's job in the background."""
    known = [getattr(signal, name) for name in POLITE if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]

"""One line that says how far a long command is; silent where nobody looks at a terminal."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TextIO

WIDTH = 30
EVERY_S = 0.1


class Progress:
    """Called with what is being done and a fraction; draws in place, leaves nothing behind."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._shows = out.isatty()
        self._drawn_s = -EVERY_S
        self._length = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.clear()

    def clear(self) -> None:
        """Take the line away, so that something may be said."""
        if self._length:
            self._out.write("\r" + " " * self._length + "\r")
            self._out.flush()
            self._length = 0

    def __call__(self, what: str, fraction: float) -> None:
        """Draw the line anew, ten times a second at most."""
        now_s = time.monotonic()
        if not self._shows or (now_s - self._drawn_s < EVERY_S and fraction < 1):
            return
        self._drawn_s = now_s
        full = round(max(0.0, min(1.0, fraction)) * WIDTH)
        bar = "=" * full + "-" * (WIDTH - full)
        line = f"[{bar}] {fraction:4.0%}  {what[:40]}"
        self._out.write("\r" + line.ljust(self._length))
        self._out.flush()
        self._length = max(self._length, len(line))

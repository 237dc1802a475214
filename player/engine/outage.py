"""Times in which nothing is heard: the output is lost, or the sound lags behind elapsed time.

Knows nothing of the session: `playing` does what follows.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from enum import Enum, auto
from typing import NoReturn

from player.sound.outputs.output import Output
from player.units import SAMPLE_RATE, Frame, Frames, Seconds

BY_ITSELF_S: Seconds = 30.0
"""After a shorter break the sound comes back by itself; later the counsellor may have moved on."""


STANDING: Frames = SAMPLE_RATE
"""So far the sound may lag behind elapsed time before that counts as time it stood still."""


class Turn(Enum):
    """What has just become true."""

    LOST = auto()
    LONG = auto()
    """It is away for longer than BY_ITSELF_S: the sound no longer comes back by itself."""
    BACK = auto()
    ASKED_BACK = auto()
    """It is back after long, on an output that the counsellor chose meanwhile."""


class Outage:
    """Looks at one output."""

    def __init__(self, output: Output, clock_s: Callable[[], Seconds]) -> None:
        self._output = output
        self._clock_s = clock_s
        self._since_s: Seconds | None = None
        self._long = False
        self._asked = False

    def look(self) -> Turn | None:
        """What has become true since the last look, once."""
        if self._since_s is None:
            return self._begin() if self._output.lost else None
        if not self._output.lost:
            turn = Turn.ASKED_BACK if self._long and self._asked else Turn.BACK
            self._since_s, self._long, self._asked = None, False, False
            return turn
        if not self._long and self._clock_s() - self._since_s > BY_ITSELF_S:
            self._long = True
            return Turn.LONG
        return None

    def choose(self, device: str) -> str:
        """Look for another output instead; an empty answer, or why not."""
        if not self._output.lost:
            return f"The sound plays on {self._output.name}."
        if device not in self._output.others:
            return f"There is no output {device} now."
        self._asked = True
        self._output.choose(device)
        return ""

    def _begin(self) -> Turn:
        self._since_s = self._clock_s()
        return Turn.LOST


class Lag:
    """How far the sound has fallen behind elapsed time."""

    def __init__(self, frame: Frame) -> None:
        self._ran_to = frame
        self._owed: Frames = 0

    def begin(self, frame: Frame) -> None:
        """What came before counts no more: the programme is at this frame."""
        self._owed, self._ran_to = 0, frame

    def still(self, passed: Frames, frame: Frame) -> Frames:
        """So much it stood still, where that is more than a hold-up, `passed` since the last."""
        self._owed += passed - (frame - self._ran_to)
        self._ran_to = frame
        if self._owed <= STANDING:
            return 0
        still, self._owed = self._owed, 0
        return still


def end_at_once() -> NoReturn:
    """The sound server hangs: to close the output would wait for it, with all of Python.

    The keeper starts a new engine, which goes on from the journal once the server answers.
    """
    print("the sound server hangs: the engine ends, to be started anew", file=sys.stderr)  # noqa: T201 - the engine's log
    if sys.platform != "win32":
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(70)

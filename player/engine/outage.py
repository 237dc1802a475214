"""How long an output has been away, and what that comes to. Knows nothing of the session."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from enum import Enum, auto
from typing import NoReturn

from player.sound.outputs.output import Output
from player.units import Seconds

BY_ITSELF_S: Seconds = 30.0
"""After a shorter break the sound comes back by itself; later the counsellor may have moved on."""


class Turn(Enum):
    """What has just become true."""

    LOST = auto()
    LONG = auto()
    """It is away for longer than BY_ITSELF_S: the sound no longer comes back by itself."""
    BACK = auto()
    CHOSEN = auto()
    """Another that the counsellor chose is there."""


class Outage:
    """Looks at one output."""

    def __init__(self, output: Output, clock_s: Callable[[], Seconds]) -> None:
        self._output = output
        self._clock_s = clock_s
        self._since_s: Seconds | None = None
        self._unheard_s: Seconds | None = None
        self._long = False
        self.chosen = False
        """While it is away: the counsellor chose which one to look for."""

    @property
    def away_s(self) -> Seconds | None:
        """How long it has been away; None while it is there."""
        return None if self._since_s is None else self._clock_s() - self._since_s

    def recall(self, away_s: Seconds, *, told: bool, chosen: bool) -> None:
        """Nothing has been heard for so long, in another process; `told` that it was lost there.

        Else that counts only where it is lost at the first look. `chosen` there.
        """
        since_s = self._clock_s() - away_s
        self.chosen = chosen
        self._since_s, self._unheard_s = (since_s, None) if told else (None, since_s)

    def look(self) -> Turn | None:
        """What has become true since the last look, once."""
        unheard_s, self._unheard_s = self._unheard_s, None
        if self._since_s is None:
            if not self._output.lost:
                self.chosen = False
                return None
            self._since_s = self._clock_s() if unheard_s is None else unheard_s
            return Turn.LOST
        if not self._output.lost:
            turn = Turn.CHOSEN if self.chosen else Turn.BACK
            self._since_s, self._long, self.chosen = None, False, False
            return turn
        if not self._long and self._clock_s() - self._since_s > BY_ITSELF_S:
            self._long = True
            return Turn.LONG
        return None

    def choose(self, device: str) -> str:
        """Look for another output instead; an empty answer, or why not.

        A choice that the last process took, and could not answer, comes again: it is done.
        """
        if device == self._output.name:
            self.chosen = self._output.lost or self._since_s is not None
            return ""
        if not self._output.lost:
            return f"The sound plays on {self._output.name}."
        if device not in self._output.others:
            return f"There is no output {device} now."
        self.chosen = True
        self._output.choose(device)
        return ""


def end_at_once() -> NoReturn:
    """The sound server hangs: to close the output would wait for it, with all of Python.

    The keeper starts a new engine, which goes on from the journal once the server answers.
    """
    print("the sound server hangs: the engine ends, to be started anew", file=sys.stderr)  # noqa: T201 - the engine's log
    if sys.platform != "win32":
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(70)

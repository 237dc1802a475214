"""Times in which nothing is heard, or not yet: the output is lost, the machine slept, the sound
lags behind elapsed time.

Tells what comes of that as inputs and events. Knows nothing of the session: `playing` does them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from player.engine.again import RETURN_FADE
from player.engine.kept import Kept
from player.engine.outage import BY_ITSELF_S, Outage, Turn
from player.sound.deck import GUARD
from player.sound.outputs.output import Output
from player.timeline.events import OutputBack, OutputLost
from player.timeline.state import RestKind, State
from player.units import SAMPLE_RATE, Frame, Frames, Seconds, frames_of

STANDING: Frames = SAMPLE_RATE
"""So far the sound may lag behind elapsed time before that counts as time it stood still."""
WAKE_FADE: Frames = GUARD
"""After a sleep the sound goes out so fast: just slowly enough that there is no click."""
RETURNS: dict[Turn, dict[str, Any]] = {
    Turn.LONG: {"fade": 0, "paused": True},
    Turn.BACK: {"fade": RETURN_FADE, "paused": False},
    Turn.CHOSEN: {"fade": RETURN_FADE, "paused": False, "chosen": True},
}
"""How the sound of an output goes on, as an input says it."""
TOLD: dict[Turn, type[OutputLost | OutputBack]] = {
    Turn.LOST: OutputLost,
    Turn.BACK: OutputBack,
    Turn.CHOSEN: OutputBack,
}


class Breaks:
    """Looks at one output, and at the time that passes."""

    def __init__(
        self, output: Output, frame: Frame, clock_s: Callable[[], Seconds], speed: float
    ) -> None:
        self.outage = Outage(output, clock_s)
        self._clock_s = clock_s
        self._speed = speed
        self._lag = Lag(frame)
        self._looked_s: Seconds | None = None

    def begin(self, frame: Frame) -> None:
        """Time counts from now on; the programme is at this frame."""
        self._looked_s = self._clock_s()
        self._lag.begin(frame)

    def recall(self, kept: Kept, break_s: Seconds) -> bool:
        """Another process ended so long ago, its output lost for a while by then, as it told.

        Says whether that output has been away for too long to come back by itself.
        """
        turns = [event for event in kept.told if isinstance(event, OutputLost | OutputBack)]
        lost = bool(turns) and isinstance(turns[-1], OutputLost)
        away_s = break_s + (kept.heard.lost_s or 0.0)
        self.outage.recall(away_s, told=lost, chosen=kept.output_chosen)
        return lost and away_s > BY_ITSELF_S

    def turned(self) -> tuple[type[OutputLost | OutputBack] | None, dict[str, Any] | None]:
        """What has become true of the output: the event to tell, and what makes the input of it."""
        turn = self.outage.look()
        return (None, None) if turn is None else (TOLD.get(turn), RETURNS.get(turn))

    def passed_s(self) -> Seconds:
        """How much time of the programme passed since it was last asked; none before a begin."""
        if self._looked_s is None:
            return 0.0
        before_s, self._looked_s = self._looked_s, self._clock_s()
        return (self._looked_s - before_s) * self._speed

    def slept(self, passed_s: Seconds) -> bool:
        """Whether the machine slept, where sound should have passed: nobody expects it now."""
        return self._speed == 1.0 and passed_s > BY_ITSELF_S

    def still(self, passed_s: Seconds, frame: Frame, *, stood: bool) -> Frames:
        """How much of that time the programme stood still."""
        if stood:
            self._lag.begin(frame)
            return frames_of(passed_s)
        return self._lag.still(frames_of(passed_s), frame) if self._speed == 1.0 else 0


def stands(state: State, *, lost: bool) -> bool:
    """Whether the programme stands still: behind its end, in a pause, or with its output lost."""
    silent = state.rest is not None and state.frame >= state.rest.silent
    return (halted(state) and silent) or lost or state.music_ended is not None


def halted(state: State) -> bool:
    """Whether it is paused, or about to be."""
    return state.rest is not None and state.rest.kind is RestKind.PAUSED


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

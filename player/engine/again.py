"""Runs once more through what was decided, without a sound, up to the frame that was heard.

A stand lies at or before that frame; the conductor is pure and the mixer's curves are functions
of the frame, so the same inputs lead to the same place. What was rendered and not yet heard is
played again, and a key that was pressed meanwhile holds from the heard frame on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from player.engine.inputs import Input
from player.engine.kept import Kept
from player.sound.mixer import Mixer
from player.sound.streams import BLOCK
from player.timeline import conductor
from player.timeline.events import Event, Fault, FaultKind
from player.timeline.plan import Plan
from player.timeline.state import RestKind, State, Step
from player.units import SAMPLE_RATE, Frame, Frames, Seconds, span

RETURN_FADE: Frames = 2 * SAMPLE_RATE
"""The way back of the sound after a break."""
JUST_NOW: Frames = SAMPLE_RATE
"""Events of the same words so near each other are one that was told already."""


class Again:
    """A state and a mixer that go on together. The mixer was recalled where the state stands."""

    def __init__(self, plan: Plan, state: State, mixer: Mixer) -> None:
        self.state = state
        self.events: list[Event] = []
        self._plan = plan
        self._mixer = mixer

    def run(self, inputs: Iterable[Input], heard: Frame) -> None:
        """Up to `heard`, each input at its frame, or there where it came later."""
        turn = -1
        for came in inputs:
            if came.turn != turn:
                self._run_to(min(came.frame, heard))
            turn = came.turn
            self.take(came.stood_before(self._plan, self.state))
            self.take(came.step(self._plan, self.state))
        self._run_to(heard)

    def take_up(
        self, kept: Kept, heard: Frame, lasted: Frames, *, paused: bool, away: bool
    ) -> None:
        """Stand where it broke off so long ago; what nobody was told is among `events`.

        `away`: its output had been lost for too long to come back by itself.
        """
        self.run(kept.inputs, heard)
        broke, now = kept.heard.elapsed, kept.heard.elapsed + lasted
        self._stand_until(min(broke + JUST_NOW, now))
        self._forget(kept.told)
        if away and not paused:
            self.take(conductor.await_output(self._plan, self.state))
        else:
            self.take(conductor.recover(self._plan, self.state, RETURN_FADE, paused=paused))
        self._stand_until(now)

    def take(self, step: Step) -> None:
        """Let a step hold for both."""
        self.state = step.state
        for decision in step.decisions:
            self._mixer.apply(decision)
        self.events.extend(step.events)

    def _stand_until(self, elapsed: Frames) -> None:
        """Let the time pass in which the programme stands."""
        passed = elapsed - self.state.elapsed
        if passed > 0:
            self.take(conductor.stand_still(self._plan, self.state, passed))

    def _forget(self, told: Sequence[Event]) -> None:
        """Of the events so far, those that were told before the break; none that come after."""
        untold = (event for event in self.events if not any(_alike(event, row) for row in told))
        self.events = list(untold)

    def _run_to(self, frame: Frame) -> None:
        stands = self._mixer.frozen or self._mixer.freeze_frame <= self.state.frame
        if stands and self.state.music_ended is None:
            # It stood here for blocks on end, in which what a key had made due was decided.
            self.take(conductor.advance(self._plan, self.state, self.state.frame))
            self._mixer.run_to(self.state.frame)
        while self.state.frame < frame and self.state.music_ended is None:
            until = min(frame, self.state.frame + BLOCK, self._mixer.freeze_frame)
            self.take(conductor.advance(self._plan, self.state, until))
            self._mixer.run_to(until)
            if self._mixer.frozen:
                return


def _alike(one: Event, other: Event) -> bool:
    near = abs(one.frame - other.frame) <= JUST_NOW
    return near and type(one) is type(other) and one.subject() == other.subject()


def broke_off(state: State, break_s: Seconds, *, lost: bool = False) -> Fault:
    """One quiet line on what happened, and how it goes on; `lost` where there is no output yet."""
    waits = state.rest is not None and state.rest.kind is RestKind.PAUSED
    how = "it waits, paused" if waits else "it goes on"
    if lost and not waits:
        how = "it waits for its output"
    lasted = f"{break_s:.1f}s" if break_s < 10 else span(break_s)
    text = f"the sound broke off for {lasted}; {how}"
    return Fault(frame=state.frame, text=text, kind=FaultKind.BREAKS)

"""Runs once more through what was decided, without a sound, up to the frame that was heard.

A stand lies at or before that frame; the conductor is pure and the mixer's curves are functions
of the frame, so the same inputs lead to the same place. What was rendered and not yet heard is
played again, and a key that was pressed meanwhile holds from the heard frame on.
"""

from __future__ import annotations

from collections.abc import Iterable

from player.engine.inputs import Input
from player.sound.mixer import Mixer
from player.sound.streams import BLOCK
from player.timeline import conductor
from player.timeline.events import Event
from player.timeline.plan import Plan
from player.timeline.state import State, Step
from player.units import Frame


class Again:
    """A state and a mixer that go on together. The mixer was recalled where the state stands."""

    def __init__(self, plan: Plan, state: State, mixer: Mixer) -> None:
        self.state = state
        self.events: list[Event] = []
        self._plan = plan
        self._mixer = mixer

    def run(self, inputs: Iterable[Input], heard: Frame) -> None:
        """Up to `heard`, each input at its frame, or there where it came later."""
        for came in inputs:
            self._run_to(min(came.frame, heard))
            self.take(came.step(self._plan, self.state))
        self._run_to(heard)

    def take(self, step: Step) -> None:
        """Let a step hold for both."""
        self.state = step.state
        for decision in step.decisions:
            self._mixer.apply(decision)
        self.events.extend(step.events)

    def _run_to(self, frame: Frame) -> None:
        while self.state.frame < frame and self.state.music_ended is None:
            until = min(frame, self.state.frame + BLOCK, self._mixer.freeze_frame)
            self.take(conductor.advance(self._plan, self.state, until))
            self._mixer.run_to(until)
            if self._mixer.frozen:
                return

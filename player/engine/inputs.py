"""What came from outside into a running session, as values that can be kept and given again.

The conductor is pure: the same inputs at the same frames lead to the same state.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from player.timeline import conductor
from player.timeline.commands import RoomCommand
from player.timeline.plan import Broken, Plan, TrackFacts
from player.timeline.state import Known, State, Step
from player.units import Decibels, Frame, Frames


class Came(BaseModel):
    """Base of all inputs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    frame: Frame
    """Where the programme was: what came is done from there on."""
    turn: int = 0
    """How many blocks had been mixed: between inputs of one turn nothing else was decided."""
    still: Frames | None = None
    """How long the programme had stood still by then: a mark is made on elapsed time."""

    def stood_before(self, plan: Plan, state: State) -> Step:
        """The time in which the programme stood before it came: clocks go on by that."""
        if self.still is None or self.still <= state.still:
            return Step(plan, state)
        return conductor.stand_still(plan, state, self.still - state.still)


class Obeyed(Came):
    """A command."""

    of: Literal["command"] = "command"
    command: Annotated[RoomCommand, Field(discriminator="do")]
    ceiling_db: Decibels = 0.0
    asker: tuple[str, int] | None = None
    """Who asked, and the number of the request: it is not done again where it comes again."""

    def step(self, plan: Plan, state: State) -> Step:
        """What the conductor makes of it."""
        return conductor.obey(plan, state, self.command, volume_ceiling_db=self.ceiling_db)


class Learned(Came):
    """A track was measured, or found broken."""

    of: Literal["facts"] = "facts"
    track: int
    known: TrackFacts | Broken

    def step(self, plan: Plan, state: State) -> Step:
        """What the conductor makes of it."""
        return conductor.learn(plan, state, self.track, self.known)


class BrokeOff(Came):
    """A deck's file ends before its measured length."""

    of: Literal["broke off"] = "broke off"
    deck: int
    track: int
    end: Frame
    why: str
    broken: bool

    def step(self, plan: Plan, state: State) -> Step:
        """What the conductor makes of it."""
        return conductor.broke_off(plan, state, self.deck, self.end, self.why, broken=self.broken)


class Reached(Came):
    """Files cannot be had at present, or can be had again."""

    of: Literal["reached"] = "reached"
    away: frozenset[int]

    def step(self, plan: Plan, state: State) -> Step:
        """What the conductor makes of it."""
        return conductor.reach(plan, state, self.away)


class Returned(Came):
    """The output was lost: the sound comes in again over a fade, or waits for it, paused."""

    of: Literal["returned"] = "returned"
    fade: Frames
    paused: bool
    chosen: bool = False
    """Back on an output that the counsellor chose."""

    def step(self, plan: Plan, state: State) -> Step:
        """What the conductor makes of it."""
        if self.paused:
            return conductor.await_output(plan, state)
        return conductor.meet_output(plan, state, self.fade, chosen=self.chosen)


class Woke(Came):
    """The machine slept for long: what sounds goes out over a fade, and waits, paused."""

    of: Literal["woke"] = "woke"
    fade: Frames

    def step(self, plan: Plan, state: State) -> Step:
        """What the conductor makes of it."""
        return conductor.wake(plan, state, self.fade)


Input: TypeAlias = Obeyed | Learned | BrokeOff | Reached | Returned | Woke

INPUTS: TypeAdapter[Input] = TypeAdapter(Annotated[Input, Field(discriminator="of")])


def found_out(came: Input) -> tuple[int, Known] | None:
    """The track that an input says something new of, and what."""
    if isinstance(came, Learned):
        return came.track, came.known
    if isinstance(came, BrokeOff) and came.broken:
        return came.track, Broken(came.why)
    return None

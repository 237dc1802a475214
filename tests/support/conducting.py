"""A small bench for the conductor: plans from a few words, and a driver that plays them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from player.session.model import Ends, Energy, Order, Play, Point, Role
from player.timeline.commands import RoomCommand
from player.timeline.conductor import advance, begin, obey, opening, stand_still
from player.timeline.decisions import Decision, Freeze, Thaw
from player.timeline.events import Event
from player.timeline.plan import (
    Place,
    Plan,
    PlanCue,
    PlanPhase,
    PlanReminder,
    PlanShelf,
    PlanSound,
    PlanTrack,
    TrackFacts,
)
from player.timeline.state import State, Step

S = 48_000
M = 60 * S
BLOCK = 8192
ENERGIES = {"l": Energy.LOW, "m": Energy.MID, "h": Energy.HIGH}


def tone(seconds: float, lufs: float = -20.0, peak: float = -6.0) -> TrackFacts:
    return TrackFacts(round(seconds * S), lufs, peak)


@dataclass
class Bench:
    """Plays a plan block by block, as an engine does, and remembers all that was said."""

    plan: Plan
    start: int = 0
    state: State = field(init=False)
    decisions: list[Decision] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    freeze: int | None = None
    refused: str = ""

    def __post_init__(self) -> None:
        self.state = opening(self.plan, self.start)
        self.take(begin(self.plan, self.state))

    def take(self, step: Step) -> None:
        for decision in step.decisions:
            if isinstance(decision, Freeze):
                self.freeze = decision.at
            elif isinstance(decision, Thaw):
                self.freeze = None
        self.state = step.state
        self.decisions += step.decisions
        self.events += step.events
        self.refused = step.refused

    def play(self, seconds: float) -> Bench:
        """Let time pass: the programme runs, or stands while it is frozen."""
        left = round(seconds * S)
        while left > 0 and not self.state.ended:
            stand = self.state.music_ended is not None or self.freeze == self.state.frame
            run = min(left, BLOCK)
            if stand:
                run = left
                self.take(stand_still(self.plan, self.state, run))
            else:
                until = self.state.frame + run
                if self.freeze is not None:
                    until = min(until, self.freeze)
                run = until - self.state.frame
                self.take(advance(self.plan, self.state, until))
            left -= run
        return self

    def key(self, command: RoomCommand) -> Bench:
        self.take(obey(self.plan, self.state, command))
        return self

    def to_end(self) -> Bench:
        return self.play(200 * 60)

    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.events]

    def lines(self, *kinds: str) -> list[str]:
        rows = [e.line() for e in self.events]
        return [r for r in rows if not kinds or r.split()[1] in kinds]

    def frames(self, kind: str) -> list[int]:
        return [e.frame for e in self.events if type(e).__name__ == kind]

    def of(self, kind: type) -> list[Decision]:
        return [d for d in self.decisions if isinstance(d, kind)]

    @property
    def phase(self) -> str:
        return self.plan.phases[self.state.phase].name

    def sounding(self) -> list[str]:
        """Titles of tracks that sound at this frame."""
        return [
            self.plan.tracks[deck.track].title
            for deck in self.state.decks
            if not deck.kept and deck.silent > self.state.frame
        ]


def phase(
    name: str,
    minutes: float,
    tracks: Sequence[int],
    *,
    ends: Ends = Ends.CLOCK,
    role: Role | None = None,
    voice: bool = True,
    order: Order = Order.LISTED,
    seamless: bool = False,
    level_db: float = 0.0,
) -> PlanPhase:
    return PlanPhase(
        name=name,
        role=role,
        length=round(minutes * M),
        ends=ends,
        tracks=tuple(tracks),
        order=order,
        seamless=seamless,
        silence=not tracks,
        level_db=level_db,
        voice=voice,
    )


def plan(
    phases: Sequence[PlanPhase],
    tracks: Sequence[TrackFacts | None],
    *,
    cues: Sequence[PlanCue] = (),
    reminders: Sequence[PlanReminder] = (),
    sound: PlanSound | None = None,
    hold_at_end: bool = False,
    energies: str = "",
    shelf: Sequence[PlanShelf] = (),
) -> Plan:
    """`energies` has a letter for each track: l, m, h, or any other where nobody knows."""
    rows = [PlanTrack(f"/music/{n}.flac", f"track {n}", facts) for n, facts in enumerate(tracks)]
    rows = [
        replace(row, energy=ENERGIES.get(letter))
        for row, letter in zip(rows, energies.ljust(len(rows)), strict=True)
    ]
    rows.append(PlanTrack("/shipped/safety.opus", "safety", tone(40, -26)))
    return Plan(
        title="Trial",
        phases=tuple(phases),
        tracks=tuple(rows),
        safety=len(rows) - 1,
        cues=tuple(cues),
        reminders=tuple(reminders),
        sound=sound or PlanSound(),
        hold_at_end=hold_at_end,
        shelf=tuple(shelf),
    )


def cue(
    name: str,
    point: Point,
    offset_s: float,
    *,
    phase: int = 0,
    play: Play = Play.CLOCK,
    seconds: float | None = 20.0,
) -> PlanCue:
    frames = None if seconds is None else round(seconds * S)
    return PlanCue(name, f"{name}.", Place(point, phase, round(offset_s * S)), play, frames)


def reminder(text: str, point: Point, offset_s: float, *, phase: int = 0) -> PlanReminder:
    return PlanReminder(text, Place(point, phase, round(offset_s * S)))


def lozenge(**changes: Any) -> Plan:
    """Arrival to the dose, onset, a peak by hand without voices, return: 10, 10, 30, 20 minutes."""
    tracks = [tone(400), tone(300), tone(200), tone(500), tone(620)]
    rows = [
        phase("Arrival", 10, [0], ends=Ends.DOSE, role=Role.ARRIVAL),
        phase("Onset", 10, [1, 2], role=Role.ONSET),
        phase("Peak", 30, [3, 4], ends=Ends.HAND, role=Role.PEAK, voice=False),
        phase("Return", 20, [0, 2], role=Role.RETURN),
    ]
    return plan(rows, tracks, **changes)

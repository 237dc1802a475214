"""A plan as it would run with nobody at the keys: each phase at its written length."""

from __future__ import annotations

from dataclasses import dataclass, replace

from player.session.choices import Ends, Play, Point
from player.timeline.moves import dose_phase
from player.timeline.plan import Place, Plan, PlanCue, PlanReminder
from player.units import Frame


@dataclass(frozen=True, slots=True)
class Written:
    """The plan to render, where the dose falls, and what had to be left out."""

    plan: Plan
    dose: Frame | None
    left_out: tuple[str, ...]


def as_written(plan: Plan) -> Written:
    """By-hand phases at their written length, the dose at the end of its phase.

    `ask` cues sound by the clock, `by hand` cues do not, and nobody is asked anything. What is
    anchored to a dose is left out where no phase ends at one, and what is anchored to a booster
    always.
    """
    at_dose = dose_phase(plan)
    dose = sum(row.length for row in plan.phases[: at_dose + 1]) if at_dose >= 0 else None
    out: list[str] = []
    cues = tuple(_cue(cue, dose, out) for cue in plan.cues)
    reminders: list[PlanReminder] = []
    for reminder in plan.reminders:
        at = _fixed(reminder.at, dose)
        if at is None:
            out.append(f"reminder {reminder.text}: {_unmarked(reminder.at)}")
        else:
            reminders.append(replace(reminder, at=at))
    phases = tuple(replace(row, ends=Ends.CLOCK) for row in plan.phases)
    whole = replace(plan, phases=phases, cues=cues, reminders=tuple(reminders))
    return Written(replace(whole, hold_at_end=False, unattended=True), dose, tuple(out))


def _cue(cue: PlanCue, dose: Frame | None, out: list[str]) -> PlanCue:
    """A cue keeps its number; one that is left out stays as a cue that only a hand would start."""
    at = _fixed(cue.at, dose)
    if cue.play is Play.HAND:
        out.append(f"cue {cue.name}: by hand only")
    elif cue.frames is None:
        out.append(f"cue {cue.name}: there is no sound for its words")
    elif at is None:
        out.append(f"cue {cue.name}: {_unmarked(cue.at)}")
    else:
        return replace(cue, at=at, play=Play.CLOCK)
    return replace(cue, play=Play.HAND)


def _unmarked(place: Place) -> str:
    return f"anchored to a {place.point.value}, and none is marked"


def _fixed(place: Place, dose: Frame | None) -> Place | None:
    if place.point is Point.BOOSTER:
        return None
    if place.point is Point.DOSE:
        return None if dose is None else Place(Point.START, offset=dose + place.offset)
    return place

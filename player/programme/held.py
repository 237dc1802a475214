"""What could startle in a hold: music that a phase has behind its written end, where it waits.

Knows what was found out about each file; decodes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from player.library.findings import Survey
from player.programme.risks import Risk, Stretch, risks, stretches
from player.programme.supply import HOLD_S
from player.session.model import Ends, SuddenRises
from player.timeline import conductor
from player.timeline.plan import Plan
from player.units import Frames, frames_of, seconds_of

HOLD: Frames = frames_of(HOLD_S)


def risks_in_holds(
    plan: Plan,
    waits: Sequence[int],
    told: Sequence[Risk],
    surveys: Mapping[Path, Survey],
    rises: SuddenRises,
) -> tuple[Risk, ...]:
    """The risks of a hold of half an hour in each of the phases that wait for somebody.

    `plan` is the written one, its tracks all known; what was `told` of it already is left out.
    """
    known = {risk.place for risk in told}
    found = []
    for phase in waits:
        end_s = seconds_of(sum(row.length for row in plan.phases[: phase + 1]))
        for risk in risks(_played(plan, phase), surveys, rises, since_s=end_s):
            if risk.place not in known:
                known.add(risk.place)
                found.append(replace(risk, held=True))
    return tuple(found)


def _played(plan: Plan, phase: int) -> list[Stretch]:
    """What plays in a phase that is held for half an hour."""
    before, row = plan.phases[:phase], plan.phases[phase]
    end = sum(each.length for each in before) + row.length
    waits = replace(row, ends=Ends.HAND)
    held = replace(plan, phases=(*before, waits, *plan.phases[phase + 1 :]), hold_at_end=True)
    step = conductor.begin(held, conductor.opening(held))
    rest = conductor.advance(held, step.state, end + HOLD)
    longer = replace(plan, phases=(*before, replace(row, length=row.length + HOLD)))
    played = stretches(longer, [*step.events, *rest.events])
    return [stretch for stretch in played if stretch.phase == row.name]

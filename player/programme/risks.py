"""What in a session's music could startle or be taken for a fault, and when it will be heard.

Knows what was found out about each file, and which track plays when; decodes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from player.library.findings import Survey
from player.session.model import SuddenRises
from player.timeline.events import Event, PhaseEntered, TrackStarted
from player.timeline.plan import Plan
from player.units import Seconds, clock, seconds_of

RISE_WITHIN = "2 s"
"""The time in which a rise happens, as `library.shape` looks for them."""
FEWEST_CLIPPED = 10
"""Samples at full scale that are worth a word; a single loud beat may touch it."""


@dataclass(frozen=True, slots=True)
class Risk:
    """Something that will be heard."""

    at_s: Seconds
    phase: str
    what: str
    times: int = 1
    """How often in the session, this being the first."""
    about: bool = False
    """The minute is only near: tracks before it were never measured."""

    def line(self) -> str:
        """``00:42:10, Peak: rise of 11 LU within 2 s in NAME``."""
        again = self.times - 1
        more = f" (and {again} {'time' if again == 1 else 'times'} more)" if again else ""
        near = "about " if self.about else ""
        return f"{near}{clock(self.at_s)}, {self.phase}: {self.what}{more}"

    def as_json(self) -> dict[str, str | float | int]:
        """The same for scripts."""
        return {"at_s": self.at_s, "phase": self.phase, "what": self.what, "times": self.times}


@dataclass(frozen=True, slots=True)
class Stretch:
    """One playing of a track, from its first frame to where it falls silent."""

    path: Path
    phase: str
    at_s: Seconds
    end_s: Seconds
    lead_s: Seconds = 0.0
    """How much of the file's beginning is passed over."""


def stretches(plan: Plan, events: Sequence[Event]) -> list[Stretch]:
    """Which track plays when, by the events of a whole run."""
    facts = {row.path: row.facts for row in plan.tracks if row.facts}
    loops = {row.name for row in plan.phases if row.seamless}
    entered = [row for row in events if isinstance(row, PhaseEntered)]
    found = []
    for row in events:
        if not isinstance(row, TrackStarted):
            continue
        phase = [each for each in entered if each.frame <= row.frame][-1]
        following = [each.frame for each in entered if each.frame > row.frame]
        left = min([plan.length, *(frame + plan.sound.phase_crossfade for frame in following)])
        known = facts.get(row.path)
        end = left if known is None else min(row.frame + known.frames, left)
        lead = 0 if known is None or phase.phase in loops else known.lead
        times = (seconds_of(row.frame), seconds_of(end), seconds_of(lead))
        found.append(Stretch(Path(row.path), phase.phase, *times))
    return found


def risks(
    played: Sequence[Stretch], surveys: Mapping[Path, Survey], rises: SuddenRises
) -> tuple[Risk, ...]:
    """Each risk once, at the first minute at which it is heard, in the order of time."""
    unmeasured: set[str] = set()
    first: dict[tuple[Path, str], Risk] = {}
    times: dict[tuple[Path, str], int] = {}
    for stretch in played:
        survey = surveys.get(stretch.path)
        if survey is None:
            unmeasured.add(stretch.phase)
            continue
        about = stretch.phase in unmeasured
        for place, at_s, what in _of_track(stretch, survey, rises):
            key = (stretch.path, place)
            times[key] = times.get(key, 0) + 1
            first.setdefault(key, Risk(at_s, stretch.phase, what, about=about))
    found = (
        Risk(risk.at_s, risk.phase, risk.what, times[key], risk.about)
        for key, risk in first.items()
    )
    return tuple(sorted(found, key=lambda risk: risk.at_s))


def _of_track(
    stretch: Stretch, survey: Survey, rises: SuddenRises
) -> Iterator[tuple[str, Seconds, str]]:
    """What is heard of a track's risks in one playing: a place, its second, and words."""
    name = stretch.path.name
    first_s = stretch.at_s - stretch.lead_s
    lasts_s = stretch.end_s - first_s
    for rise in survey.rises if rises is not SuddenRises.LEAVE else ():
        if rise.at_s < lasts_s:
            softened = ", softened" if rises is SuddenRises.SOFTEN else ""
            what = f"rise of {rise.by_lu:.0f} LU within {RISE_WITHIN} in {name}{softened}"
            yield f"rise {rise.at_s}", first_s + rise.at_s, what
    for pause in survey.silences:
        if pause.at_s < lasts_s:
            what = f"silence of {pause.seconds:.0f} s within {name}: it is no fault"
            yield f"silence {pause.at_s}", first_s + pause.at_s, what
    if survey.clipped_samples >= FEWEST_CLIPPED:
        yield "clipped", stretch.at_s, f"{name} is distorted: {survey.clipped_samples} samples cut"
    for fault in survey.faults:
        yield fault, stretch.at_s, f"{name}: {fault}"

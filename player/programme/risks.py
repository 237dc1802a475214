"""What in a session's music could startle or be taken for a fault, and when it will be heard.

Knows what was found out about each file, and which track plays when; decodes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from player.library.findings import HEAVY_CLIPPING, Survey
from player.session.model import SuddenRises
from player.timeline.events import Event, PhaseEntered, TrackStarted
from player.timeline.plan import Plan, TrackFacts
from player.units import Frame, Frames, Seconds, clock, seconds_of

RISE_WITHIN = "2 s"
"""The time in which a rise happens, as `library.shape` looks for them."""


@dataclass(frozen=True, slots=True)
class Risk:
    """Something that will be heard."""

    at_s: Seconds
    phase: str
    what: str
    again_s: tuple[Seconds, ...] = ()
    """When it is heard again."""
    about: bool = False
    """The minute is only near: tracks before it were never measured."""
    held: bool = False
    """It is heard only where its phase is held beyond its written end."""
    place: str = ""
    """Which file, and what in it."""

    def line(self) -> str:
        """``00:42:10, Peak: rise of 11 LU within 2 s in NAME``."""
        again = len(self.again_s)
        more = f" (and {again} {'time' if again == 1 else 'times'} more)" if again else ""
        near = "about " if self.about else ""
        phase = f"{self.phase} if held" if self.held else self.phase
        return f"{near}{clock(self.at_s)}, {phase}: {self.what}{more}"

    @property
    def times(self) -> int:
        """How often it is heard in the session."""
        return 1 + len(self.again_s)

    def as_json(self) -> dict[str, Any]:
        """The same for scripts."""
        row = {"at_s": self.at_s, "phase": self.phase, "what": self.what, "times": self.times}
        return row | {"again_at_s": list(self.again_s), "held": self.held}


@dataclass(frozen=True, slots=True)
class Stretch:
    """One playing of a track, from its first frame to where it falls silent."""

    path: Path
    phase: str
    at_s: Seconds
    end_s: Seconds
    lead_s: Seconds = 0.0
    """How much of the file's beginning is passed over."""
    round_s: Seconds = 0.0
    """How long each round of a loop without a seam is; 0 for what is heard once."""

    def heard_at(self, file_s: Seconds) -> Iterator[Seconds]:
        """When a place of the file is heard: once, in each round, or not at all."""
        at_s = self.at_s + file_s - self.lead_s
        while at_s < self.end_s:
            yield at_s
            if not self.round_s:
                return
            at_s += self.round_s


def stretches(plan: Plan, events: Sequence[Event]) -> list[Stretch]:
    """Which track plays when, by the events of a whole run."""
    facts = {row.path: row.facts for row in plan.tracks if row.facts}
    phases = {row.name: number for number, row in enumerate(plan.phases)}
    entered = [row for row in events if isinstance(row, PhaseEntered)]
    found = []
    for row in events:
        if not isinstance(row, TrackStarted):
            continue
        phase = phases[[each for each in entered if each.frame <= row.frame][-1].phase]
        following = next((each.frame for each in entered if each.frame > row.frame), None)
        left = plan.length if following is None else following + _fade_out(plan, phase)
        found.append(_stretch(plan, phase, row, facts.get(row.path), left))
    return found


def _fade_out(plan: Plan, phase: int) -> Frames:
    """How long what sounds at a phase's end fades over the next one."""
    shorter = min(row.length for row in plan.phases[phase : phase + 2])
    return min(plan.sound.phase_crossfade, shorter // 2)


def _stretch(
    plan: Plan, phase: int, row: TrackStarted, known: TrackFacts | None, left: Frame
) -> Stretch:
    loops = plan.phases[phase].seamless or row.path == plan.tracks[plan.safety].path
    end, lead, lap = left, 0, 0
    if known is not None and loops:
        lap = known.whole_frames
    elif known is not None:
        end, lead = min(row.frame + known.frames, left), known.lead
    times = (seconds_of(frames) for frames in (row.frame, end, lead, lap))
    return Stretch(Path(row.path), plan.phases[phase].name, *times)


def risks(
    played: Sequence[Stretch],
    surveys: Mapping[Path, Survey],
    rises: SuddenRises,
    *,
    since_s: Seconds = 0.0,
) -> tuple[Risk, ...]:
    """Each risk once, at the first minute from `since_s` on at which it is heard, in order."""
    unmeasured: set[str] = set()
    first: dict[tuple[Path, str], Risk] = {}
    times: dict[tuple[Path, str], list[Seconds]] = {}
    for stretch in played:
        survey = surveys.get(stretch.path)
        if survey is None:
            unmeasured.add(stretch.phase)
            continue
        about = stretch.phase in unmeasured
        for place, at_s, what in _of_track(stretch, survey, rises):
            if at_s < since_s:
                continue
            key = (stretch.path, place)
            times.setdefault(key, []).append(at_s)
            where = f"{place} in {stretch.path}"
            first.setdefault(key, Risk(at_s, stretch.phase, what, about=about, place=where))
    found = (replace(risk, again_s=tuple(times[key][1:])) for key, risk in first.items())
    return tuple(sorted(found, key=lambda risk: risk.at_s))


def _of_track(
    stretch: Stretch, survey: Survey, rises: SuddenRises
) -> Iterator[tuple[str, Seconds, str]]:
    """What is heard of a track's risks in one playing: a place, its second, and words."""
    name = stretch.path.name
    softened = ", softened" if rises is SuddenRises.SOFTEN else ""
    for rise in survey.rises if rises is not SuddenRises.LEAVE else ():
        for at_s in stretch.heard_at(rise.at_s):
            what = f"rise of {rise.by_lu:.0f} LU within {RISE_WITHIN} in {name}{softened}"
            yield f"rise {rise.at_s}", at_s, what
    for pause in survey.silences:
        for at_s in stretch.heard_at(pause.at_s):
            what = f"silence of {pause.seconds:.0f} s within {name}: it is no fault"
            yield f"silence {pause.at_s}", at_s, what
    if survey.clipped_samples >= HEAVY_CLIPPING:
        what = f"{name} was recorded too loud: {survey.clipped_samples:,} samples cut off"
        yield "clipped", stretch.at_s, what
    for fault in survey.faults:
        yield fault, stretch.at_s, f"{name}: {fault}"

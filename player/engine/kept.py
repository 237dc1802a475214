"""Reads what a journal kept of a session that broke off. Whatever is in the file, it never raises.

A line that was torn or damaged is left out; decisions behind a lost line are given up to the
next stand, where the session is known in full again.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from player import __version__
from player.engine.elapsed import Moment
from player.engine.inputs import INPUTS, Input, found_out
from player.engine.lines import MOST_BYTES, whole_lines
from player.engine.score import Score
from player.engine.stands import KNOWN, PLANS, Stand, stand_of
from player.programme.words import Clip
from player.timeline.commands import OpenSession
from player.timeline.events import AnyEvent, Event, Fault, FaultKind
from player.timeline.plan import Plan
from player.timeline.state import Known
from player.units import SAMPLE_RATE, Frame, Frames, Seconds

FORMAT = 3
LATEST: Frames = 1 << 44
"""No session comes so far, eleven years."""
LONGEST_WAY: Frames = 3600 * SAMPLE_RATE
"""A stand is kept every few seconds: what would have to be run through for longer is damaged."""
DAMAGED = "is damaged"
OTHERS = "was written by another version of Stillroom"
_EVENTS: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)


@dataclass(frozen=True, slots=True)
class Heard:
    """Where the session was heard, when, and how its output did by then.

    Raises ValueError for what no session can have come to.
    """

    frame: Frame
    elapsed: Frames
    at: Moment
    blocks_a_chunk: int = 1
    """How deep the output had become."""
    underruns: int = 0
    lost_s: Seconds | None = None
    """How long it had been away; None where it was there."""

    def __post_init__(self) -> None:
        if not max(abs(self.frame), abs(self.elapsed)) < LATEST:
            raise ValueError("no place of a session")
        if not (math.isfinite(self.at.since_start_s) and math.isfinite(self.at.wall_s)):
            raise ValueError("no moment")
        if not (0 < self.blocks_a_chunk < LATEST and 0 <= self.underruns < LATEST):
            raise ValueError("no output")
        if not (self.lost_s is None or 0 <= self.lost_s < LATEST):
            raise ValueError("no length of time")

    def row(self) -> list[Any]:
        """As one short line: there are many."""
        at = self.at
        away = () if self.lost_s is None else (round(self.lost_s, 3),)
        output = (self.blocks_a_chunk, self.underruns, *away)
        return [self.frame, self.elapsed, at.since_start_s, at.run, at.wall_s, *output]


def heard_of(row: Any) -> Heard:
    """What `row` made. Raises ValueError, TypeError or ArithmeticError for what it can't have."""
    frame, elapsed, since_s, run, wall_s, *output = row
    depth, away = output[:2], output[2:]
    if not isinstance(run, str):
        raise ValueError("no run of a machine")
    at = Moment(float(since_s), run, float(wall_s))
    return Heard(int(frame), int(elapsed), at, *map(int, depth), *map(float, away))


class Head(BaseModel):
    """The first line: all that was there before the first sound."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    version: str
    command: OpenSession
    source: str
    content: str
    """Hash of the session file as it was read."""
    files: tuple[str, ...]
    clips: tuple[Clip | None, ...]
    plan: dict[str, Any]
    heard: Heard
    """Where it was heard when this was written."""
    leaving: bool = False
    """It was asked to stop: once it has broken off it is over."""
    output_chosen: bool = False
    """Its output was away, and then the counsellor chose this one."""

    @classmethod
    def of(cls, score: Score, command: OpenSession, content: str, heard: Heard) -> Head:
        """What is kept of a score."""
        return cls(
            format=FORMAT,
            version=__version__,
            command=command,
            source=str(score.source),
            content=content,
            files=tuple(str(file) for file in score.files),
            clips=score.clips,
            plan=PLANS.dump_python(score.plan, mode="json"),
            heard=heard,
        )

    def score(self) -> Score:
        """The score as it was. Raises ValueError."""
        files = tuple(Path(file) for file in self.files)
        return Score(Path(self.source), PLANS.validate_python(self.plan), files, self.clips)


@dataclass(frozen=True, slots=True)
class Kept:
    """A session that broke off."""

    command: OpenSession
    score: Score
    stand: Stand
    """At or before the heard frame."""
    inputs: tuple[Input, ...]
    """What came since."""
    heard: Heard
    told: tuple[Event, ...]
    """Every event that was told."""
    lost_lines: int
    leaving: bool = False
    """It was fading out for good."""
    output_chosen: bool = False
    """Its output was away, and then the counsellor chose the one that is looked for."""

    @property
    def underruns(self) -> int:
        """How often its outputs ran dry: what was told counts, though no place was kept since."""
        dry = (row for row in self.told if isinstance(row, Fault))
        told = sum(row.times for row in dry if row.kind is FaultKind.UNDERRUNS)
        return max(told, self.heard.underruns)


@dataclass(slots=True)
class _Reading:
    plan: Plan
    facts: list[Known]
    stands: list[tuple[Stand, int]] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    told: list[Event] = field(default_factory=list)
    heard: Heard | None = None
    over: bool = False
    broken: bool = False
    """A line was lost since the last stand."""

    def take(self, kind: str, body: Any) -> None:
        """One whole line. Raises ValueError, KeyError or TypeError."""
        if kind == "facts":
            self.facts = _facts(body, len(self.plan.tracks))
        elif kind == "stand":
            self._stand(stand_of(body, tuple(self.facts)))
        elif kind == "input":
            self._come(INPUTS.validate_python(body))
        elif kind == "told":
            self.told.append(_EVENTS.validate_python(body))
        elif kind == "heard":
            self.heard = heard_of(body)
        elif kind == "over":
            self.over = True

    def _stand(self, stand: Stand) -> None:
        if not abs(stand.state.frame) < LATEST:
            raise ValueError("no place of a session")
        self.stands.append((stand, len(self.inputs)))
        self.broken = False

    def _come(self, came: Input) -> None:
        found = found_out(came)
        if found is not None and found[0] != self.plan.safety:
            self.facts[found[0]] = found[1]
        if not self.broken:
            self.inputs.append(came)


def read(content: bytes) -> Kept | None:
    """The session that a journal's content kept; None where it is over, or nothing is usable."""
    lines = list(whole_lines(content[:MOST_BYTES]))
    if not lines or lines[0][1] != "head":
        return None
    try:
        head = Head.model_validate(lines[0][2])
        score = head.score()
    except (ArithmeticError, ValueError, TypeError):
        return None
    if head.format != FORMAT or head.version != __version__:
        return None
    reading = _Reading(score.plan, [track.facts for track in score.plan.tracks])
    lost = _take_all(reading, lines)
    stood = _stood(reading)
    if reading.over or stood is None:
        return None
    stand, first = stood
    # Without a place it is where it stood; its clocks go on from the begin of this journal.
    heard = reading.heard or replace(head.heard, frame=stand.state.frame)
    if heard.frame - stand.state.frame > LONGEST_WAY:
        return None
    inputs = tuple(reading.inputs[first:])
    told = tuple(reading.told)
    return Kept(
        head.command, score, stand, inputs, heard, told, lost, head.leaving, head.output_chosen
    )


def _facts(body: Any, tracks: int) -> list[Known]:
    """Raises ValueError for those of another music."""
    facts = [KNOWN.validate_python(row) for row in body]
    if len(facts) != tracks:
        raise ValueError("not one for each track")
    return facts


def _take_all(reading: _Reading, lines: list[tuple[int, str, Any]]) -> int:
    lost, awaited = 0, lines[0][0] + 1
    for number, kind, body in lines[1:]:
        if number != awaited:
            lost, reading.broken = lost + 1, True
        awaited = number + 1
        try:
            reading.take(kind, body)
        except (ArithmeticError, ValueError, KeyError, TypeError, IndexError, AttributeError):
            lost, reading.broken = lost + 1, True
    return lost


def _stood(reading: _Reading) -> tuple[Stand, int] | None:
    """The last stand that was heard, else the first there is; not knowing what was, the last."""
    if not reading.stands:
        return None
    heard = LATEST if reading.heard is None else reading.heard.frame
    past = [row for row in reading.stands if row[0].state.frame <= heard]
    return past[-1] if past else reading.stands[0]


def look(path: Path, say: Callable[[str], None]) -> Kept | None:
    """What a journal file kept. A file that is of no use is set aside, and said to be."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError:
        return None
    kept = read(content)
    if kept is None and _is_over(content):
        with contextlib.suppress(OSError):  # it could not be removed when it was over
            path.unlink()
    elif kept is None and content:
        ending, why = ("other", OTHERS) if _is_of_others(content) else ("damaged", DAMAGED)
        with contextlib.suppress(OSError):
            path.replace(path.with_suffix(f".{ending}"))
        say(f"what was kept of the last session {why}: it was set aside")
    return kept


def _is_of_others(content: bytes) -> bool:
    """Whether it begins as another version of the program writes it, whole but not for this one."""
    first = next(iter(whole_lines(content)), None)
    if first is None or first[1] != "head" or not isinstance(first[2], dict):
        return False
    wrote = first[2].get("format"), first[2].get("version")
    return isinstance(wrote[1], str) and wrote != (FORMAT, __version__)


def _is_over(content: bytes) -> bool:
    return any(kind == "over" for _, kind, _ in whole_lines(content))

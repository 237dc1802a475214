"""Judges what was heard of a run of faults against what is allowed of each.

Knows recordings whose pitch tells the place (sweep.py), when each fault was worked and what it
allows; neither how faults are worked nor how sound is recorded.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import stalls
import sweep

EARLY_S = 0.5
"""A recording may be so far behind the moment of a fault."""
ELSEWHERE_S = 45.0
"""So long after its file was spoilt the next piece may follow, once, from its start."""
FROM_START_S = 5.0
"""A place so near the start of a piece, its fade-in counted, is its start."""
LOUD, STEP = 1.05, 0.01
"""Against the sweep's own level: the loudest sample, and what is left of a sine of its pitch."""
BOTH = 1.45
"""The loudest sample and the steepest step, while two pieces cross: each at 0.71, and a little."""
AT_ONCE = 0.1
"""Louder than this in its first 5 ms a return has no fade-in."""
TOLD = re.compile(r"^[0-9]{2}:[0-9]{2}:[0-9]{2} [A-Z][A-Za-z]+.*$", re.M)


@dataclass(frozen=True)
class Fault:
    """What is done, and what is allowed of it."""

    work: Callable[[Any], float]
    silence_s: float = 0.0
    """How long a silence may be, beyond the time that the fault lasts."""
    place_s: float = 0.3
    moves_on: bool = False
    """Whether the next piece may follow, once, from its start."""
    begins_s: float = 1.0
    """So long after the harm was done a silence may begin: what waits in the server is played."""
    silences: int = 1
    """How many silences each may have; none where no silence is allowed."""
    fades_in: bool = True
    """Whether what comes after it must fade in: an output that ran dry does not."""


@dataclass(frozen=True)
class Done:
    """One fault that was worked."""

    at_s: float
    """When the harm itself was done."""
    name: str
    fault: Fault
    lasted_s: float
    failed: str = ""
    astray_s: float | None = None
    """How far the place may be off, where that was known only then."""

    @property
    def place_s(self) -> float:
        """How far the place may be off."""
        return self.fault.place_s if self.astray_s is None else self.astray_s

    def explains(self, gap: sweep.Gap) -> bool:
        """Whether a silence began within the time in which one of this fault may begin."""
        allowed = self.fault.silence_s > 0 and self.fault.silences > 0
        return allowed and -EARLY_S <= gap.at_s - self.at_s <= self.fault.begins_s


@dataclass
class Row:
    """What was heard of one kind of fault."""

    fault: Fault
    times: int = 0
    silences_s: list[float] = field(default_factory=list)
    errors_s: list[float] = field(default_factory=list)


@dataclass
class Heard:
    """All that was done, and all that was heard."""

    done: list[Done]
    room: sweep.Sound
    other: sweep.Sound
    lines: str = ""
    told: list[str] = field(default_factory=list)
    still: stalls.Stalls = field(default_factory=stalls.Stalls)
    """When the machine stood still, by the recording's own clock."""
    rows: dict[str, Row] = field(default_factory=dict)
    excused: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    _moved_on: set[Done] = field(default_factory=set)
    """Spoilt files behind which the next piece has come."""
    _silences: dict[Done, list[sweep.Gap]] = field(default_factory=dict)
    _silent_s: dict[Done, float] = field(default_factory=dict)
    """How long the silences of each have been: what is allowed is for all of them."""
    _told: list[tuple[float, float]] = field(default_factory=list)
    """About silences and jumps, whose edges are not told a second time."""
    _moves: list[tuple[float, float]] = field(default_factory=list)
    """About what may be two pieces at once."""

    def judge(self) -> None:
        """Fill in the rows, what is excused, and what is beyond what is allowed."""
        for each in self.done:
            row = self.rows.setdefault(each.name, Row(each.fault))
            row.times += 1
            if each.failed:
                self.bad.append(f"{each.at_s:8.2f} s  {each.name}: {each.failed}")
        self._judge_places()
        self._judge_sound()
        self._judge_lines()
        loudest = sweep.level(self.other)
        if loudest > 0:
            self.bad.append(f"the other output was given sound: {loudest:.3f}")

    @property
    def own_level(self) -> float:
        """The sweep's own level: the loudest sample before any fault."""
        first_s = min((each.at_s for each in self.done), default=len(self.room) / sweep.RATE)
        level = sweep.level(self.room[: max(0, round((first_s - EARLY_S) * sweep.RATE))])
        if level < sweep.QUIET:
            raise SystemExit("nothing was heard before the first fault")
        return level

    def _last(self, at_s: float) -> str:
        """The fault that was worked last, to say beside what is found."""
        before = (each for each in reversed(self.done) if each.at_s <= at_s + EARLY_S)
        return next((each.name for each in before), "before any")

    def _judge_places(self) -> None:
        """Silences and jumps, in the order in which they were heard."""
        found = itertools.chain(sweep.gaps(self.room), sweep.jumps(self.room))
        for each in sorted(found, key=lambda one: one.at_s):
            if isinstance(each, sweep.Gap):
                self._judge_gap(each)
            else:
                self._judge_jump(each)

    def _judge_jump(self, jump: sweep.Jump) -> None:
        if jump.at_an_end or self._moves_on(jump.at_s, jump.to_s):
            self._moves.append((jump.at_s - sweep.MOVE_S, jump.at_s + sweep.MOVE_S))
            return
        about_s = 2 * sweep.WINDOW / sweep.RATE + sweep.EDGE_S
        self._told.append((jump.at_s - about_s, jump.at_s + about_s))
        stood_s = self.still.within_s(jump.at_s - 1, jump.at_s + 1)
        self.bad.append(
            f"{jump.at_s:8.2f} s  from {jump.from_s:.2f} to {jump.to_s:.2f} s without a silence"
            f"  {self._last(jump.at_s)}  (the machine stood still for {stood_s:.2f} s about then)"
        )

    def _moves_on(self, at_s: float, to_s: float | None) -> bool:
        """Whether this is the one start of another piece that a spoilt file allows."""
        if to_s is None or not 0 <= to_s % sweep.PERIOD_S < FROM_START_S:
            return False
        for each in self.done:
            spoilt = each.fault.moves_on and each not in self._moved_on
            if spoilt and -EARLY_S <= at_s - each.at_s < ELSEWHERE_S:
                self._moved_on.add(each)
                return True
        return False

    def _judge_gap(self, gap: sweep.Gap) -> None:
        self._told.append((gap.at_s - sweep.EDGE_S, gap.end_s + sweep.EDGE_S))
        cause = self._cause(gap)
        gap = self._with_the_side_before(gap, cause)
        error = gap.place_error_s
        line = f"{gap.at_s:8.2f} s  silent for {gap.length_s:.3f} s  "
        line += f"{cause.name if cause else 'none may begin here, after ' + self._last(gap.at_s)}"
        line += "  place " + ("unknown" if error is None else f"{error:+.2f} s")
        astray = error is not None and abs(error) > (cause.place_s if cause else 0.3)
        if astray and self._moves_on(gap.at_s, gap.after_s):
            astray, error = False, None
        elif error is None and cause is not None and not self._goes_on(gap, cause):
            astray = True
        abrupt = gap.begins_at > AT_ONCE * self.own_level
        wrong = ["  to the end of the recording"] if gap.to_the_end else []
        if cause is not None:
            self.rows[cause.name].silences_s.append(gap.length_s)
            if error is not None:
                self.rows[cause.name].errors_s.append(error)
            if abrupt and cause.fault.fades_in:
                wrong.append(f"  without a fade-in: {gap.begins_at / self.own_level:.2f}")
        allowed_s = cause.lasted_s + cause.fault.silence_s if cause else 0.0
        if cause is not None:
            allowed_s -= self._silent_s.get(cause, 0.0)
            self._silent_s[cause] = self._silent_s.get(cause, 0.0) + gap.length_s
        line += "".join(wrong)
        print(line)
        if wrong or astray:
            self.bad.append(line)
        elif (beyond_s := gap.length_s - allowed_s) > 0:
            excused = self.still.excuse(gap.at_s, gap.end_s, beyond_s)
            (self.excused if excused else self.bad).append(line)

    def _cause(self, gap: sweep.Gap) -> Done | None:
        """The fault that allows this silence: one that has not had all of its own yet."""
        for each in self.done:
            had = self._silences.setdefault(each, [])
            if each.explains(gap) and len(had) < each.fault.silences:
                had.append(gap)
                return each
        return None

    def _with_the_side_before(self, gap: sweep.Gap, cause: Done | None) -> sweep.Gap:
        """Too little may be heard between two silences of a fault to tell a place."""
        if cause is None or gap.before_s is not None or len(self._silences[cause]) < 2:
            return gap
        first = self._silences[cause][-2]
        if first.before_s is None:
            return gap
        return replace(gap, before_s=first.before_s + gap.at_s - first.end_s)

    def _goes_on(self, gap: sweep.Gap, cause: Done) -> bool:
        """Whether the place is told by the fault's next silence, or nothing comes any more."""
        near_s = gap.end_s + sweep.WINDOW / sweep.RATE + sweep.EDGE_S
        more = len(self._silences[cause]) < cause.fault.silences
        return gap.to_the_end or (more and self._silent_again(gap.end_s, near_s))

    def _silent_again(self, begin_s: float, end_s: float) -> bool:
        part = self.room[round(begin_s * sweep.RATE) : round(end_s * sweep.RATE)]
        return bool(sweep.empty(part[sweep.SHORTEST :]))

    def _judge_sound(self) -> None:
        """No burst and no step, but where an allowed silence breaks off or two pieces cross."""
        own = self.own_level
        # The recording begins while it sounds already.
        first_s = float((np.abs(self.room) > sweep.QUIET).argmax()) / sweep.RATE
        self._told.append((0.0, first_s + sweep.EDGE_S))
        found = list(sweep.harsh(self.room, own, [*self._told, *self._moves], loud=LOUD, step=STEP))
        for each in _firsts(found):
            self.bad.append(
                f"{each.at_s:8.2f} s  harsh: loudest {each.loudest:.2f}, step {each.step:.3f}"
                f" of its own level  {self._last(each.at_s)}"
            )
        # Any step is allowed to an edge that is told anyway, and no burst.
        beside = [(each, LOUD, np.inf) for each in self._told]
        moves = [part for move in self._moves for part in _outside(move, self._told)]
        for (begin_s, end_s), loud, steep in [*beside, *((each, BOTH, BOTH) for each in moves)]:
            part = self.room[max(0, round(begin_s * sweep.RATE)) : round(end_s * sweep.RATE)]
            loudest, steepest = sweep.level(part) / own, sweep.steepest(part, own)
            crossing = any(begin < end_s and end > begin_s for begin, end in self._moves)
            if loudest > (BOTH if crossing else loud) or steepest > steep:
                self.bad.append(
                    f"{begin_s:8.2f} s  harsh beside a move or a silence: loudest {loudest:.2f},"
                    f" steepest {steepest:.2f}  {self._last(begin_s)}"
                )

    def _judge_lines(self) -> None:
        """What a screen said is in the journal, and nothing is in either of them twice."""
        said = TOLD.findall(self.lines)
        for name, rows in (("a screen", said), ("the journal", self.told)):
            self.bad += [
                f"told twice by {name}: {row}" for row in sorted(set(rows)) if rows.count(row) > 1
            ]
        self.bad += [f"not in the journal: {row}" for row in said if row not in self.told]
        print(f"lines told: {len(self.told)}, of them seen by a screen: {len(said)}")


def _outside(
    stretch: tuple[float, float], told: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """The parts of a stretch of seconds that lie in none of those that are told."""
    parts, (at_s, end_s) = [], stretch
    for begin, end in sorted(told):
        if begin > at_s:
            parts.append((at_s, min(begin, end_s)))
        at_s = max(at_s, end)
        if at_s >= end_s:
            break
    return [(begin, end) for begin, end in [*parts, (at_s, end_s)] if end > begin]


def _firsts(found: list[sweep.Harsh]) -> list[sweep.Harsh]:
    """Of windows that share frames, the first: one click is told once."""
    shared_s = sweep.WINDOW / sweep.RATE
    pairs = zip([None, *found], found, strict=False)
    return [each for last, each in pairs if last is None or each.at_s - last.at_s >= shared_s]

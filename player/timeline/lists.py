"""Which track comes next in a phase. Pure: knows lengths and loudness, nothing of decks."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from player.session.model import Order
from player.timeline.plan import Broken, Plan, PlanPhase, TrackFacts
from player.timeline.state import Known, TrackList
from player.units import SAMPLE_RATE, Frames

SHORTEST: Frames = SAMPLE_RATE
"""A track under one second counts as broken."""

FIT_STEP: Frames = SAMPLE_RATE // 4
"""`order: fit` looks for its sum in quarters of a second."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The next track, and the list as it stands once that has begun."""

    track: int
    facts: TrackFacts
    rest: TrackList


def round_of(plan: Plan, phase: int, round_number: int) -> tuple[int, ...]:
    """A phase's tracks in the order of one round through its list."""
    row = plan.phases[phase]
    if row.order is Order.LISTED:
        return row.tracks
    order = list(row.tracks)
    random.Random(f"{plan.title}\n{row.name}\n{round_number}").shuffle(order)  # noqa: S311
    return tuple(order)


def opened(plan: Plan, phase: int) -> TrackList:
    """The list of a phase that has not begun."""
    return TrackList(round_of(plan, phase, 0))


def playable(known: Known) -> TrackFacts | None:
    """The facts of a track that can begin now."""
    if isinstance(known, TrackFacts) and known.frames >= SHORTEST:
        return known
    return None


def dead(known: Known) -> bool:
    """True for a track that never can begin."""
    return isinstance(known, Broken) or (known is not None and playable(known) is None)


def choose(
    plan: Plan,
    phase: int,
    tracks: TrackList,
    facts: tuple[Known, ...],
    avoided: frozenset[int],
    *,
    room: Frames | None = None,
) -> Choice | None:
    """The next track of a phase, or None where nothing in its list can begin now.

    `room` is from the start of the next track to where the last one should end, for
    `order: fit`; None where no end is known. A list that is through starts again.
    """
    usable = {
        track: known
        for track in plan.phases[phase].tracks
        if track not in avoided and (known := playable(facts[track]))
    }
    if not usable:
        return None
    left = tuple(track for track in tracks.remaining if track in usable)
    if not left:
        tracks = _again(plan, phase, tracks)
        left = tuple(track for track in tracks.remaining if track in usable)
    track = _first(plan, plan.phases[phase], left, usable, room)
    remaining = list(tracks.remaining)
    remaining.remove(track)
    return Choice(track, usable[track], replace(tracks, remaining=tuple(remaining), last=track))


def _again(plan: Plan, phase: int, tracks: TrackList) -> TrackList:
    order = round_of(plan, phase, tracks.round + 1)
    if len(order) > 1 and order[0] == tracks.last:
        order = (*order[1:], order[0])
    return replace(tracks, remaining=order, round=tracks.round + 1)


def _first(
    plan: Plan,
    phase: PlanPhase,
    left: tuple[int, ...],
    usable: dict[int, TrackFacts],
    room: Frames | None,
) -> int:
    if phase.order is not Order.FIT or room is None or room <= 0:
        return left[0]
    overlap = plan.sound.crossfade
    lengths = [max(1, usable[track].frames - overlap) for track in left]
    chosen = nearest_sum(lengths, room - overlap)
    return left[chosen[0]] if chosen else left[0]


def nearest_sum(lengths: list[Frames], target: Frames) -> list[int]:
    """Which of `lengths`, each used once at most, add up nearest to `target`; never none.

    Subset sums as bits of one integer for each length, in steps of FIT_STEP.
    """
    steps = [max(1, round(length / FIT_STEP)) for length in lengths]
    goal = max(1, round(target / FIT_STEP))
    reach = [1]
    limit = (1 << (goal + max(steps) + 1)) - 1
    for step in steps:
        reach.append((reach[-1] | reach[-1] << step) & limit)
    sums = reach[-1] & ~1
    below = (sums & ((1 << (goal + 1)) - 1)).bit_length() - 1
    above_bits = sums >> goal
    above = goal + (above_bits & -above_bits).bit_length() - 1 if above_bits else None
    best = below if above is None or (below > 0 and goal - below <= above - goal) else above
    if best <= 0:
        return [min(range(len(steps)), key=lambda i: abs(steps[i] - goal))]
    chosen: list[int] = []
    for place in range(len(steps) - 1, -1, -1):
        if not reach[place] >> best & 1:
            chosen.append(place)
            best -= steps[place]
    return sorted(chosen)

"""Which track comes next in a phase. Pure: knows lengths and loudness, nothing of decks."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import islice

from player.session.choices import Order
from player.timeline.plan import SHORTEST, Broken, Plan, TrackFacts
from player.timeline.state import Known, TrackList
from player.units import SAMPLE_RATE, Decibels, Frames

TOO_SHORT = "it is shorter than a second"
SILENT = "it is silent throughout"
SILENT_DBTP: Decibels = -70.0
"""What never goes above this is silence, however long it lasts: dead air."""

FIT_STEP: Frames = SAMPLE_RATE // 4
"""`order: fit` looks for its sum in quarters of a second,"""
FIT_STEPS_AT_MOST = 40_000
"""and in longer steps where a phase is longer than some three hours."""
FIT_FROM_AT_LEAST = 48
"""Tracks that `order: fit` looks at; more only where these would not fill the phase twice."""
FIT_MARGIN: Frames = SAMPLE_RATE
"""So far behind the end it aims where a track that ends sooner would want another after it."""


@dataclass(frozen=True, slots=True)
class Room:
    """What `order: fit` fills."""

    frames: Frames
    """From the start of the next track to where the last one should end."""
    not_sooner: bool
    """True where a last track that ends a little too soon would want another after it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The next track, and the list as it stands once that has begun."""

    track: int
    facts: TrackFacts
    rest: TrackList


def round_of(plan: Plan, place: int, round_number: int) -> tuple[int, ...]:
    """The tracks of a phase or of the shelf in the order of one round through them."""
    row = plan.music(place)
    if row.order is Order.LISTED:
        return row.tracks
    order = list(row.tracks)
    random.Random(f"{plan.title}\n{row.name}\n{round_number}").shuffle(order)  # noqa: S311
    return tuple(order)


def opened(plan: Plan) -> tuple[TrackList, ...]:
    """The lists of a session that has not begun: of every phase, then of the shelf."""
    count = len(plan.phases) + len(plan.shelf)
    return tuple(TrackList(round_of(plan, place, 0)) for place in range(count))


def playable(known: Known) -> TrackFacts | None:
    """The facts of a track that can begin now."""
    return known if isinstance(known, TrackFacts) and not why_dead(known) else None


def dead(known: Known) -> bool:
    """True for a track that never can begin."""
    return bool(why_dead(known))


def why_dead(known: Known) -> str:
    """Why a track never can begin; empty where it can, or nobody knows yet."""
    if isinstance(known, TrackFacts):
        silent = known.true_peak_dbtp <= SILENT_DBTP
        return TOO_SHORT if known.frames < SHORTEST else SILENT if silent else ""
    return (known.why or "it cannot be played") if isinstance(known, Broken) else ""


def choose(
    plan: Plan,
    place: int,
    tracks: TrackList,
    facts: tuple[Known, ...],
    avoided: frozenset[int],
    *,
    room: Room | None = None,
    only: Collection[int] | None = None,
) -> Choice | None:
    """The next track of a phase or of the shelf, or None where nothing there can begin now.

    `room` is for `order: fit`; None where no end is known. A list that is through starts again,
    never before, and not while one that was not heard yet waits to be measured; of what is left
    in it, `only` some may be asked for. A loop without a seam is of the whole file.
    """
    row = plan.music(place)

    def usable(track: int) -> bool:
        return track not in avoided and playable(facts[track]) is not None

    if not any(usable(track) for track in row.tracks):
        return None
    # A folder may hold thousands: where the first is taken, the others are not looked at.
    most = None if only is not None or _fits(row.order, room) else 1
    left = tuple(islice(filter(usable, tracks.remaining), most))
    if not left and any(facts[t] is None and t not in avoided for t in tracks.remaining):
        return None
    if not left:
        tracks = _again(plan, place, tracks)
        left = tuple(islice(filter(usable, tracks.remaining), most))
    if only is not None:
        left = tuple(track for track in left if track in only)
        if not left:
            return None
    track = _first(plan, row.order, left, facts, room)
    remaining = list(tracks.remaining)
    remaining.remove(track)
    known = playable(facts[track])
    if known is None:
        return None
    rest = replace(tracks, remaining=tuple(remaining), last=track)
    return Choice(track, known.whole if row.seamless else known, rest)


def _fits(order: Order, room: Room | None) -> bool:
    return order is Order.FIT and room is not None and room.frames > 0


def _again(plan: Plan, place: int, tracks: TrackList) -> TrackList:
    order = round_of(plan, place, tracks.round + 1)
    if len(order) > 1 and order[0] == tracks.last:
        order = (*order[1:], order[0])
    return replace(tracks, remaining=order, round=tracks.round + 1)


def _first(
    plan: Plan,
    order: Order,
    left: tuple[int, ...],
    facts: tuple[Known, ...],
    room: Room | None,
) -> int:
    if room is None or not _fits(order, room):
        return left[0]
    overlap = plan.sound.crossfade
    target = room.frames - overlap + (FIT_MARGIN if room.not_sooner else 0)
    known = [playable(facts[track]) for track in left]
    lengths = _enough([max(1, row.frames - overlap) for row in known if row is not None], target)
    chosen = nearest_sum(lengths, target)
    return left[chosen[0]] if chosen else left[0]


def _enough(lengths: list[Frames], target: Frames) -> list[Frames]:
    """The first lengths, as many as there is any use for: a folder may hold thousands."""
    total = 0
    for count, length in enumerate(lengths, start=1):
        total += length
        if count >= FIT_FROM_AT_LEAST and total >= 2 * target:
            return lengths[:count]
    return lengths


def nearest_sum(lengths: list[Frames], target: Frames) -> list[int]:
    """Which of `lengths`, each used once at most, add up nearest to `target`; never none.

    Subset sums as bits of one integer for each length, in steps of FIT_STEP or longer.
    """
    step = max(FIT_STEP, target // FIT_STEPS_AT_MOST)
    steps = [max(1, round(length / step)) for length in lengths]
    goal = max(1, round(target / step))
    reach = [1]
    limit = (1 << (goal + max(steps) + 1)) - 1
    for each in steps:
        reach.append((reach[-1] | reach[-1] << each) & limit)
    best = _nearest(reach[-1] & ~1, goal)
    chosen: list[int] = []
    for place in range(len(steps) - 1, -1, -1):
        if not reach[place] >> best & 1:
            chosen.append(place)
            best -= steps[place]
    return sorted(chosen)


def _nearest(sums: int, goal: int) -> int:
    """The place of the bit nearest to `goal`, of those below and above it."""
    below = (sums & ((1 << (goal + 1)) - 1)).bit_length() - 1
    above_bits = sums >> goal
    above = goal + (above_bits & -above_bits).bit_length() - 1 if above_bits else None
    return below if above is None or (below > 0 and goal - below <= above - goal) else above

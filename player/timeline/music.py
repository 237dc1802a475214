"""Which deck plays, from where, with which fades: starts, crossfades, skips, broken files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import zip_longest

from player.session.choices import Ends, Order
from player.timeline.decisions import DropTrack, FadeTrack, StartTrack
from player.timeline.easing import contour
from player.timeline.events import TrackPassedOver, TrackStarted
from player.timeline.lists import Choice, Room, choose, dead, playable, why_dead
from player.timeline.plan import Broken, Plan, TrackFacts
from player.timeline.state import FOREVER, Deck, State, Step, put
from player.units import SAMPLE_RATE, Decibels, Frame, Frames

MOST_GAIN_DB: Decibels = 12.0
PEAK_MARGIN_DB: Decibels = 0.5
"""How far a track's true peak stays under the ceiling."""
LOOKED_FOR = 3
"""How many tracks that are away are tried at once."""
NOT_THIS_FADE: Frames = 4 * SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Wanted:
    """A track that will or may begin, so that its deck can be made ready."""

    track: int
    seamless: bool
    at: Frame
    """When it begins by the present plan; FOREVER where only a key would begin it."""
    lead: Frames = 0
    """Frames of the file that are passed over."""


def track_gain_db(plan: Plan, phase: int, facts: TrackFacts) -> Decibels:
    """The one static gain of a track in a phase: to the bed, at most +12 dB, under the ceiling."""
    to_bed = plan.sound.bed_lufs + plan.phases[phase].level_db - facts.lufs
    under = plan.sound.ceiling_dbtp - PEAK_MARGIN_DB - facts.true_peak_dbtp
    return min(to_bed, MOST_GAIN_DB, under)


def next_choice(
    plan: Plan, state: State, place: int, at: Frame, only: Collection[int] | None = None
) -> Choice | None:
    """The track that would follow in a phase or on the shelf if it began at `at`."""
    return choose(
        plan,
        place,
        state.lists[place],
        state.facts,
        state.avoided | state.away,
        room=_room(plan, state, place, at),
        only=only,
    )


def _room(plan: Plan, state: State, phase: int, at: Frame) -> Room | None:
    if phase >= len(plan.phases):
        return None
    fade = fade_between(plan, state, phase, phase + 1)
    not_sooner = fade < plan.sound.crossfade
    if phase != state.phase:
        return Room(state.lengths[phase] + fade, not_sooner)
    if state.ends is not Ends.CLOCK or state.phase_end <= at:
        return None
    return Room(state.phase_end - at + fade, not_sooner)


def _fits_the_end(plan: Plan, state: State, end: Frame) -> bool:
    """Whether a track under `order: fit` that ends at `end` is the last one of its phase."""
    if plan.music(state.place).order is not Order.FIT or state.ends is not Ends.CLOCK:
        return False
    if state.shelf is not None:
        return False
    return end >= state.phase_end + fade_between(plan, state, state.phase, state.phase + 1)


def fade_between(plan: Plan, state: State, old: int, new: int) -> Frames:
    """The fade at a boundary: at most half the shorter planned length of its two phases."""
    if not 0 <= new < len(plan.phases):
        return 0
    shorter = min(state.lengths[old], state.lengths[new])
    return min(plan.sound.phase_crossfade, shorter // 2)


def overlap_of(plan: Plan, frames: Frames, following: Frames) -> Frames:
    """How long two tracks sound together: never more than half of the shorter."""
    return min(plan.sound.crossfade, frames // 2, following // 2)


def next_start(plan: Plan, state: State) -> Frame:
    """Where the next track begins by itself; FOREVER where none does."""
    deck = state.deck(state.current)
    if deck is None or deck.end >= FOREVER or state.music_ended is not None:
        return FOREVER
    if _fits_the_end(plan, state, deck.end):
        return FOREVER
    length = deck.end - deck.start
    choice = next_choice(
        plan, state, state.place, deck.end - min(plan.sound.crossfade, length // 2)
    )
    if choice is None:
        return deck.end - overlap_of(plan, length, length)
    return deck.end - overlap_of(plan, length, choice.facts.frames)


def start_next(step: Step, *, fade_in: Frames | None = None) -> None:
    """Bring in the next track at this frame; other decks are not touched.

    Where nothing of the shelf can begin any more, the plan goes on.
    """
    plan, state = step.plan, step.state
    choice = next_choice(plan, state, state.place, step.frame)
    if choice is None and state.shelf is not None:
        step.set(shelf=None)
        state = step.state
        choice = next_choice(plan, state, state.place, step.frame)
    if plan.music(state.place).silence:
        step.set(current=None)
        return
    if choice is None:
        _start_safety(step, fade_in)
        return
    if fade_in is None:
        old = state.deck(state.current)
        left = FOREVER if old is None else old.end - step.frame
        fade_in = min(plan.sound.crossfade, choice.facts.frames // 2, left)
    _start_choice(step, choice, fade_in)


def _start_choice(step: Step, choice: Choice, fade_in: Frames) -> None:
    state = step.state
    step.set(lists=put(state.lists, state.place, choice.rest))
    seamless = step.plan.music(state.place).seamless
    _start(step, choice.track, choice.facts, fade_in, seamless=seamless)


def _start(step: Step, track: int, facts: TrackFacts, fade_in: Frames, *, seamless: bool) -> None:
    plan, state, at = step.plan, step.state, step.frame
    gain_db = track_gain_db(plan, state.phase, facts)
    end = FOREVER if seamless else at + facts.frames
    number = state.next_number
    deck = Deck(number=number, track=track, start=at, end=end, silent=end)
    step.set(decks=(*state.decks, deck), current=number, next_number=number + 1)
    loop = facts.frames if seamless else None
    eased = contour(facts.eases, loop) if plan.soften_rises else ()
    step.decide(
        StartTrack(
            deck=number,
            track=track,
            at=at,
            fade_in=max(0, fade_in),
            gain_db=gain_db,
            frames=facts.frames,
            seamless=seamless,
            contour=eased,
            lead=facts.lead,
        )
    )
    row = plan.tracks[track]
    step.say(TrackStarted(frame=at, path=row.path, title=row.title, gain_db=round(gain_db, 3)))


def _start_safety(step: Step, fade_in: Frames | None) -> None:
    """Nothing in the list can begin: the safety bed plays, so that nothing is silent by fault."""
    plan = step.plan
    facts = plan.tracks[plan.safety].facts
    if facts is None:
        step.set(current=None)
        return
    fade = plan.sound.crossfade if fade_in is None else fade_in
    _start(step, plan.safety, facts, fade, seamless=True)


def fade_deck(step: Step, deck: Deck, frames: Frames, *, keep: bool = False) -> None:
    """Fade a deck out from this frame, shortened to its own end."""
    at = step.frame
    frames = max(0, min(frames, deck.end - at))
    silent = min(deck.silent, at + frames)
    step.decide(FadeTrack(deck.number, at, frames, keep))
    _replace_deck(step, replace(deck, silent=silent, kept=keep))


def _replace_deck(step: Step, deck: Deck) -> None:
    decks = tuple(deck if old.number == deck.number else old for old in step.state.decks)
    step.set(decks=decks)


def fade_others(step: Step, frames: Frames, *, keep_current: bool = False) -> None:
    """Fade out all that sounds from this frame, the current deck kept for the way back if asked."""
    for deck in step.state.decks:
        if not deck.kept and deck.silent > step.frame:
            fade_deck(step, deck, frames, keep=keep_current and deck.number == step.state.current)


def follow_on(step: Step) -> None:
    """The next track begins by itself: both fades over the same overlap."""
    plan, state = step.plan, step.state
    old = state.deck(state.current)
    if old is None:
        start_next(step)
        return
    choice = next_choice(plan, state, state.place, step.frame)
    following = choice.facts.frames if choice else old.end - old.start
    overlap = overlap_of(plan, old.end - old.start, following)
    fade_deck(step, old, overlap)
    if old.end - step.frame < overlap:
        # It ends sooner than was measured: the next one still comes in gently.
        overlap = min(plan.sound.crossfade, following // 2)
    start_next(step, fade_in=overlap)


def skip(step: Step, fade: Frames, *, avoid: bool = False) -> None:
    """Bring the next track in now, and avoid the one that plays where asked."""
    plan, state = step.plan, step.state
    if plan.music(state.place).silence:
        step.refuse("This phase is planned silence: there is nothing to skip.")
        return
    old = state.deck(state.current)
    if avoid and old is not None and old.track != plan.safety:
        step.set(avoided=state.avoided | {old.track})
    choice = coming_choice(plan, step.state)
    if choice is None and state.shelf is not None:
        leave_shelf(step, fade)
        return
    if choice is None and old is not None and old.track == plan.safety:
        step.refuse("There is no other music for this phase.")
        return
    bring_in(step, choice, fade)


def coming_choice(plan: Plan, state: State) -> Choice | None:
    """What a skip brings in: the track that would follow by itself, whose deck is ready."""
    at = next_start(plan, state)
    return next_choice(plan, state, state.place, state.frame if at >= FOREVER else at)


def leave_shelf(step: Step, fade: Frames) -> None:
    """Cross at once from the shelf to what the plan has next, be that silence."""
    step.set(shelf=None)
    plan, state = step.plan, step.state
    if plan.music(state.place).silence:
        fade_others(step, fade)
        step.set(current=None)
        return
    bring_in(step, next_choice(plan, state, state.place, step.frame), fade)


def bring_in(step: Step, choice: Choice | None, fade: Frames) -> None:
    """Cross at once from all that sounds to a track; to the safety bed where there is none."""
    if choice is not None:
        fade = min(fade, choice.facts.frames // 2)
    fade_others(step, fade)
    if choice is None:
        _start_safety(step, fade)
    else:
        _start_choice(step, choice, fade)


def learn(step: Step, track: int, known: TrackFacts | Broken) -> None:
    """A track was measured, or found broken, before or while it plays."""
    plan = step.plan
    if track == plan.safety:
        return
    if why := why_dead(known):
        known = Broken(why)
    was = step.state.facts[track]
    step.set(facts=put(step.state.facts, track, known))
    if isinstance(known, Broken) and not isinstance(was, Broken):
        path = plan.tracks[track].path
        step.say(TrackPassedOver(frame=step.frame, path=path, why=known.why))
    current = step.state.deck(step.state.current)
    if current is None or step.state.music_ended is not None:
        return
    if current.track == plan.safety and not isinstance(known, Broken):
        if next_choice(plan, step.state, step.state.place, step.frame) is not None:
            follow_on_from_safety(step)
    elif current.track == track and isinstance(known, Broken):
        skip(step, plan.sound.crossfade)


def reach(step: Step, away: frozenset[int]) -> None:
    """Which tracks cannot be had at present has changed; what can be had again comes in."""
    step.set(away=away)
    current = step.state.deck(step.state.current)
    if current is None or current.track != step.plan.safety or step.state.music_ended is not None:
        return
    if next_choice(step.plan, step.state, step.state.phase, step.frame) is not None:
        follow_on_from_safety(step)


def follow_on_from_safety(step: Step) -> None:
    """Music for this phase can be played after all."""
    fade_others(step, step.plan.sound.crossfade)
    start_next(step, fade_in=step.plan.sound.crossfade)


def broke_off(step: Step, number: int, end: Frame, why: str, *, broken: bool = True) -> None:
    """A deck will end at `end`, earlier than measured: the next one comes in before that.

    A file that is only slow to read is not `broken`: it may come again.
    """
    deck = step.state.deck(number)
    if deck is None:
        return
    path = step.plan.tracks[deck.track].path
    step.say(TrackPassedOver(frame=step.frame, path=path, why=why))
    end = max(end, step.frame)
    if broken and deck.track != step.plan.safety:
        step.set(facts=put(step.state.facts, deck.track, Broken(why)))
    _replace_deck(step, replace(deck, end=end, silent=min(end, deck.silent)))
    if number == step.state.current and end - step.frame <= step.plan.sound.crossfade:
        follow_on(step)


def forget_ended(step: Step) -> None:
    """Drop decks that have come to their end, or whose way back is over."""
    state = step.state
    move_deck = state.move.deck if state.move else None
    stay = []
    for deck in state.decks:
        if deck.kept and deck.number != move_deck:
            step.decide(DropTrack(deck.number))
        elif deck.kept or deck.silent > step.frame or deck.number == state.current:
            stay.append(deck)
    if len(stay) != len(state.decks):
        step.set(decks=tuple(stay))


def wanted(plan: Plan, state: State) -> tuple[Wanted, ...]:
    """The decks to have ready: the next track here, the first of the next phase, and a few
    that cannot be had at present, so that it is seen when they come back."""
    if state.music_ended is not None:
        return ()
    rows: list[Wanted] = []
    at = next_start(plan, state)
    held = state.shelf is not None
    before_end = held or state.ends is not Ends.CLOCK or at < state.phase_end
    here_at = at if held else min(at, state.phase_end)
    rows += _wanted(plan, state, state.place, here_at, at if before_end else FOREVER)
    if held:
        rows += _wanted(plan, state, state.phase, state.frame, FOREVER)
        return (*rows, *_looked_for(plan, state))
    following = state.phase + 1
    if following < len(plan.phases):
        at = state.phase_end if state.ends is Ends.CLOCK else FOREVER
        rows += _wanted(plan, state, following, state.phase_end, at)
    return (*rows, *_looked_for(plan, state))


def _looked_for(plan: Plan, state: State) -> list[Wanted]:
    """The first tracks of the music that is due that are away."""
    row = plan.music(state.place)
    away = [track for track in state.lists[state.place].remaining if track in state.away]
    away += [track for track in row.tracks if track in state.away and track not in away]
    some = away[:LOOKED_FOR]
    return [Wanted(track, row.seamless, FOREVER, _lead(plan, state, track)) for track in some]


def _lead(plan: Plan, state: State, track: int) -> Frames:
    known = playable(state.facts[track])
    return 0 if known is None or plan.music(state.place).seamless else known.lead


def awaited(plan: Plan, state: State) -> int | None:
    """The track of the music that is due that must be measured before another can begin."""
    if state.music_ended is not None or plan.music(state.place).silence:
        return None
    for track in state.lists[state.place].remaining:
        if track in state.avoided or dead(state.facts[track]):
            continue
        return track if state.facts[track] is None else None
    return None


def _wanted(plan: Plan, state: State, place: int, chosen_at: Frame, at: Frame) -> list[Wanted]:
    choice = next_choice(plan, state, place, chosen_at)
    if choice is None or plan.music(place).silence:
        return []
    return [Wanted(choice.track, plan.music(place).seamless, at, choice.facts.lead)]


def needed(plan: Plan, state: State) -> tuple[int, ...]:
    """Every track not yet measured: the first of each phase, then the second of each, and so on."""
    order = [*range(state.phase, len(state.lists)), *range(state.phase)]
    rounds = zip_longest(*(state.lists[place].remaining for place in order))
    rows = [track for each in rounds for track in each if track is not None]
    return tuple(dict.fromkeys(track for track in rows if state.facts[track] is None))

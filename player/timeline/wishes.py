"""What the counsellor wishes of the music: softer, deeper, the shelf, back to the plan."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from player.session.choices import Energy
from player.timeline.lists import playable
from player.timeline.music import bring_in, leave_shelf, next_choice
from player.timeline.plan import Plan
from player.timeline.state import State, Step

ENERGIES = (Energy.LOW, Energy.MID, Energy.HIGH)


CLEARLY = 1.2
"""A pulse so many times another one is worth a change of music. A rule of thumb."""


class Wish(StrEnum):
    """Another track than the one that sounds: one of less energy, or of more."""

    SOFTER = "softer"
    DEEPER = "deeper"


def energy_of(plan: Plan, state: State, track: int) -> Energy | None:
    """A track's energy as the session says, or else as it was measured, maybe a moment ago."""
    known = playable(state.facts[track])
    return plan.tracks[track].energy or (known.energy if known is not None else None)


def bring_other(step: Step, wish: Wish) -> None:
    """Bring in, over the crossfade, what is left and nearest on the wished side; else nothing."""
    plan, state = step.plan, step.state
    row = plan.music(state.place)
    if row.silence:
        step.refuse("This phase is planned silence: nothing plays that could be changed.")
        return
    for tracks in _nearest_first(plan, state, wish):
        choice = next_choice(plan, state, state.place, step.frame, tracks)
        if choice is not None:
            bring_in(step, choice, plan.sound.crossfade)
            return
    if all(energy_of(plan, state, track) is None for track in row.tracks):
        step.refuse(f"Nobody has said which music here is {wish}: energy: low, mid or high.")
    else:
        step.refuse(f"Nothing {wish} is left in the music of {row.name}: this goes on.")


def _nearest_first(plan: Plan, state: State, wish: Wish) -> list[frozenset[int]]:
    """The tracks of each energy on the wished side of what sounds, the nearest energy first.

    At last those of the same energy that clearly move less, or more: a library may be all calm.
    """
    deck = state.deck(state.current)
    now = 1 if deck is None else _step(plan, state, deck.track)
    sides = range(now - 1, -1, -1) if wish is Wish.SOFTER else range(now + 1, len(ENERGIES))
    tracks = plan.music(state.place).tracks
    found = [
        frozenset(track for track in tracks if _step(plan, state, track) == side) for side in sides
    ]
    pulse_lu = None if deck is None else _pulse(state, deck.track)
    if pulse_lu is None:
        return found
    alike = (track for track in tracks if _step(plan, state, track) == now)
    moved = frozenset(track for track in alike if _clearly(wish, _pulse(state, track), pulse_lu))
    return [*found, moved]


def _pulse(state: State, track: int) -> float | None:
    known = playable(state.facts[track])
    return None if known is None else known.pulse_lu


def _clearly(wish: Wish, pulse_lu: float | None, now_lu: float) -> bool:
    if pulse_lu is None:
        return False
    return pulse_lu * CLEARLY < now_lu if wish is Wish.SOFTER else pulse_lu > now_lu * CLEARLY


def _step(plan: Plan, state: State, track: int) -> int:
    """A track's energy as 0 to 2; the middle where nobody knows it."""
    known = energy_of(plan, state, track)
    return 1 if known is None else ENERGIES.index(known)


def take_from_shelf(step: Step, piece: int) -> None:
    """Cross to music of the shelf; it is held, through phases too, until back to the plan."""
    plan, state = step.plan, step.state
    if piece >= len(plan.shelf):
        count = len(plan.shelf)
        step.refuse(
            f"There is no piece {piece + 1}: the shelf of this session holds {count}."
            if count
            else "This session has no shelf."
        )
        return
    name = plan.shelf[piece].name
    if state.shelf == piece:
        step.refuse(f"{name} is held already.")
        return
    held = replace(state, shelf=piece)
    choice = next_choice(plan, held, held.place, step.frame)
    if choice is None:
        step.refuse(f"{name} cannot begin: its music is not measured yet, or left out.")
        return
    step.set(shelf=piece)
    bring_in(step, choice, plan.sound.crossfade)


def back_to_plan(step: Step) -> None:
    """Cross from the shelf to what the plan has next."""
    if step.state.shelf is None:
        step.refuse("The plan's own music plays.")
        return
    leave_shelf(step, step.plan.sound.crossfade)

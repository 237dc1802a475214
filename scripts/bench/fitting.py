"""How long `order: fit` takes to choose the next track, and how near the ends come.

``python scripts/bench/fitting.py``: random cases from a seed, figures in milliseconds.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time

from player.session.model import Ends, Order
from player.timeline import conductor
from player.timeline.decisions import StartTrack
from player.timeline.music import fade_between, next_choice
from player.timeline.plan import Plan, PlanPhase, PlanTrack, TrackFacts
from player.units import SAMPLE_RATE, frames_of


def plan_of(seed: int, tracks: int, minutes: float) -> Plan:
    """One phase under `fit`, tracks of 3 to 9 minutes, and a short phase behind it."""
    chance = random.Random(seed)
    lengths = [frames_of(chance.uniform(180, 540)) for _ in range(tracks)]
    rows = [PlanTrack(f"/{n}", f"{n}", TrackFacts(each, -20, -3)) for n, each in enumerate(lengths)]
    rows.append(PlanTrack("/safety", "safety", TrackFacts(48 * SAMPLE_RATE, -23, -13)))
    fitted = tuple(range(tracks))
    phases = (
        PlanPhase("One", None, frames_of(minutes * 60), Ends.CLOCK, fitted, Order.FIT),
        PlanPhase("Two", None, frames_of(300), Ends.CLOCK, (0,)),
    )
    return Plan("Bench", phases, tuple(rows), safety=tracks)


def case(seed: int, tracks: int, minutes: float) -> tuple[float, float]:
    """Milliseconds for the first choice, and seconds from the natural end to where it should be."""
    plan = plan_of(seed, tracks, minutes)
    state = conductor.opening(plan)
    begun = time.perf_counter()
    next_choice(plan, state, 0, 0)
    spent_ms = (time.perf_counter() - begun) * 1e3
    step = conductor.begin(plan, state)
    starts = list(step.decisions)
    end = plan.phases[0].length
    starts += conductor.advance(plan, step.state, end).decisions
    last = [row for row in starts if isinstance(row, StartTrack)][-1]
    target = end + fade_between(plan, state, 0, 1)
    return spent_ms, (last.at + last.frames - target) / SAMPLE_RATE


def main() -> None:
    """One line for each size of list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100)
    cases = parser.parse_args().cases
    for tracks, minutes in ((20, 30.0), (200, 30.0), (10_000, 30.0), (10_000, 1440.0)):
        count = cases if tracks < 1000 else 3
        rows = [case(seed, tracks, minutes) for seed in range(count)]
        near = sum(abs(away_s) <= 10 for _, away_s in rows)
        took = [spent_ms for spent_ms, _ in rows]
        print(
            f"{tracks:>6} tracks, {minutes:5.0f} min: within 10 s in {near} of {count}, "
            f"chosen in {statistics.median(took):.2f} ms median, {max(took):.2f} ms at most"
        )


if __name__ == "__main__":
    main()

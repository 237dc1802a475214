"""The music of a session in the order in which it would be heard with nobody at the keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from player.library.catalogue import Catalogue
from player.library.stated import stated_length_s
from player.library.tags import title_of
from player.programme.facts import Knowledge
from player.programme.programme import compose
from player.session.list_writer import Piece
from player.session.model import Session
from player.timeline import conductor
from player.timeline.events import TrackStarted
from player.timeline.plan import Plan, TrackFacts
from player.timeline.written import as_written
from player.units import SAMPLE_RATE, frames_of, seconds_of

UNKNOWN = TrackFacts(300 * SAMPLE_RATE, -20.0, -3.0)
"""Stands for a piece that was never measured and does not state its length."""


def played(session: Session, catalogue: Catalogue) -> list[Piece]:
    """The pieces of one run, by-hand phases at their written length.

    Lengths are as measured, else as the files state them; nothing is decoded.
    """
    knowledge = Knowledge(catalogue)
    silent = session.model_copy(update={"cues": (), "reminders": ()})
    programme = compose(silent, knowledge.of_music, knowledge.of_clip, knowledge.tags)
    plan = as_written(programme.plan).plan
    facts = [row.facts or _stated(Path(row.path)) for row in plan.tracks]
    rows = zip(plan.tracks, facts, strict=True)
    plan = replace(plan, tracks=tuple(replace(row, facts=known or UNKNOWN) for row, known in rows))
    safety = plan.tracks[plan.safety].path
    paths = [path for path in _run(plan) if path != safety]
    lengths_s = {
        row.path: None if known is None else seconds_of(known.whole_frames)
        for row, known in zip(plan.tracks, facts, strict=True)
    }
    shipped = {row.path: row.title for row in plan.tracks if row.title != Path(row.path).stem}
    titles = {path: shipped.get(path) or title_of(Path(path)) for path in dict.fromkeys(paths)}
    return [Piece(Path(path), titles[path], lengths_s[path]) for path in paths]


def _run(plan: Plan) -> list[str]:
    step = conductor.begin(plan, conductor.opening(plan))
    rest = conductor.advance(plan, step.state, plan.length + 1)
    return [row.path for row in (*step.events, *rest.events) if isinstance(row, TrackStarted)]


def _stated(path: Path) -> TrackFacts | None:
    length_s = stated_length_s(path)
    return None if not length_s else replace(UNKNOWN, frames=frames_of(length_s))

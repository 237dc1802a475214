"""A journal of a session that broke off, as an engine writes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import conducting as kit
import numpy as np

from player.engine.elapsed import Moment
from player.engine.inputs import Learned, Obeyed
from player.engine.journal import Journal
from player.engine.kept import Head, Heard
from player.engine.score import Score
from player.engine.stands import Stand
from player.sound.mixer import Mixer
from player.timeline import commands as c
from player.timeline import conductor
from player.timeline.events import PhaseEntered
from player.timeline.plan import TrackFacts

PLAN = kit.lozenge()
SCORE = Score(Path("/sessions/s.yaml"), PLAN, tuple(Path(row.path) for row in PLAN.tracks), ())


def stand(frame: int) -> Stand:
    """A session that stands at a frame."""
    mixer = Mixer(open_track=lambda _: Any, clip=lambda _: np.zeros((1, 2)), ceiling_dbtp=-1.0)
    mixer.recall(mixer.memory())
    state = conductor.opening(PLAN)
    step = conductor.advance(PLAN, conductor.begin(PLAN, state).state, frame)
    mixer.run_to(frame)
    return Stand(step.state, mixer.memory())


STANDS = [stand(frame) for frame in (0, 480_000, 960_000)]


def heard(frame: int) -> Heard:
    return Heard(frame, frame + 10, Moment(5.0, "run", 1e9))


HEAD = Head.of(SCORE, c.OpenSession(path="/sessions/s.yaml", output="null"), "abc", heard(-8000))


def keep(folder: Path, more: Callable[[Journal], None] = lambda _: None) -> Path:
    """A journal of two stands, two decisions, and the place 470,000."""
    journal = Journal(folder)
    journal.begin(HEAD, STANDS[0])
    journal.inputs([Obeyed(frame=100_000, command=c.Hold())])
    journal.told(PhaseEntered(frame=0, phase="Arrival"))
    journal.stand(STANDS[1])
    journal.inputs([Learned(frame=481_000, track=1, known=TrackFacts(9, -20.0, -float("inf")))])
    journal.heard(heard(470_000))
    journal.settle(20)  # `more` finds it on the disk, however late the journal's thread comes
    more(journal)
    journal.close()
    return journal.path

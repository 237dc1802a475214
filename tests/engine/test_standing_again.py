"""A session that is run through again stands where it stood, and sounds as it sounded."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import conducting as kit
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import Phase, example, given, settings

from player.engine.again import Again
from player.engine.inputs import INPUTS, Input, Learned, Obeyed
from player.engine.stands import Stand, stand_json, stand_of
from player.session.model import Ends, Order, Play, Point
from player.sound.limiter import LOOK_AHEAD
from player.sound.mixer import Mixer
from player.sound.streams import BLOCK
from player.timeline import commands as c
from player.timeline import conductor
from player.timeline.decisions import StartTrack
from player.timeline.plan import PlanSound, TrackFacts
from player.timeline.state import RestKind

S = 48_000
ROOM = np.random.default_rng(3).uniform(-0.2, 0.2, (200 * S, 2)).astype(np.float32)


class Tape:
    """Noise that is known at every place; each track begins elsewhere in it."""

    def __init__(self, track: int, place: int) -> None:
        self.at = track * 977 + place

    def read(self, frames: int) -> Any:
        self.at += frames
        return ROOM[self.at - frames : self.at]

    def close(self) -> None:
        pass


def _plan() -> Any:
    late = replace(kit.tone(25), lead=3 * S, tail=2 * S)
    tracks = [kit.tone(40), late, None, kit.tone(60), kit.tone(31)]
    phases = [
        kit.phase("Arrival", 0.7, [0, 1], ends=Ends.DOSE),
        kit.phase("Onset", 1, [1, 2, 3], order=Order.SHUFFLE),
        kit.phase("Peak", 1, [4], ends=Ends.HAND, voice=False),
        kit.phase("Rest", 0.3, []),
        kit.phase("Return", 1, [3, 0], order=Order.FIT),
    ]
    cues = [
        kit.cue("settle", Point.START, 12, seconds=6),
        kit.cue("shades", Point.PHASE_START, 20, phase=1, play=Play.ASK, seconds=5),
        replace(
            kit.cue("back", Point.PHASE_START, 10, phase=4, seconds=40),
            resumes=tuple(second * S for second in (0, 7, 15, 22, 36)),
        ),
    ]
    reminders = [kit.reminder("pressure", Point.DOSE, 30)]
    sound = PlanSound(crossfade=6 * S, phase_crossfade=9 * S, first_fade=4 * S, end_fade=8 * S)
    return kit.plan(phases, tracks, cues=cues, reminders=reminders, sound=sound)


def _mixer(open_track: Callable[[StartTrack], Any]) -> Mixer:
    return Mixer(
        open_track=open_track, clip=lambda _: np.zeros((1, 2), np.float32), ceiling_dbtp=20.0
    )


class Live:
    """Plays as the engine does, block by block, and can be asked where it stands."""

    def __init__(self, plan: Any) -> None:
        self.plan = plan
        self.mixer = _mixer(lambda start: Tape(start.track, start.lead))
        self.state = conductor.opening(plan)
        self.inputs: list[Input] = []
        self.turn = 0
        self.take(conductor.begin(plan, self.state))

    def take(self, step: Any) -> None:
        self.state = step.state
        for decision in step.decisions:
            self.mixer.apply(decision)

    def block(self) -> Any:
        self.stands()
        if self.state.music_ended is not None:
            return np.zeros((BLOCK, 2), np.float32)
        self.take(conductor.advance(self.plan, self.state, self.mixer.next_head))
        sound = self.mixer.render().copy()
        self.turn += 1
        assert self.mixer.head == self.state.frame or self.state.music_ended is not None
        return sound

    def stands(self) -> None:
        """Time goes on where the programme does not."""
        rest = self.state.rest
        paused = rest is not None and rest.kind is RestKind.PAUSED
        if self.state.music_ended is not None or (
            paused and rest is not None and self.state.frame >= rest.silent
        ):
            self.take(conductor.stand_still(self.plan, self.state, BLOCK))

    def stands_until(self, still: int) -> None:
        if still > self.state.still:
            self.take(conductor.stand_still(self.plan, self.state, still - self.state.still))

    def come(self, came: Input) -> None:
        step = came.step(self.plan, self.state)
        if step.state is not self.state:
            self.inputs.append(came)
        self.take(step)

    def key(self, command: c.RoomCommand) -> None:
        self.come(Obeyed(**self.now, command=command))

    @property
    def now(self) -> dict[str, int]:
        return {"frame": self.state.frame, "turn": self.turn, "still": self.state.still}

    def stand(self) -> Stand:
        return Stand(self.state, self.mixer.memory())


def _as_kept(stand: Stand) -> Stand:
    return stand_of(json.loads(json.dumps(stand_json(stand))), stand.state.facts)


def _again(plan: Any, stand: Stand, inputs: list[Input], heard: int) -> Live:
    kept = [INPUTS.validate_python(json.loads(i.model_dump_json())) for i in inputs]
    room = Live(plan)
    room.mixer = _mixer(lambda start: Tape(start.track, start.lead))
    room.mixer.recall(stand.memory)
    again = Again(plan, stand.state, room.mixer)
    again.run(kept, heard)
    room.mixer.sound(lambda start, place: Tape(start.track, start.lead + place))
    room.state = again.state
    return room


KEYS = st.one_of(
    st.sampled_from(
        [
            *(c.Next(), c.Back(), c.Hold(), c.Release(), c.MarkDose(), c.BeginTalk()),
            *(c.EndTalk(), c.Pause(), c.Silence(), c.Resume(), c.Skip(), c.NotThis()),
            *(c.AllowCue(), c.End(), c.ChangeVolume(by_db=-3), c.Stretch(by_s=30)),
            *(c.MarkDose(ago_s=20), c.Resume()),
        ]
    ),
    st.integers(0, 4).map(lambda n: c.Go(phase=n)),
)
PAUSED_IN_SILENCE = [
    *((111, c.Silence()), (60, c.Pause()), (12, c.Go(phase=1)), (50, c.Go(phase=1))),
    *((38, c.Go(phase=0)), (11, c.Silence()), (30, c.Hold()), (65, c.Hold())),
]
"""A pause that stands at once, since nothing sounds, and what is decided while it stands."""
RUNS = st.lists(st.tuples(st.integers(1, 120), KEYS), max_size=12)


@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])
@given(before=RUNS, between=RUNS, measured=st.integers(0, 40))
@example(
    before=[(15, c.Go(phase=1)), (99, c.Go(phase=0)), (106, c.Go(phase=2)), (55, c.Release())],
    between=PAUSED_IN_SILENCE,
    measured=25,
)
def test_what_is_run_through_again_sounds_to_the_sample_as_it_would_have_sounded(
    before: Any, between: Any, measured: int
) -> None:
    live = Live(_plan())
    for blocks, key in before:
        for _ in range(blocks):
            live.block()
        live.key(key)
    stand = live.stand()
    assert _as_kept(stand) == stand, "nothing is lost on its way through JSON"
    live.inputs = []
    for number, (blocks, key) in enumerate(between):
        for _ in range(blocks):
            live.block()
        live.key(key)
        if number == measured:
            known = TrackFacts(28 * S, -20, -6, lead=S)
            live.come(Learned(**live.now, track=2, known=known))
    live.block()
    heard = live.state.frame
    room = _again(live.plan, _as_kept(stand), live.inputs, heard)
    room.stands_until(live.state.still)
    if live.state.music_ended is not None:
        assert room.state.music_ended is not None
        return
    assert replace(room.state, quiet_until=0) == replace(live.state, quiet_until=0)
    # The old mixer has rendered its limiter's look-ahead already: the new one begins behind it.
    gone = LOOK_AHEAD if live.state.frame else 0
    first, second = (np.concatenate([one.block() for _ in range(40)]) for one in (live, room))
    assert np.abs(first[gone : gone + 30 * BLOCK] - second[: 30 * BLOCK]).max() < 1e-6


@pytest.mark.parametrize("ended", [False, True])
def test_a_mark_that_was_made_while_the_programme_stood_is_as_old_as_it_was(ended: bool) -> None:
    live = Live(_plan())
    for _ in range(30):
        live.block()
    live.key(c.MarkDose())
    live.key(c.End() if ended else c.Pause())
    for _ in range(120):
        live.block()
    stand, live.inputs = live.stand(), []
    for key in (c.MarkDose(ago_s=3), c.MarkBooster()):
        for _ in range(40):
            live.block()
        live.key(key)
    for _ in range(20):
        live.block()
    room = _again(live.plan, _as_kept(stand), live.inputs, live.state.frame)
    assert (room.state.dose, room.state.boosters) == (live.state.dose, live.state.boosters)
    assert room.state.starts == live.state.starts, "the phases lie where they lay"
    assert live.state.still - room.state.still == 20 * BLOCK, "what stood still since is to come"
    assert (live.state.music_ended is not None) is ended

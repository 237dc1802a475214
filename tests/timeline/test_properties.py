"""Whatever is pressed in whatever order, the promises hold."""

from __future__ import annotations

from typing import Any

import conducting as kit
import hypothesis.strategies as st
from hypothesis import given, settings

from player.session.model import Ends, Order, Play, Point
from player.sound.curves import LevelRamp
from player.timeline import commands as c
from player.timeline import offers
from player.timeline.cue_times import OFFER_BEFORE, OFFERED, place_frame
from player.timeline.decisions import Bus, FadeBus, SetVolume, StartClip, StartTrack
from player.timeline.events import CueAsked, CueMissed
from player.timeline.lists import playable
from player.timeline.plan import PlanShelf
from player.timeline.speech import LATE_BEHIND
from player.timeline.state import FOREVER
from player.timeline.status import CueStage

KEYS = st.one_of(
    st.sampled_from(
        [
            c.Next(),
            c.Back(),
            c.Hold(),
            c.Release(),
            c.MarkDose(),
            c.UndoDose(),
            c.MarkBooster(),
            c.UndoBooster(),
            c.BeginTalk(),
            c.EndTalk(),
            c.Pause(),
            c.Silence(),
            c.Resume(),
            c.Skip(),
            c.NotThis(),
            c.Softer(),
            c.Deeper(),
            c.BackToPlan(),
            c.AllowCue(),
            c.DeclineCue(),
            c.StopCue(),
            c.ClientLeft(),
        ]
    ),
    st.integers(0, 5).map(lambda n: c.Go(phase=n)),
    st.integers(-900, 900).map(lambda s: c.Stretch(by_s=s)),
    st.integers(0, 3000).map(lambda s: c.MarkDose(ago_s=s)),
    st.integers(0, 3000).map(lambda s: c.MarkBooster(ago_s=s)),
    st.integers(0, 4).map(lambda n: c.SpeakCue(cue=n)),
    st.integers(0, 3).map(lambda n: c.TakeFromShelf(piece=n)),
    st.integers(-30, 30).map(lambda n: c.ChangeVolume(by_db=n)),
)
LATEST = LATE_BEHIND + 15 * kit.S
"""A minute behind a voice, and what the sound takes to come back."""
RARELY_END = st.one_of(*[KEYS] * 12, st.just(c.End()))
WAITS = st.one_of(st.floats(0.0, 3.0), st.floats(0.0, 60.0), st.floats(0.0, 900.0))
RUNS = st.lists(st.tuples(WAITS, RARELY_END), min_size=1, max_size=25)


def _plan(order: Order, *, hold: bool) -> Any:
    tracks = [kit.tone(400), kit.tone(33), kit.tone(200), kit.tone(0.4), kit.tone(620), None]
    phases = [
        kit.phase("Arrival", 5, [0, 1], ends=Ends.DOSE),
        kit.phase("Onset", 10, [1, 2, 3, 5], order=order),
        kit.phase("Peak", 12, [4], ends=Ends.HAND, voice=False, seamless=True),
        kit.phase("Rest", 2, []),
        kit.phase("Return", 6, [3]),
        kit.phase("Grounding", 4, [0, 2], order=order),
    ]
    cues = [
        kit.cue("settle", Point.START, 5),
        kit.cue("shades", Point.PHASE_START, 30, phase=1, play=Play.ASK),
        kit.cue("none", Point.PHASE_START, 60, phase=2),
        kit.cue("back", Point.PHASE_START, 10, phase=4, play=Play.ASK),
        kit.cue("close", Point.END, -60),
        kit.cue("words only", Point.DOSE, 300, seconds=None),
        kit.cue("long", Point.START, 15, seconds=200),
        kit.cue("water", Point.DOSE, 120),
    ]
    reminders = [
        kit.reminder("pressure", Point.DOSE, 600),
        kit.reminder("booster check", Point.BOOSTER, 300),
        kit.reminder("peak look", Point.PHASE_START, 120, phase=2),
        kit.reminder("leaving", Point.END, 600),
    ]
    shelf = [
        PlanShelf("Calm", (1, 2), order),
        PlanShelf("One", (4,), seamless=True),
        PlanShelf("Dead", (3, 5)),
    ]
    return kit.plan(
        phases,
        tracks,
        cues=cues,
        reminders=reminders,
        hold_at_end=hold,
        energies="hlm?h",
        shelf=shelf,
    )


class Watched(kit.Bench):
    """A bench that sees to it, at every step, that no list begins again before it is through,
    that no cue which asks is spoken without a yes, none by itself long behind its place,
    and that the volume never rises suddenly."""

    def __post_init__(self) -> None:
        self.wanted: set[int] = set()
        self.meant: int | None = None
        self.volume = LevelRamp(0, 0, 0.0, 0.0)
        super().__post_init__()

    def key(self, command: Any) -> Any:
        asked = offers.asked(self.state)
        if isinstance(command, c.AllowCue) and asked is not None:
            self.meant = asked
        elif isinstance(command, c.SpeakCue):
            self.meant = command.cue
        super().key(command)
        self.meant = None
        return self

    def take(self, step: Any) -> None:
        before = self.state.lists
        self._no_voice_unasked(step)
        self._no_sudden_rise(step)
        super().take(step)
        for place, (was, now) in enumerate(zip(before, self.state.lists, strict=True)):
            if was == now:
                continue
            usable = {
                track
                for track in self.plan.music(place).tracks
                if playable(self.state.facts[track]) and track not in self.state.avoided
            }
            if now.round == was.round:
                assert now.last in was.remaining, "played again what was heard"
            else:
                assert now.round == was.round + 1
                assert not usable & set(was.remaining), "began again before all was heard"

    def _no_sudden_rise(self, step: Any) -> None:
        for d in step.decisions:
            if isinstance(d, SetVolume):
                now_db = self.volume.level_at(d.at)
                assert d.frames >= (d.to_db - now_db) * kit.S / 2 - 1, "a sudden rise"
                self.volume = LevelRamp(d.at, d.frames, now_db, d.to_db)

    def _no_voice_unasked(self, step: Any) -> None:
        if self.meant is not None and not step.refused:
            self.wanted.add(self.meant)
        names = [row.name for row in self.plan.cues]
        for event in step.events:
            if isinstance(event, CueAsked | CueMissed):
                self.wanted.discard(names.index(event.cue))
        for number, row in enumerate(step.state.cues):
            if row.stage is CueStage.COMING:
                self.wanted.discard(number)
        for d in step.decisions:
            if not isinstance(d, StartClip) or d.cue in self.wanted:
                continue
            row = self.plan.cues[d.cue]
            assert row.play is not Play.ASK, "a voice without a yes since its last offer"
            late = d.at - place_frame(self.plan, step.state, row.at)
            assert late <= LATEST, "a voice by itself, long behind its time"


@settings(max_examples=120)
@given(run=RUNS, order=st.sampled_from(list(Order)), hold=st.booleans())
def test_any_keys_in_any_order_keep_the_promises(run: Any, order: Order, hold: bool) -> None:
    bench = Watched(_plan(order, hold=hold))
    for wait, key in run:
        bench.play(wait)
        _check_now(bench)
        before = len(bench.decisions)
        bench.key(key)
        _check_now(bench)
        _no_silence_is_broken(bench, before, key)
    _check_whole(bench)


def _check_now(bench: Any) -> None:
    state, plan = bench.state, bench.plan
    runs = state.ends is Ends.CLOCK and state.music_ended is None and state.rest is None
    if runs and state.phase < len(plan.phases) - 1:
        assert state.frame <= state.phase_end, "a phase was lost"
    if state.music_ended is None and not plan.music(state.place).silence:
        assert bench.sounding(), "a stretch without music"
        assert state.deck(state.current) is not None
    assert state.phase_end - state.phase_start > 0
    if state.speech and state.speech.began:
        assert not state.talking or state.speech is None
    for number, row in enumerate(state.cues):
        assert state.music_ended is None or row.stage not in OFFERED, "an offer without an end"
        if row.stage in OFFERED and row.called is None:
            due = place_frame(plan, state, plan.cues[number].at)
            assert due <= state.frame + OFFER_BEFORE, "an offer, or a yes, of another time"
    if state.dose is not None:
        pressure = state.reminders[0].value
        due = state.dose + 600 * 48_000
        if pressure == "coming":
            assert state.elapsed <= due + 8192
        if pressure == "due":
            assert state.elapsed >= due


def _no_silence_is_broken(bench: Any, before: int, key: Any) -> None:
    if isinstance(key, c.Resume | c.Back):
        return
    ups = [
        d
        for d in bench.decisions[before:]
        if isinstance(d, FadeBus) and d.bus is Bus.MASTER and d.up
    ]
    assert not ups, f"{key} brought the sound back"


def _check_whole(bench: Any) -> None:
    frames = [event.frame for event in bench.events]
    assert frames == sorted(frames)
    starts = [d for d in bench.decisions if isinstance(d, StartTrack)]
    assert len({d.deck for d in starts}) == len(starts)
    assert all(0 <= d.at < FOREVER for d in starts)
    plan = bench.plan
    for d in starts:
        assert d.track not in (3, 5), "a broken or unmeasured track began"
        assert d.gain_db <= 12.0 + 1e-9
        assert d.gain_db + plan.tracks[d.track].facts.true_peak_dbtp <= -1.5 + 1e-9

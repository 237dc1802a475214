"""A session that sounds: the conductor, the mixer and an output, on one thread, block by block.

Knows nothing of sockets or screens. Commands and findings come in, events and a state come out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping

from player.engine.again import RETURN_FADE, Again, broke_off
from player.engine.breaks import WAKE_FADE, Breaks, halted, stands
from player.engine.clips import PATIENCE_S as CLIP_PATIENCE_S
from player.engine.clips import Clips
from player.engine.decks import BrokenOff, Decks, loudest_of
from player.engine.done import Asker, Done
from player.engine.elapsed import monotonic_s
from player.engine.heard import HeardFrame
from player.engine.inputs import BrokeOff, Input, Learned, Obeyed, Reached, Returned, Woke
from player.engine.kept import Kept
from player.engine.patience import Patience
from player.engine.score import Score
from player.sound.memory import MixerMemory
from player.sound.mixer import Mixer
from player.sound.outputs.output import Output
from player.sound.source import Compact
from player.sound.streams import BLOCK, Sound, silence
from player.timeline import conductor, foresight
from player.timeline.commands import End, RoomCommand
from player.timeline.decisions import StartClip, StartTrack
from player.timeline.events import Event, Fault
from player.timeline.music import awaited, wanted
from player.timeline.plan import Broken, Plan, TrackFacts
from player.timeline.state import State, Step
from player.timeline.status import Status
from player.timeline.view import status_of
from player.units import SAMPLE_RATE, Decibels, Frame, Frames, Seconds, frames_of

TAIL: Frames = 2 * BLOCK
"""Silence behind the music beyond what is queued, so that its last frames are surely heard."""
MOST_BLOCKS = 8
"""Blocks in one turn, so that keys are looked at however fast the output is."""
GO_OUT: Frames = 2 * SAMPLE_RATE
"""The way out where the system ends the engine."""
LOOK_AGAIN: Frames = SAMPLE_RATE
"""How often, at least, it is looked at which decks will be wanted."""


class Playing:
    """One session from its first sound to its end."""

    def __init__(
        self,
        score: Score,
        state: State,
        output: Output,
        *,
        bed: Callable[[], Compact],
        speed: float = 1.0,
        patient: bool = False,
        volume_ceiling_db: Decibels = 0.0,
        calibration: Mapping[str, Decibels] | None = None,
        clock_s: Callable[[], Seconds] = monotonic_s,
    ) -> None:
        self.score = score
        self.plan: Plan = score.plan
        self.state = state
        self.output = output
        self._breaks = Breaks(output, state.frame, clock_s, speed)
        self._events: deque[Event] = deque()
        self._came: list[Input] = []
        self.done = Done()
        self.speed = speed
        self.ceiling_db = volume_ceiling_db
        """The volume never goes above this."""
        self.calibration = calibration or {}
        self._clock_s = clock_s
        self.files = score.files
        """Where the plan's tracks lie."""
        self._patient = patient
        self._patience = Patience(self.plan) if patient else None
        self._decks = Decks(score.files, self.plan.safety, bed, self._loudest, patient=patient)
        self._clips = Clips(score.clips, None if patient else CLIP_PATIENCE_S)
        self._mixer = Mixer(
            open_track=self._decks.take,
            clip=self._clips,
            ceiling_dbtp=self.plan.sound.ceiling_dbtp,
            start_frame=state.frame,
        )
        self._quiet = silence(BLOCK)
        self._tail_left, self._closed = 0, False
        self._heard = HeardFrame()
        self._looked: Frame = -LOOK_AGAIN
        self._goes_on = False
        self._out: Frame | None = None

    def prepare(self) -> None:
        """Open the decks that the begin will want, so that it sounds at once."""
        self._make_ready()
        step = conductor.begin(self.plan, self.state)
        for decision in step.decisions:
            if isinstance(decision, StartTrack):
                self._decks.ready(decision)

    def foretell(self, events: Iterable[Event]) -> None:
        """What was found before the begin is told with its first sound."""
        self._events.extend(events)

    def begin(self) -> None:
        """Begin at the state's frame; the first block goes out with the next `feed`.

        With `patient` the programme waits for what is measured and decoded: never for a device.
        """
        if self._goes_on:
            self._go_on()
        else:
            self._breaks.begin(self.state.frame)
            self._take(conductor.begin(self.plan, self.state))
        self._take(conductor.keep_under(self.plan, self.state, self.ceiling_db))

    def stand_again(self, kept: Kept, heard: Frame, break_s: Seconds, *, paused: bool) -> None:
        """Stand where a session broke off, as it was then; the clocks went on. Before `begin`.

        It comes in over RETURN_FADE, or waits where it is to be paused, or is resting.
        """
        self.done.recall(kept.stand.done, kept.inputs)
        away = self._breaks.recall(kept, break_s)
        self._mixer.recall(kept.stand.memory)
        again = Again(self.plan, kept.stand.state, self._mixer)
        again.take_up(kept, heard, frames_of(break_s), paused=paused, away=away)
        self.state, self._goes_on = again.state, True
        self._breaks.begin(again.state.frame)
        self._mixer.sound(self._decks.take_at)
        self._mixer.come_in(RETURN_FADE)
        self._events.extend(again.events)
        self._events.append(broke_off(self.state, break_s, lost=self.output.lost))

    def wait_for_decks(self, timeout_s: Seconds) -> None:
        """Wait until what will sound at once is decoded, at most so long for each file."""
        self._decks.wait_for_sounding(timeout_s)
        self._make_ready()

    def obey(self, command: RoomCommand, asker: Asker | None = None) -> str:
        """Do what a key asks for; an empty answer, or why it was not done."""
        came = Obeyed(**self._now, command=command, ceiling_db=self.ceiling_db, asker=asker)
        refused = self._come(came)
        self.done.add(None if refused else asker)
        return refused

    def would_wait(self, command: RoomCommand) -> bool:
        """Whether a command would start a track that is not open yet; it is being opened then."""
        step = conductor.obey(self.plan, self.state, command, volume_ceiling_db=self.ceiling_db)
        starts = [row for row in step.decisions if isinstance(row, StartTrack)]
        ready = [self._decks.ready(start) for start in starts]
        return not all(ready)

    def learn(self, track: int, known: TrackFacts | Broken) -> None:
        """A track was measured, or found broken."""
        self._come(Learned(**self._now, track=track, known=known))

    def new_inputs(self) -> list[Input]:
        """What came from outside since the last call, in order: to be kept for a restart."""
        came, self._came = self._came, []
        return came

    def choose_output(self, device: str) -> str:
        """Go on with another output where this one is lost; an empty answer, or why not."""
        return self._breaks.outage.choose(device)

    def stand(self) -> tuple[State, MixerMemory, tuple[Asker, ...]]:
        """Where it stands, all that was rendered counted, and the requests that were done."""
        return self.state, self._mixer.memory(), tuple(self.done)

    @property
    def awaited(self) -> int | None:
        """The track that must be measured before the next one can begin."""
        return awaited(self.plan, self.state)

    def feed(self) -> None:
        """Hand the output as many blocks as it wants now; after the music, silence for a while."""
        self._count_standing()
        self._end_unheard()
        self._watch_output()
        for _ in range(MOST_BLOCKS):
            if self.drained or self.output.lost or not self.output.wants() or self._waits():
                break
            if self.over:
                self._tail_left -= BLOCK
                self._hand_over(self._quiet)
            else:
                self._next_block()
                self._tail_left = self.output.depth_frames + TAIL
        if not self.over:
            self._watch_decks()
        if self.drained:
            self.close()

    @property
    def over(self) -> bool:
        """Nothing will sound any more."""
        return self.state.music_ended is not None

    @property
    def drained(self) -> bool:
        """The last of the music has been heard."""
        return self.over and self._tail_left <= 0

    def heard_events(self) -> list[Event]:
        """What happened up to what is heard now, each told once; unheard, all that happened."""
        heard = self.state.frame if self.drained or self.output.lost else self.heard
        told: list[Event] = []
        while self._events and (self._events[0].frame <= heard or self.drained):
            told.append(self._events.popleft())
        return told

    @property
    def heard(self) -> Frame:
        """The programme frame that is heard now: rendered, less what still waits to be heard."""
        return self._heard.at(self.output.depth_frames, self.state.frame)

    def heard_at(self) -> tuple[Frame, Frames]:
        """The heard frame, and elapsed frames there."""
        heard = self.state.frame if self.over else self.heard
        return heard, heard + self.state.still

    @property
    def lost_s(self) -> Seconds | None:
        """How long the output has been away; None while it is there."""
        return self._breaks.outage.away_s

    @property
    def output_chosen(self) -> bool:
        """While the output is away: whether the counsellor chose it since."""
        return self._breaks.outage.chosen

    def status(self) -> Status:
        """The session as it is heard now."""
        return status_of(self.plan, self.state, self.heard_at()[0])

    def still_ends(self) -> bool:
        """Whether an end that was asked for was not called off.

        A sleep of the machine only halted it: once silent, it is over.
        """
        if self.over or ((ending := self.state.ending) is not None and ending.by_key):
            return True
        if halted(self.state) and stands(self.state, lost=self.output.lost):
            self.obey(End())
        return halted(self.state) or self.over

    def gone_out(self) -> bool:
        """Fade out, whatever goes on, and say whether that has been heard to its end."""
        if self._out is None:
            self._mixer.go_out(GO_OUT)
            self._out = self._mixer.head + GO_OUT
        unheard = self.over or self.output.lost or self._mixer.frozen
        return unheard or self.heard >= self._out

    def close(self) -> None:
        """Let go of files and output; may be called twice."""
        if self._closed:
            return
        self._closed = True
        self._decks.close()
        self._mixer.close()
        try:
            self.output.close()
        except Exception as fault:  # a file that cannot be finished must not hold the engine
            self._fault(f"the sound output failed: {fault}")

    def _waits(self) -> bool:
        """With nobody to hear it, the programme waits for a track that is not measured yet."""
        if self._patience is None or self.over:
            return False
        return self._patience.waits(self.state, self._mixer.next_head, self._clock_s())

    def _next_block(self) -> None:
        step = conductor.advance(self.plan, self.state, self._mixer.next_head)
        self._take(step)
        self._heard.hand_over(self._mixer.tail)
        self._hand_over(self._mixer.render())
        for deck, end in self._mixer.dry_decks():
            self._break_off(self._decks.dried_up(deck, end))

    def _break_off(self, row: BrokenOff) -> None:
        """A deck ends early; where it gave nothing at all, only what is open may follow at once."""
        deck = self.state.deck(row.deck)
        if deck is None:
            return
        away = self.state.away
        if row.end <= deck.start:
            away |= frozenset(self.plan.music(self.state.place).tracks) - self._decks.here()
        if not row.broken:
            away |= {deck.track}
        self._reach(away)
        at = {**self._now, "deck": row.deck, "track": deck.track, "end": row.end}
        self._come(BrokeOff(**at, why=row.why, broken=row.broken))

    def _reach(self, away: frozenset[int]) -> None:
        if away != self.state.away:
            self._come(Reached(**self._now, away=away))

    def _loudest(self, track: int) -> float | None:
        return loudest_of(self.state.facts[track])

    def _watch_output(self) -> None:
        """A lost output that comes back soon is faded into; later a key must ask for it."""
        told, how = (None, None) if self.drained else self._breaks.turned()
        if told is not None:
            self._events.append(told(frame=self.state.frame))
        if how is not None and not self.over:
            self._come(returned := Returned(**self._now, **how))
            if not returned.paused:
                self._mixer.come_in(returned.fade)

    def _end_unheard(self) -> None:
        """With the output lost nothing fades any more: an end that was asked for is an end, and the
        silence behind the music has nobody to wait for."""
        if self.over and self.output.lost:
            self._tail_left = 0
        ending = self.state.ending
        if self.output.lost and ending is not None and ending.by_key and not self.over:
            self._take(conductor.advance(self.plan, self.state, ending.end + 1))
            self._tail_left = 0

    def _hand_over(self, block: Sound) -> None:
        """An output that fails is lost: no more is asked for, and the programme stands still."""
        try:
            self.output.feed(block)
        except Exception as fault:  # whatever the sound system throws
            self.output.lost = True
            self._fault(f"the sound output failed: {fault}")

    @property
    def _now(self) -> dict[str, int]:
        state, turn = self.state, self._heard.fed // BLOCK
        return {"frame": state.frame, "turn": turn, "still": state.still}

    def _come(self, came: Input) -> str:
        """Take an input; an empty answer, or why it was not done."""
        step = came.step(self.plan, self.state)
        if step.state is not self.state:
            self._came.append(came)
        self._take(step)
        return step.refused

    def _take(self, step: Step) -> None:
        self.state = step.state
        if any(isinstance(decision, StartClip) for decision in step.decisions):
            self._clips.keep(foresight.soon(self.plan, self.state))
        for decision in step.decisions:
            self._mixer.apply(decision)
        self._events.extend(step.events)
        if step.decisions:
            self._looked = -LOOK_AGAIN

    def _watch_decks(self) -> None:
        for row in self._decks.broken_off(self._mixer.head):
            self._break_off(row)
        self._watch_warm()
        if self.state.frame - self._looked >= LOOK_AGAIN:
            self._looked = self.state.frame
            self._make_ready()
            self._decks.forget({deck.number for deck in self.state.decks})

    def _watch_warm(self) -> None:
        """What is known of files before their time comes: broken, away, or here again."""
        for track, why in self._decks.gone():
            if not isinstance(self.state.facts[track], Broken):
                self.learn(track, Broken(why))
        stalled = set() if self._patient else self._decks.stalled()
        away = (self.state.away | stalled) - self._decks.here()
        self._reach(away)

    def _make_ready(self) -> None:
        """Open the decks and decode the clips that will be wanted, or may be at a key."""
        self._decks.prepare(wanted(self.plan, self.state), self.state.frame)
        self._clips.keep(foresight.soon(self.plan, self.state))

    def _count_standing(self) -> None:
        """Time in which the programme stood still: a pause, an outage, the clocks at the end."""
        if self.state.ended:
            return
        stood, passed_s = stands(self.state, lost=self.output.lost), self._breaks.passed_s()
        if not stood and self._breaks.slept(passed_s):
            self._come(Woke(**self._now, fade=WAKE_FADE))
            self._events.append(broke_off(self.state, passed_s))
        if still := self._breaks.still(passed_s, self.state.frame, stood=stood):
            self._take(conductor.stand_still(self.plan, self.state, still))

    def _go_on(self) -> None:
        """Since it stands again, files and the output were opened: no time of the programme."""
        passed_s = self._breaks.passed_s()
        if self._breaks.slept(passed_s):
            self._take(conductor.recover(self.plan, self.state, RETURN_FADE, paused=True))
            self._events.append(broke_off(self.state, passed_s))
        self._take(conductor.stand_still(self.plan, self.state, frames_of(passed_s)))

    def _fault(self, text: str) -> None:
        self._events.append(Fault(frame=self.state.frame, text=text))

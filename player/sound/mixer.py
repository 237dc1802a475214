"""The pure centre: decisions and frames in, blocks of sound out. One mixer, live and offline.

Knows nothing of files, devices, clocks or the session: `open_track` and `clip` give it sound.
Output frame k is programme frame start + k while nothing froze: the limiter's look-ahead is
mixed before it is needed, never paid for in delay.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from player.sound.curves import QUARTER, SILENT_DB, EqualPower, LevelRamp, fade_in
from player.sound.deck import GUARD, Deck
from player.sound.duck import Ducks
from player.sound.envelope import Envelope, Gain, amplify
from player.sound.limiter import LOOK_AHEAD, Limiter
from player.sound.memory import MixerMemory, Timed, Unopened
from player.sound.spoken import Spoken
from player.sound.streams import BLOCK, Sound, Source, silence
from player.sound.voice import Voice
from player.timeline.decisions import (
    Bus,
    Decision,
    DropTrack,
    DuckBed,
    FadeBus,
    FadeTrack,
    Freeze,
    LiftBed,
    ReviveTrack,
    SetVolume,
    StartClip,
    StartTrack,
    StopClip,
    Thaw,
)
from player.units import CHANNELS, Decibels, Frame, Frames

NEVER: Frame = 1 << 60


class Mixer:
    """Mixes what it was told, a block at a time."""

    def __init__(
        self,
        *,
        open_track: Callable[[StartTrack], Source],
        clip: Callable[[int], Spoken],
        ceiling_dbtp: Decibels,
        start_frame: Frame = 0,
    ) -> None:
        self.head: Frame = start_frame
        """Everything before it has been mixed."""
        self.frozen = False
        self._open_track = open_track
        self._clip = clip
        self._coming: list[tuple[Frame, int, Timed]] = []
        self._told = 0
        self._decks: dict[int, Deck] = {}
        self._voices: list[Voice] = []
        self._ducks = Ducks()
        self._buses = {bus: EqualPower(start_frame, 0, QUARTER, QUARTER) for bus in Bus}
        self._volume = LevelRamp(start_frame, 0, 0.0, 0.0)
        self._return = EqualPower(start_frame, 0, QUARTER, QUARTER)
        self._runs_through = False
        self._dry: list[tuple[int, Frame]] = []
        self._window = silence(BLOCK + LOOK_AHEAD)
        self._kept: Frames = 0
        self._kept_programme: Frames = 0
        self._scratch = np.empty((BLOCK + LOOK_AHEAD, CHANNELS), np.float32)
        self._deck_envelope, self._envelope = Envelope(), Envelope()
        self._limiter = Limiter(ceiling_dbtp)

    @property
    def next_head(self) -> Frame:
        """Where `head` will be after the next render; `head` itself while frozen."""
        if self.frozen:
            return self.head
        return min(self.head + len(self._window) - self._kept, self.freeze_frame)

    @property
    def freeze_frame(self) -> Frame:
        """Where the programme is to stand still; far away where no word was told of that."""
        freezes = [at for at, _, told in self._coming if isinstance(told, Freeze)]
        return min(freezes, default=NEVER)

    @property
    def tail(self) -> Frame:
        """The programme frame of the first frame that the next render gives out."""
        return self.head - self._kept_programme

    def apply(self, decision: Decision) -> None:
        """Take a decision; one whose frame has been mixed already is taken at `head`.

        Told last holds: a word on a duck, a bus or the volume forgets those told before on the
        same that would come at or after it, a StopClip the clips that still wait, a Thaw the
        coming Freeze.
        """
        if isinstance(decision, Thaw):
            self.frozen = False
            self._forget(lambda told: isinstance(told, Freeze), self.head)
        elif isinstance(decision, StartTrack):
            self._start(decision)
        else:
            at = self.head if isinstance(decision, DropTrack) else max(decision.at, self.head)
            self._forget_earlier_words(decision, at)
            self._told += 1
            bisect.insort(self._coming, (at, self._told, decision), key=lambda told: told[:2])

    def render(self) -> Sound:
        """The next block, (BLOCK, 2), valid until the next call."""
        window, kept = self._window, self._kept
        window[:kept] = window[BLOCK : BLOCK + kept]
        fresh = window[kept:]
        mixed = self._mix(fresh)
        fresh[mixed:] = 0.0
        self._kept = LOOK_AHEAD
        self._kept_programme = max(0, LOOK_AHEAD - (len(fresh) - mixed)) if mixed else 0
        self._limiter.guard(window)
        return window[:BLOCK]

    def dry_decks(self) -> list[tuple[int, Frame]]:
        """Decks whose source ended before its time since the last call, and where they end.

        They fade out over the last 50 ms of what there was.
        """
        dry, self._dry = self._dry, []
        return dry

    def close(self) -> None:
        """Close every source."""
        for deck in self._decks.values():
            deck.close()
        self._decks = {}

    def come_in(self, frames: Frames) -> None:
        """Come in from nothing over the next `frames`, whatever other fades do: after a break.

        What was mixed for the limiter's look-ahead and not given out yet is given out as silence.
        """
        self._return = fade_in(self.head, frames)
        self._window[BLOCK : BLOCK + self._kept] = 0.0

    def go_out(self, frames: Frames) -> None:
        """Fade to nothing over the next `frames`, whatever other fades do: before a break."""
        angle = self._return.angle_at(self.head)
        self._return = EqualPower(self.head, frames, angle, 0.0)

    def memory(self) -> MixerMemory:
        """Where it stands, to be written down."""
        return MixerMemory(
            head=self.head,
            frozen=self.frozen,
            coming=tuple((at, told) for at, _, told in self._coming),
            decks=tuple(deck.memory() for deck in self._decks.values()),
            ducks=self._ducks.memory(),
            bed=self._buses[Bus.BED],
            master=self._buses[Bus.MASTER],
            volume=self._volume,
        )

    def recall(self, memory: MixerMemory) -> None:
        """Stand where another mixer stood, without sound: `run_to` and `apply`, then `sound`."""
        self._runs_through = True
        self.head, self.frozen = memory.head, memory.frozen
        self._coming = [(at, n, told) for n, (at, told) in enumerate(memory.coming)]
        self._told = len(self._coming)
        self._decks = {d.start.deck: Deck.recalled(d, Unopened()) for d in memory.decks}
        self._ducks.recall(memory.ducks)
        self._buses = {Bus.BED: memory.bed, Bus.MASTER: memory.master}
        self._volume = memory.volume

    def run_to(self, frame: Frame) -> None:
        """Take all that falls before a frame, or up to a freeze, without a sound."""
        while self.head < frame and not self.frozen:
            if self._take_due():
                continue
            until = min(frame, self._coming[0][0]) if self._coming else frame
            for deck in self._decks.values():
                first, last = deck.span(self.head, until)
                deck.pass_over(max(0, last - first))
            self.head = until
            self._settle()
        while self.freeze_frame <= self.head and not self.frozen:
            self._take_due()

    def sound(self, open_at: Callable[[StartTrack, Frames], Source]) -> None:
        """Give each deck that was run through its source, opened at the frame where it is."""
        self._runs_through = False
        for number, deck in self._decks.items():
            memory = deck.memory()
            self._decks[number] = Deck.recalled(memory, open_at(memory.start, memory.place))

    def _start(self, start: StartTrack) -> None:
        start = replace(start, at=max(start.at, self.head))
        if self._runs_through:
            self._decks[start.deck] = Deck(start, Unopened())
            return
        try:
            self._decks[start.deck] = Deck(start, self._open_track(start))
        except Exception:  # whatever is wrong with a file, it is passed over
            self._dry.append((start.deck, start.at))

    def _forget_earlier_words(self, decision: Timed, at: Frame) -> None:
        """What was told before, and would come at or after this, no longer holds."""
        if isinstance(decision, StopClip):
            self._forget(lambda told: isinstance(told, StartClip), at)
        elif isinstance(decision, DuckBed | LiftBed):
            name = decision.name
            self._forget(lambda told: isinstance(told, DuckBed | LiftBed) and told.name == name, at)
        elif isinstance(decision, FadeBus):
            bus = decision.bus
            self._forget(lambda told: isinstance(told, FadeBus) and told.bus is bus, at)
        elif isinstance(decision, SetVolume):
            self._forget(lambda told: isinstance(told, SetVolume), at)

    def _forget(self, gone: Callable[[Timed], bool], since: Frame) -> None:
        self._coming = [
            coming for coming in self._coming if coming[0] < since or not gone(coming[2])
        ]

    def _mix(self, out: Sound) -> Frames:
        """Mix into `out` up to its end or to a freeze; how many frames that was."""
        first, stop = self.head, self.head + len(out)
        while self.head < stop and not self.frozen:
            if self._take_due():
                continue
            until = min(stop, self._coming[0][0]) if self._coming else stop
            self._stretch(out[self.head - first : until - first])
            self.head = until
            self._settle()
        return self.head - first

    def _take_due(self) -> bool:
        """Take the next decision if its frame is here; whether one was."""
        if not self._coming or self._coming[0][0] > self.head:
            return False
        at, _, decision = self._coming.pop(0)
        self._take(decision, at)
        return True

    def _take(self, decision: Timed, at: Frame) -> None:
        match decision:
            case FadeTrack() | ReviveTrack() | DropTrack():
                self._take_for_deck(decision, at)
            case DuckBed():
                self._ducks.duck(decision.name, at, decision.down, decision.by_db)
            case LiftBed():
                self._ducks.lift(decision.name, at, decision.up)
            case StartClip() if self._runs_through:
                pass  # it was spoken, or is not to be spoken again
            case StartClip():
                self._stop_voices(at, GUARD)
                clip = self._clip(decision.cue)
                voice = Voice(clip, at, decision.gain_db, skip=decision.skip)
                self._voices.append(voice)
            case StopClip():
                self._stop_voices(at, decision.frames)
            case FadeBus():
                angle = self._buses[decision.bus].angle_at(at)
                to_angle = QUARTER if decision.up else 0.0
                self._buses[decision.bus] = EqualPower(at, decision.frames, angle, to_angle)
            case SetVolume():
                level_db = self._volume.level_at(at)
                to_db = max(decision.to_db, SILENT_DB)
                self._volume = LevelRamp(at, decision.frames, level_db, to_db)
            case Freeze():
                self.frozen = True

    def _take_for_deck(self, decision: FadeTrack | ReviveTrack | DropTrack, at: Frame) -> None:
        deck = self._decks.get(decision.deck)
        if deck is None:
            return
        if isinstance(decision, FadeTrack):
            deck.fade(at, decision.frames, keep=decision.keep)
        elif isinstance(decision, ReviveTrack):
            deck.revive(at, decision.frames)
        else:
            deck.drop(at)

    def _stop_voices(self, at: Frame, frames: Frames) -> None:
        for voice in self._voices:
            voice.stop(at, frames)

    def _stretch(self, out: Sound) -> None:
        """Mix frames in which no decision falls: bed, then voice, then what covers both."""
        start, frames = self.head, len(out)
        bed = (self._buses[Bus.BED], self._ducks)
        whole = (self._buses[Bus.MASTER], self._volume, self._return)
        speaking = [v for v in self._voices if v.at < start + frames and v.end > start]
        if speaking:
            self._sum_decks(out, self._envelope.of(bed, start, frames))
            for voice in speaking:
                self._add(voice, start, out, 1.0)
            amplify(out, self._envelope.of(whole, start, frames))
        else:
            self._sum_decks(out, self._envelope.of((*bed, *whole), start, frames))

    def _sum_decks(self, out: Sound, gain: Gain) -> None:
        """Mix all decks and their common gain; a constant one costs nothing of its own."""
        scale = gain if isinstance(gain, float) else 1.0
        blank = True
        for deck in self._decks.values():
            blank = self._add(deck, self.head, out, scale, blank=blank)
        if blank:
            out.fill(0.0)
        elif not isinstance(gain, float):
            amplify(out, gain)

    def _add(
        self, part: Deck | Voice, start: Frame, out: Sound, scale: float, *, blank: bool = False
    ) -> bool:
        """Add a part to `out`, or write it where `out` is blank; whether that is blank still."""
        first, last = part.span(start, start + len(out))
        if first >= last:
            return blank
        if blank and last - first == len(out):
            part.render(first, out, self._deck_envelope, scale)
            return False
        if blank:
            out.fill(0.0)
        sound = self._scratch[: last - first]
        part.render(first, sound, self._deck_envelope, scale)
        out[first - start : last - start] += sound
        return False

    def _settle(self) -> None:
        """Let go of what has ended by `head`."""
        self._ducks.settle(self.head)
        self._voices = [voice for voice in self._voices if voice.end > self.head]
        for deck in list(self._decks.values()):
            if (dry_at := deck.tell_dry()) is not None:
                self._dry.append((deck.number, dry_at))
            deck.settle(self.head)
            if deck.over:
                del self._decks[deck.number]

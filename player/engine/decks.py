"""Sources for the mixer, opened before they are needed and kept warm."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from player.sound.ahead import AheadSource
from player.sound.source import Compact, LoopSource
from player.sound.streams import Source
from player.timeline.decisions import StartTrack
from player.timeline.music import Wanted
from player.timeline.plan import TrackFacts
from player.timeline.state import Known
from player.units import Decibels, Frame, Frames, Seconds, frames_of, gain_of

SOON: Frames = frames_of(15)
"""From this long before its start a source is decoded as far ahead as a deck that sounds."""
PATIENCE_S: Seconds = 0.1
"""How long the sound may wait for a file that was not foreseen: less than one chunk."""

STALL_S: Seconds = 3.0
"""A file that gives nothing for so long is passed over while what is decoded ahead still sounds."""
LOUDER_DB: Decibels = 0.5
"""A sample this far over a track's measured true peak was not in the file that was measured."""

Key = tuple[int, bool, Frames]
"""A track, whether it is a loop, and its lead."""


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """A deck whose sound ends before its time."""

    deck: int
    end: Frame
    why: str
    broken: bool
    """False where the file may come again."""


def loudest_of(known: Known) -> float | None:
    """The highest sample that a track may hold by its figures."""
    peak_dbtp = known.true_peak_dbtp if isinstance(known, TrackFacts) else None
    return None if peak_dbtp is None else gain_of(peak_dbtp + LOUDER_DB)


class Decks:
    """Opens what will be wanted, hands it over when it starts, and watches what sounds."""

    def __init__(
        self,
        files: tuple[Path, ...],
        safety: int,
        bed: Callable[[], Compact],
        loudest: Callable[[int], float | None],
        *,
        patient: bool = False,
    ) -> None:
        """`loudest` tells the highest sample that was measured of a track, where it is known.

        With `patient` whoever reads waits for the decoding: never for a device.
        """
        self._patient = patient
        self._files = files
        self._safety = safety
        self._bed = bed
        self._loudest = loudest
        self._warm: dict[Key, AheadSource] = {}
        self._sounding: dict[int, tuple[StartTrack, AheadSource]] = {}

    def prepare(self, wanted: Iterable[Wanted], head: Frame) -> None:
        """Keep just these warm; those that begin soon are decoded further."""
        keys: set[Key] = set()
        for want in wanted:
            if want.track == self._safety:
                continue
            source = self.warm(want)
            keys.add(_key(want))
            if want.at - head < SOON:
                source.deepen()
        for key in self._warm.keys() - keys:
            self._warm.pop(key).close()

    def warm(self, want: Wanted | StartTrack) -> AheadSource:
        """A source that is opening, or open, at the first frame that is played."""
        key = _key(want)
        if key not in self._warm:
            self._warm[key] = AheadSource(
                self._files[want.track],
                start_frame=want.lead,
                seamless=want.seamless,
                shallow=True,
                patient=self._patient,
                loudest=self._loudest(want.track),
            )
        return self._warm[key]

    def ready(self, start: StartTrack) -> bool:
        """Whether a start would sound at once; opens what it needs where it would not."""
        if start.track == self._safety:
            return True
        return self.warm(start).ready

    def take(self, start: StartTrack) -> Source:
        """The source of a track that begins."""
        if start.track == self._safety:
            return LoopSource(self._bed())
        source = self.warm(start)
        del self._warm[_key(start)]
        source.deepen()
        source.wait_ready(PATIENCE_S)
        self._sounding[start.deck] = (start, source)
        return source

    def take_at(self, start: StartTrack, place: Frames) -> Source:
        """The source of a track that goes on at a frame of it, its lead not counted."""
        if start.track == self._safety:
            return LoopSource(self._bed(), start_frame=place)
        source = AheadSource(
            self._files[start.track],
            start_frame=start.lead + (place % start.frames if start.seamless else place),
            seamless=start.seamless,
            patient=self._patient,
            loudest=self._loudest(start.track),
        )
        self._sounding[start.deck] = (start, source)
        return source

    def wait_for_sounding(self, timeout_s: Seconds) -> None:
        """Wait until all that sounds has its first second decoded, at most so long for each."""
        for _, source in self._sounding.values():
            source.wait_ready(timeout_s)

    def gone(self) -> list[tuple[int, str]]:
        """Warm tracks of which nothing at all can be decoded, each with the reason."""
        return [
            (track, source.fault or "nothing in it can be decoded")
            for (track, *_), source in self._warm.items()
            if source.ended and not source.buffered_frames
        ]

    def here(self) -> set[int]:
        """Warm tracks that would sound at once."""
        return {
            track
            for (track, *_), source in self._warm.items()
            if source.ready and source.buffered_frames
        }

    def stalled(self) -> set[int]:
        """Warm tracks whose files give nothing."""
        return {key[0] for key, source in self._warm.items() if source.stalled_s >= STALL_S}

    def broken_off(self, head: Frame) -> list[BrokenOff]:
        """Decks whose file turned out shorter than measured, or gives nothing any more.

        `head` is the frame that is mixed next. Each deck is told once.
        """
        rows: list[BrokenOff] = []
        for number, (start, source) in list(self._sounding.items()):
            total = source.total_frames
            if total is not None and not start.seamless:
                del self._sounding[number]
                played = max(0, total - start.lead)
                if played < start.frames:
                    why = source.fault or "the file ends too early"
                    rows.append(BrokenOff(number, start.at + played, why, broken=True))
            elif start.seamless and source.ended:
                del self._sounding[number]
                why = source.fault or "the file ends too early"
                rows.append(BrokenOff(number, head + source.buffered_frames, why, broken=True))
            elif not self._patient and source.stalled_s >= STALL_S:
                del self._sounding[number]
                end = head + source.buffered_frames
                rows.append(BrokenOff(number, end, "the file is too slow to read", broken=False))
        return rows

    def dried_up(self, number: int, end: Frame) -> BrokenOff:
        """What is known of a deck that had nothing more to give at `end`."""
        _, source = self._sounding.pop(number, (None, None))
        if source is None or source.ended:
            why = (source.fault if source else None) or "the file ends too early"
            return BrokenOff(number, end, why, broken=True)
        return BrokenOff(number, end, "the file is too slow to read", broken=False)

    def forget(self, numbers: set[int]) -> None:
        """Watch only decks of these numbers from now on."""
        for number in self._sounding.keys() - numbers:
            del self._sounding[number]

    def close(self) -> None:
        """Close what is warm; what sounds belongs to the mixer."""
        for source in self._warm.values():
            source.close()
        self._warm = {}
        self._sounding = {}


def _key(want: Wanted | StartTrack) -> Key:
    return want.track, want.seamless, want.lead

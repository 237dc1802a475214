"""A deck: one track, its gain and its fades, from its first frame to its last.

Knows nothing of the bed, the voice or other decks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from player.sound.contour import Contour
from player.sound.curves import QUARTER, Curve, EqualPower, fade_in, fade_out
from player.sound.envelope import Envelope, amplify
from player.sound.memory import DeckMemory
from player.sound.streams import Sound, Source, silence
from player.timeline.decisions import StartTrack
from player.units import Frame, Frames, gain_of

GUARD: Frames = 2400
"""Frames read ahead, so that a source that dries up can still be faded out: 50 ms."""


class Deck:
    """A source with its fades. `over` once it can never sound again."""

    def __init__(self, start: StartTrack, source: Source) -> None:
        self.number = start.deck
        self.at: Frame = start.at
        self.end: Frame | None = None if start.seamless else start.at + start.frames
        self.over = False
        self._start = start
        self._source = source
        self._gain = gain_of(start.gain_db)
        loop = start.frames if start.seamless else None
        self._contour = Contour(start.contour, loop=loop) if start.contour else None
        self._place: Frames = 0
        self._left: Frames | None = None if start.seamless else start.frames
        self._ahead = silence(0)
        self._dry_fade: Frames | None = None
        self._dry_untold = False
        self._fades: list[EqualPower] = [fade_in(start.at, start.fade_in)]
        self._silences: list[tuple[Frame, bool]] = []
        self._stands_since: Frame | None = None

    @classmethod
    def recalled(cls, memory: DeckMemory, source: Source) -> Deck:
        """A deck as it stood; `source` begins at the frame where it was."""
        deck = cls(memory.start, source)
        deck.end, deck._place = memory.end, memory.place
        if deck._left is not None:
            deck._left = max(0, deck._left - memory.place)
        deck._fades, deck._silences = list(memory.fades), list(memory.silences)
        deck._stands_since, deck._dry_fade = memory.stands_since, memory.dry_fade
        return deck

    def memory(self) -> DeckMemory:
        """All of it but its sound."""
        return DeckMemory(
            start=self._start,
            end=self.end,
            place=self._place,
            fades=tuple(self._fades),
            silences=tuple(self._silences),
            stands_since=self._stands_since,
            dry_fade=self._dry_fade,
        )

    def fade(self, at: Frame, frames: Frames, *, keep: bool) -> None:
        """Fade out over [at, at + frames), or to the deck's end where that comes first."""
        if self._stands_since is not None:
            if not keep:
                self.close()
            return
        if self.end is not None:
            frames = max(0, min(frames, self.end - at))
        self._fades.append(fade_out(at, frames))
        self._silences.append((at + frames, keep))

    def revive(self, at: Frame, frames: Frames) -> None:
        """Come back from the present gain over `frames`; all former fades are forgotten."""
        at = max(at, self.at)
        angle = math.asin(min(1.0, self._fade_gain_at(at)))
        if self._stands_since is not None:
            if self.end is not None:
                self.end += at - self._stands_since
            self._stands_since = None
        self._fades = [EqualPower(at, frames, angle, QUARTER)]
        self._silences = []

    def drop(self, at: Frame) -> None:
        """Forget a deck that stands or fades; one that sounds is faded out first."""
        if self._stands_since is not None:
            self.close()
        elif self._silences:
            self._silences = [(frame, False) for frame, _ in self._silences]
        else:
            self.fade(at, GUARD, keep=False)

    def span(self, start: Frame, stop: Frame) -> tuple[Frame, Frame]:
        """Which frames of [start, stop) it sounds in; empty where the two are not in order."""
        if self.over or self._stands_since is not None:
            return stop, start
        ends = [stop, *(frame for frame, _ in self._silences)]
        if self.end is not None:
            ends.append(self.end)
        return max(start, self.at), min(ends)

    def render(self, start: Frame, out: Sound, envelope: Envelope, scale: float) -> None:
        """Write its sound from frame `start` on, gains and fades applied, over all of `out`."""
        self._draw(start, out)
        curves = self._curves(start - self._place)
        self._place += len(out)
        amplify(out, envelope.of(curves, start, len(out), self._gain * scale))

    def pass_over(self, frames: Frames) -> None:
        """Go on by frames that are not to be heard."""
        self._place += frames

    def settle(self, frame: Frame) -> None:
        """Close the deck, or let it stand, where it has fallen silent by `frame`."""
        if self.over or self._stands_since is not None:
            return
        if self.end is not None and frame >= self.end:
            self.close()
        elif self._silences:
            silent, keep = min(self._silences)
            if frame >= silent and keep:
                self._stands_since = silent
            elif frame >= silent:
                self.close()

    def tell_dry(self) -> Frame | None:
        """Where it falls silent because its source dried up before its end; told once."""
        untold, self._dry_untold = self._dry_untold, False
        return self.end if untold else None

    def close(self) -> None:
        """Let go of the source."""
        if not self.over:
            self.over = True
            self._source.close()

    def _curves(self, first_frame: Frame) -> Iterator[Curve]:
        """All that its gain moves along, with the track's own first frame at `first_frame`."""
        yield from self._fades
        if self._contour is not None:
            yield self._contour.from_frame(first_frame)
        if self._dry_fade is not None and self.end is not None:
            yield fade_out(self.end - self._dry_fade, self._dry_fade)

    def _fade_gain_at(self, frame: Frame) -> float:
        if self._stands_since is not None:
            return 0.0
        return math.prod(fade.gain_at(frame) for fade in self._fades)

    def _draw(self, start: Frame, out: Sound) -> None:
        ahead, wanted = self._ahead, len(out)
        fresh = self._fetch(start, wanted + GUARD - len(ahead))
        first = min(len(ahead), wanted)
        second = min(len(fresh), wanted - first)
        out[:first] = ahead[:first]
        out[first : first + second] = fresh[:second]
        out[first + second :] = 0.0
        left = fresh[second:]
        self._ahead = left if first == len(ahead) else np.concatenate((ahead[first:], left))

    def _fetch(self, start: Frame, frames: Frames) -> Sound:
        if self._dry_fade is not None:
            return silence(0)
        wanted = frames if self._left is None else min(frames, self._left)
        fresh = _read(self._source, wanted)
        if self._left is not None:
            self._left -= len(fresh)
        if len(fresh) < wanted:
            self._dry_up(start, len(self._ahead) + len(fresh))
        return fresh

    def _dry_up(self, start: Frame, available: Frames) -> None:
        self._dry_fade = min(GUARD, available)
        self._dry_untold = True
        self.end = start + available


def _read(source: Source, frames: Frames) -> Sound:
    """What a source gives; one that raises has dried up, since the sound goes on whatever fails."""
    if not frames:
        return silence(0)
    try:
        return source.read(frames)[:frames]
    except Exception:  # whatever fails in a file, the deck fades and the session goes on
        return silence(0)

"""Any sound file as blocks of 48 kHz float32 stereo, streamed: memory stays flat.

Knows nothing of time, threads or decks: `source` reads ahead of need with it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from types import TracebackType
from typing import cast

import av
import numpy as np
from av.audio.frame import AudioFrame

from player.sound.absurd import absurd_in, without_absurd
from player.sound.native import (
    BEGINNING_S,
    HIGHEST_RATE,
    LOWEST_RATE,
    PREROLL_S,
    Native,
    Undecodable,
)
from player.sound.resample import Resampler
from player.sound.streams import BLOCK, Sound
from player.units import CHANNELS, SAMPLE_RATE, Frame, Frames, clock

__all__ = ["Decoded", "Undecodable", "blocks"]

MOST_ABSURD = 16
"""So many samples of a frame that are no sound can be left out; with more, it ends there."""


class Decoded:
    """The blocks of one file, (n, 2) float32, and what was found wrong on the way.

    Every block is of 8192 frames, or of `block`, but the last. Opening raises Undecodable;
    iterating never raises for what is in the file: damaged parts are passed over and told in
    `faults`.
    """

    def __init__(
        self,
        path: Path,
        *,
        start_frame: Frame = 0,
        seamless: bool = False,
        tap: Callable[[AudioFrame], None] | None = None,
        loudest: float | None = None,
        block: Frames = BLOCK,
    ) -> None:
        """`tap` is shown each of the file's own frames before a block is made of it.

        With `loudest`, the highest sample that was measured, a louder one ends the sound.
        """
        self.path = path
        self.passes = 1
        """How often the file was begun; more than once only where it is looped."""
        self.frame: AudioFrame | None = None
        """The libav frame that the last block lies in, where it is one whole: spares a copy."""
        self.left_out = False
        """Whether samples that are no sound at all were left out: nothing stands in their place."""
        self._native = Native(path)
        self._found: list[str] = []
        self._seamless = seamless
        self._tap = tap
        self._loudest = loudest
        self._block = block
        self._resampler: Resampler | None = None
        second = max(0, start_frame // SAMPLE_RATE - PREROLL_S)
        whole = _without(self._pieces(second), start_frame - second * SAMPLE_RATE)
        self._blocks = self._regrouped(whole)

    @property
    def faults(self) -> tuple[str, ...]:
        """What was wrong in the file so far, in plain words."""
        return tuple(dict.fromkeys([*self._found, *self._native.faults]))

    @property
    def read_fraction(self) -> float:
        """How much of the file was read, 0 to 1."""
        return self._native.read_fraction

    @property
    def tags(self) -> dict[str, str]:
        """What the file says of itself, by names in small letters."""
        return self._native.tags

    @property
    def stated_s(self) -> float | None:
        """The length that the file's header states, in seconds, where such a header is right."""
        return self._native.stated_s

    def __iter__(self) -> Iterator[Sound]:
        return self

    def __next__(self) -> Sound:
        return next(self._blocks)

    def close(self) -> None:
        """Close the file; may be called twice."""
        self._blocks.close()
        self._native.close()

    def __enter__(self) -> Decoded:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def _pieces(self, start_second: int) -> Iterator[Sound]:
        """Resampled pieces of a block's length, short ones where the file changes its format."""
        for made in self._made(start_second):
            piece = self._samples(made)
            if self._loudest is not None and _peak(piece) > self._loudest:
                self._found.append("it is louder than when it was measured")
                return
            yield piece

    def _made(self, start_second: int) -> Iterator[AudioFrame]:
        for frame in self._played(start_second):
            yield from self._resampled(frame)
        yield from self._flushed()

    def _sounding(self, frames: Iterator[AudioFrame]) -> Iterator[AudioFrame]:
        for frame in frames:
            sound = self._sound_in(frame)
            if sound is None:
                return
            yield sound

    def _sound_in(self, frame: AudioFrame) -> AudioFrame | None:
        """A frame without what is no sound; None where there is so much of it that it ends here.

        Near the beginning such a frame is silence: what follows may be whole.
        """
        absurd, at_s = absurd_in(frame), frame.time or 0.0
        if absurd > MOST_ABSURD and at_s >= BEGINNING_S:
            self._found.append(f"it is damaged at {clock(at_s)}: it plays up to there")
            return None
        self.left_out |= absurd > 0
        return without_absurd(frame, all_of_it=absurd > MOST_ABSURD) if absurd else frame

    def _samples(self, frame: AudioFrame) -> Sound:
        """A frame as (n, 2), without a copy where it is stereo."""
        channels = frame.layout.nb_channels
        memory = cast(memoryview, frame.planes[0])
        flat = np.frombuffer(memory, np.float32, count=frame.samples * channels)
        self.frame = frame if channels == CHANNELS else None
        if channels == 1:
            flat = np.repeat(flat, CHANNELS)
        return flat.reshape(-1, CHANNELS)

    def _regrouped(self, pieces: Iterator[Sound]) -> Generator[Sound, None, None]:
        """The same sound in blocks of one length; whole pieces pass through as they are."""
        held: list[Sound] = []
        count = 0
        for piece in pieces:
            if not held and len(piece) == self._block:
                yield piece
                continue
            held.append(piece)
            count += len(piece)
            if count >= self._block:
                self.frame = None
                joined = np.concatenate(held)
                while len(joined) >= self._block:
                    yield joined[: self._block]
                    joined = joined[self._block :]
                held, count = ([joined] if len(joined) else []), len(joined)
        self.frame = None
        if held:
            yield np.concatenate(held)

    def _played(self, start_second: int) -> Iterator[AudioFrame]:
        """The file's frames; where it is looped, its first ones follow its last ones for ever.

        One resampler runs through the join, so that it is as smooth as the file itself.
        """
        yield from self._sounding(self._native.frames(start_second))
        while self._seamless:
            self._found.extend(self._native.faults)
            try:
                self._native = Native(self.path)
            except Undecodable as fault:
                self._found.append(fault.why)
                return
            self.passes += 1
            yield from self._sounding(self._native.frames())

    def _resampled(self, frame: AudioFrame) -> list[AudioFrame]:
        if self._tap is not None:
            self._tap(frame)
        made: list[AudioFrame] = []
        if self._resampler is not None and not self._resampler.fits(frame):
            made = self._flushed()
        try:
            if self._resampler is None:
                if not LOWEST_RATE <= frame.sample_rate <= HIGHEST_RATE:
                    raise av.InvalidDataError(0, "no rate of music")
                self._resampler = Resampler(frame, self._block)
            return made + self._resampler.push(frame)
        except av.FFmpegError:
            self._found.append("parts of it are damaged and were passed over")
            return made

    def _flushed(self) -> list[AudioFrame]:
        resampler, self._resampler = self._resampler, None
        return resampler.flush() if resampler is not None else []


def blocks(path: Path, *, start_frame: Frame = 0) -> Decoded:
    """A file's blocks of (n, 2) float32 at 48 kHz from `start_frame` on. Raises Undecodable.

    Mono sounds on both sides at its own level, more channels are folded down by swresample.
    `start_frame` counts in the stream as decoded from its start, encoders' padding cut.
    """
    return Decoded(path, start_frame=start_frame)


def _peak(sound: Sound) -> float:
    return float(max(sound.max(initial=0.0), -sound.min(initial=0.0)))


def _without(pieces: Iterator[Sound], count: int) -> Iterator[Sound]:
    """The pieces without their first `count` frames."""
    for piece in pieces:
        if count < len(piece):
            yield piece[count:]
            break
        count -= len(piece)
    yield from pieces

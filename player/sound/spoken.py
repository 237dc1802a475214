"""Words in memory: a few clips at their places with silence between, read like one long sound.

In 16 bits and, where both sides are alike, one channel: twenty guided minutes hold no more than
their sentences. Knows nothing of scripts or cues.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from player.sound.deck import GUARD
from player.sound.decode import blocks
from player.sound.native import Undecodable
from player.sound.source import FULL_SCALE, Compact, in_16_bits
from player.sound.streams import Sound
from player.units import CHANNELS, SAMPLE_RATE, Decibels, Frame, Frames, Seconds, gain_of

AT_FIRST: Frames = 10 * SAMPLE_RATE
"""Of a long part so much must be there before it is spoken: sentences are shorter, and whole."""


class Spoken(Protocol):
    """What a voice reads: an array of sound is one, and so is `Assembled`."""

    def __len__(self) -> int: ...

    def __getitem__(self, stretch: slice, /) -> Sound: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One clip of a speech: where its first frame lies, and its own gain."""

    path: Path
    at: Frame
    frames: Frames
    """As measured: the part ends there even if the file has grown."""
    trim_db: Decibels = 0.0


class Assembled:
    """A speech made of parts, (frames, 1) or (frames, 2). Parts do not overlap.

    It can be read while it is still being loaded, in the order in which it is spoken: a recording
    of many minutes begins as soon as its first seconds are there.
    """

    def __init__(
        self, parts: Sequence[Part], frames: Frames, *, patience_s: Seconds | None = None
    ) -> None:
        """`patience_s` is how long a reader waits for a sentence; None for as long as it takes."""
        self._parts = tuple(parts)
        self._frames = frames
        self._patience_s = patience_s
        self._held: dict[Path, Compact] = {}
        self._came: dict[Path, Frames] = {}
        self._ended: set[Path] = set()
        self._failed: set[Path] = set()
        self._begun: set[Frame] = set()
        self._late: set[Frame] = set()
        self._changed = threading.Condition()

    def load(self) -> None:
        """Decode every part once, in order. Raises Undecodable at the end.

        A part that cannot be decoded stays silent; the others are spoken.
        """
        failed: Undecodable | None = None
        for path in dict.fromkeys(part.path for part in self._parts):
            try:
                self._decode(path)
                pcm = _narrow(self._held[path][: self._came[path]])
            except Undecodable as fault:
                failed, pcm = failed or fault, None
            except Exception as unforeseen:  # whoever reads it waits to be told
                why = f"could not be read on ({type(unforeseen).__name__})"
                failed, pcm = failed or Undecodable(path, why), None
            with self._changed:
                self._ended.add(path)
                if pcm is None:
                    self._failed.add(path)
                else:
                    self._held[path] = pcm
                self._changed.notify_all()
        if failed is not None:
            raise failed

    def _decode(self, path: Path) -> None:
        """Decode a file as far as a part wants it; what has come can be read meanwhile."""
        frames = max(part.frames for part in self._parts if part.path == path)
        self._came[path], self._held[path] = 0, np.zeros((frames, CHANNELS), np.int16)
        with blocks(path) as decoded:
            for block in decoded:
                at = self._came[path]
                fresh = in_16_bits(block[: frames - at])
                self._held[path][at : at + len(fresh)] = fresh
                with self._changed:
                    self._came[path] = at + len(fresh)
                    self._changed.notify_all()
                if self._came[path] == frames:
                    return
        if not self._came[path]:
            raise Undecodable(path, "nothing in it can be decoded")

    @property
    def held_bytes(self) -> int:
        """What it takes of memory."""
        return sum(pcm.nbytes for pcm in self._held.values())

    def __len__(self) -> int:
        return self._frames

    def __getitem__(self, stretch: slice, /) -> Sound:
        start, stop, _ = stretch.indices(self._frames)
        frames = max(0, stop - start)
        parts = [self._loaded(part, start, stop) for part in self._within(start, stop)]
        rows = [row for row in parts if row is not None]
        channels = max((pcm.shape[1] for _, pcm in rows), default=1)
        out = np.zeros((frames, channels), np.float32)
        for part, pcm in rows:
            first, last = max(start, part.at), min(stop, part.at + len(pcm))
            if first < last:
                sound = pcm[first - part.at : last - part.at]
                np.multiply(sound, _scale(part), out=out[first - start : last - start])
        return out

    def _within(self, start: Frame, stop: Frame) -> list[Part]:
        return [row for row in self._parts if row.at < stop and row.at + row.frames > start]

    def _loaded(self, part: Part, start: Frame, stop: Frame) -> tuple[Part, Compact] | None:
        """A part's sound as far as `stop`, once there is enough of it to be spoken on.

        One that comes too late stays silent: half a sentence would startle. A long one that fails
        to come when it is spoken already fades.
        """
        if part.at in self._late:
            return None
        spoken = part.at in self._begun
        wanted = stop - part.at + GUARD if spoken else max(start, part.at) - part.at + AT_FIRST
        if self._has_come(part, min(wanted, part.frames)):
            self._begun.add(part.at)
            return part, self._held[part.path][: part.frames]
        self._late.add(part.at)
        if not spoken:
            return None
        return part, _faded(self._held[part.path][: self._came[part.path]], start - part.at)

    def _has_come(self, part: Part, frames: Frames) -> bool:
        """Wait for so much of a part, or for the end of its file."""

        def come() -> bool:
            return self._came.get(part.path, 0) >= frames

        def ended() -> bool:
            return part.path in self._ended

        with self._changed:
            self._changed.wait_for(lambda: come() or ended(), self._patience_s)
            return come() or (ended() and part.path not in self._failed)


def _faded(pcm: Compact, since: Frames) -> Compact:
    """The last of a part, to nothing."""
    pcm, left = pcm.copy(), len(pcm) - since
    pcm[since:] = pcm[since:] * np.linspace(1, 0, left, dtype=np.float32)[:, None]
    return pcm


def _scale(part: Part) -> np.float32:
    return np.float32(gain_of(part.trim_db) / FULL_SCALE)


def _narrow(pcm: Compact) -> Compact:
    """One channel where both are alike."""
    alike = bool((pcm[:, 0] == pcm[:, 1]).all())
    return pcm[:, :1].copy() if alike else pcm

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

from player.sound.native import Undecodable
from player.sound.source import FULL_SCALE, Compact, load_bed
from player.sound.streams import Sound
from player.units import Decibels, Frame, Frames, Seconds, gain_of


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

    It can be read while it is still being loaded, in the order in which it is spoken.
    """

    def __init__(
        self, parts: Sequence[Part], frames: Frames, *, patience_s: Seconds | None = None
    ) -> None:
        """`patience_s` is how long a reader waits for a sentence; None for as long as it takes."""
        self._parts = tuple(parts)
        self._frames = frames
        self._patience_s = patience_s
        self._held: dict[Path, Compact] = {}
        self._late: set[Frame] = set()
        self._changed = threading.Condition()

    def load(self) -> None:
        """Decode every part once, in order. Raises Undecodable at the end.

        A part that cannot be decoded stays silent; the others are spoken.
        """
        failed: Undecodable | None = None
        for path in dict.fromkeys(part.path for part in self._parts):
            try:
                pcm = _narrow(load_bed(path))
            except Undecodable as fault:
                failed, pcm = failed or fault, np.zeros((0, 1), np.int16)
            with self._changed:
                self._held[path] = pcm
                self._changed.notify_all()
        if failed is not None:
            raise failed

    @property
    def held_bytes(self) -> int:
        """What it takes of memory."""
        return sum(pcm.nbytes for pcm in self._held.values())

    def __len__(self) -> int:
        return self._frames

    def __getitem__(self, stretch: slice, /) -> Sound:
        start, stop, _ = stretch.indices(self._frames)
        frames = max(0, stop - start)
        rows = [row for row in map(self._loaded, self._within(start, stop)) if row is not None]
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

    def _loaded(self, part: Part) -> tuple[Part, Compact] | None:
        """A part's sound. One that came too late stays silent: half a sentence would startle."""
        if part.at in self._late:
            return None
        with self._changed:
            self._changed.wait_for(lambda: part.path in self._held, self._patience_s)
            pcm = self._held.get(part.path)
        if pcm is None:
            self._late.add(part.at)
            return None
        return part, pcm[: part.frames]


def _scale(part: Part) -> np.float32:
    return np.float32(gain_of(part.trim_db) / FULL_SCALE)


def _narrow(pcm: Compact) -> Compact:
    """One channel where both are alike."""
    alike = bool((pcm[:, 0] == pcm[:, 1]).all())
    return pcm[:, :1].copy() if alike else pcm

"""Words in memory: a few clips at their places with silence between, read like one long sound.

In 16 bits and, where both sides are alike, one channel: twenty guided minutes hold no more than
their sentences. Knows nothing of scripts or cues.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from player.sound.source import FULL_SCALE, Compact, load_bed
from player.sound.streams import Sound
from player.units import Decibels, Frame, Frames, gain_of


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
    """A speech made of parts, (frames, 1) or (frames, 2). Parts do not overlap."""

    def __init__(self, parts: Sequence[Part], frames: Frames) -> None:
        """Decodes every part once. Raises Undecodable."""
        held: dict[Path, Compact] = {}
        for part in parts:
            if part.path not in held:
                held[part.path] = _narrow(load_bed(part.path))
        self._parts = [(part.at, held[part.path][: part.frames], _scale(part)) for part in parts]
        self._frames = frames
        self._channels = max((pcm.shape[1] for _, pcm, _ in self._parts), default=1)

    @property
    def held_bytes(self) -> int:
        """What it takes of memory."""
        return sum({id(pcm.base): pcm.nbytes for _, pcm, _ in self._parts}.values())

    def __len__(self) -> int:
        return self._frames

    def __getitem__(self, stretch: slice, /) -> Sound:
        start, stop, _ = stretch.indices(self._frames)
        out = np.zeros((max(0, stop - start), self._channels), np.float32)
        for at, pcm, scale in self._parts:
            first, last = max(start, at), min(stop, at + len(pcm))
            if first < last:
                sound = pcm[first - at : last - at]
                np.multiply(sound, scale, out=out[first - start : last - start])
        return out


def _scale(part: Part) -> np.float32:
    return np.float32(gain_of(part.trim_db) / FULL_SCALE)


def _narrow(pcm: Compact) -> Compact:
    """One channel where both are alike."""
    alike = bool((pcm[:, 0] == pcm[:, 1]).all())
    return pcm[:, :1].copy() if alike else pcm

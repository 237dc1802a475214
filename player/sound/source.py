"""Where decks and the voice draw their sound from: files ahead of need, or memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from player.sound.ahead import AheadSource
from player.sound.decode import Undecodable, blocks
from player.sound.streams import Sound
from player.timeline.plan import LONGEST_CLIP_S
from player.units import CHANNELS, Frame, Frames, Seconds, frames_of

__all__ = ["AheadSource", "Compact", "LoopSource", "load_bed", "load_clip"]

Compact: TypeAlias = NDArray[np.int16]
"""Sound in 16 bits, (n, 2)."""

FULL_SCALE = 32768


class LoopSource:
    """A piece held in memory, looped for ever: its last frame joins its first. Never starves."""

    def __init__(self, pcm: Sound | Compact, *, start_frame: Frame = 0) -> None:
        if not len(pcm):
            raise ValueError("a loop needs at least one frame")
        self._pcm = pcm.view()
        self._pcm.flags.writeable = False
        self._place = start_frame % len(pcm)

    def read(self, frames: Frames) -> Sound:
        """The next `frames` frames, (frames, 2), not to be written to."""
        start, stop = self._place, self._place + frames
        length = len(self._pcm)
        self._place = stop % length
        if stop <= length:
            taken = self._pcm[start:stop]
        else:
            taken = self._pcm.take(np.arange(start, stop) % length, axis=0)
        if taken.dtype == np.int16:
            return np.multiply(taken, np.float32(1 / FULL_SCALE), dtype=np.float32)
        return taken.astype(np.float32, copy=False)

    def close(self) -> None:
        """Nothing to let go of."""


def load_clip(path: Path, *, at_most_s: Seconds = LONGEST_CLIP_S) -> Sound:
    """A whole short clip, (n, 2) at 48 kHz. Raises Undecodable, also for one that is too long."""
    return _loaded(path, at_most_s, np.dtype(np.float32), lambda block: block)


def load_bed(path: Path, *, at_most_s: Seconds = LONGEST_CLIP_S) -> Compact:
    """A piece to be kept in memory all the time, in 16 bits: half the room. As `load_clip`."""
    return _loaded(path, at_most_s, np.dtype(np.int16), in_16_bits)


def _loaded(
    path: Path,
    at_most_s: Seconds,
    kind: np.dtype[Any],
    kept: Callable[[Sound], NDArray[Any]],
) -> NDArray[Any]:
    """Grown in one piece of memory: many small blocks would leave holes behind."""
    whole = bytearray()
    most = frames_of(at_most_s) * CHANNELS * kind.itemsize
    with blocks(path) as decoded:
        for block in decoded:
            whole += np.ascontiguousarray(kept(block)).data.cast("B")
            if len(whole) > most:
                raise Undecodable(path, f"is longer than {at_most_s:g} s")
    if not whole:
        raise Undecodable(path, "nothing in it can be decoded")
    return np.frombuffer(whole, kind).reshape(-1, CHANNELS)


def in_16_bits(block: Sound) -> Compact:
    """Sound in 16 bits, held down where it is above full scale."""
    return np.rint(block * FULL_SCALE).clip(-FULL_SCALE, FULL_SCALE - 1).astype(np.int16)

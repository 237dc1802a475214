"""Where decks and the voice draw their sound from: files ahead of need, or memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from player.sound.ahead import AheadSource
from player.sound.decode import Undecodable, blocks
from player.sound.streams import Sound
from player.units import Frame, Frames, Seconds, frames_of

__all__ = ["AheadSource", "LoopSource", "load_clip"]

LONGEST_CLIP_S: Seconds = 1200
"""Spoken clips are held whole in memory: 20 minutes are 460 MB, far beyond any cue."""


class LoopSource:
    """A piece held in memory, looped for ever: its last frame joins its first. Never starves."""

    def __init__(self, pcm: Sound, *, start_frame: Frame = 0) -> None:
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
            return self._pcm[start:stop]
        return self._pcm.take(np.arange(start, stop) % length, axis=0)

    def close(self) -> None:
        """Nothing to let go of."""


def load_clip(path: Path, *, at_most_s: Seconds = LONGEST_CLIP_S) -> Sound:
    """A whole short clip, (n, 2) at 48 kHz. Raises Undecodable, also for one that is too long."""
    parts: list[Sound] = []
    frames = 0
    with blocks(path) as decoded:
        for block in decoded:
            parts.append(block)
            frames += len(block)
            if frames > frames_of(at_most_s):
                raise Undecodable(path, f"is longer than {at_most_s:g} s")
    if not parts:
        raise Undecodable(path, "nothing in it can be decoded")
    return np.concatenate(parts)

"""What the parts of the sound hand each other. Knows nothing of files, sessions or devices."""

from __future__ import annotations

from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from player.units import CHANNELS, Frames

BLOCK: Frames = 6144
"""Frames mixed at a time, live and offline alike, so that the two agree to the bit: 128 ms."""

Sound: TypeAlias = NDArray[np.float32]
"""Frames of sound, (n, 2), left and right, full scale at 1."""


class Source(Protocol):
    """Where a deck draws its sound from."""

    def read(self, frames: Frames) -> Sound:
        """The next `frames` frames, (m, 2); fewer only at the end, or when starved."""
        ...

    def close(self) -> None:
        """Let go of files and threads; nothing is read after it."""
        ...


def silence(frames: Frames) -> Sound:
    """Frames of nothing, (frames, 2)."""
    return np.zeros((frames, CHANNELS), np.float32)

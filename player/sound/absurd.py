"""Samples that are no sound, which only float files can hold. Knows nothing of files or decks.

They are looked for before anything is resampled: a filter would ring around them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

LOUDEST = 4.0
"""Float files may hold anything; what is above 12 dB over full scale is no music."""
FLOATS = {"flt": np.float32, "fltp": np.float32, "dbl": np.float64, "dblp": np.float64}


def absurd_in(frame: AudioFrame) -> int:
    """How many samples of a frame are no numbers, infinite, or above LOUDEST."""
    kind = FLOATS.get(frame.format.name)
    if kind is None:
        return 0
    count = frame.samples * (1 if frame.format.is_planar else frame.layout.nb_channels)
    sides = (np.frombuffer(plane, kind, count=count) for plane in frame.planes)  # type: ignore[call-overload]
    return sum(_count(side) for side in sides)


def _count(side: NDArray[Any]) -> int:
    if not side.size or (side.max() <= LOUDEST and side.min() >= -LOUDEST):
        return 0
    return int(np.count_nonzero(_bad(side)))


def _bad(samples: NDArray[Any]) -> NDArray[np.bool_]:
    """Which are absurd; written so that what is no number is one of them."""
    bad: NDArray[np.bool_] = ~(np.abs(samples) <= LOUDEST)
    return bad


def without_absurd(frame: AudioFrame, *, all_of_it: bool = False) -> AudioFrame:
    """The same frame with nothing, 0, in place of what is no sound, or in place of all of it."""
    samples: NDArray[Any] = frame.to_ndarray()
    samples[... if all_of_it else _bad(samples)] = 0
    made = AudioFrame.from_ndarray(samples, format=frame.format.name, layout=frame.layout.name)
    made.sample_rate = frame.sample_rate
    made.pts, made.time_base = frame.pts, frame.time_base
    return made

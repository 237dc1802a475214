"""Counts samples that were cut off at full scale, at the file's own rate. Knows no loudness.

After resampling a flat top is flat no more, so the file's own frames are looked at; only those
around a block that comes near full scale, so that quiet music costs nothing.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from player.units import Frames, Seconds, seconds_of

NEAR_FULL = 0.9
"""A clipped wave keeps at least this much of full scale when it is resampled."""
RUN = 3
"""So many samples on end at full scale are a flat top; one or two may be music."""
FULL = 1 - 2**-14
"""Full scale to within two steps of 16 bits."""


SLACK_S: Seconds = 0.005
"""A resampled wave reaches so far, and little further, beyond the one it was made of."""
LONGEST_WAIT_S: Seconds = 4.0
"""A frame whose block never came: what was made of it was damaged."""


class ClipCounter:
    """Is shown every native frame, and told how loud each block is that was made of them."""

    def __init__(self) -> None:
        self.clipped_samples = 0
        self._waiting: deque[tuple[Seconds, AudioFrame]] = deque()
        """Frames that no block has covered yet, each with where it ends."""
        self._seen_s: Seconds = 0.0
        self._judged_s: Seconds = 0.0

    def see(self, frame: AudioFrame) -> None:
        """Take in the next native frame."""
        self._seen_s += frame.samples / frame.sample_rate
        self._waiting.append((self._seen_s, frame))
        if self._waiting[0][0] < self._seen_s - LONGEST_WAIT_S:
            self._waiting.popleft()

    def judge(self, loudest: float, frames: Frames) -> None:
        """Count what was clipped under the next block, of so many frames; `loudest` is its peak."""
        self._judged_s += seconds_of(frames)
        if loudest >= NEAR_FULL:
            self._count(self._begun_by(self._judged_s + SLACK_S))
            return
        while self._waiting and self._waiting[0][0] < self._judged_s - SLACK_S:
            self._waiting.popleft()

    def _begun_by(self, place_s: Seconds) -> list[AudioFrame]:
        """Take out the frames that begin before a place."""
        taken = []
        while self._waiting:
            end_s, frame = self._waiting[0]
            if end_s - frame.samples / frame.sample_rate >= place_s:
                break
            taken.append(self._waiting.popleft()[1])
        return taken

    def _count(self, frames: list[AudioFrame]) -> None:
        for sides in _joined([_full(frame) for frame in frames]):
            windows = np.lib.stride_tricks.sliding_window_view(sides, RUN, axis=0)
            tops: NDArray[np.bool_] = np.all(windows, axis=2)
            marked = np.zeros(sides.shape, bool)
            for offset in range(RUN):
                marked[offset : offset + len(tops)] |= tops
            self.clipped_samples += int(marked.sum())


def _full(frame: AudioFrame) -> NDArray[np.bool_]:
    """Which samples of a frame are at full scale, (n, channels)."""
    raw: NDArray[Any] = frame.to_ndarray()
    channels = frame.layout.nb_channels
    sides: NDArray[Any] = raw.T if frame.format.is_planar else raw.reshape(-1, channels)
    full: NDArray[np.bool_]
    if sides.dtype == np.uint8:
        full = np.logical_or(sides == 255, sides == 0)
    else:
        top = FULL if sides.dtype.kind == "f" else FULL * -float(np.iinfo(sides.dtype).min)
        full = np.logical_or(sides >= top, sides <= -top)
    return full


def _joined(parts: list[NDArray[np.bool_]]) -> list[NDArray[np.bool_]]:
    """The parts as one; as they are where the number of channels changes. None shorter than RUN."""
    whole = [np.concatenate(parts)] if len({part.shape[1] for part in parts}) == 1 else parts
    return [part for part in whole if len(part) >= RUN]

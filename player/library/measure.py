"""How long and how loud a file is: one reading to its end, block by block, memory flat.

Knows nothing of caches or processes: `worker` calls it, `catalogue` remembers what it says.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.filter import Graph

from player.library.peaks import PeakMeter
from player.sound.decode import Undecodable, blocks
from player.sound.streams import Sound
from player.timeline.plan import TrackFacts
from player.units import SAMPLE_RATE, Decibels, Frames, Lufs, frames_of

SILENT_LUFS: Lufs = -70.0
"""The absolute gate of EBU R128: what is never above it has no loudness."""
GATING_FRAMES: Frames = frames_of(0.4)
"""Loudness is gated in blocks of 400 ms (ITU-R BS.1770-5): nothing shorter has one."""
PROGRESS_EVERY = 64
"""Blocks between two calls of a progress callback: 11 s of sound, 30 ms of work."""


def measure(path: Path, progress: Callable[[float], None] | None = None) -> TrackFacts:
    """Length, integrated loudness and true peak of a track, as a deck would play it.

    `progress` is told how much is done, 0 to 1. Raises Undecodable.
    """
    loudness, peak, frames = LoudnessMeter(), PeakMeter(), 0
    with blocks(path) as decoded:
        for number, block in enumerate(decoded):
            loudness.push(decoded.frame or _frame_of(block))
            peak.push(block)
            frames += len(block)
            if progress and number % PROGRESS_EVERY == 0:
                progress(decoded.read_fraction)
    if not frames:
        raise Undecodable(path, "nothing in it can be decoded")
    if progress:
        progress(1.0)
    return TrackFacts(frames=frames, lufs=loudness.finish(), true_peak_dbtp=peak.finish())


def measure_clip(pcm: Sound) -> tuple[Lufs, Decibels]:
    """Integrated loudness and true peak (dBTP) of a spoken clip held in memory, (n, 2).

    One shorter than the 400 ms that gating needs is measured as if it were repeated.
    """
    loudness, peak = LoudnessMeter(), PeakMeter()
    if len(pcm):
        peak.push(pcm)
        repeats = -(-GATING_FRAMES // len(pcm))
        loudness.push(_frame_of(np.tile(pcm, (repeats, 1)) if repeats > 1 else pcm))
    return loudness.finish(), peak.finish()


class LoudnessMeter:
    """Integrated loudness (EBU R128) of a stream of stereo frames, by libav's ebur128 filter."""

    def __init__(self) -> None:
        self._graph = Graph()
        source = self._graph.add_abuffer(
            sample_rate=SAMPLE_RATE,
            format="flt",
            layout="stereo",
            time_base=Fraction(1, SAMPLE_RATE),
        )
        # Without metadata the filter tells its result to the log alone; true peaks are left to
        # PeakMeter, since here they would cost four times as much as all the rest.
        meter = self._graph.add("ebur128", "metadata=1:framelog=quiet")
        sink = self._graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        self._graph.configure()
        self._last: AudioFrame | None = None

    def push(self, frame: AudioFrame) -> None:
        """Take in the next frame: 48 kHz float32 stereo."""
        self._graph.push(frame)
        self._pull()

    def finish(self) -> Lufs:
        """The integrated loudness once everything was pushed, at least -70.

        The filter judges every whole 100 ms; a rest at the end counts for nothing in R128.
        """
        told = self._last.metadata.get("lavfi.r128.I") if self._last is not None else None
        lufs = float(told) if told else SILENT_LUFS
        return max(SILENT_LUFS, lufs) if np.isfinite(lufs) else SILENT_LUFS

    def _pull(self) -> None:
        while True:
            try:
                pulled = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            self._last = cast(AudioFrame, pulled)


def _frame_of(block: Sound) -> AudioFrame:
    flat = np.ascontiguousarray(block).reshape(1, -1)
    frame = AudioFrame.from_ndarray(flat, format="flt", layout="stereo")
    frame.sample_rate = SAMPLE_RATE
    return frame

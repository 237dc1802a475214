"""Music whose pitch tells its place, and what a recording of it says: gaps, steps, places.

A sine rises by 50 Hz each second, from 400 to 6400 Hz in two minutes, and begins again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

RATE = 48_000
LOW_HZ, RISE_HZ_S, PERIOD_S = 400.0, 50.0, 120.0
WINDOW = 8192
HOP = 960
QUIET = 10 ** (-55 / 20)
"""Below it nothing is heard: a fade-in of 2 s is over it after 5 ms."""
LOOK = 9600
ASTRAY_S = 0.5
"""A place read from a window that two pieces share may be so far off."""
NEAR_AN_END_S = 5.0

Sound = NDArray[np.float32]


def make(path: Path, seconds: float) -> Path:
    """A mono FLAC of the sweep."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("flac", rate=RATE, layout="mono")
        for start in range(0, round(seconds), 10):
            frame = av.AudioFrame.from_ndarray(_piece(start, 10), format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, start * RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _piece(start_s: float, length_s: float) -> NDArray[np.int16]:
    at = (start_s + np.arange(round(length_s * RATE)) / RATE) % PERIOD_S
    phase = 2 * np.pi * (LOW_HZ * at + RISE_HZ_S / 2 * at**2)
    return (np.sin(phase) * 9000).astype(np.int16)[None]


def place_s(sound: Sound) -> float | None:
    """The place, within two minutes, that a window of sound was taken from (its middle)."""
    if len(sound) < WINDOW or np.abs(sound).max() < QUIET:
        return None
    spectrum = np.abs(np.fft.rfft(sound[:WINDOW] * np.hanning(WINDOW), 4 * WINDOW))
    top = int(spectrum.argmax())
    hz = top * RATE / (4 * WINDOW)
    return (hz - LOW_HZ) / RISE_HZ_S % PERIOD_S


@dataclass(frozen=True)
class Gap:
    """A stretch in which nothing is heard, and where the music was on both sides of it."""

    at_s: float
    length_s: float
    before_s: float | None
    after_s: float | None

    @property
    def place_error_s(self) -> float | None:
        """How far from where it broke off the music went on: negative is heard twice."""
        if self.before_s is None or self.after_s is None:
            return None
        half = PERIOD_S / 2
        return (self.after_s - self.before_s + half) % PERIOD_S - half


def gaps(sound: Sound, shortest_s: float = 0.02) -> Iterator[Gap]:
    """Every silence inside a mono recording."""
    loud = _loud(sound)
    edges = np.flatnonzero(np.diff(loud.astype(np.int8)))
    for stop, begin in itertools.pairwise(edges):
        if loud[stop] and not loud[begin] and (begin - stop) * HOP / RATE >= shortest_s:
            end, start = (stop + 1) * HOP, (begin + 1) * HOP
            yield Gap(end / RATE, (start - end) / RATE, *_sides(sound, end, start))


def _loud(sound: Sound) -> NDArray[np.bool_]:
    whole = sound[: len(sound) // HOP * HOP].reshape(-1, HOP)
    return np.asarray(np.abs(whole).max(axis=1) > QUIET)


def _sides(sound: Sound, end: int, start: int) -> tuple[float | None, float | None]:
    """The places at the last frame before a gap and at the first one after it."""
    half_s = WINDOW / 2 / RATE
    guard = 2 * HOP
    before = place_s(sound[max(0, end - guard - WINDOW) : end - guard])
    after = place_s(sound[start + guard : start + guard + WINDOW])
    edge_s = half_s + guard / RATE
    return (
        None if before is None else before + edge_s,
        None if after is None else after - edge_s,
    )


@dataclass(frozen=True)
class Jump:
    """Where the music goes on at another place without a silence."""

    at_s: float
    from_s: float
    to_s: float

    @property
    def at_an_end(self) -> bool:
        """Whether one piece ends and the next one begins."""
        return self.from_s > PERIOD_S - NEAR_AN_END_S and self.to_s < NEAR_AN_END_S


def jumps(sound: Sound) -> Iterator[Jump]:
    """Every jump of the place while it sounds; in a crossfade, from the louder to the louder."""
    last: tuple[float, float] | None = None
    for start in range(0, len(sound) - WINDOW, LOOK):
        window = sound[start : start + WINDOW]
        place = place_s(window) if _whole(window) else None
        if place is None:
            last = None
            continue
        at_s = start / RATE
        if last is not None:
            expected = last[1] + at_s - last[0]
            astray = (place - expected + PERIOD_S / 2) % PERIOD_S - PERIOD_S / 2
            if abs(astray) > ASTRAY_S:
                yield Jump(at_s, last[1], place)
        last = (at_s, place)


def _whole(window: Sound) -> bool:
    """Whether nothing is missing in it: a fade-in beside silence tells no place for certain."""
    return bool(_loud(window).all())


def steepest(sound: Sound) -> float:
    """The largest step from frame to frame, against the steepest that the sweep itself has."""
    own = 2 * np.pi * (LOW_HZ + RISE_HZ_S * PERIOD_S) / RATE * float(np.abs(sound).max())
    return float(np.abs(np.diff(sound)).max()) / own

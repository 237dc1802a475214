"""Music whose pitch tells its place, and what a recording of it says: gaps, steps, places.

A sine rises by 50 Hz each second, from 400 to 6400 Hz in two minutes, and begins again.
"""

from __future__ import annotations

from collections import deque
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
SHORTEST = RATE // 1000
"""Fewer frames of nothing in a row than this are not called a hole."""
LOOK = WINDOW // 2
ASTRAY_S = 0.15
"""A place read beside a fade or in a window that two pieces share may be so far off."""
MOVE_S = 3.0
"""So long before and after one piece gives way to another both may be heard."""
EDGE_S = 0.1
"""About a silence or a jump that is told anyway, and about the sweep's own beginning anew."""
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
    to_the_end: bool = False
    """Whether nothing is heard any more."""
    begins_at: float = 0.0
    """The loudest sample of the first 5 ms after it."""

    @property
    def end_s(self) -> float:
        """When it is over."""
        return self.at_s + self.length_s

    @property
    def place_error_s(self) -> float | None:
        """How far from where it broke off the music went on: negative is heard twice."""
        if self.before_s is None or self.after_s is None:
            return None
        half = PERIOD_S / 2
        return (self.after_s - self.before_s + half) % PERIOD_S - half


def gaps(sound: Sound) -> Iterator[Gap]:
    """Every silence of a mono recording after its first sound, to its very end, and every hole."""
    for end, start in _silences(sound):
        if end == 0:
            continue
        first = sound[start : start + RATE // 200]
        yield Gap(
            end / RATE,
            (start - end) / RATE,
            *_sides(sound, end, start),
            to_the_end=start >= len(sound) // HOP * HOP,
            begins_at=float(np.abs(first).max(initial=0)),
        )


def empty(sound: Sound) -> list[tuple[int, int]]:
    """Where nothing was given: first and last frame of each 1 ms or more of exact zeros."""
    return [(begin, end) for begin, end in _runs(sound == 0) if end - begin >= SHORTEST]


def _silences(sound: Sound) -> list[tuple[int, int]]:
    """What is empty or too quiet; such as touch are one."""
    quiet = [(begin * HOP, end * HOP) for begin, end in _runs(~_loud(sound))]
    whole: list[tuple[int, int]] = []
    for begin, end in sorted(quiet + empty(sound)):
        if whole and begin <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((begin, end))
    return whole


def _runs(holds: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], holds.astype(np.int8), [0]))))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]


def _loud(sound: Sound) -> NDArray[np.bool_]:
    whole = sound[: len(sound) // HOP * HOP].reshape(-1, HOP)
    return np.asarray(np.abs(whole).max(axis=1) > QUIET)


def _sides(sound: Sound, end: int, start: int) -> tuple[float | None, float | None]:
    """The places at the last frame before a gap and at the first one after it."""
    half_s = WINDOW / 2 / RATE
    guard = 2 * HOP
    earlier = sound[max(0, end - guard - WINDOW) : max(0, end - guard)]
    later = sound[start + guard : start + guard + WINDOW]
    before = place_s(earlier) if _whole(earlier) else None
    after = place_s(later) if _whole(later) else None
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
    last: deque[tuple[float, float]] = deque(maxlen=WINDOW // LOOK)
    for start in range(0, len(sound) - WINDOW, LOOK):
        window = sound[start : start + WINDOW]
        place = place_s(window) if _whole(window) else None
        if place is None:
            last.clear()
            continue
        at_s = start / RATE
        # Beside one that shares nothing with it: a window with the jump in it may tell a place
        # between the two.
        if len(last) == last.maxlen:
            expected = last[0][1] + at_s - last[0][0]
            astray = (place - expected + PERIOD_S / 2) % PERIOD_S - PERIOD_S / 2
            if abs(astray) > ASTRAY_S:
                yield Jump(at_s, last[0][1], place)
                last.clear()
        last.append((at_s, place))


def _whole(window: Sound) -> bool:
    """Whether nothing is missing in it: a fade-in beside silence tells no place for certain."""
    return bool(_loud(window).all())


def level(sound: Sound) -> float:
    """How loud the sweep itself is where nothing is amiss: its loudest sample."""
    return float(np.abs(sound).max(initial=0))


def steepest(sound: Sound, own_level: float) -> float:
    """The largest step from frame to frame, against the steepest of a sweep of that level."""
    own = 2 * np.pi * (LOW_HZ + RISE_HZ_S * PERIOD_S) / RATE * own_level
    return float(np.abs(np.diff(sound)).max(initial=0)) / own


@dataclass(frozen=True)
class Harsh:
    """Where it is louder, or has a step that no sine of its pitch has, against its own level."""

    at_s: float
    loudest: float
    step: float


def harsh(
    sound: Sound, own_level: float, apart: list[tuple[float, float]], *, loud: float, step: float
) -> Iterator[Harsh]:
    """Every window with a sample or a step beyond what is allowed, but in stretches set apart.

    A step is what is left of a sine of the window's pitch: x[n] - 2 cos(w) x[n-1] + x[n-2].
    """
    for start in range(0, len(sound) - WINDOW, LOOK):
        begin_s, end_s = start / RATE, (start + WINDOW) / RATE
        if any(begin < end_s and end > begin_s for begin, end in apart):
            continue
        window = sound[start : start + WINDOW]
        found = Harsh(begin_s, level(window) / own_level, _left(window) / own_level)
        if found.loudest > loud or found.step > step:
            yield found


def _left(window: Sound) -> float:
    place = place_s(window)
    # Where it falls from its highest pitch to its lowest there are two pitches.
    if place is None or min(place, PERIOD_S - place) < EDGE_S + WINDOW / RATE:
        return 0.0
    turn = 2 * np.cos(2 * np.pi * (LOW_HZ + RISE_HZ_S * place) / RATE)
    exact = window.astype(np.float64)
    return float(np.abs(exact[2:] - turn * exact[1:-1] + exact[:-2]).max())

"""What a listener would hear, in figures: loudness, peaks, rises, width, tone, the seam of a loop.

Decodes with PyAV and measures with libav's ebur128, the same tools the player uses. Knows nothing
of how a sound was made. Samples are float32 arrays of shape (channels, frames) at 48 kHz.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

SAMPLE_RATE = 48_000
SLICE = SAMPLE_RATE // 10
"""ebur128 gives one figure of loudness for each 100 ms."""
WARM_UP = 3 * SAMPLE_RATE
"""The short-term window: what is wrapped in front of a loop so that its seam is measured too."""

Sound = NDArray[np.float32]
Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Loudness:
    """Figures of EBU R128, and the loudness curves in steps of 100 ms."""

    lufs: float
    true_peak_dbtp: float
    momentary: NDArray[np.float64]
    short_term: NDArray[np.float64]


def decode(path: Path) -> Sound:
    """The whole of a file as (channels, frames) at 48 kHz, in the channels it has."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler("fltp", stream.layout, SAMPLE_RATE)
        blocks = [
            block.to_ndarray()
            for frame in container.decode(stream)
            for block in resampler.resample(frame)
        ]
        blocks += [block.to_ndarray() for block in resampler.resample(None)]
    return np.concatenate(blocks, axis=1)


def tags(path: Path) -> dict[str, str]:
    """Title, rights and whatever else the file says of itself, keys in lower case."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        return {
            key.lower(): value for key, value in {**container.metadata, **stream.metadata}.items()
        }


def loudness(sound: Sound, *, loop: bool = False, peaks: bool = True) -> Loudness:
    """Loudness and true peak of a sound; of a loop, the curves run across its seam.

    Without `peaks`, the true peak is not looked for, which takes a quarter of the time, and is
    nan.
    """
    heard = np.concatenate([sound[:, -WARM_UP:], sound], axis=1) if loop else sound
    momentary, short_term, last = [], [], {}
    for figures in _ebur128(heard, peaks):
        momentary.append(float(figures["lavfi.r128.M"]))
        short_term.append(float(figures["lavfi.r128.S"]))
        last = figures
    skipped = WARM_UP // SLICE if loop else 0
    found = [float(value) for key, value in last.items() if ".true_peaks_ch" in key]
    return Loudness(
        lufs=float(last["lavfi.r128.I"]),
        true_peak_dbtp=20 * math.log10(max(*found, 1e-9)) if peaks else math.nan,
        momentary=np.array(momentary[skipped:]),
        short_term=np.array(short_term[skipped:]),
    )


def _ebur128(sound: Sound, peaks: bool) -> Iterator[dict[str, str]]:
    layout = "mono" if len(sound) == 1 else "stereo"
    graph = Graph()
    source = graph.add_abuffer(sample_rate=SAMPLE_RATE, format="fltp", layout=layout)
    # Mono is heard on both sides, as the player plays it: ebur128 then reads it as stereo.
    peak = "true" if peaks else "none"
    meter = graph.add("ebur128", f"metadata=1:peak={peak}:framelog=quiet:dualmono=true")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    for start in [*range(0, sound.shape[1], SAMPLE_RATE), None]:
        graph.push(None if start is None else _frame(sound[:, start : start + SAMPLE_RATE], layout))
        yield from _pulled(graph)


def _frame(block: Sound, layout: str) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), "fltp", layout)
    frame.sample_rate = SAMPLE_RATE
    return frame


def _pulled(graph: Graph) -> Iterator[dict[str, str]]:
    while True:
        try:
            metadata = graph.pull().metadata
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        if "lavfi.r128.M" in metadata:
            yield dict(metadata)


def largest_rise(curve: NDArray[np.float64]) -> float:
    """The most that a curve of 100 ms steps rises within any second, in LU."""
    return max(float(np.max(curve[lag:] - curve[:-lag])) for lag in range(1, 11))


def correlation(sound: Sound) -> float:
    """How alike left and right are: 1 is mono, 0 unrelated."""
    return float(np.corrcoef(sound[0], sound[1])[0, 1])


def spectrum(sound: Sound, size: int = 8192) -> tuple[Table, Table]:
    """Frequencies, and the long-term power of the middle at each (Welch)."""
    middle = sound.mean(axis=0)
    blocks = np.lib.stride_tricks.sliding_window_view(middle, size)[:: size // 2]
    power = np.zeros(size // 2 + 1)
    window = np.hanning(size).astype(np.float32)
    for some in np.array_split(blocks, max(1, len(blocks) // 256)):
        power += (np.abs(np.fft.rfft(some * window, axis=1)) ** 2).sum(axis=0)
    return np.fft.rfftfreq(size, 1 / SAMPLE_RATE), power / len(blocks)


def thirds_db(hz: Table, power: Table, low_hz: float, high_hz: float) -> Table:
    """The mean power of each third of an octave from `low_hz` to `high_hz`, in dB."""
    edges = low_hz * 2 ** (np.arange(0, 1 + round(3 * math.log2(high_hz / low_hz))) / 3)
    bands = [power[(hz >= a) & (hz < b)].mean() for a, b in itertools.pairwise(edges)]
    return np.asarray(10 * np.log10(np.array(bands) + 1e-20))


def tilt_db_per_octave(sound: Sound, low_hz: float = 2000, high_hz: float = 8000) -> float:
    """The slope of the spectrum of the middle, fitted over third octaves."""
    bands_db = thirds_db(*spectrum(sound), low_hz, high_hz)
    return float(np.polyfit(np.arange(len(bands_db)) / 3, bands_db, 1)[0])


def seam_step(loop: Sound) -> float:
    """The step from a loop's last frame to its first, over the largest step of the second around.

    At most 1 by its nature; under 1, the join moves less than the music beside it does.
    """
    near = SAMPLE_RATE // 2
    around = np.concatenate([loop[:, -near:], loop[:, :near]], axis=1)
    steps = np.abs(np.diff(around, axis=1))
    return float((steps[:, near - 1] / steps.max(axis=1)).max())


def seam_bend(loop: Sound) -> float:
    """How sharply the seam bends (second difference), over the RMS bend of the second around it.

    A click stands far above 10; noise and music stay under 5.
    """
    near = SAMPLE_RATE // 2
    around = np.concatenate([loop[:, -near:], loop[:, :near]], axis=1)
    bends = np.abs(np.diff(around, 2, axis=1))
    at_seam = bends[:, near - 2 : near].max(axis=1)
    return float((at_seam / np.sqrt((bends**2).mean(axis=1))).max())

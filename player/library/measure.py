"""All that is to be known of a file: one reading to its end, block by block, memory flat.

Knows nothing of caches or processes: `worker` calls it, `catalogue` remembers what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from player.library import curve, shape
from player.library.clipping import ClipCounter
from player.library.edges import EdgeMeter, Trims
from player.library.energy import tagged_energy
from player.library.findings import Survey, with_places
from player.library.loudness import (
    BATCH,
    Floats,
    KMeter,
    integrated,
    loudness_of,
    loudness_range,
)
from player.library.peaks import PeakMeter
from player.library.softening import softened
from player.library.tags import kept_among
from player.sound.decode import Decoded, Undecodable
from player.sound.streams import Sound
from player.timeline.lists import SILENT, SILENT_DBTP
from player.timeline.plan import TrackFacts
from player.units import Decibels, Frames, Lufs, Seconds, frames_of, seconds_of, span

GATING_FRAMES: Frames = frames_of(0.4)
"""Loudness is gated in blocks of 400 ms (ITU-R BS.1770-5): nothing shorter has one."""
READ_AT_ONCE: Frames = BATCH
"""As much as the loudness meter takes at once: twice a deck's block, for half as many steps."""
PROGRESS_EVERY = 27
"""Blocks between two calls of a progress callback: 11 s of sound, 25 ms of work."""
BROKEN_OFF = 0.02
"""A file that ends this share before its stated end, and over a second, breaks off."""
LOST_S: Seconds = 0.05
EXACT = frozenset((".flac", ".wav", ".aif", ".aiff"))
"""These count their samples; what is missing without a fault of the decoder was damaged."""
SHORTEST_S: Seconds = 1.0
UNKNOWN = 0xFFFF_FFFF


class TooLong(Exception):
    """There is more of a file than was asked for."""


def measure(
    path: Path,
    progress: Callable[[float], None] | None = None,
    *,
    at_most_s: Seconds | None = None,
) -> Survey:
    """Everything about a track, as a deck would play it, and its tags.

    `progress` is told how much is done, 0 to 1. Raises Undecodable, and TooLong where there is more
    of it than `at_most_s`, as soon as that is seen. What is too short for gating is measured as
    if it were repeated, or it would pass for silence.
    """
    most = None if at_most_s is None else frames_of(at_most_s)
    loudness, peak, clips, edges, frames = KMeter(), PeakMeter(), ClipCounter(), EdgeMeter(), 0
    with Decoded(path, tap=clips.see, block=READ_AT_ONCE) as decoded:
        for number, block in enumerate(decoded):
            loudness.push(block)
            highest = peak.push(block)
            clips.judge(highest, len(block))
            edges.push(block, highest)
            frames += len(block)
            if most is not None and frames > most:
                raise TooLong(path)
            if progress and number % PROGRESS_EVERY == 0:
                progress(decoded.read_fraction)
        if not frames:
            raise Undecodable(path, "nothing in it can be decoded")
        if frames < GATING_FRAMES:  # then this was the only block
            loudness.push(_again(block))
        faults = decoded.faults or _missing(path, frames, decoded.stated_s)
        if decoded.left_out:
            faults = (*faults, "samples of it are no sound, or far too loud: they are left out")
        tags = kept_among(decoded.tags)
    if progress:
        progress(1.0)
    return _survey(
        path,
        frames,
        loudness.finish(),
        peak.finish(),
        clips.clipped_samples,
        tuple(dict.fromkeys(faults)),
        edges.finish(),
        tags,
    )


def _survey(
    path: Path,
    frames: Frames,
    powers: Floats,
    peak_dbtp: Decibels,
    clipped_samples: int,
    faults: tuple[str, ...],
    trims: Trims,
    tags: Mapping[str, str],
) -> Survey:
    leading_s, trailing_s, inner = shape.silences(powers)
    facts = TrackFacts(frames, round(integrated(powers), 3), round(peak_dbtp, 3))
    if facts.true_peak_dbtp <= SILENT_DBTP:
        faults = (*faults, f"{SILENT}: sessions pass over it")
    rises, pulse_lu = shape.rises(powers), shape.pulse(powers)
    energy = tagged_energy(tags) or shape.energy(pulse_lu)
    eases = [(seconds_of(ease.at), ease.by_db) for ease in softened(powers, rises)]
    return Survey(
        facts=with_places(facts, eases, trims, energy, pulse_lu),
        lra=round(loudness_range(powers), 2),
        rises=rises,
        silences=inner,
        leading_silence_s=leading_s,
        trailing_silence_s=trailing_s,
        clipped_samples=clipped_samples,
        faults=faults,
        tags=tags,
        curve=curve.packed(loudness_of(powers)),
    )


def _missing(path: Path, frames: Frames, stated_s: float | None) -> tuple[str, ...]:
    """What a file lacks of the length that its own header counts."""
    seconds = seconds_of(frames)
    if seconds < SHORTEST_S:
        return ("it is shorter than a second: sessions pass over it",)
    if stated_s is not None and stated_s - seconds > max(1.0, BROKEN_OFF * stated_s):
        return (f"it breaks off: {span(seconds)} of its {span(stated_s)} are there",)
    if stated_s is not None and path.suffix.casefold() in EXACT and stated_s - seconds > LOST_S:
        return ("it is damaged: parts of it are missing",)
    if _is_cut_wav(path):
        return ("it breaks off: the file is shorter than it says",)
    return ()


def _is_cut_wav(path: Path) -> bool:
    """A wav holds its own size behind its first four bytes; 0 and all ones mean "unknown"."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
        size = int.from_bytes(head[4:], "little")
        return head[:4] == b"RIFF" and 0 < size < UNKNOWN and path.stat().st_size < size
    except OSError:
        return False


def measure_clip(pcm: Sound) -> tuple[Lufs, Decibels]:
    """Integrated loudness and true peak (dBTP) of a spoken clip held in memory, (n, 2).

    One shorter than the 400 ms that gating needs is measured as if it were repeated.
    """
    loudness, peak = KMeter(), PeakMeter()
    if len(pcm):
        peak.push(pcm)
        loudness.push(pcm)
        loudness.push(_again(pcm))
    return integrated(loudness.finish()), peak.finish()


def _again(pcm: Sound) -> Sound:
    """As many repeats of a short sound as gating needs behind it; none of one that is long."""
    return np.tile(pcm, (max(0, -(-GATING_FRAMES // len(pcm)) - 1), 1))

"""What a spoken sentence goes through before it is kept: cleared, levelled, trimmed, soft-edged.

For speech that an engine made; a recording of a person goes through `editing`, to the same level.
"""

from __future__ import annotations

import warnings
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

from player.library.measure import measure_clip
from player.units import SAMPLE_RATE, Decibels, Lufs

VOICE_LUFS: Lufs = -23.0
"""What sentences are kept at; a session brings them to its own voice level."""
PEAK_DBTP: Decibels = -3.5
FILTERS = (("highpass", "f=70"), ("treble", "g=-2.5:f=5500:t=q:w=0.5"))
"""No rumble; and a little less of what lies above 5.5 kHz, where a synthetic voice hisses."""
LEAD_MS, TAIL_MS = 60, 250
"""What is left before the first sound and behind the last."""
QUIET_LEAD_DB, QUIET_TAIL_DB = -45, -50
FULL_SCALE = 2**31 - 1

Mono = NDArray[np.float32]
"""One channel of sound, (n,), full scale at 1."""


def treated(spoken: Mono, rate: int) -> Mono:
    """A sentence at 48 kHz: no rumble under 70 Hz, -23 LUFS, silence trimmed at both ends.

    Lower where its peaks ask for it. Empty where there is nothing to hear.
    """
    clear = _filtered(spoken, rate)
    if not len(clear) or not np.abs(clear).max() > 1e-4:
        return np.zeros(0, np.float32)
    return levelled(trimmed(levelled(clear)))


def levelled(clip: Mono) -> Mono:
    """A clip at the level sentences are kept at, or lower where its peaks ask for it."""
    lufs, peak_dbtp = measure_clip(np.repeat(clip[:, np.newaxis], 2, axis=1))
    gain_db = min(VOICE_LUFS - lufs, PEAK_DBTP - peak_dbtp)
    return (clip * np.float32(10 ** (gain_db / 20))).astype(np.float32)


def trimmed(clip: Mono) -> Mono:
    """A clip without the silence at its ends, with soft edges."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
        from pydub.silence import detect_leading_silence
    pcm = (np.clip(clip.astype(np.float64), -1, 1) * FULL_SCALE).astype("<i4")
    whole: Any = AudioSegment(pcm.tobytes(), sample_width=4, frame_rate=SAMPLE_RATE, channels=1)
    lead_ms = detect_leading_silence(whole, silence_threshold=QUIET_LEAD_DB, chunk_size=5)
    back = whole.reverse()
    tail_ms = detect_leading_silence(back, silence_threshold=QUIET_TAIL_DB, chunk_size=5)
    kept = whole[max(0, lead_ms - LEAD_MS) : len(whole) - max(0, tail_ms - TAIL_MS)]
    soft = kept.fade_in(30).fade_out(200)
    return (np.frombuffer(soft.raw_data, "<i4") / FULL_SCALE).astype(np.float32)


def _filtered(spoken: Mono, rate: int) -> Mono:
    """Filtered and brought to 48 kHz by libav's filters."""
    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=rate, format="flt", layout="mono", time_base=Fraction(1, rate)
    )
    last: Any = source
    to_48k = (("aresample", str(SAMPLE_RATE)), ("aformat", "sample_fmts=flt"))
    for name, options in (*FILTERS, *to_48k):
        step = graph.add(name, options)
        last.link_to(step)
        last = step
    last.link_to(graph.add("abuffersink"))
    graph.configure()
    return _pulled(graph, np.pad(spoken, rate // 4), rate)


def _pulled(graph: Graph, sound: Mono, rate: int) -> Mono:
    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(sound, np.float32).reshape(1, -1), format="flt", layout="mono"
    )
    frame.sample_rate = rate
    graph.push(frame)
    graph.push(None)
    parts: list[Any] = []
    while True:
        try:
            pulled: Any = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            break
        parts.append(pulled.to_ndarray().reshape(-1))
    return np.concatenate(parts).astype(np.float32) if parts else np.zeros(0, np.float32)

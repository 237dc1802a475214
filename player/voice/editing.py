"""What a recorded sentence goes through: rumble out, keys and silence cut off, one level.

Knows nothing of microphones, files or scripts. A recording that is not fit is refused in words.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.filter import Graph

from player.units import SAMPLE_RATE, Decibels, Frames, Seconds, frames_of, seconds_of
from player.voice.treatment import FULL_SCALE, Mono, levelled

RUMBLE_HZ = 80
"""Below the lowest voices: steps, fans and desks lie under it."""
BUTTERWORTH_4 = (0.5412, 1.3066)
"""The two quality factors that make one even slope of 24 dB an octave of two filters."""

KEY_S: Seconds = 0.12
"""The key that starts and stops a recording is heard in it: so much is cut off at both ends."""
SHORTEST_S: Seconds = 0.3
"""Less sound than this is no sentence."""
WORD_S: Seconds = 0.17
"""Nobody says a word in less: that would be 350 a minute, and a good pace here is 130."""
SILENT_DBFS: Decibels = -50.0
"""Speech into an input that is on, however softly, peaks far above this."""
CLIPPED_AT = 0.985
CLIPPED_RUN: Frames = 4
"""So many samples in a row at full scale are a peak that was cut off."""
CLIPPED_RUNS = 3

QUIETEST_DB: Decibels = -45.0
ABOVE_FLOOR_DB: Decibels = 8.0
"""Speech stands so far above the room, or it counts as room."""
LEAD_MS, TAIL_MS = 80, 260
"""What is kept before the first sound and behind the last."""
APART_MS, CLICK_MS = 150, 90
"""A sound shorter than a click, so far from all others, at an end: a key, not a word."""
FADE_IN_MS, FADE_OUT_MS = 30, 200


@dataclass(frozen=True, slots=True)
class Edited:
    """A sentence as it may be kept, or why it should not be."""

    sound: Mono
    """48 kHz; empty where there is nothing to keep."""
    fault: str = ""
    """In plain words; empty where all is well."""
    may_keep: bool = True
    """False where there is nothing worth keeping."""


def edited(raw: Mono, words: int = 0) -> Edited:
    """A recording as a sentence: high-passed, trimmed, at -23 LUFS or lower where peaks ask it.

    `words` are how many it should hold, where that is known.
    """
    cut = frames_of(KEY_S)
    inner = raw[cut:-cut] if len(raw) > 2 * cut else raw[:0]
    if len(inner) < frames_of(SHORTEST_S):
        return _nothing(f"the recording is only {seconds_of(len(raw)):.1f} s long")
    if _peak_db(inner) < SILENT_DBFS:
        return _nothing("nothing was heard: is this the right input, and is it switched on?")
    clear = without_rumble(inner)
    # A rumble that is cut into leaves a step at the very beginning.
    if _peak_db(clear[cut:]) < SILENT_DBFS:
        return _nothing("there is only rumble in it: is this the right input?")
    kept = trimmed(levelled(clear))
    if len(kept) < frames_of(SHORTEST_S + (LEAD_MS + TAIL_MS) / 1000):
        return _nothing("there is hardly any speech in it")
    fault = "it was too loud and is distorted: a little further away" if clipped(inner) else ""
    said_s = seconds_of(len(kept)) - (LEAD_MS + TAIL_MS) / 1000
    if said_s < words * WORD_S:
        fault = f"it is only {said_s:.1f} s long for {words} words: was all of it said?"
    return Edited(levelled(kept), fault)


def clipped(sound: Mono) -> bool:
    """Whether peaks were cut off, in more places than one."""
    at_top = np.concatenate(([False], np.abs(sound) >= CLIPPED_AT, [False]))
    edges = np.flatnonzero(np.diff(at_top.astype(np.int8)))
    runs = edges[1::2] - edges[::2]
    return int((runs >= CLIPPED_RUN).sum()) >= CLIPPED_RUNS


def without_rumble(sound: Mono) -> Mono:
    """Sound with what lies under 80 Hz taken out: 24 dB an octave, Butterworth."""
    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=SAMPLE_RATE, format="flt", layout="mono", time_base=Fraction(1, SAMPLE_RATE)
    )
    last: Any = source
    for quality in BUTTERWORTH_4:
        step = graph.add("highpass", f"f={RUMBLE_HZ}:t=q:w={quality}")
        last.link_to(step)
        last = step
    last.link_to(graph.add("abuffersink"))
    graph.configure()
    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(sound).reshape(1, -1), format="flt", layout="mono"
    )
    frame.sample_rate = SAMPLE_RATE
    graph.push(frame)
    graph.push(None)
    return _pulled(graph)


def trimmed(sound: Mono) -> Mono:
    """Sound without the silence at its ends and without a key's click in it, with soft edges."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
        from pydub.silence import detect_nonsilent
    pcm = (np.clip(sound.astype(np.float64), -1, 1) * FULL_SCALE).astype("<i4")
    whole: Any = AudioSegment(pcm.tobytes(), sample_width=4, frame_rate=SAMPLE_RATE, channels=1)
    quiet_db = max(QUIETEST_DB, room_db(sound) + ABOVE_FLOOR_DB)
    heard = detect_nonsilent(whole, APART_MS, quiet_db, seek_step=5)
    while len(heard) > 1 and heard[0][1] - heard[0][0] < CLICK_MS:
        heard = heard[1:]
    while len(heard) > 1 and heard[-1][1] - heard[-1][0] < CLICK_MS:
        heard = heard[:-1]
    if not heard:
        return sound[:0]
    kept = whole[max(0, heard[0][0] - LEAD_MS) : heard[-1][1] + TAIL_MS]
    soft = kept.fade_in(FADE_IN_MS).fade_out(FADE_OUT_MS)
    return (np.frombuffer(soft.raw_data, "<i4") / FULL_SCALE).astype(np.float32)


def room_db(sound: Mono) -> Decibels:
    """How loud the room is between the words: the tenth quietest of a hundred slices of 10 ms."""
    size = frames_of(0.01)
    slices = sound[: len(sound) // size * size].reshape(-1, size).astype(np.float64)
    if not len(slices):
        return QUIETEST_DB
    power = np.quantile((slices**2).mean(axis=1), 0.1)
    return float(10 * np.log10(max(power, 1e-12)))


def _nothing(why: str) -> Edited:
    return Edited(np.zeros(0, np.float32), why, may_keep=False)


def _peak_db(sound: Mono) -> Decibels:
    return float(20 * np.log10(max(float(np.abs(sound).max(initial=0.0)), 1e-9)))


def _pulled(graph: Graph) -> Mono:
    parts: list[Any] = []
    while True:
        try:
            pulled: Any = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            break
        parts.append(pulled.to_ndarray().reshape(-1))
    return np.concatenate(parts).astype(np.float32) if parts else np.zeros(0, np.float32)

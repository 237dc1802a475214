"""Melodies in one breath: sung, bowed or blown, each note gliding into the next.

A phrase is one curve of pitch and one of loudness, followed by a few players who are never quite
together. Knows nothing of the piece but its circle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from circle import WAVE_STEP, Circle, Curve, panned
from measure import SAMPLE_RATE, Sound
from numpy.typing import NDArray
from pads import AH, Partials, vowel, warm
from scipy import signal
from score import Note

Steps = NDArray[np.float64]
"""One value for every 256 frames: what a player's hand or breath does is slow."""
STEPS_S = SAMPLE_RATE / WAVE_STEP


@dataclass(frozen=True)
class Voice:
    """Who plays: the colour, how notes begin, end and join, the vibrato, the breath, how many."""

    partials: Partials
    attack_s: float = 1.2
    release_s: float = 1.8
    glide_s: float = 0.22
    vibrato_hz: float = 5.0
    vibrato_cents: float = 14
    breath: float = 0.0
    players: int = 3


def blown(k: int, f: float) -> float:
    """Like a wooden flute: nearly all in its first three partials."""
    return (1, 0.42, 0.2, 0.06, 0.04, 0.015)[k - 1] / (1 + (f / 2500) ** 2) if k < 7 else 0.0


FLUTE = Voice(blown, attack_s=1.5, release_s=1.4, vibrato_hz=4.6, vibrato_cents=11, breath=0.16,
              players=2)  # fmt: skip
CELLO = Voice(warm(900, 0.9), attack_s=1.3, release_s=2.2, glide_s=0.3, vibrato_cents=13)
SOPRANO = Voice(AH, attack_s=1.6, release_s=2.6, glide_s=0.3, vibrato_hz=5.2, vibrato_cents=20,
                breath=0.02, players=4)  # fmt: skip
HUM = Voice(vowel([(300, 110, 1), (900, 120, 0.16)]), attack_s=1.6, release_s=2.4, glide_s=0.35,
            vibrato_hz=4.7, vibrato_cents=10, players=4)  # fmt: skip


def sing(
    circle: Circle,
    bus: str,
    start_s: float,
    phrase: list[Note],
    beat_s: float,
    voice: Voice,
    level: float,
    *,
    pan: float = 0.0,
) -> None:
    """Adds one phrase, counted from its own first note, at RMS `level` where it is fullest."""
    first = phrase[0].start_beat
    starts_s = [(note.start_beat - first) * beat_s for note in phrase]
    last_s = starts_s[-1] + phrase[-1].beats * beat_s + voice.release_s
    count = int(last_s * STEPS_S) + 1
    at_s = np.arange(count) / STEPS_S
    loud = _loudness(at_s, starts_s, voice)
    pitches = [note.pitch_hz for note in phrase]
    sound = np.zeros((2, (count - 1) * WAVE_STEP), np.float32)
    shares = [1.0] + [0.45] * (voice.players - 1)
    for player, share in enumerate(shares):
        pitch = _pitch(circle, at_s, starts_s, pitches, voice)
        side = np.ceil(player / 2) * (-1) ** player * 0.4
        sound += panned(_player(circle, pitch, loud, voice), side) * np.float32(share)
    if voice.breath:
        sound += _breath(circle, pitches[0], loud, sound.shape[1]) * np.float32(voice.breath)
    # One leads, so that the others colour it and do not beat it in and out.
    scale = np.float32(level / np.sqrt(sum(share**2 for share in shares)))
    circle.add(bus, start_s + first * beat_s, panned(sound * scale, pan))


def _loudness(at_s: Steps, starts_s: list[float], voice: Voice) -> Steps:
    """Swells in, dips a little where notes join, dies away."""
    rise = np.sin(np.pi / 2 * np.clip(at_s / voice.attack_s, 0, 1)) ** 2
    fall = np.sin(np.pi / 2 * np.clip((at_s[-1] - at_s) / voice.release_s, 0, 1)) ** 2
    curve = rise * fall
    for start_s in starts_s[1:]:
        curve = curve * (1 - 0.3 * np.exp(-(((at_s - start_s) / 0.3) ** 2)))
    return np.asarray(curve)


def _pitch(
    circle: Circle, at_s: Steps, starts_s: list[float], pitches: list[float], voice: Voice
) -> Steps:
    """Gliding from note to note, a few cents off, with a vibrato that comes after a second."""
    late_s = circle.between(-0.03, 0.03)
    which = np.searchsorted(np.array(starts_s[1:]) + late_s, at_s, side="right")
    octaves = np.log2(np.array(pitches))[which]
    size = max(3, round(voice.glide_s * STEPS_S))
    window = np.hanning(size) / np.hanning(size).sum()
    octaves = np.convolve(np.pad(octaves, size, mode="edge"), window, "same")[size:-size]
    held_s = at_s - np.array(starts_s)[which]
    depth = np.clip((held_s - 0.4) / 1.2, 0, 1) * voice.vibrato_cents / 1200
    rate = voice.vibrato_hz * circle.between(0.94, 1.06)
    shake = depth * np.sin(2 * np.pi * rate * at_s + circle.phase())
    return np.asarray(2 ** (octaves + shake + circle.between(-4, 4) / 1200))


def _player(circle: Circle, pitch: Steps, loud: Steps, voice: Voice) -> Sound:
    """One player at RMS 1 where loud is 1, on both sides, as a sum of partials."""
    levels = np.array([voice.partials(k, k * pitch) * (k * pitch < 9000) for k in range(1, 25)])
    levels *= loud / np.sqrt((levels**2).sum(axis=0) / 2)
    steps = np.arange((len(pitch) - 1) * WAVE_STEP) / WAVE_STEP
    ticks = np.arange(len(pitch))
    turns = np.cumsum(np.interp(steps, ticks, pitch)) / SAMPLE_RATE
    sound = np.zeros(len(turns))
    for k, partial in enumerate(levels, 1):
        if partial.max() > 1e-4:
            around = 2 * np.pi * (k * turns) + circle.phase()
            sound += np.interp(steps, ticks, partial) * np.sin(around)
    return np.stack([sound, sound]).astype(np.float32)


def _breath(circle: Circle, pitch_hz: float, loud: Steps, frames: int) -> Sound:
    """Air over the edge, around the second and third partial, unrelated left and right."""
    shape = signal.butter(1, (1.4 * pitch_hz, 5 * pitch_hz), "band", fs=SAMPLE_RATE, output="sos")
    made = signal.sosfilt(shape, circle.rng.standard_normal((2, frames)), axis=1)
    steps = np.arange(frames) / WAVE_STEP
    envelope: Curve = np.interp(steps, np.arange(len(loud)), loud)
    return np.asarray(made / np.sqrt((made**2).mean()) * envelope, np.float32)

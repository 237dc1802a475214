"""What the mixer costs: CPU seconds for each second of sound, and for an hour mixed offline.

Sound comes from memory, so decoding is not counted. Run it with nothing else going on:
``python scripts/bench/mixing.py``.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from player.sound.mixer import Mixer
from player.sound.streams import BLOCK
from player.timeline.decisions import Decision, DuckBed, FadeTrack, LiftBed, StartClip, StartTrack
from player.units import SAMPLE_RATE, frames_of, seconds_of

LOOP_S = 20


def tune(seed: int, peak: float) -> NDArray[np.float32]:
    """Twenty seconds that resemble music more than noise: noise, summed up and centred."""
    steps = np.random.default_rng(seed).standard_normal((LOOP_S * SAMPLE_RATE, 2))
    line = np.cumsum(steps, axis=0)
    line -= np.linspace(line[0], line[-1], len(line))
    return np.asarray(line / np.abs(line).max() * peak, np.float32)


class Tape:
    """A source that goes round in memory."""

    def __init__(self, sound: NDArray[np.float32]) -> None:
        self._sound, self._at = sound, 0

    def read(self, frames: int) -> NDArray[np.float32]:
        if self._at + frames > len(self._sound):
            self._at = 0
        self._at += frames
        return self._sound[self._at - frames : self._at]

    def close(self) -> None:
        """Nothing to let go of."""


def run(name: str, length_s: float, told: Callable[[int], list[Decision]], peak: float) -> None:
    """Mix a length and print what it cost."""
    tunes = [tune(1, peak), tune(2, peak)]
    clip = tune(3, 0.1)[: 5 * SAMPLE_RATE]
    mixer = Mixer(
        open_track=lambda start: Tape(tunes[start.deck % 2]),
        clip=lambda cue: clip,
        ceiling_dbtp=-1.0,
    )
    blocks = frames_of(length_s) // BLOCK
    begun = time.process_time()
    for number in range(blocks):
        for decision in told(number):
            mixer.apply(decision)
        mixer.render()
    spent = time.process_time() - begun
    mixed_s = seconds_of(blocks * BLOCK)
    print(
        f"{name:<52} {spent:7.3f} CPU s for {mixed_s:6.0f} s of sound:"
        f" {spent / mixed_s:.6f} a second, {spent / blocks * 1e6:5.0f} us a block"
    )


def plain(number: int) -> list[Decision]:
    """One deck for ever, at a gain of its own."""
    return [StartTrack(0, 0, 0, 48_000, -3.0, 1 << 40)] if number == 0 else []


def crossing(number: int) -> list[Decision]:
    """A crossfade of 8 blocks follows another; a duck and a clip in every eighth second."""
    told: list[Decision] = []
    at, fade = number * BLOCK, 8 * BLOCK
    if number % 8 == 0:
        deck = number // 8
        told = [StartTrack(deck, 0, at, fade, -3.0, 1 << 40)]
        if deck:
            told.append(FadeTrack(deck - 1, at, fade))
    if number % 48 == 0:
        speech = at + 72_000
        told += [DuckBed("cue", at, 72_000, 9.0), StartClip(0, speech, 0.0)]
        told.append(LiftBed("cue", speech + 5 * SAMPLE_RATE, 144_000))
    return told


def main() -> None:
    """Print one line for each case."""
    run("an hour offline, one deck", 3600, plain, 0.5)
    run("two decks always crossing, duck, clip", 600, crossing, 0.4)
    run("the same, so loud that the limiter always works", 600, crossing, 1.6)


if __name__ == "__main__":
    main()

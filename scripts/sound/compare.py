"""How the shipped pieces differ from each other, in figures.

nice python3 scripts/sound/compare.py [FILE...]
For each piece: where its sound lies (centroid, octaves), how fast its harmony moves; then how
alike the long-term spectra of any two are. Without files it compares the shipped pieces.
"""

from __future__ import annotations

import itertools
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from measure import SAMPLE_RATE, Sound, Table, decode, spectrum, thirds_db
from numpy.typing import NDArray

MUSIC = Path(__file__).parents[2] / "playlists/music"
SIZE, HOP = 8192, 2048
OCTAVES_HZ = (32, 65, 131, 262, 523, 1047, 2093, 4186, 8372)
"""From C to C: the octaves of a keyboard."""


@dataclass(frozen=True)
class Character:
    """What tells a piece from others; spectra in third octaves from 50 Hz, in dB."""

    centroid_hz: float
    octaves: Table
    turns_per_min: float
    spectrum_db: Table


def main(paths: list[Path]) -> None:
    """Prints the tables."""
    found = {path.stem: character(decode(path)) for path in paths}
    print("piece       centroid  turns/min  share of each octave from 32 Hz, percent")
    for name, one in found.items():
        shares = " ".join(f"{100 * share:4.0f}" for share in one.octaves)
        print(f"{name:11} {one.centroid_hz:5.0f} Hz  {one.turns_per_min:9.1f}  {shares}")
    print("\nlikeness of long-term spectra, about their common mean (1: the same)")
    common = np.mean([one.spectrum_db for one in found.values()], axis=0)
    alike = np.corrcoef([one.spectrum_db - common for one in found.values()])
    for name, row in zip(found, alike, strict=True):
        print(f"{name:11} " + " ".join(f"{value:5.2f}" for value in row))


def character(sound: Sound) -> Character:
    """Measures a piece of shape (2, frames)."""
    power = _power(sound.mean(axis=0))
    hz, whole = spectrum(sound, SIZE)
    limits = itertools.pairwise(OCTAVES_HZ)
    octaves = np.array([whole[(hz >= a) & (hz < b)].sum() for a, b in limits])
    return Character(
        centroid_hz=float((hz * whole).sum() / whole.sum()),
        octaves=octaves / octaves.sum(),
        turns_per_min=_turns_per_min(power, hz),
        spectrum_db=thirds_db(hz, whole, 50, 12_800),
    )


def _power(middle: NDArray[np.float32]) -> Table:
    blocks = np.lib.stride_tricks.sliding_window_view(middle, SIZE)[::HOP]
    window = np.hanning(SIZE)
    parts = np.array_split(blocks, max(1, len(blocks) // 256))
    return np.concatenate([np.abs(np.fft.rfft(part * window, axis=1)) ** 2 for part in parts])


def _turns_per_min(power: Table, hz: Table) -> float:
    """How often what sounds, folded into one octave of twelve notes, has become another chord."""
    here = (hz > 60) & (hz < 2000)
    classes = np.round(12 * np.log2(hz[here] / 440)).astype(int) % 12
    folded = np.stack([np.sqrt(power[:, here][:, classes == c]).sum(axis=1) for c in range(12)], 1)
    step = round(2 * SAMPLE_RATE / HOP)
    slow = folded[: len(folded) // step * step].reshape(-1, step, 12).mean(axis=1)
    slow -= slow.mean(axis=1, keepdims=True)
    slow /= np.linalg.norm(slow, axis=1, keepdims=True)
    turns, last = 0, slow[0]
    for now in slow:
        if float(now @ last) < 0.75:
            turns, last = turns + 1, now
    return turns / (len(slow) * 2 / 60)


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or sorted(MUSIC.glob("*.opus")))

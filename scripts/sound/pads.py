"""Sounds that stay: pads, choir, sub and drones, by PADsynth with a coherent part.

PADsynth is N. O. Paul's algorithm: each partial is a hill in the spectrum with random phases, and
one inverse FFT makes a sound with no start or end. The coherent line in each hill keeps low
partials from fading in and out by chance. Knows nothing of the piece it plays in but its circle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from circle import Circle, Curve, panned, raised_sine
from measure import SAMPLE_RATE, Sound
from scipy import fft
from score import hz

TABLE_FRAMES = 2**20
"""22 s: long enough that nobody hears a table come round."""
THREADS = 2

Partials = Callable[[int, float], float]
"""The amplitude of partial k at so many Hz."""


def warm(corner_hz: float, fall: float = 1.0) -> Partials:
    """Like soft strings: k^-fall, rolled off above the corner."""
    return lambda k, f: k**-fall / (1 + (f / corner_hz) ** 1.25)


def hollow(corner_hz: float) -> Partials:
    """Mostly odd partials, like a stopped organ pipe or glass."""
    return lambda k, f: (k**-1.1 if k % 2 else 0.35 * k**-1.3) / (1 + (f / corner_hz) ** 1.4)


def vowel(formants: Sequence[tuple[float, float, float]]) -> Partials:
    """A sung vowel: formants as (Hz, width in Hz, level)."""
    return lambda k, f: (
        k**-0.9
        * (0.03 + sum(level / (1 + ((f - at) / width) ** 2) for at, width, level in formants))
    )


def low_only(k: int, _hz: float) -> float:
    """A sub: four partials."""
    return (1, 0.32, 0.12, 0.05)[k - 1] if k < 5 else 0.0


OO = vowel([(320, 90, 1), (800, 110, 0.28), (2300, 160, 0.02)])
AH = vowel([(640, 110, 1), (1080, 130, 0.5), (2450, 200, 0.07)])


@dataclass(frozen=True)
class Timbre:
    """Two colours between which a pad moves, and how wide its partials are."""

    dark: Partials
    bright: Partials
    width_hz: float
    highest_hz: float = 9000


WARM = Timbre(warm(450, 1.15), warm(1500), 0.9)
STRINGS = Timbre(warm(800), warm(2600, 0.95), 1.6)
CHOIR = Timbre(OO, AH, 2.2)
GLASS = Timbre(hollow(700), hollow(2200), 0.5)
SUB = Timbre(low_only, low_only, 0.25)
DRONE = Timbre(warm(380, 1.2), warm(1300), 0.35)


def table(
    circle: Circle, pitch_hz: float, partials: Partials, timbre: Timbre, frames: int
) -> Sound:
    """A periodic sound of (2, frames) at RMS 1: mono in the bass, wide in the highs."""
    level = _spectrum(pitch_hz, partials, timbre, frames)
    used = np.flatnonzero(level > 1e-7)
    spread = 0.5 * np.clip((used * (SAMPLE_RATE / frames) - 120) / 600, 0, 1)
    middle = circle.rng.random(len(used)) * 2 * np.pi
    apart = (circle.rng.random(len(used)) - 0.5) * np.pi * spread
    made = np.empty((2, frames), np.float32)
    for side, sign in enumerate((1, -1)):
        spectrum = np.zeros(frames // 2 + 1, np.complex64)
        spectrum[used] = level[used] * np.exp(1j * (middle + sign * apart))
        made[side] = fft.irfft(spectrum, frames, workers=THREADS)
    return made / np.sqrt((made**2).mean())


def _spectrum(pitch_hz: float, partials: Partials, timbre: Timbre, frames: int) -> Curve:
    """One hill and one line for each partial; the line holds K/(1+K) of its power."""
    step_hz = SAMPLE_RATE / frames
    level = np.zeros(frames // 2 + 1, np.float32)
    for k in range(1, 65):
        at_hz = pitch_hz * k
        loud = partials(k, at_hz)
        if at_hz > timbre.highest_hz:
            break
        if loud < 1e-5:
            continue
        sigma_hz = max(timbre.width_hz * k**0.6, 0.12)
        reach = int(4 * sigma_hz / step_hz) + 2
        low, high = max(1, int(at_hz / step_hz) - reach), int(at_hz / step_hz) + reach
        hill = np.exp(-(((np.arange(low, high) * step_hz - at_hz) / sigma_hz) ** 2))
        coherent = 9.0 / (1 + (at_hz / 1500) ** 1.5)
        level[low:high] += loud * np.sqrt(1 / (1 + coherent)) * hill / np.sqrt((hill**2).sum())
        level[round(at_hz / step_hz)] += loud * np.sqrt(coherent / (1 + coherent))
    return level


@dataclass
class Pads:
    """Plays pads of one timbre on one bus of a circle; keeps the tables it has made."""

    circle: Circle
    bus: str
    timbre: Timbre
    tables: dict[float, tuple[Sound, Sound]] = field(default_factory=dict)

    def note(
        self,
        start_s: float,
        length_s: float,
        pitch_hz: float,
        level: float,
        fade_s: float,
        pan: float,
    ) -> None:
        """One note, moving between its dark and its bright colour.

        Its fades are sines to the power of 1.5: two that cross dip by 1.5 dB, and neither starts
        abruptly.
        """
        frames, fade = round(length_s * SAMPLE_RATE), round(fade_s * SAMPLE_RATE)
        rise = np.sin(np.linspace(0, np.pi / 2, fade, dtype=np.float32)) ** 1.5
        shape = np.full(frames, level, np.float32)
        shape[:fade] *= rise
        shape[-fade:] *= rise[::-1]
        period = self.circle.between(23, 47) * SAMPLE_RATE
        light = raised_sine(frames, 0, 1, period, self.circle.phase())
        # A note that two chords share goes on in step, so that its crossfade does not dip.
        place = round(start_s * SAMPLE_RATE) % TABLE_FRAMES
        dark, bright = (_cut(made, place, frames) for made in self._tables(pitch_hz))
        self.circle.add(self.bus, start_s, panned(_blend(dark, bright, light) * shape, pan))

    def chords(
        self, chords: Sequence[Sequence[str]], level: float, fade_s: float, spread: float = 0.6
    ) -> None:
        """Chords of equal length round the circle, each faded over the next; entries staggered."""
        each_s = self.circle.length_s / len(chords)
        for number, notes in enumerate(chords):
            turned = 1 if number % 2 else -1
            for voice, note in enumerate(notes):
                side = spread * turned * (2 * voice / max(1, len(notes) - 1) - 1)
                start_s = number * each_s - fade_s / 2 + self.circle.between(-1.2, 1.2)
                pitch_hz = hz(note)
                pan = 0.0 if pitch_hz < 150 else side
                self.note(
                    start_s, each_s + fade_s, pitch_hz, level * _weight(pitch_hz), fade_s, pan
                )

    def drone(self, pitch_hz: float, level: float, cycles: int, pan: float = 0.0) -> None:
        """A tone that never ends, its colour moving `cycles` times round the circle."""
        dark, bright = (
            table(self.circle, pitch_hz, colour, self.timbre, self.circle.frames)
            for colour in (self.timbre.dark, self.timbre.bright)
        )
        light = self.circle.wave(0, 1, cycles)
        self.circle.add(self.bus, 0, panned(_blend(dark, bright, light) * np.float32(level), pan))

    def _tables(self, pitch_hz: float) -> tuple[Sound, Sound]:
        if pitch_hz not in self.tables:
            dark, bright = (
                table(self.circle, pitch_hz, colour, self.timbre, TABLE_FRAMES)
                for colour in (self.timbre.dark, self.timbre.bright)
            )
            self.tables[pitch_hz] = dark, bright
        return self.tables[pitch_hz]


def _weight(pitch_hz: float) -> float:
    """Higher voices are softer: full under 165 Hz, then 4 dB less for each octave."""
    return float(min(1.0, (165 / pitch_hz) ** 0.66))


def _blend(dark: Sound, bright: Sound, light: Curve) -> Sound:
    """Both colours at equal power, the bright one 2 dB under the dark."""
    mixed = dark * np.sqrt(1 - light) + bright * (np.sqrt(light) * np.float32(0.8))
    return mixed.astype(np.float32, copy=False)


def _cut(made: Sound, place: int, frames: int) -> Sound:
    """`frames` of a table from `place` on, as often round as is needed."""
    turns = [made[:, place:]] + [made] * (1 + frames // made.shape[1])
    return np.concatenate(turns, axis=1)[:, :frames]

"""The sum stays under the ceiling between samples too, and quiet sound passes untouched."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest
from av.filter import Graph

from player.timeline.decisions import StartTrack

CEILING_DBTP = -1.0
Make = Callable[..., Any]


def rounded_off(sound: Any) -> Any:
    """With its last 20 ms faded: what is cut off rings between the samples around the cut."""
    sound[-960:] *= np.cos(np.linspace(0, np.pi / 2, 960))[:, None]
    return sound


def limited(desk: Make, tape: Make, sound: Any) -> Any:
    table = desk(tapes={0: tape(sound.astype(np.float32))}, ceiling_dbtp=CEILING_DBTP)
    return table.play(len(sound), [StartTrack(0, 0, 0, 0, 0.0, len(sound))])


def oversampled_peak_dbtp(sound: Any) -> float:
    """The largest value of the band-limited curve through the samples, at 16 times the rate."""
    spectrum = np.fft.rfft(
        np.pad(sound.astype(np.float64), ((0, 131_072 - len(sound)), (0, 0))), axis=0
    )
    length = 2 * (len(spectrum) - 1) * 16
    return float(20 * np.log10(np.abs(np.fft.irfft(spectrum, length, axis=0)).max() * 16))


def metered_peak_dbtp(sound: Any) -> float:
    """The true peak as libav's ebur128 sees it."""
    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=48_000, format="flt", layout="stereo", time_base=Fraction(1, 48_000)
    )
    meter = graph.add("ebur128", "peak=true:metadata=1")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    peaks = [0.0]
    for first in range(0, len(sound), 4800):
        piece = np.ascontiguousarray(sound[first : first + 4800]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(piece, format="flt", layout="stereo")
        frame.sample_rate, frame.pts = 48_000, first
        graph.push(frame)
        while True:
            try:
                passed = graph.pull()
            except (av.BlockingIOError, av.EOFError):
                break
            found = passed.metadata
            peaks += [float(found[f"lavfi.r128.true_peaks_ch{side}"]) for side in (0, 1)]
    return float(20 * np.log10(max(peaks)))


def swelling(frames: int = 96_000) -> Any:
    """From nothing to 6 dB over full."""
    return np.linspace(0, 2.0, frames)[:, None]


def tones(*frequencies: float, frames: int = 96_000) -> Any:
    time = np.arange(frames) / 48_000
    line = sum(np.sin(2 * np.pi * f * time + n) for n, f in enumerate(frequencies))
    return np.stack((line, np.roll(line, 7)), axis=1) / len(frequencies)


def noise(frames: int = 96_000) -> Any:
    """Noise that falls by 6 dB an octave above 1 kHz, peaks at 1, with a burst each second."""
    white = np.random.default_rng(5).standard_normal((frames, 2))
    spectrum = np.fft.rfft(white, axis=0)
    spectrum /= 1 + np.fft.rfftfreq(frames, 1 / 48_000)[:, None] / 1_000
    line = np.fft.irfft(spectrum, frames, axis=0)
    bursts = np.exp(-(np.arange(frames) % 48_000) / 4_000)[:, None]
    line *= 0.2 + bursts
    return line / np.abs(line).max()


LOUD = {
    "a low tone": swelling() * tones(60),
    "a chord": swelling() * tones(220, 277.2, 329.6, 1760),
    "peaks between samples": swelling() * tones(12_000),
    "a high tone": swelling() * tones(17_003),
    "noise with bursts": 2.5 * noise(),
}


@pytest.mark.parametrize("name", LOUD)
def test_loud_sound_stays_at_the_ceiling_between_samples_too(
    name: str, desk: Make, tape: Make
) -> None:
    out = limited(desk, tape, rounded_off(LOUD[name]))
    assert CEILING_DBTP - 0.1 < oversampled_peak_dbtp(out) < CEILING_DBTP + 0.1
    assert CEILING_DBTP - 0.3 < metered_peak_dbtp(out) < CEILING_DBTP + 0.1


def test_sound_under_the_ceiling_passes_bit_for_bit(desk: Make, tape: Make) -> None:
    sound = noise().astype(np.float32) * np.float32(0.7)
    assert oversampled_peak_dbtp(sound) < CEILING_DBTP - 0.1
    assert np.array_equal(limited(desk, tape, sound), sound)


def test_the_limiter_lets_go_and_is_idle_again(desk: Make, tape: Make) -> None:
    sound = tones(220, frames=240_000) * 0.5
    sound[48_000:48_480] *= 4
    out = limited(desk, tape, sound)
    assert np.array_equal(out[:47_000], sound[:47_000].astype(np.float32))
    at_100_ms = np.abs(out[52_800:53_280] / sound[52_800:53_280]).mean()
    assert 0.6 < at_100_ms < 0.95
    assert np.array_equal(out[220_000:], sound[220_000:].astype(np.float32))


def test_the_gain_never_jumps(desk: Make, tape: Make) -> None:
    sound = np.full((60_000, 2), 0.5)
    sound[20_000:20_010] = 4.0
    gain = limited(desk, tape, sound)[:, 0] / sound[:, 0].astype(np.float32)
    assert gain.min() < 0.25
    assert np.abs(np.diff(gain)).max() < 0.005

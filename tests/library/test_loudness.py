"""The meters against the signals of EBU Tech 3341 and 3342, and against libav's own ebur128."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.filter import Graph
from numpy.typing import NDArray
from tones import tone, write

from player.library.loudness import KMeter, integrated, loudness_of, loudness_range, over
from player.library.measure import measure
from player.library.peaks import PeakMeter
from player.units import gain_of

RATE = 48000


def steps(*parts: tuple[float, float]) -> NDArray[np.float32]:
    """1 kHz in both channels: (level in dBFS, seconds) after each other, the phase carried on."""
    levels = np.concatenate([np.full(round(s * RATE), gain_of(db)) for db, s in parts])
    return tone(len(levels), 1000, gain=1.0) * levels[:, None].astype(np.float32)


def powers_of(pcm: NDArray[np.float32], portion: int = 8192) -> NDArray[np.float64]:
    """The power of each 100 ms of a signal that comes in portions."""
    meter = KMeter()
    for start in range(0, len(pcm), portion):
        meter.push(pcm[start : start + portion])
    return meter.finish()


@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        ([(-23, 20)], -23),
        ([(-33, 20)], -33),
        ([(-36, 10), (-23, 60), (-36, 10)], -23),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23),
    ],
)
def test_integrated_loudness_is_that_of_tech_3341(
    parts: list[tuple[float, float]], lufs: float
) -> None:
    assert integrated(powers_of(steps(*parts))) == pytest.approx(lufs, abs=0.1)


def test_short_term_and_momentary_loudness_are_those_of_tech_3341() -> None:
    # Cases 9 and 12: steps that short-term and momentary loudness even out.
    slow = loudness_of(over(powers_of(steps(*[(-20, 1.34), (-30, 1.66)] * 5)), 30))
    assert slow == pytest.approx(np.full(len(slow), -23.0), abs=0.1)
    quick = loudness_of(over(powers_of(steps(*[(-20, 0.18), (-30, 0.22)] * 25)), 4))
    assert quick == pytest.approx(np.full(len(quick), -23.0), abs=0.1)


@pytest.mark.parametrize(
    ("levels", "lra"),
    [((-20, -30), 10), ((-20, -15), 5), ((-40, -20), 20), ((-50, -35, -20, -35, -50), 15)],
)
def test_the_loudness_range_is_that_of_tech_3342(levels: tuple[float, ...], lra: float) -> None:
    powers = powers_of(steps(*[(level, 20) for level in levels]))
    assert loudness_range(powers) == pytest.approx(lra, abs=1)


@pytest.mark.parametrize(
    ("divisor", "degrees", "amplitude", "dbtp"),
    [(4, 0, 0.5, -6), (4, 45, 0.5, -6), (6, 60, 0.5, -6), (8, 67.5, 0.5, -6), (4, 45, 1.41, 3)],
)
def test_true_peaks_are_those_of_tech_3341(
    divisor: int, degrees: float, amplitude: float, dbtp: float
) -> None:
    # Cases 15 to 19, +0.2 -0.4 dB; faded, since an abrupt start has a peak of its own.
    turns = np.arange(2 * RATE) / divisor + degrees / 360
    fade = np.minimum(1, np.minimum(np.arange(2 * RATE), np.arange(2 * RATE)[::-1]) / 4800)
    wave = (amplitude * np.sin(2 * np.pi * turns) * fade).astype(np.float32)
    meter = PeakMeter()
    meter.push(np.stack([wave, wave], axis=1))
    assert dbtp - 0.4 <= meter.finish() <= dbtp + 0.2


@pytest.mark.parametrize("offset", [0, 1, 2, 3])
def test_one_loud_period_between_the_samples_is_found(offset: int) -> None:
    # Cases 20 to 23: made at four times the rate, one period of 0 dBFS amid -6, then every fourth
    # sample, from each of four places on.
    fine = 4 * RATE
    count = np.arange(fine)
    wave = 0.5 * np.sin(2 * np.pi * count / 24)
    middle = fine // 2 // 24 * 24
    wave[middle : middle + 24] *= 2
    spectrum = np.fft.rfft(wave)
    spectrum[len(spectrum) // 4 :] = 0
    smooth = np.fft.irfft(spectrum, fine)
    highest = 20 * np.log10(np.abs(smooth).max())
    coarse = smooth[offset::4].astype(np.float32)
    meter = PeakMeter()
    meter.push(np.stack([coarse, coarse], axis=1))
    assert highest == pytest.approx(0, abs=0.6)
    assert highest - 0.4 <= meter.finish() <= highest + 0.2


def test_the_meter_gives_the_same_whatever_portions_come() -> None:
    noise = (0.1 * np.random.default_rng(3).standard_normal((61_234, 2))).astype(np.float32)
    whole = powers_of(noise, 100_000)
    assert len(whole) == 12
    for portion in (19_200, 8192, 777):
        assert powers_of(noise, portion) == pytest.approx(whole, rel=1e-6)


def test_constant_voltage_and_deep_rumble_are_not_heard() -> None:
    still = np.full((5 * RATE, 2), 0.5, np.float32)
    assert loudness_of(powers_of(still))[20:].max() < -100
    assert integrated(powers_of(tone(5 * RATE, 5, gain=0.5))) < -35


def music(rate: int, seconds: float, seed: int = 7) -> NDArray[np.float32]:
    """Swelling noise up to 18 kHz and chords, unlike on both sides, with a gap."""
    rng = np.random.default_rng(seed)
    at = np.arange(round(seconds * rate)) / rate
    spectrum = np.fft.rfft(rng.standard_normal((len(at), 2)), axis=0)
    spectrum[round(18_000 * seconds) :] = 0
    noise = np.fft.irfft(spectrum, len(at), axis=0) * np.sqrt(rate / 36_000)
    chord = sum(np.sin(2 * np.pi * hz * at + hz) for hz in (110, 277.2, 1318.5, 5274))
    swell = 0.02 + 0.2 * np.sin(np.pi * at / seconds) ** 2
    pcm = swell[:, None] * (0.3 * noise + chord[:, None] / 4 * [1.0, 0.6])
    pcm[(at > 0.4 * seconds) & (at < 0.5 * seconds)] *= 0.01
    return (pcm / np.abs(pcm).max() * 0.9).astype(np.float32)


def by_libav(path: Path) -> tuple[float, float]:
    """Integrated loudness and true peak by libav's filter, at the file's own rate."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        graph = Graph()
        source = graph.add_abuffer(template=stream, time_base=stream.time_base or Fraction(1, RATE))
        meter, sink = graph.add("ebur128", "metadata=1:peak=true"), graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        graph.configure()
        told: dict[str, str] = {}
        for frame in [*container.decode(stream), None]:
            graph.push(frame)
            while True:
                try:
                    told = dict(graph.pull().metadata) or told
                except (av.error.BlockingIOError, av.error.EOFError):
                    break
    peaks = [float(value) for key, value in told.items() if "true_peaks_ch" in key]
    return float(told["lavfi.r128.I"]), 20 * float(np.log10(max(peaks)))


@pytest.mark.parametrize(
    ("ending", "rate"),
    [(".wav", 44100), (".flac", 48000), (".flac", 96000), (".mp3", 44100), (".opus", 48000)],
)
def test_loudness_and_peak_agree_with_libav(tmp_path: Path, ending: str, rate: int) -> None:
    path = write(tmp_path / f"music{ending}", music(rate, 12), rate=rate)
    lufs, dbtp = by_libav(path)
    found = measure(path)
    assert found.lufs == pytest.approx(lufs, abs=0.1)
    assert found.facts.true_peak_dbtp == pytest.approx(dbtp, abs=0.1)

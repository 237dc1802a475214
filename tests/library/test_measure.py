"""Length, loudness and true peak against figures that are known beforehand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tones import sweep, tone, write

from player.library.measure import TooLong, measure, measure_clip
from player.library.peaks import PeakMeter
from player.sound.decode import Undecodable, blocks
from player.units import gain_of


def peak_of(pcm: NDArray[np.float32], portion: int = 8192) -> float:
    """The true peak of a signal that comes in portions, in dBTP."""
    meter = PeakMeter()
    for start in range(0, len(pcm), portion):
        meter.push(pcm[start : start + portion])
    return meter.finish()


def swelled(pcm: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sound with 100 ms fades at both ends: an abrupt start has peaks of its own."""
    ramp = np.minimum(1, np.minimum(np.arange(len(pcm)), np.arange(len(pcm))[::-1]) / 4800)
    return (pcm * ramp[:, None]).astype(np.float32)


@pytest.mark.parametrize("level_db", [-23.0, -33.0])
def test_a_sine_at_1_khz_has_its_level_as_loudness(tmp_path: Path, level_db: float) -> None:
    # EBU Tech 3341, cases 1 and 2: 20 s of 1 kHz in both channels.
    path = write(tmp_path / "case.flac", tone(20 * 48000, 1000, gain=gain_of(level_db)))
    facts = measure(path).facts
    assert facts.lufs == pytest.approx(level_db, abs=0.1)
    assert facts.true_peak_dbtp == pytest.approx(level_db, abs=0.1)
    assert facts.frames == 20 * 48000


def test_quiet_stretches_are_gated_away() -> None:
    # EBU Tech 3341, case 3: 10 s at -36, 60 s at -23, 10 s at -36 dBFS.
    quiet = tone(10 * 48000, 1000, gain=gain_of(-36))
    pcm = np.concatenate([quiet, tone(60 * 48000, 1000, gain=gain_of(-23)), quiet])
    assert measure_clip(pcm)[0] == pytest.approx(-23.0, abs=0.1)


def test_mono_is_as_loud_as_the_same_on_both_sides(tmp_path: Path) -> None:
    level = gain_of(-20)
    mono = measure(write(tmp_path / "mono.flac", tone(96000, 1000, gain=level, channels=1)))
    stereo = measure(write(tmp_path / "stereo.flac", tone(96000, 1000, gain=level)))
    assert mono.facts == stereo.facts


def test_silence_has_the_loudness_of_the_gate(tmp_path: Path) -> None:
    facts = measure(write(tmp_path / "silence.wav", np.zeros((96000, 2), np.float32))).facts
    assert facts.lufs == -70
    assert facts.true_peak_dbtp == -200


@pytest.mark.parametrize("ending", [".mp3", ".m4a", ".flac", ".opus", ".wav"])
def test_the_length_is_what_a_deck_will_play(tmp_path: Path, ending: str) -> None:
    rate = 48000 if ending == ".opus" else 44100
    path = write(tmp_path / f"a{ending}", sweep(3 * rate + 501, rate=rate), rate=rate)
    assert measure(path).facts.frames == sum(len(block) for block in blocks(path))


def test_a_length_that_no_100_ms_divide_has_a_loudness_too(tmp_path: Path) -> None:
    path = write(tmp_path / "odd.wav", tone(2 * 48000 + 123, 1000, gain=gain_of(-23)))
    assert measure(path).lufs == pytest.approx(-23.0, abs=0.1)


def test_progress_rises_to_one(tmp_path: Path) -> None:
    told: list[float] = []
    measure(write(tmp_path / "a.wav", tone(40 * 48000)), told.append)
    assert told == sorted(told)
    assert len(told) > 3
    assert told[-1] == 1.0


def test_more_than_was_asked_for_is_not_listened_to_the_end(tmp_path: Path) -> None:
    path = write(tmp_path / "long.flac", tone(60 * 48000))
    done: list[float] = []
    with pytest.raises(TooLong):
        measure(path, done.append, at_most_s=2)
    assert max(done) < 0.5
    assert measure(path, at_most_s=60).seconds == 60


def test_what_cannot_be_decoded_is_not_measured(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp3"
    path.touch()
    with pytest.raises(Undecodable):
        measure(path)


@pytest.mark.parametrize("seconds", [20.0, 2.5, 0.78, 0.4, 0.3, 0.1])
def test_a_clip_of_any_length_has_its_loudness(seconds: float) -> None:
    lufs, peak = measure_clip(tone(round(seconds * 48000), 1000, gain=gain_of(-23)))
    assert lufs == pytest.approx(-23.0, abs=0.1)
    assert peak == pytest.approx(-23.0, abs=0.1)


def test_no_clip_at_all_is_silence() -> None:
    assert measure_clip(np.zeros((0, 2), np.float32)) == (-70.0, -200.0)


def test_a_peak_between_samples_is_found() -> None:
    # A quarter of the rate at 45 degrees: every sample lies 3.01 dB under the peak.
    wave = 0.5 * np.sin(np.pi / 2 * np.arange(48000) + np.pi / 4)
    pcm = swelled(np.stack([wave, 0.1 * wave], axis=1).astype(np.float32))
    assert 20 * np.log10(np.abs(pcm).max()) == pytest.approx(-9.03, abs=0.01)
    assert peak_of(pcm) == pytest.approx(-6.02, abs=0.05)


@pytest.mark.parametrize("hz", [997, 5003, 9001, 14_983])
def test_a_sine_peaks_at_its_amplitude(hz: float) -> None:
    assert peak_of(swelled(tone(96000, hz, gain=0.5))) == pytest.approx(-6.02, abs=0.2)


def test_the_true_peak_does_not_depend_on_where_blocks_meet() -> None:
    rng = np.random.default_rng(5)
    steps = 0.3 * rng.standard_normal((9001, 2))
    noise = np.clip(steps[1:] + steps[:-1], -0.5, 0.5).astype(np.float32)
    figures = {round(peak_of(noise, portion), 4) for portion in (9000, 8192, 1000, 77, 1)}
    assert len(figures) == 1


@pytest.mark.parametrize("hz", [(8000, 16_000), (10_000, 15_000), (11_000, 13_000)])
def test_a_burst_that_peaks_between_two_samples_is_found(hz: tuple[int, int]) -> None:
    # Forty high tones that meet half-way between two samples, oversampled 16 times by FFT.
    tones = np.linspace(*hz, 40)[:, None]
    wave = np.cos(2 * np.pi * tones * (np.arange(4800) - 2400.5) / 48000).sum(axis=0)
    wave *= np.hanning(4800) / 60
    spectrum = np.fft.rfft(wave, 2 * 4800)
    everywhere = 20 * np.log10(16 * np.abs(np.fft.irfft(spectrum, 32 * 4800)).max())
    pcm = np.repeat(wave[:, None], 2, axis=1).astype(np.float32)
    assert 20 * np.log10(np.abs(pcm).max()) < everywhere - 0.3
    assert peak_of(pcm) == pytest.approx(everywhere, abs=0.05)


@pytest.mark.parametrize("rate", [44100, 48000])
@pytest.mark.parametrize("absurd", [np.nan, np.inf, 1e30, 5])
def test_one_absurd_sample_makes_a_piece_no_softer(
    tmp_path: Path, absurd: float, rate: int
) -> None:
    pcm = tone(3 * rate, 1000, rate=rate, gain=0.1)
    pcm[rate] = absurd
    survey = measure(write(tmp_path / "wild.wav", pcm, rate=rate, codec="pcm_f32le"))
    assert survey.facts.lufs == pytest.approx(-20, abs=0.2)
    assert survey.facts.true_peak_dbtp < -17
    assert survey.faults == ("samples of it are no sound, or far too loud: they are left out",)


def test_a_float_file_in_the_wrong_scale_is_passed_over_as_silent(tmp_path: Path) -> None:
    path = write(tmp_path / "wild.wav", tone(5 * 48000, gain=20000), codec="pcm_f32le")
    survey = measure(path)
    assert survey.facts.true_peak_dbtp == -200
    assert survey.faults[0] == "it is damaged at 00:00:01: it plays up to there"
    assert "it is silent throughout: sessions pass over it" in survey.faults

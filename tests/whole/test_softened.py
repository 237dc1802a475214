"""A sudden rise, softened: the same samples in a render and in the live output, and no startle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import reference
import tones
from numpy.typing import NDArray

from player.library.measure import measure

S = 48_000
SESSION = """format: 1
title: Softened
sudden_rises: {rises}
sound: {{first_fade: 1s, end_fade: 1s, bed: -23 LUFS}}
phases: [{{name: One, length: 40s, music: rising.wav}}]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tone that is 14 dB louder from its 15th second on."""
    folder = tmp_path_factory.mktemp("softened")
    sound = tones.tone(60 * S, 300, gain=0.05)
    sound[15 * S :] *= 5
    tones.write(folder / "rising.wav", sound, codec="pcm_f32le")
    for rises in ("soften", "warn", "leave"):
        (folder / f"{rises}.yaml").write_text(SESSION.format(rises=rises))
    return folder


@pytest.fixture(scope="module")
def expected(folder: Path) -> NDArray[np.float64]:
    """By the written rules: 2 s down, 3 s there, a decibel a second back."""
    survey = measure(folder / "rising.wav")
    (ease,) = survey.facts.eases
    cut_db, at_s = ease.by_db, ease.at / S
    assert at_s == survey.rises[0].at_s
    gain_db = -23 - survey.lufs
    sound = tones.tone(60 * S, 300, gain=0.05)
    sound[15 * S :] *= 5
    whole = reference.summed(40 * S, [reference.Laid(sound, 0, gain_db, 1, [])])
    points = [(at_s - 2, 0), (at_s, -cut_db), (at_s + 3, -cut_db), (at_s + 3 + cut_db, 0)]
    eased: NDArray[np.float64] = (
        whole * (reference.dip(40 * S, points) * reference.fall(40 * S, 39, 1))[:, None]
    )
    return eased


def read(path: Path) -> NDArray[np.float32]:
    with av.open(str(path)) as container:
        parts = [frame.to_ndarray() for frame in container.decode(audio=0)]
    whole = np.concatenate([part.reshape(-1, 2) for part in parts])
    return whole / np.float32(32767) if whole.dtype == np.int16 else whole


def test_render_and_live_output_are_softened_alike_to_the_sample(
    folder: Path, expected: NDArray[np.float64], stillroom: Callable[..., Any], tmp_path: Path
) -> None:
    rendered, live = tmp_path / "rendered.wav", tmp_path / "live.wav"
    session = str(folder / "soften.yaml")
    assert stillroom("render", session, "-o", str(rendered)).returncode == 0
    got = read(rendered)
    assert np.abs(got - expected).max() < 1 / 32767
    words = ("play", session, "--plain", "--output", str(live), "--speed", "40")
    assert stillroom(*words).returncode == 0
    heard = read(live)
    assert np.abs(heard[: len(expected)] - expected).max() < 2e-5


def test_what_was_softened_has_no_sudden_rise_and_what_was_not_keeps_it(
    folder: Path, stillroom: Callable[..., Any], tmp_path: Path
) -> None:
    """Behind the fade-in of the session, which is a rise of its own."""
    found = {}
    for rises in ("soften", "warn"):
        out = tmp_path / f"{rises}.wav"
        assert stillroom("render", str(folder / f"{rises}.yaml"), "-o", str(out)).returncode == 0
        found[rises] = [rise for rise in measure(out).rises if 5 < rise.at_s < 38]
    assert found["soften"] == []
    assert [round(rise.at_s) for rise in found["warn"]] == [15]


def test_what_is_only_warned_of_or_left_sounds_as_the_rules_say_without_it(
    folder: Path, stillroom: Callable[..., Any], tmp_path: Path
) -> None:
    warned, left = tmp_path / "warned.wav", tmp_path / "left.wav"
    for rises, out in (("warn", warned), ("leave", left)):
        assert stillroom("render", str(folder / f"{rises}.yaml"), "-o", str(out)).returncode == 0
    assert warned.read_bytes() == left.read_bytes()
    sound = tones.tone(60 * S, 300, gain=0.05)
    sound[15 * S :] *= 5
    gain_db = -23 - measure(folder / "rising.wav").lufs
    whole = reference.summed(40 * S, [reference.Laid(sound, 0, gain_db, 1, [])])
    assert np.abs(read(left) - whole * reference.fall(40 * S, 39, 1)[:, None]).max() < 1 / 32767


def test_check_says_of_each_rise_that_it_is_softened(
    folder: Path, stillroom: Callable[..., Any]
) -> None:
    told = stillroom("check", str(folder / "soften.yaml"), "--deep").stdout
    assert "00:00:15, One: rise of 12 LU within 2 s in rising.wav, softened" in told

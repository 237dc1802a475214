"""Silence at the ends of a file is left out where tracks join: in a render, and live."""

from __future__ import annotations

import json
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
KEPT = S // 20
SESSION = """format: 1
title: Trimmed
sound: {first_fade: 1s, end_fade: 1s, crossfade: 2s, phase_crossfade: 2s}
phases:
  - {name: One, length: 12s, music: [padded.wav, plain.wav]}
  - {name: Two, length: 9s, music: {from: [padded.wav], loop: seamless}}
"""


def silence(seconds: float) -> NDArray[np.float32]:
    return np.zeros((round(seconds * S), 2), np.float32)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds of sound with three of silence before and five behind it, and a plain file."""
    folder = tmp_path_factory.mktemp("trimmed")
    sound = np.roll(tones.sweep(6 * S, gain=0.2), -7, axis=0)  # no sample at its ends is 0
    padded = np.concatenate([silence(3), sound, silence(5)])
    tones.write(folder / "padded.wav", padded, codec="pcm_f32le")
    tones.write(folder / "plain.wav", tones.tone(9 * S, 300, gain=0.2), codec="pcm_f32le")
    (folder / "s.yaml").write_text(SESSION)
    return folder / "s.yaml"


@pytest.fixture(scope="module")
def expected(session: Path) -> NDArray[np.float64]:
    """By the written rules, 50 ms of each silence kept: the next begins where the sound ends."""
    folder = session.parent
    whole, plain = (read(folder / name) for name in ("padded.wav", "plain.wav"))
    trimmed = whole[3 * S - KEPT : 9 * S + KEPT]
    gain = {name: -23 - measure(folder / f"{name}.wav").lufs for name in ("padded", "plain")}
    join = len(trimmed) / S - 2
    laid = [
        reference.Laid(trimmed, 0, gain["padded"], 1, [(join, 2)]),
        reference.Laid(plain, join, gain["plain"], 2, [(join + 7, 2), (12, join - 3)]),
        reference.Laid(trimmed, join + 7, gain["padded"], 2, [(12, 2)]),
        reference.Laid(np.tile(whole, (2, 1)), 12, gain["padded"], 2, []),
    ]
    return reference.summed(21 * S, laid) * reference.fall(21 * S, 20, 1)[:, None]


def read(path: Path) -> NDArray[np.float32]:
    with av.open(str(path)) as container:
        parts = [frame.to_ndarray() for frame in container.decode(audio=0)]
    whole = np.concatenate([part.reshape(-1, 2) for part in parts])
    return whole / np.float32(32767) if whole.dtype == np.int16 else whole


def test_render_and_live_output_join_where_the_sound_ends_alike_to_the_sample(
    session: Path, expected: NDArray[np.float64], stillroom: Callable[..., Any], tmp_path: Path
) -> None:
    rendered, live, report = (tmp_path / name for name in ("r.wav", "live.wav", "r.json"))
    words = ("render", str(session), "-o", str(rendered), "--report", str(report))
    assert stillroom(*words).returncode == 0
    starts = [row["frame"] for row in json.loads(report.read_text())["events"] if "path" in row]
    join = 4 * S + 2 * KEPT
    assert starts == [0, join, join + 7 * S, 12 * S]
    got = read(rendered)
    assert np.abs(got - expected).max() < 1 / 32767
    assert np.abs(got[: 12 * S]).reshape(-1, S, 2).max(axis=(1, 2)).min() > 0.01, "never silent"
    words = ("play", str(session), "--plain", "--output", str(live), "--speed", "40")
    assert stillroom(*words).returncode == 0
    assert np.abs(read(live)[: len(expected)] - expected).max() < 2e-5


def test_a_piece_with_no_silence_is_heard_from_its_first_frame(
    stillroom: Callable[..., Any], tmp_path: Path
) -> None:
    """It fades in from nothing, begins softly, and is heard as it was made."""
    sound = tones.tone(8 * S, 300, gain=0.2) * (np.arange(8 * S) / (8 * S))[:, None]
    tones.write(tmp_path / "soft.wav", sound.astype(np.float32), codec="pcm_f32le")
    (tmp_path / "s.yaml").write_text(
        "format: 1\ntitle: Soft\nsound: {first_fade: 0s, end_fade: 0s}\n"
        "phases: [{name: One, length: 4s, music: soft.wav}]\n"
    )
    out = tmp_path / "out.wav"
    assert stillroom("render", str(tmp_path / "s.yaml"), "-o", str(out)).returncode == 0
    gain = 10 ** ((-23 - measure(tmp_path / "soft.wav").lufs) / 20)
    apart = np.abs(read(out) - sound[: 4 * S] * gain)
    assert apart[KEPT:-KEPT].max() < 1 / 32767, "but for the shortest fade at either end"

"""A session that writes every fade as 0s: it plays, and nothing in it is a step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import tones

S = 48_000
SESSION = """format: 1
title: Hard
sound:
  {first_fade: 0s, end_fade: 0s, crossfade: 0s, phase_crossfade: 0s, duck: {down: 0s, up: 0s}}
phases:
  - {name: One, length: 5s, music: [a.wav, b.wav]}
  - {name: Two, length: 4s, music: b.wav}
cues: [{name: Words, at: start + 1s, audio: words.wav}]
"""


def read(path: Path) -> Any:
    with av.open(str(path)) as container:
        parts = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return np.concatenate([part.reshape(-1, 2) for part in parts]) / 32767


def test_fades_of_no_length_are_short_ones_and_never_steps(
    stillroom: Callable[..., Any], tmp_path: Path
) -> None:
    """Starts, a duck, a join, a boundary and the end lie where the tone is at its height."""
    for name, hz in (("a.wav", 100), ("b.wav", 150)):
        wave = np.roll(tones.tone(3 * S, hz, gain=0.2), S // hz // 4, axis=0)
        tones.write(tmp_path / name, wave, codec="pcm_f32le")
    words = tones.tone(S, 200, gain=0.2) * np.hanning(S)[:, None]
    tones.write(tmp_path / "words.wav", words.astype(np.float32), codec="pcm_f32le")
    (tmp_path / "s.yaml").write_text(SESSION)
    out = tmp_path / "out.wav"
    done = stillroom("render", str(tmp_path / "s.yaml"), "-o", str(out))
    assert done.returncode == 0, done.stderr
    got = read(out)
    assert len(got) == 9 * S
    sound = np.concatenate([np.zeros((1, 2)), got, np.zeros((1, 2))])
    assert np.abs(np.diff(sound, axis=0)).max() < 2 * np.pi * 200 / S * np.abs(sound).max() * 1.5
    loud = np.sqrt(np.mean(got.reshape(-1, S // 5, 2) ** 2, axis=(1, 2)))
    assert loud.min() > 0.01, "and never silent"

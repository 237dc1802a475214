"""A short session of coded tracks, whose every sample is known, and ways to play it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import reference
import tones
from click.testing import CliRunner
from numpy.typing import NDArray
from whole_house import WholeHouse

from player import cli
from player.library.measure import measure

S = 48_000
FRAMES = 17 * S

SESSION = """
format: 1
title: Coded
sound:
  crossfade: 2s
  phase_crossfade: 3s
  first_fade: 1s
  end_fade: 2s
  duck: {by: 9 dB, down: 500ms, up: 1s}
phases:
  - name: One
    length: 9s
    music: [music/a.flac, music/b.flac]
  - name: Two
    length: 8s
    music: [music/c.flac]
cues:
  - name: Words
    at: two + 2s
    audio: words.wav
"""


@dataclass(frozen=True)
class Coded:
    """The session's file and the sound it must make."""

    path: Path
    expected: NDArray[np.float64]


@pytest.fixture(scope="session")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Coded:
    """Two phases over three tracks, one at 44.1 kHz, with a cue; all overlaps occur."""
    folder = tmp_path_factory.mktemp("coded")
    (folder / "music").mkdir()
    files = {
        "a": tones.write(folder / "music/a.flac", tones.sweep(5 * S, gain=0.2)),
        "b": tones.write(folder / "music/b.flac", tones.sweep(7 * S, gain=0.25)[:, ::-1]),
        "c": tones.write(folder / "music/c.flac", tones.tone(6 * S, 330, gain=0.15)),
    }
    words = tones.write(folder / "words.wav", tones.tone(S * 3 // 2, 900, gain=0.1))
    path = folder / "coded.yaml"
    path.write_text(SESSION.replace("500ms", "0.5s"))
    return Coded(path, _expected(files, words))


def _expected(files: dict[str, Path], words: Path) -> NDArray[np.float64]:
    """By the written rules: the boundary at 9 s falls into a crossfade of b into a."""
    sound = {name: samples(path) for name, path in files.items()}
    gain = {name: min(12.0, -23 - measure(path).lufs) for name, path in files.items()}
    assert all(
        gain[name] + measure(path).facts.true_peak_dbtp < -1.5 for name, path in files.items()
    ), "no track is held down by the ceiling here"
    laid = [
        reference.Laid(sound["a"], 0, gain["a"], 1, [(3, 2)]),
        reference.Laid(sound["b"], 3, gain["b"], 2, [(8, 2), (9, 1)]),
        reference.Laid(sound["a"], 8, gain["a"], 2, [(9, 3)]),
        reference.Laid(sound["c"], 9, gain["c"], 3, [(13, 2)]),
        reference.Laid(sound["c"], 13, gain["c"], 2, []),
    ]
    bed = reference.summed(FRAMES, laid)
    duck = reference.dip(FRAMES, [(10.5, 0), (11, -9), (12.5, -9), (13.5, 0)])
    bed *= (duck * reference.fall(FRAMES, 15, 2))[:, None]
    voice = samples(words) * 10 ** ((-19 - measure(words).lufs) / 20)
    bed[11 * S : 11 * S + len(voice)] += voice
    return bed


def samples(path: Path) -> NDArray[np.float32]:
    """A 48 kHz file's samples, (frames, 2), read without the player."""
    with av.open(str(path)) as container:
        convert = av.AudioResampler(format="flt", layout="stereo", rate=S)
        parts = [
            made.to_ndarray().reshape(-1, 2)
            for frame in container.decode(audio=0)
            for made in convert.resample(frame)
        ]
    return np.concatenate(parts)


@pytest.fixture
def brief(tmp_path: Path) -> str:
    """A quiet session that would last an hour and ends quickly when it is told to."""
    path = tmp_path / "brief.yaml"
    path.write_text(
        "format: 1\ntitle: Brief\nsound: {end_fade: 0.5s}\nphases:\n"
        "  - {name: Onset, length: 30m, music: shipped:shore}\n"
        "  - {name: Return, length: 30m, music: shipped:morning}\n"
    )
    return str(path)


@pytest.fixture
def stillroom() -> Iterator[Callable[..., subprocess.CompletedProcess[str]]]:
    """Runs a command as a person does; ends the engine it may have left."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*words),
            check=False,
            env=os.environ | environment,
            text=True,
            capture_output=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )

    yield run
    if status_now().get("running"):
        run("stop")


def status_now() -> dict[str, Any]:
    """What `status --json` says, asked from within: a process each time would load the machine."""
    said = CliRunner().invoke(cli.stillroom, ["status", "--json"])
    now: dict[str, Any] = json.loads(said.stdout)
    return now


def command(*words: str) -> list[str]:
    """The command line of a stillroom command."""
    return [sys.executable, "-m", "player.cli", *words]


@pytest.fixture
def await_status() -> Callable[..., dict[str, Any]]:
    """Waits until `status --json` satisfies a condition."""

    def wait(holds: Callable[[dict[str, Any]], bool], timeout_s: float = 20) -> dict[str, Any]:
        until = time.monotonic() + timeout_s
        now: dict[str, Any] = {}
        while time.monotonic() < until:
            now = status_now()
            if holds(now):
                return now
            time.sleep(0.1)
        raise AssertionError(f"the status never came: {now}")

    return wait


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WholeHouse]:
    made = WholeHouse(tmp_path)
    yield made
    made.ends()

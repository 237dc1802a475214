"""What the benchmarks share: music made on the spot, sessions of it, and what a process costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
RATE = 44_100
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@contextmanager
def house() -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder of its own, and an environment in which Stillroom lives there."""
    with tempfile.TemporaryDirectory(prefix="sr-") as folder:
        environment = os.environ | {"STILLROOM_HOME": f"{folder}/home", "HOME": folder}
        Path(folder, "home").mkdir(mode=0o700)
        yield Path(folder), environment


def stillroom(*words: str) -> list[str]:
    """The command line of a command."""
    return [sys.executable, "-m", "player.cli", *words]


def run(words: list[str], environment: dict[str, str]) -> str:
    """Run a command to its end; what it printed."""
    done = subprocess.run(
        words, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def mp3(path: Path, seconds: float, *, seed: int = 1) -> Path:
    """Slow chords in soft noise at 44.1 kHz, LAME, about 190 kbit/s."""
    rng = np.random.default_rng(seed)
    minute = _chords(rng, 60 * RATE)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout="stereo")
        stream.bit_rate = 192_000
        for start in range(0, round(seconds * RATE), RATE):
            piece = minute[:, start % minute.shape[1] :][:, :RATE]
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(piece), format="fltp", layout="stereo"
            )
            frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _chords(rng: np.random.Generator, frames: int) -> Any:
    at = np.arange(frames) / RATE
    out = np.zeros((2, frames))
    for _ in range(12):
        hz = 110 * 2 ** (rng.integers(0, 36) / 12)
        swell = np.sin(np.pi * (at / 60 * rng.integers(1, 5) + rng.random())) ** 2
        for side in range(2):
            out[side] += swell * np.sin(2 * np.pi * hz * at + rng.random() * 6)
    out += 0.2 * rng.standard_normal((2, frames))
    return (0.2 * out / np.abs(out).max() * 3).clip(-0.9, 0.9).astype(np.float32)


def speech(path: Path, seconds: float) -> Path:
    """A stand-in for a spoken clip: bursts of noise, as a mono wav."""
    rng = np.random.default_rng(5)
    frames = round(seconds * 48_000)
    sound = rng.standard_normal(frames) * 0.1 * (np.sin(np.arange(frames) / 6000) > 0)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48_000, layout="mono")
        whole = (sound * 32767).clip(-32768, 32767).astype(np.int16)[None]
        frame = av.AudioFrame.from_ndarray(whole, format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, 0, Fraction(1, 48_000)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def session(path: Path, phases: list[str], cues: list[str], sound: str = "") -> Path:
    """A session file of one-line phases and cues."""
    rows = ["format: 1", "title: Bench", f"sound: {{end_fade: 1s{sound}}}", "phases:"]
    rows += [f"  - {phase}" for phase in phases]
    if cues:
        rows += ["cues:", *(f"  - {cue}" for cue in cues)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def status(environment: dict[str, str]) -> dict[str, Any]:
    """What runs now."""
    return dict(json.loads(run(stillroom("status", "--json"), environment)))


def await_playing(environment: dict[str, str], timeout_s: float = 600) -> dict[str, Any]:
    """Wait until a session sounds."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        now = status(environment)
        if now.get("position_s", 0) > 1:
            return now
        time.sleep(0.2)
    raise SystemExit("the session never began")


def cpu_s(pid: int) -> float:
    """CPU seconds that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rss_mb(pid: int) -> float:
    """Resident memory of a process in MB (Linux)."""
    rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    line = next(row for row in rows if row.startswith("VmRSS"))
    return int(line.split()[1]) / 1024

"""What decoding costs: CPU seconds an hour of sound, and memory, for each format.

Makes its own music with PyAV in a temporary folder, and reads each file in a process of its
own. Run it with `python scripts/bench/decoding.py`; `--minutes 60 --long 180` for the figures
of the README.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

FORMATS = {
    "mp3": ("libmp3lame", "fltp", 44100),
    "m4a": ("aac", "fltp", 44100),
    "flac": ("flac", "s16", 44100),
    "ogg": ("libopus", "flt", 48000),
    "opus": ("libopus", "flt", 48000),
    "wav": ("pcm_s16le", "s16", 44100),
}
CHUNK_S = 10
JOBS = ("decode", "ahead", "measure")


def main() -> None:
    options = _options()
    if options.read:
        print(json.dumps(cost_of(options.job, Path(options.read))))
        return
    rows = []
    with tempfile.TemporaryDirectory(prefix="stillroom-bench-") as folder:
        for ending in options.formats:
            file = made(Path(folder) / f"music.{ending}", options.minutes)
            rows += [
                (f"{ending}, {options.minutes:g} min", job, measured(job, file)) for job in JOBS
            ]
            file.unlink()
        if options.long:
            file = long_mp3(Path(folder) / "long.mp3", options.long)
            rows.append((f"mp3, {options.long:g} min", "ahead", measured("ahead", file)))
    print(f"{'file':16s}{'job':10s}{'CPU s/h':>8s}{'x real time':>13s}{'peak RSS MB':>13s}")
    for name, job, cost in rows:
        hours = cost["frames"] / 48000 / 3600
        speed = 3600 * hours / cost["cpu_s"]
        print(f"{name:16s}{job:10s}{cost['cpu_s'] / hours:8.2f}{speed:13.0f}{cost['rss_mb']:13.0f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="length of each format's file")
    parser.add_argument("--long", type=float, default=180, help="minutes of the long mp3; 0: none")
    parser.add_argument("--formats", nargs="*", default=list(FORMATS), choices=list(FORMATS))
    parser.add_argument("--read", help=argparse.SUPPRESS)
    parser.add_argument("--job", choices=JOBS, default="decode", help=argparse.SUPPRESS)
    return parser.parse_args()


def measured(job: str, file: Path) -> dict[str, float]:
    """What one reading of a file costs, in a process of its own."""
    command = [sys.executable, __file__, "--read", str(file), "--job", job]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(told.stdout))


def cost_of(job: str, file: Path) -> dict[str, float]:
    """Frames, CPU seconds without imports, and peak memory of one reading in this process."""
    from player.library.measure import measure
    from player.sound.decode import blocks
    from player.sound.source import AheadSource

    begun = time.process_time()
    if job == "measure":
        frames = measure(file).facts.frames
    elif job == "decode":
        frames = sum(len(block) for block in blocks(file))
    else:
        source, frames = AheadSource(file, patient=True), 0
        while count := len(source.read(8192)):
            frames += count
        source.close()
    return {"frames": frames, "cpu_s": time.process_time() - begun, "rss_mb": peak_rss_mb()}


def peak_rss_mb() -> float:
    """The most memory this process held; getrusage would count its parent's before it began."""
    status = Path("/proc/self/status")
    if status.exists():
        rows = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(rows["VmHWM"].split()[0]) / 1024
    if sys.platform == "win32":
        return float("nan")
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


def made(file: Path, minutes: float, seed: int = 1) -> Path:
    """A file of drifting chords over noise, as hard to code as dense music."""
    codec, sample_format, rate = FORMATS[file.suffix[1:]]
    rng = np.random.default_rng(seed)
    with av.open(str(file), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="stereo")
        stream.codec_context.format = sample_format
        if codec not in ("flac", "pcm_s16le"):
            stream.bit_rate = 192_000
        convert = av.AudioResampler(format=sample_format, layout="stereo", rate=rate)
        for number in range(round(minutes * 60 / CHUNK_S)):
            frame = _music(rng, rate, number * CHUNK_S * rate)
            for part in convert.resample(frame):
                container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return file


def long_mp3(file: Path, minutes: float) -> Path:
    """An mp3 of any length, quickly: one minute's coded frames over and over."""
    minute = made(file.with_name("minute.mp3"), 1)
    with av.open(str(minute)) as container:
        coded = b"".join(bytes(packet) for packet in container.demux(audio=0))
    with file.open("wb") as out:
        for _ in range(round(minutes)):
            out.write(coded)
    minute.unlink()
    return file


def _music(rng: np.random.Generator, rate: int, start: int) -> av.AudioFrame:
    seconds = np.arange(start, start + CHUNK_S * rate) / rate
    chord = sum(np.sin(2 * np.pi * hz * seconds + 3 * np.sin(seconds / hz)) for hz in HERTZ)
    noise = rng.standard_normal((len(seconds), 2))
    noise = (noise + np.roll(noise, 1, axis=0) + np.roll(noise, 2, axis=0)) / 3
    pcm = (0.04 * chord[:, None] + 0.05 * noise).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="flt", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
    return frame


HERTZ = (110.0, 164.8, 220.0, 277.2, 329.6, 440.0, 659.3)


if __name__ == "__main__":
    main()

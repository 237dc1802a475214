"""An hour of mp3 with six ducked cues to wav, its loudness known: CPU and wall time.

`python scripts/bench/rendering.py`; where ffmpeg is installed, its own filter graph does the
same job (decode, resample, fades, duck, limit, write) in the same run, for a ratio.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import time
from pathlib import Path

from trial import ROOT, house, mp3, run, session, speech, stillroom


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    seconds = given.minutes * 60
    with house() as (folder, environment):
        music = mp3(folder / "hour.mp3", seconds + 30)
        words = speech(folder / "words.wav", 20)
        cues = [
            f"{{name: Cue {n}, at: start + {round(seconds * (n + 0.5) / 6)}s, audio: words.wav}}"
            for n in range(6)
        ]
        phase = f"{{name: One, length: {round(seconds)}s, music: hour.mp3}}"
        plan = session(folder / "hour.yaml", [phase], cues)
        out = folder / "out.wav"
        command = stillroom("render", str(plan), "-o", str(out), "--force")
        print("measuring once…", flush=True)
        run(command, environment)
        rows = [_cost(command, environment) for _ in range(given.runs)]
        _print("stillroom", rows, seconds)
        if shutil.which("ffmpeg"):
            graph = _ffmpeg(music, words, seconds, folder / "peer.wav")
            _print("ffmpeg", [_cost(graph, environment) for _ in range(given.runs)], seconds)


def _cost(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    before, began = os.times(), time.monotonic()
    subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)
    after = os.times()
    cpu = after.children_user + after.children_system
    return cpu - before.children_user - before.children_system, time.monotonic() - began


def _ffmpeg(music: Path, words: Path, seconds: float, out: Path) -> list[str]:
    times = [round(seconds * (n + 0.5) / 6) for n in range(6)]
    duck = "+".join(f"between(t,{at - 2},{at + 22})" for at in times)
    voices = "".join(f"[v{n}]adelay={at * 1000}:all=1[w{n}];" for n, at in enumerate(times))
    graph = (
        f"[0]aresample=48000,volume='1-0.64*({duck})':eval=frame,afade=in:d=10,"
        f"afade=out:st={seconds - 30}:d=30[bed];"
        f"[1]aresample=48000,aformat=channel_layouts=stereo,asplit=6"
        + "".join(f"[v{n}]" for n in range(6))
        + f";{voices}[bed]"
        + "".join(f"[w{n}]" for n in range(6))
        + "amix=inputs=7:normalize=0:duration=first,alimiter=limit=0.89[o]"
    )
    end = ["-map", "[o]", "-t", str(seconds), "-c:a", "pcm_s16le", str(out)]
    read = ["ffmpeg", "-v", "error", "-y", "-i", str(music), "-i", str(words)]
    return [*read, "-filter_complex", graph, *end]


def _print(name: str, rows: list[tuple[float, float]], seconds: float) -> None:
    cpu = statistics.median(row[0] for row in rows)
    wall = statistics.median(row[1] for row in rows)
    print(
        f"{name:10s} {cpu:6.1f} CPU s = {seconds / cpu:4.0f} x real time;"
        f" {wall:6.1f} s of wall time = {seconds / wall:4.0f} x"
    )


if __name__ == "__main__":
    main()

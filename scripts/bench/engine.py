"""What the engine costs while it plays: CPU seconds a second of sound, and memory (Linux).

`python scripts/bench/engine.py` plays for real, at real time, into SDL's disk driver, which
throws the sound away; two decks crossfade all the time, a cue ducks them twice a minute. Then
one 3-hour mp3. Where mpv or mpd are installed, they play the same mp3 in the same run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import time
from pathlib import Path

from trial import (
    ROOT,
    await_playing,
    cpu_s,
    house,
    mp3,
    rss_mb,
    run,
    session,
    speech,
    status,
    stillroom,
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--hours", type=float, default=3)
    given = options.parse_args()
    with house() as (folder, environment):
        environment |= {"SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": os.devnull}
        for n in range(6):
            mp3(folder / f"piece {n}.mp3", 20, seed=n)
        speech(folder / "words.wav", 10)
        music = ", ".join(f"piece {n}.mp3" for n in range(6))
        cues = [
            f"{{name: Cue {n}, at: start + {30 * n + 10}s, audio: words.wav}}" for n in range(20)
        ]
        phase = f"{{name: One, length: 2h, music: [{music}]}}"
        crossing = session(folder / "crossing.yaml", [phase], cues)
        _play("crossfading, ducked", crossing, environment, given.seconds)
        long = mp3(folder / "long.mp3", given.hours * 3600)
        phase = f"{{name: One, length: {given.hours}h, music: long.mp3}}".replace(".0h", "h")
        _play("one long mp3", session(folder / "l.yaml", [phase], []), environment, given.seconds)
        if shutil.which("mpv"):
            mpv(folder, long, given.seconds)
        if shutil.which("mpd") and shutil.which("mpc"):
            mpd(folder, long, given.seconds)


def _play(name: str, plan: Path, environment: dict[str, str], seconds: float) -> None:
    line = stillroom("play", str(plan), "--plain")
    with subprocess.Popen(
        line, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    ):
        pid = int(await_playing(environment)["engine_pid"])
        _settle(pid)
        _watch(name, pid, seconds)
        underruns = status(environment)["output"]["underruns"]
        print(f"{'':22s} {underruns} underruns", flush=True)
        run(stillroom("stop"), environment)


def _settle(pid: int) -> None:
    """Wait until what is measured besides is done: children of the engine are gone."""
    until = time.monotonic() + 300
    children = Path(f"/proc/{pid}/task/{pid}/children")
    while time.monotonic() < until and children.read_text().strip():
        time.sleep(0.5)
    time.sleep(5)


def _watch(name: str, pid: int, seconds: float) -> None:
    cpu, memory = cpu_s(pid), rss_mb(pid)
    time.sleep(seconds)
    share = (cpu_s(pid) - cpu) / seconds
    print(f"{name:22s} {share:.4f} CPU s a second; {memory:.0f} MB, then {rss_mb(pid):.0f} MB")


def mpv(_folder: Path, music: Path, seconds: float) -> None:
    """What mpv costs with the same music, to nowhere."""
    line = ["mpv", "--no-config", "--no-video", "--ao=null", "--really-quiet", str(music)]
    with subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as playing:
        time.sleep(5)
        _watch("mpv", playing.pid, seconds)
        playing.terminate()


def mpd(folder: Path, music: Path, seconds: float) -> None:
    """What mpd costs with the same music, to nowhere."""
    library = folder / "mpd"
    library.mkdir()
    (library / music.name).symlink_to(music)
    conf = folder / "mpd.conf"
    conf.write_text(
        f'music_directory "{library}"\ndb_file "{folder}/db"\nbind_to_address "{folder}/mpd.s"\n'
        'audio_output {\n type "null"\n name "null"\n}\n'
    )
    line = ["mpd", "--no-daemon", "--stderr", str(conf)]
    with subprocess.Popen(line, stderr=subprocess.DEVNULL) as playing:
        time.sleep(2)
        mpc = ["mpc", "-q", "--host", f"{folder}/mpd.s"]
        for words in (["update", "--wait"], ["add", music.name], ["play"]):
            subprocess.run([*mpc, *words], check=False)
        time.sleep(4)
        _watch("mpd", playing.pid, seconds)
        playing.terminate()


if __name__ == "__main__":
    main()

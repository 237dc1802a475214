"""A scan of mixed formats beside ffmpeg's and loudgain's true-peak scans of the same files.

`python scripts/bench/scan.py` makes its own music; `--music FOLDER` takes what lies there
instead. The programs take turns, `--runs` times, and the medians stand beside each other: CPU
seconds and wall seconds an hour of sound, and the most memory that one process held. Then a
catalogue of 50,000 files is asked what chooser and check ask, and scanned again unchanged.
`--hours 24` scans one mp3 of that length instead, and nothing else.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENDINGS = ("mp3", "m4a", "flac", "opus", "wav")
FFMPEG = ["ffmpeg", "-hide_banner", "-nostats", "-loglevel", "quiet", "-vn"]
AT_ONCE = 200
"""Files in one call of loudgain."""


def main() -> None:
    options = _options()
    if options.make and options.hours:
        make_long(Path(options.make), options.hours)
    elif options.hours:
        with tempfile.TemporaryDirectory(prefix="sr-") as folder:
            scan_long(Path(folder), options.hours)
    elif options.make:
        make_music(Path(options.make), options.minutes, options.files)
    elif options.large:
        ask_a_large_catalogue(Path(options.large), options.catalogue)
    else:
        with tempfile.TemporaryDirectory(prefix="sr-") as folder:
            compare(options, Path(folder))
            again = [sys.executable, __file__, "--large", folder]
            subprocess.run([*again, "--catalogue", str(options.catalogue)], check=True)
            scan_unchanged(Path(folder))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--music", type=Path, help="a folder of music; default: made on the spot")
    parser.add_argument("--minutes", type=float, default=4, help="length of each file made")
    parser.add_argument("--files", type=int, default=15, help="how many are made")
    parser.add_argument("--hours", type=float, help="length of one long file, in place of all else")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--catalogue", type=int, default=50_000, help="files of the large one")
    parser.add_argument("--loudgain", default=shutil.which("loudgain") or "")
    parser.add_argument("--make", help=argparse.SUPPRESS)
    parser.add_argument("--large", help=argparse.SUPPRESS)
    return parser.parse_args()


def compare(options: argparse.Namespace, folder: Path) -> None:
    """Let the programs take turns, and print their medians."""
    music = options.music or folder / "music"
    if not options.music:
        made = ["--make", str(music), "--minutes", str(options.minutes)]
        subprocess.run([sys.executable, __file__, *made, "--files", str(options.files)], check=True)
    files = sorted(path for path in music.rglob("*") if path.is_file())
    hours = _hours(files, folder)
    print(f"{len(files)} files, {hours:.2f} h of sound, {options.runs} runs in turn")
    costs: dict[str, list[tuple[float, float, float]]] = {}
    for number in range(options.runs):
        for name, commands in _programs(music, files, options.loudgain).items():
            environment = os.environ | {
                "STILLROOM_HOME": str(folder / f"home-{number}"),
                "PYTHONPATH": str(ROOT),
            }
            costs.setdefault(name, []).append(_cost(commands, environment))
    print(f"{'':12s}{'CPU s/h':>9s}{'wall s/h':>10s}{'peak RSS MB':>13s}")
    for name, runs in costs.items():
        cpu_s, wall_s, rss_mb = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"{name:12s}{cpu_s / hours:9.2f}{wall_s / hours:10.2f}{rss_mb:13.0f}")


def _programs(music: Path, files: list[Path], loudgain: str) -> dict[str, list[list[str]]]:
    programs = {"stillroom": [[sys.executable, "-m", "player.cli", "scan", "--json", str(music)]]}
    if shutil.which("ffmpeg"):
        meter = ["-map", "0:a:0", "-af", "ebur128=peak=true", "-f", "null", "-"]
        programs["ffmpeg"] = [[*FFMPEG, "-i", str(file), *meter] for file in files]
    if loudgain:
        names = [str(file) for file in files]
        parts = [names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)]
        programs["loudgain"] = [[loudgain, "-q", *part] for part in parts]
    return programs


def _cost(commands: list[list[str]], environment: dict[str, str]) -> tuple[float, float, float]:
    """CPU seconds, wall seconds, and the most MB of one process, children counted."""
    begun, cpu_s, rss_mb = time.monotonic(), 0.0, 0.0
    for command in commands:
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=quiet, stderr=quiet)
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
        cpu_s += used.ru_utime + used.ru_stime
        rss_mb = max(rss_mb, used.ru_maxrss / 1024)
    return cpu_s, time.monotonic() - begun, rss_mb


def _hours(files: list[Path], folder: Path) -> float:
    """The length of all, as a first scan tells it; it warms the disk for all alike."""
    import json

    environment = os.environ | {"STILLROOM_HOME": str(folder / "first"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "player.cli", "scan", "--json", *map(str, files)]
    told = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return sum(row["seconds"] or 0 for row in json.loads(told.stdout)["files"]) / 3600


def make_music(folder: Path, minutes: float, count: int) -> None:
    """Files of drifting chords over noise, each format in turn; no two alike, or one is known."""
    from decoding import made

    folder.mkdir(parents=True)
    for number in range(count):
        made(folder / f"{number}.{ENDINGS[number % len(ENDINGS)]}", minutes, seed=number)


def ask_a_large_catalogue(folder: Path, count: int) -> None:
    """How long questions to a catalogue of so many files take."""
    sys.path.insert(0, str(ROOT))
    home = folder / "large-home"
    os.environ["STILLROOM_HOME"] = str(home)
    files = list(_many_files(folder / "large", count))
    _fill(files)
    from player.library.catalogue import Catalogue

    with Catalogue() as catalogue:
        some = files[:: max(1, count // 500)][:500]
        for name, ask in (
            ("500 pieces of a session, one by one", lambda: [catalogue.scanned(f) for f in some]),
            ("the same at once", lambda: catalogue.scanned_at(some)),
            ("all of them at once", lambda: catalogue.scanned_at(files)),
        ):
            begun = time.perf_counter()
            ask()
            print(f"{name:40s}{1000 * (time.perf_counter() - begun):8.0f} ms")
    _check_large_sessions(files, home)
    size_mb = sum(path.stat().st_size for path in home.glob("catalogue.sqlite*")) / (1 << 20)
    print(f"{'the catalogue itself':40s}{size_mb:8.0f} MB")


def make_long(file: Path, hours: float) -> None:
    """An mp3 of any length."""
    from decoding import long_mp3

    long_mp3(file, 60 * hours)


def scan_long(folder: Path, hours: float) -> None:
    """A scan of one mp3; from a small process, whose memory counts as well."""
    file = folder / "long.mp3"
    made = ["--make", str(file), "--hours", str(hours)]
    subprocess.run([sys.executable, __file__, *made], check=True)
    environment = os.environ | {"STILLROOM_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "player.cli", "scan", "--json", str(file)]
    cpu_s, wall_s, rss_mb = _cost([command], environment)
    print(f"an mp3 of {hours:g} h: {cpu_s:.1f} CPU s, {wall_s:.1f} s in all, {rss_mb:.0f} MB")


def scan_unchanged(folder: Path) -> None:
    """A scan of the large catalogue's files; from a small process, whose memory counts as well."""
    command = [sys.executable, "-m", "player.cli", "scan", str(folder / "large")]
    environment = os.environ | {
        "STILLROOM_HOME": str(folder / "large-home"),
        "PYTHONPATH": str(ROOT),
    }
    for form in ([], ["--json"], ["--all"]):
        cpu_s, wall_s, rss_mb = _cost([[*command, *form]], environment)
        name = " ".join(["a scan with nothing changed", *form])
        print(f"{name:40s}{1000 * wall_s:8.0f} ms, {1000 * cpu_s:.0f} ms of CPU, {rss_mb:.0f} MB")


def _check_large_sessions(files: list[Path], home: Path) -> None:
    """What `check` takes once it is loaded, and what the chooser's warning takes."""
    from player.library.catalogue import Catalogue
    from player.programme.facts import Knowledge
    from player.programme.preflight import check, foreseen
    from player.programme.programme import compose
    from player.session.loader import load

    for pieces in (40, 500, 2000):
        path = home / f"{pieces}.yaml"
        music = "".join(f"\n  - {file}" for file in files[:: max(1, len(files) // pieces)][:pieces])
        path.write_text(
            f"format: 1\ntitle: T\nphases:\n- name: One\n  length: 90m\n  music:{music}\n"
        )
        with Catalogue() as catalogue:
            session, knowledge = load(path), Knowledge(catalogue)
            programme = compose(session, knowledge.of_music, knowledge.of_clip, knowledge.tags)
            for name, ask in (
                ("check", lambda: check(session, catalogue)),  # noqa: B023
                ("warning", lambda: foreseen(programme, Knowledge(catalogue))),  # noqa: B023
            ):
                ask()
                begun_s, begun_cpu_s = time.perf_counter(), time.process_time()
                ask()
                wall_ms = 1000 * (time.perf_counter() - begun_s)
                cpu_ms = 1000 * (time.process_time() - begun_cpu_s)
                what = f"{name} of {pieces} pieces"
                print(f"{what:40s}{wall_ms:8.0f} ms, {cpu_ms:.0f} ms of CPU")


def _many_files(folder: Path, count: int) -> Iterator[Path]:
    for number in range(count):
        path = folder / f"{number // 500}" / f"{number} Music.mp3"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(number.to_bytes(4, "big"))
        yield path


def _fill(files: list[Path]) -> None:
    """What a scan would have kept: pieces of four minutes with all that can be found."""
    import random

    from player.library.catalogue import Catalogue
    from player.library.curve import packed
    from player.library.findings import Rise, Silence, Survey
    from player.session.model import Energy
    from player.timeline.plan import TrackFacts

    chance = random.Random(1)
    curve = packed(-20 + 8 * chance.random() for _ in range(2400))
    with Catalogue() as catalogue:
        for number, file in enumerate(files):
            survey = Survey(
                TrackFacts(11_520_000 + number, -18.5, -1.0, energy=Energy.MID),
                lra=6.0,
                rises=tuple(Rise(10.0 * n, 9.0) for n in range(number % 4)),
                silences=(Silence(30.0, 7.0),) * (number % 2),
                tags={"title": f"Piece {number}", "artist": "Somebody", "album": "Some album"},
                curve=curve,
            )
            catalogue.remember(file, survey)


if __name__ == "__main__":
    main()

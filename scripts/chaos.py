"""Works faults at random on a session that sounds, and says what was heard of each.

    python scripts/chaos.py --minutes 30 --seed 1
    python scripts/chaos.py --only engine-killed --times 20

Plays music whose pitch tells its place into a PulseAudio of its own with two outputs, records
both, and prints a table: fault, times tried, median and longest silence, place error, what is
allowed. Ends with 1 where something was beyond it (bench/judging.py): a silence that no fault
explains or that is too long, another place, a step, a burst, a line lost or told twice. A silence
while not even a real-time process was run (bench/stalls.py) is the machine's, and is told apart. To
add a fault: a function and a line in bench/faults.py. The data folder lies where temporary files do
(TMPDIR): that should be a real disk, which a disk in memory is not as slow as.
"""

from __future__ import annotations

import argparse
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "bench"))

import pulse
import stalls
from faults import FAULTS
from judging import Done, Heard, Row
from room import Room, open_room, until

BETWEEN_S = (4.0, 6.0)
A_MINUTE = 2
"""Pieces that may be spoilt in a minute at most."""


def main() -> int:
    """Run, and say what was heard."""
    asked = _asked()
    if not pulse.PrivatePulse.there():
        print("chaos needs PulseAudio (pulseaudio, parec, pactl)")
        return 2
    random.seed(asked.seed)
    # Where this itself outlives its terminal, the screens that it opens must not.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    # As Ctrl-C: what was heard until then is judged, and nothing is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="sr-") as name:
        pieces = round(asked.times or asked.minutes * A_MINUTE) + 3
        room = open_room(Path(name), min(60, pieces))
        try:
            with stalls.watched(Path(name)) as still:
                done: list[Done] = []
                try:
                    _work(room, asked, done)
                    time.sleep(4)
                except KeyboardInterrupt:
                    print("broken off: the fault that was under way is not among those worked")
            last = room.status()
            heard = [room.server.heard(output) for output in pulse.OUTPUTS]
            lines, told = room.lines(), room.told()
        finally:
            if asked.keep:
                _keep(room, Path(asked.keep))
            room.close()
    still = still.since(room.server.recorders["room"].began_s)
    result = Heard(done, *heard, lines=lines, told=told, still=still)
    result.judge()
    return _tell(result, last)


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--minutes", type=float, default=5)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--only", choices=sorted(FAULTS), action="append")
    words.add_argument("--times", type=int, help="so many faults, however long it takes")
    words.add_argument("--keep", metavar="FOLDER", help="keep the recording, the log and the lines")
    return words.parse_args()


def _keep(room: Room, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in ("pulse/room.raw", "lines.txt", "home/logs/engine.log"):
        if (room.folder / name).exists():
            (folder / Path(name).name).write_bytes((room.folder / name).read_bytes())


def _work(room: Room, asked: argparse.Namespace, done: list[Done]) -> None:
    """Faults one after another, added to those done."""
    until_s = time.monotonic() + asked.minutes * 60
    names: list[str] = []
    while len(done) < asked.times if asked.times else time.monotonic() < until_s:
        if not names:  # each comes as often as the others, in any order
            names = list(asked.only or FAULTS)
            random.shuffle(names)
        name = names.pop()
        print(f"{room.server.now_s():8.1f} s  {name}", flush=True)
        done.append(_worked(room, name))
        time.sleep(random.uniform(*BETWEEN_S))


def _worked(room: Room, name: str) -> Done:
    fault, room.harmed_s, room.astray_s = FAULTS[name], room.server.now_s(), None
    try:
        lasted_s = fault.work(room)
        until(lambda: room.status()["running"], 10)
        if (now_db := room.status()["volume_db"]) != room.volume_db:
            raise SystemExit(f"what was decided was lost: {room.volume_db:g} dB, not {now_db:g}")
        return Done(room.harmed_s, name, fault, lasted_s, astray_s=room.astray_s)
    except (SystemExit, OSError, subprocess.SubprocessError, KeyError) as amiss:
        room.volume_db = room.status().get("volume_db", room.volume_db)  # it is told once
        lasted_s = room.server.now_s() - room.harmed_s
        failed = str(amiss) or repr(amiss)
        return Done(room.harmed_s, name, fault, lasted_s, failed, room.astray_s)


def _tell(heard: Heard, last: dict[str, Any]) -> int:
    _print(heard.rows)
    print(f"\nfaults worked: {len(heard.done)} in {len(heard.room) / pulse.RATE / 60:.1f} minutes")
    print(f"the sweep's own level: {heard.own_level:.3f}")
    print(f"underruns since the engine last began: {last['output']['underruns']}")
    print("faults told by the engine:", *dict.fromkeys(last["faults"]), sep="\n  ")
    print(
        f"the machine stood still {len(heard.still.rows)} times, {heard.still.whole_s:.1f} s in all"
    )
    if heard.excused:
        print("\n".join(["beyond what is allowed meanwhile, and not counted:", *heard.excused]))
    bad = heard.bad
    print("\n".join(["beyond what is allowed:", *bad]) if bad else "nothing beyond what is allowed")
    return 1 if bad else 0


def _print(rows: dict[str, Row]) -> None:
    print("\n| fault | times | silences | median, s | longest, s | place error, s | allowed |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, row in rows.items():
        fault = row.fault
        median = f"{statistics.median(row.silences_s):.2f}" if row.silences_s else "none"
        longest = f"{max(row.silences_s):.2f}" if row.silences_s else "none"
        errors = [f"{min(row.errors_s):+.2f} to {max(row.errors_s):+.2f}"] if row.errors_s else []
        print(f"| {name} | {row.times} | {len(row.silences_s)} | {median} | {longest} | ", end="")
        allowed = f"{fault.silence_s:g} s" if fault.silence_s else "no silence"
        print(f"{''.join(errors) or 'none'} | {allowed}{_beyond(name)} |")


def _beyond(name: str) -> str:
    """What is allowed only once the fault itself is over."""
    outlasting = (
        *("all-killed", "server-killed", "server-hung"),
        *("unplugged", "long-unplugged", "killed-in-a-pause"),
    )
    return " beyond the fault" if name in outlasting else ""


if __name__ == "__main__":
    sys.exit(main())

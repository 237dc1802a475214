"""Works faults at random on a session that sounds, and says what was heard of each.

    python scripts/chaos.py --minutes 30 --seed 1
    python scripts/chaos.py --only engine-killed --times 20

Plays music whose pitch tells its place into a PulseAudio of its own with two outputs, records
both, and prints a table: fault, times tried, median and longest silence, place error, what is
allowed. Ends with 1 where something was beyond it. A silence while not even a real-time process was
run (bench/stalls.py) is the machine's, and is told apart. To add a fault: a function and a line in
bench/faults.py.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "bench"))

import numpy as np
import pulse
import stalls
import sweep
from faults import FAULTS
from numpy.typing import NDArray
from room import Room, open_room, until

BETWEEN_S = (4.0, 6.0)
A_MINUTE = 2
"""Pieces that may be spoilt in a minute at most."""
EARLY_S = 0.5
"""A recording may be so far behind the moment of a fault."""
ELSEWHERE_S = 45.0
"""So long after its file was spoilt the next piece may follow, once, from its start."""
FROM_START_S = 5.0
"""A place so near the start of a piece, its fade-in counted, is its start."""
TOLD = re.compile(r"^[0-9]{2}:[0-9]{2}:[0-9]{2} [A-Z][A-Za-z]+.*$", re.M)


@dataclass(frozen=True)
class Done:
    """One fault that was worked."""

    at_s: float
    name: str
    lasted_s: float
    failed: str = ""


@dataclass
class Row:
    """What was heard of one kind of fault."""

    times: int = 0
    silences_s: list[float] = field(default_factory=list)
    errors_s: list[float] = field(default_factory=list)


@dataclass
class Heard:
    """All that was done, and all that was heard."""

    done: list[Done]
    room: NDArray[np.float32]
    other: NDArray[np.float32]
    faults: list[str]
    underruns: int
    lines: str = ""
    told: list[str] = field(default_factory=list)
    moved_on: set[Done] = field(default_factory=set)
    """Spoilt files behind which the next piece has come."""
    still: stalls.Stalls = field(default_factory=stalls.Stalls)
    """When the machine stood still, by the recording's own clock."""
    rows: dict[str, Row] = field(default_factory=lambda: {name: Row() for name in FAULTS})
    excused: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)


def main() -> int:
    """Run, and say what was heard."""
    asked = _asked()
    if not pulse.PrivatePulse.there():
        print("chaos needs PulseAudio (pulseaudio, parec, pactl)")
        return 2
    random.seed(asked.seed)
    # Where this itself outlives its terminal, the screens that it opens must not.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    with tempfile.TemporaryDirectory(prefix="sr-") as name:
        pieces = round(asked.times or asked.minutes * A_MINUTE) + 3
        room = open_room(Path(name), min(60, pieces))
        try:
            with stalls.watched(Path(name)) as still:
                done = _work(room, asked)
                time.sleep(4)
            last = room.status()
            underruns = last["output"]["underruns"]
            heard = [room.server.heard(output) for output in pulse.OUTPUTS]
            lines, told = room.lines(), room.told()
        finally:
            if asked.keep:
                _keep(room, Path(asked.keep))
            room.close()
    still = still.since(room.server.recorders["room"].began_s)
    return _tell(Heard(done, *heard, last["faults"], underruns, lines, told, still=still))


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


def _work(room: Room, asked: argparse.Namespace) -> list[Done]:
    """Faults one after another; when each was, by the recording's own clock."""
    done: list[Done] = []
    until_s = time.monotonic() + asked.minutes * 60
    names: list[str] = []
    while len(done) < asked.times if asked.times else time.monotonic() < until_s:
        if not names:  # each comes as often as the others, in any order
            names = list(asked.only or FAULTS)
            random.shuffle(names)
        name, at_s = names.pop(), room.server.now_s()
        print(f"{at_s:8.1f} s  {name}", flush=True)
        try:
            lasted_s = FAULTS[name].work(room)
            until(lambda: room.status()["running"], 10)
            if room.status()["volume_db"] != room.volume_db:
                raise SystemExit("what was decided was lost")
            done.append(Done(at_s, name, lasted_s))
        except (SystemExit, OSError, subprocess.SubprocessError) as fault:
            done.append(Done(at_s, name, room.server.now_s() - at_s, failed=str(fault)))
        time.sleep(random.uniform(*BETWEEN_S))
    return done


def _tell(heard: Heard) -> int:
    for each in heard.done:
        heard.rows[each.name].times += 1
        if each.failed:
            heard.bad.append(f"{each.at_s:8.2f} s  {each.name}: {each.failed}")
    _judge_places(heard)
    _judge_lines(heard)
    loudest = float(np.abs(heard.other).max(initial=0))
    if loudest > 0:
        heard.bad.append(f"the other output was given sound: {loudest:.3f}")
    _print(heard.rows)
    print(f"\nfaults worked: {len(heard.done)} in {len(heard.room) / pulse.RATE / 60:.1f} minutes")
    print(f"steepest step, against the music's own: {sweep.steepest(heard.room):.2f}")
    print(f"underruns since the engine last began: {heard.underruns}")
    print("faults told by the engine:", *dict.fromkeys(heard.faults), sep="\n  ")
    print(
        f"the machine stood still {len(heard.still.rows)} times, {heard.still.whole_s:.1f} s in all"
    )
    print("\n".join(["beyond what is allowed meanwhile, and not counted:", *heard.excused]))
    bad = heard.bad
    print("\n".join(["beyond what is allowed:", *bad]) if bad else "nothing beyond what is allowed")
    return 1 if bad else 0


def _cause(done: list[Done], at_s: float) -> Done | None:
    return next((each for each in reversed(done) if each.at_s <= at_s + EARLY_S), None)


def _moves_on(heard: Heard, at_s: float, to_s: float | None) -> bool:
    """Whether this is the one start of another piece that a spoilt file allows."""
    if to_s is None or not 0 <= to_s % sweep.PERIOD_S < FROM_START_S:
        return False
    for each in heard.done:
        spoilt = FAULTS[each.name].moves_on and each not in heard.moved_on
        if spoilt and -EARLY_S <= at_s - each.at_s < ELSEWHERE_S:
            heard.moved_on.add(each)
            return True
    return False


def _judge_places(heard: Heard) -> None:
    """Silences and jumps, in the order in which they were heard."""
    found = itertools.chain(sweep.gaps(heard.room), sweep.jumps(heard.room))
    for each in sorted(found, key=lambda one: one.at_s):
        if isinstance(each, sweep.Gap):
            _judge_gap(heard, each)
        elif not each.at_an_end and not _moves_on(heard, each.at_s, each.to_s):
            cause = _cause(heard.done, each.at_s)
            heard.bad.append(
                f"{each.at_s:8.2f} s  from {each.from_s:.2f} to {each.to_s:.2f} s without a silence"
                f"  {cause.name if cause else 'before any'}"
            )


def _judge_gap(heard: Heard, gap: sweep.Gap) -> None:
    cause, error = _cause(heard.done, gap.at_s), gap.place_error_s
    name = cause.name if cause else "before any"
    line = f"{gap.at_s:8.2f} s  silent for {gap.length_s:.2f} s  {name}  place "
    line += "unknown" if error is None else f"{error:+.2f} s"
    print(line)
    if cause is None:
        heard.bad.append(line)
        return
    row, fault = heard.rows[name], FAULTS[name]
    row.silences_s.append(gap.length_s)
    astray = error is not None and abs(error) > fault.place_s
    if astray and _moves_on(heard, gap.at_s, gap.after_s):
        astray = False
    elif error is not None:
        row.errors_s.append(error)
    if gap.length_s > cause.lasted_s + fault.silence_s or astray:
        excused = not astray and heard.still.excuse(gap.at_s, gap.at_s + gap.length_s)
        (heard.excused if excused else heard.bad).append(line)


def _judge_lines(heard: Heard) -> None:
    """What a screen said is in the journal, and nothing is in either of them twice."""
    said = TOLD.findall(heard.lines)
    for name, rows in (("a screen", said), ("the journal", heard.told)):
        heard.bad += [
            f"told twice by {name}: {row}" for row in sorted(set(rows)) if rows.count(row) > 1
        ]
    heard.bad += [f"not in the journal: {row}" for row in said if row not in heard.told]
    print(f"lines told: {len(heard.told)}, of them seen by a screen: {len(said)}")


def _print(rows: dict[str, Row]) -> None:
    print("\n| fault | times | silences | median, s | longest, s | place error, s | allowed |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, row in rows.items():
        if not row.times:
            continue
        fault = FAULTS[name]
        median = f"{statistics.median(row.silences_s):.2f}" if row.silences_s else "none"
        longest = f"{max(row.silences_s):.2f}" if row.silences_s else "none"
        errors = [f"{min(row.errors_s):+.2f} to {max(row.errors_s):+.2f}"] if row.errors_s else []
        print(f"| {name} | {row.times} | {len(row.silences_s)} | {median} | {longest} | ", end="")
        allowed = f"{fault.silence_s:g} s" if fault.silence_s else "no silence"
        print(f"{''.join(errors) or 'none'} | {allowed}{_beyond(name)} |")


def _beyond(name: str) -> str:
    """What is allowed only once the fault itself is over."""
    outlasting = ("all-killed", "server-killed", "server-hung", "unplugged")
    return " beyond the fault" if name in outlasting else ""


if __name__ == "__main__":
    sys.exit(main())

"""The process that measures: paths come in on standard input, figures go out, a JSON line each.

In: ``{"measure": path}``, or ``{"scan": path}`` where the loudness alone, or what an earlier
version looked for, is not enough. Out: ``{"ready": true}``, ``{"path": ..., "progress": 0.5}``,
then ``{"path": ..., "frames": ..., "lufs": ..., "true_peak_dbtp": ..., "found": {...}}`` or
``{"path": ..., "broken": why}``, both with ``"kept"``: whether the catalogue has it now. It steps
back behind everything else on the machine, writes what it finds into the catalogue, and leaves at
once when its standard input ends. Knows nothing of sessions; `measuring` starts it.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO, TypeAlias

from player.library.catalogue import Broken, Catalogue, Known, Scanned, same_file
from player.library.findings import Survey, details, eases_of

Line: TypeAlias = dict[str, Any]

CHANGED = "it was changed while it was read: what is told here may be wrong"

NICENESS = 10
"""Sound, screen and decoding come first."""


def main(catalogue: Path) -> None:
    """Measure what is asked for until standard input ends."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    # Ctrl-C in a terminal reaches children too; the parent says when to leave.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = _answers()
    asked: queue.SimpleQueue[tuple[str, bool]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    with Catalogue(catalogue) as known:
        _say(out, {"ready": True})
        while True:
            path, all_of_it = asked.get()
            _say(out, {"path": path, **_found(path, known, out, all_of_it=all_of_it)})


def _found(path: str, catalogue: Catalogue, out: TextIO, *, all_of_it: bool) -> Line:
    try:
        known = _known(Path(path), catalogue, all_of_it=all_of_it)
        found, kept = (known, True) if known else _measured(Path(path), catalogue, out)
    except Exception as unforeseen:  # one odd file must not end the measuring of all others
        return {"broken": f"could not be measured ({type(unforeseen).__name__})"}
    if isinstance(found, Broken):
        return {"broken": found.why, "kept": kept and catalogue.lasts}
    facts = found.facts if isinstance(found, Survey) else found
    more = {"found": details(found)} if isinstance(found, Survey) else {}
    return {
        "frames": facts.whole_frames,
        "lufs": facts.lufs,
        "true_peak_dbtp": facts.true_peak_dbtp,
        "eases": eases_of(facts),
        "trims": [facts.lead, facts.tail],
        "energy": facts.energy,
        "pulse_lu": facts.pulse_lu,
        "kept": kept and catalogue.lasts,
        **more,
    }


def _known(path: Path, catalogue: Catalogue, *, all_of_it: bool) -> Known | Scanned | None:
    return catalogue.scanned(path, in_full=True) if all_of_it else catalogue.known(path)


def _measured(path: Path, catalogue: Catalogue, out: TextIO) -> tuple[Scanned, bool]:
    """What is found in a file, and whether the catalogue keeps it."""
    from player.library.measure import measure
    from player.sound.decode import Undecodable

    def progress(fraction: float) -> None:
        _say(out, {"path": str(path), "progress": round(fraction, 3)})

    before = _status(path)
    try:
        survey = measure(path, progress)
    except Undecodable as fault:
        return Broken(fault.why), catalogue.remember_broken(path, fault.why, before)
    kept = catalogue.remember(path, survey, before)
    after = _status(path)
    if before is None or after is None or not same_file(before, after):
        return replace(survey, faults=(*survey.faults, CHANGED)), False
    return survey, kept


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _answers() -> TextIO:
    """Standard output for answers alone: whatever else is printed goes to standard error."""
    kept = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(kept, "w", encoding="utf-8", buffering=1)


def _say(out: TextIO, line: Line) -> None:
    try:
        out.write(json.dumps(line) + "\n")
    except OSError:  # nobody listens any more
        os._exit(0)


def _listen(asked: queue.SimpleQueue[tuple[str, bool]]) -> None:
    """Take in what is asked for; its end is the parent's, and this process leaves mid-work."""
    try:
        for line in sys.stdin:
            ((kind, path),) = json.loads(line).items()
            asked.put((str(path), kind == "scan"))
    finally:  # a parent that was killed may have left half a line
        os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

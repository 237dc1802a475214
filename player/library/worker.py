"""The process that measures: paths come in on standard input, figures go out, a JSON line each.

In: ``{"measure": path}``. Out: ``{"ready": true}``, ``{"path": ..., "progress": 0.5}``, then
``{"path": ..., "frames": ..., "lufs": ..., "true_peak_dbtp": ...}`` or
``{"path": ..., "broken": why}``. It steps back behind everything else on the machine, writes
what it finds into the catalogue, and leaves at once when its standard input ends. Knows
nothing of sessions; `measuring` starts it.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import TextIO, TypeAlias

from player.library.catalogue import Broken, Catalogue, Known

Line: TypeAlias = dict[str, str | float | bool]

NICENESS = 10
"""Sound, screen and decoding come first."""


def main(catalogue: Path) -> None:
    """Measure what is asked for until standard input ends."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    # Ctrl-C in a terminal reaches children too; the parent says when to leave.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = _answers()
    asked: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    with Catalogue(catalogue) as known:
        _say(out, {"ready": True})
        while True:
            path = asked.get()
            _say(out, {"path": path, **_found(path, known, out)})


def _found(path: str, catalogue: Catalogue, out: TextIO) -> Line:
    try:
        known = catalogue.known(Path(path)) or _measured(Path(path), catalogue, out)
    except Exception as unforeseen:  # one odd file must not end the measuring of all others
        return {"broken": f"could not be measured ({type(unforeseen).__name__})"}
    if isinstance(known, Broken):
        return {"broken": known.why}
    return {
        "frames": known.frames,
        "lufs": known.lufs,
        "true_peak_dbtp": known.true_peak_dbtp,
    }


def _measured(path: Path, catalogue: Catalogue, out: TextIO) -> Known:
    from player.library.measure import measure
    from player.sound.decode import Undecodable

    def progress(fraction: float) -> None:
        _say(out, {"path": str(path), "progress": round(fraction, 3)})

    try:
        facts = measure(path, progress)
    except Undecodable as fault:
        catalogue.remember_broken(path, fault.why)
        return Broken(fault.why)
    catalogue.remember(path, facts)
    return facts


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


def _listen(asked: queue.SimpleQueue[str]) -> None:
    """Take in what is asked for; its end is the parent's, and this process leaves mid-work."""
    for line in sys.stdin:
        asked.put(str(json.loads(line)["measure"]))
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""How the program starts processes of its own: this very package, wherever one happens to stand.

Python would look for modules in the current folder first, where a `player.py` or `secrets.py` of
somebody else may lie. Standard library only: the keeper loads it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

OURS = str(Path(__file__).absolute().parent.parent)
"""The folder that this package lies in."""
LATENCY = "PULSE_LATENCY_MSEC"
"""How PulseAudio's library, and PipeWire's in its place, is told how much the server shall keep.
The sound sets it, for its own process alone."""
OWNERS_LATENCY = os.environ.get(LATENCY)
"""What the machine's owner has set goes first."""
HOME = "STILLROOM_HOME"


def words(module: str, *more: str) -> list[str]:
    """The command line that runs a module of this package."""
    return [sys.executable, "-P", "-m", module, *more]


def environment() -> dict[str, str]:
    """What such a process is given: no path in it depends on the current folder."""
    given = dict(os.environ)
    others = given.get("PYTHONPATH", "").split(os.pathsep)
    paths = [path for path in others if Path(path).is_absolute() and path != OURS]
    given["PYTHONPATH"] = os.pathsep.join((OURS, *paths))
    if given.get(HOME):
        given[HOME] = str(Path(given[HOME]).expanduser().absolute())
    given.pop(LATENCY, None)
    if OWNERS_LATENCY is not None:
        given[LATENCY] = OWNERS_LATENCY
    return given

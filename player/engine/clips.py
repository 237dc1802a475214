"""The clips that may be spoken soon, decoded before they are needed and let go of afterwards."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from player.sound.native import Undecodable
from player.sound.source import load_clip
from player.sound.streams import Sound, silence
from player.units import Seconds

PATIENCE_S: Seconds = 0.1
"""How long the sound may wait for a clip that is not decoded yet: less than one chunk."""


class Clips:
    """Holds a few clips in memory. A minute of speech would take 23 MB in stereo, half in mono."""

    def __init__(self, files: tuple[Path | None, ...]) -> None:
        self._files = files
        self._held: dict[int, Sound] = {}
        self._wanted: set[int] = set()
        self._changed = threading.Condition()

    def keep(self, cues: Iterable[int]) -> None:
        """Have just these ready; never waits."""
        cues = {cue for cue in cues if self._files[cue] is not None}
        with self._changed:
            fresh = cues - self._wanted
            self._wanted = cues
            for cue in self._held.keys() - cues:
                del self._held[cue]
        for cue in fresh:
            threading.Thread(target=self._load, args=(cue,), name="clip", daemon=True).start()

    def __call__(self, cue: int) -> Sound:
        """A clip's samples, (n, 2) or (n, 1); nothing where it cannot be had in time."""
        with self._changed:
            self._changed.wait_for(lambda: cue in self._held, PATIENCE_S)
            return self._held.get(cue, silence(0))

    def _load(self, cue: int) -> None:
        path = self._files[cue]
        if path is None:
            return
        try:
            sound = _narrow(load_clip(path))
        except (Undecodable, OSError) as fault:
            print(f"clip: {fault}", file=sys.stderr)  # noqa: T201 - the engine's log
            return
        with self._changed:
            if cue in self._wanted:
                self._held[cue] = sound
                self._changed.notify_all()


def _narrow(sound: Sound) -> Sound:
    """One channel where both are alike."""
    alike = bool((sound[:, 0] == sound[:, 1]).all())
    return sound[:, :1].copy() if alike else sound

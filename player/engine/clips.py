"""The clips that may be spoken soon, decoded before they are needed and let go of afterwards."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable

from player.programme.words import Clip
from player.sound.native import Undecodable
from player.sound.spoken import Assembled, Spoken
from player.sound.streams import silence
from player.units import Seconds

PATIENCE_S: Seconds = 0.1
"""How long the sound may wait for a clip that is not decoded yet: less than one chunk."""


class Clips:
    """Holds a few clips in memory: a minute of speech takes 6 MB, a minute of silence nothing."""

    def __init__(self, clips: tuple[Clip | None, ...]) -> None:
        self._clips = clips
        self._held: dict[int, Spoken] = {}
        self._wanted: set[int] = set()
        self._changed = threading.Condition()

    def keep(self, cues: Iterable[int]) -> None:
        """Have just these ready; never waits."""
        cues = {cue for cue in cues if self._clips[cue] is not None}
        with self._changed:
            fresh = cues - self._wanted
            self._wanted = cues
            for cue in self._held.keys() - cues:
                del self._held[cue]
        for cue in fresh:
            threading.Thread(target=self._load, args=(cue,), name="clip", daemon=True).start()

    def __call__(self, cue: int) -> Spoken:
        """A clip to be read, (n, 2) or (n, 1); nothing where it cannot be had in time."""
        with self._changed:
            self._changed.wait_for(lambda: cue in self._held, PATIENCE_S)
            return self._held.get(cue, silence(0))

    def _load(self, cue: int) -> None:
        clip = self._clips[cue]
        if clip is None:
            return
        try:
            spoken = Assembled(clip.parts, clip.frames)
        except (Undecodable, OSError) as fault:
            print(f"clip: {fault}", file=sys.stderr)  # noqa: T201 - the engine's log
            return
        with self._changed:
            if cue in self._wanted:
                self._held[cue] = spoken
                self._changed.notify_all()

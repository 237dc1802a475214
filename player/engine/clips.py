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

    def __init__(
        self, clips: tuple[Clip | None, ...], patience_s: Seconds | None = PATIENCE_S
    ) -> None:
        self._clips = clips
        self._patience_s = patience_s
        self._held: dict[int, Assembled] = {}

    def keep(self, cues: Iterable[int]) -> None:
        """Have just these ready; never waits."""
        wanted = set(cues)
        for cue in self._held.keys() - wanted:
            del self._held[cue]
        for cue in wanted - self._held.keys():
            self._begin(cue)

    def __call__(self, cue: int) -> Spoken:
        """A clip to be read, (n, 2) or (n, 1); what of it cannot be had in time is silent."""
        return self._held.get(cue) or self._begin(cue) or silence(0)

    def _begin(self, cue: int) -> Assembled | None:
        clip = self._clips[cue]
        if clip is None:
            return None
        spoken = Assembled(clip.parts, clip.frames, patience_s=self._patience_s)
        threading.Thread(target=self._load, args=(spoken,), name="clip", daemon=True).start()
        self._held[cue] = spoken  # only now: where no thread can be had it is asked for again
        return spoken

    def _load(self, spoken: Assembled) -> None:
        try:
            spoken.load()
        except (Undecodable, OSError) as fault:
            print(f"clip: {fault}", file=sys.stderr)  # noqa: T201 - the engine's log

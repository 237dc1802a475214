"""Outputs without a device: nowhere, and a file. The clock alone sets their pace."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from player.sound.streams import BLOCK, Sound
from player.sound.wav import WavWriter
from player.units import SAMPLE_RATE, Frames, Seconds


class NullOutput:
    """Takes blocks as a device would, `speed` times as fast, and lets nothing be heard."""

    def __init__(self, speed: float = 1.0, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = "null"
        self.underruns = 0
        self.blocks_a_chunk = 1
        self.lost = False
        self.hung = False
        self.others: tuple[str, ...] = ()
        self._frames_a_second = SAMPLE_RATE * speed
        self._clock = clock
        self._handed: Frames = 0
        self._begun_s: Seconds = 0.0

    @property
    def depth_frames(self) -> Frames:
        """Frames handed over for which the time has not come."""
        return self._handed - self.heard_frames

    @property
    def heard_frames(self) -> Frames:
        """Frames for which the time has come."""
        passed = (self._clock() - self._begun_s) * self._frames_a_second
        return min(self._handed, round(passed)) if self._handed else 0

    def wants(self) -> bool:
        """True while one block or less is left to be heard."""
        return self.depth_frames <= BLOCK

    def feed(self, block: Sound) -> None:
        """Take a block; where it comes late the clock is set back, and nothing is left out."""
        if self.depth_frames == 0:
            self._begun_s = self._clock() - self._handed / self._frames_a_second
        self._handed += len(block)

    def choose(self, device: str) -> None:
        """There is no other."""

    def due_s(self) -> Seconds:
        """How long until one block is left."""
        return max(0.0, (self.depth_frames - BLOCK) / self._frames_a_second)

    def close(self) -> None:
        """Nothing to let go of."""


class FileOutput(NullOutput):
    """Writes what would be heard to a float32 wav; its last frame is the last one heard."""

    def __init__(
        self,
        path: Path,
        speed: float = 1.0,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises RunFailed where the file cannot be made."""
        super().__init__(speed, clock=clock)
        self.name = path.name
        self._writer = WavWriter(path, whole_numbers=False)
        self._unheard: deque[Sound] = deque()
        self._written: Frames = 0

    def feed(self, block: Sound) -> None:
        """Take a block; it is written once its time has come."""
        super().feed(block)
        self._unheard.append(block.copy())
        while self._unheard and self._written + len(self._unheard[0]) <= self.heard_frames:
            self._write(self._unheard.popleft())

    def close(self) -> None:
        """Write up to what is heard now, and give the file its name."""
        heard = self.heard_frames
        while self._unheard and self._written < heard:
            self._write(self._unheard.popleft()[: heard - self._written])
        self._writer.finish()

    def _write(self, sound: Sound) -> None:
        self._writer.write(sound)
        self._written += len(sound)

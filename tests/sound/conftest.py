"""Sources in memory and a desk to mix them at: what goes in is known, so what comes out is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from player.sound.mixer import Mixer
from player.sound.streams import BLOCK
from player.timeline.decisions import Decision, StartTrack

Sound = NDArray[np.float32]


class Tape:
    """A source that plays an array, or a constant for ever; `total` frames, then it is dry."""

    def __init__(self, sound: Sound | float, total: int | None = None) -> None:
        self._sound, self._total, self.at, self.closed = sound, total, 0, False

    def read(self, frames: int) -> Sound:
        assert not self.closed
        if self._total is not None:
            frames = min(frames, self._total - self.at)
        if isinstance(self._sound, float):
            given = np.full((frames, 2), self._sound, np.float32)
        else:
            given = self._sound[self.at : self.at + frames]
        self.at += len(given)
        return given

    def close(self) -> None:
        self.closed = True


@dataclass
class Desk:
    """A mixer with tapes by deck and clips by cue, and scripts of (block, decision)."""

    tapes: dict[int, Tape] = field(default_factory=dict)
    clips: dict[int, Sound] = field(default_factory=dict)
    ceiling_dbtp: float = 60.0
    start_frame: int = 0
    dry: list[tuple[int, int]] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mixer = Mixer(
            open_track=self._open,
            clip=lambda cue: self.clips[cue],
            ceiling_dbtp=self.ceiling_dbtp,
            start_frame=self.start_frame,
        )

    def _open(self, start: StartTrack) -> Tape:
        return self.tapes.setdefault(start.deck, Tape(1.0))

    def play(
        self, frames: int, script: Iterable[Decision | tuple[int, Decision]] = ()
    ) -> NDArray[np.float32]:
        """The first frames of what comes out, (frames, 2); a bare decision is told at once."""
        told = [line if isinstance(line, tuple) else (0, line) for line in script]
        blocks = []
        for number in range(-(-frames // BLOCK)):
            for _, decision in (line for line in told if line[0] == number):
                self.mixer.apply(decision)
            expected = self.mixer.next_head
            blocks.append(self.mixer.render().copy())
            assert self.mixer.head == expected
            self.heads.append(self.mixer.head)
            self.dry += self.mixer.dry_decks()
        return np.concatenate(blocks)[:frames]


@pytest.fixture
def desk() -> Callable[..., Desk]:
    """Makes a desk."""
    return Desk


@pytest.fixture
def tape() -> Callable[..., Tape]:
    """Makes a tape."""
    return Tape


@pytest.fixture
def counted() -> Callable[[int], Sound]:
    """Makes frames that say which they are: (k + 1) / 2^23 on the left, its half on the right."""

    def count(frames: int) -> Sound:
        left = (np.arange(frames, dtype=np.float32) + 1) / np.float32(1 << 23)
        return np.stack((left, left / 2), axis=1)

    return count

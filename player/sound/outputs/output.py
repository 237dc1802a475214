"""What every output can do. Knows nothing of what is played."""

from __future__ import annotations

from typing import Protocol

from player.sound.streams import Sound
from player.units import Frames, Seconds

UNNAMED = "default"
"""The name of the system's own choice, where it tells none."""


class Output(Protocol):
    """Takes blocks as fast as they are heard, and never faster."""

    lost: bool
    """True while the device or its server is gone: it takes no blocks. It may come back."""

    @property
    def name(self) -> str:
        """As `stillroom devices` lists it, or what kind it is."""
        ...

    @property
    def underruns(self) -> int:
        """How often it ran dry while it played."""
        ...

    @property
    def blocks_a_chunk(self) -> int:
        """How many blocks are handed on at once; more after it ran dry."""
        ...

    @property
    def hung(self) -> bool:
        """True where it takes nothing any more and can't be closed: only its process can end it."""
        ...

    @property
    def others(self) -> tuple[str, ...]:
        """While lost: the devices that could be chosen instead."""
        ...

    def choose(self, device: str) -> None:
        """Go on with another device."""
        ...

    @property
    def depth_frames(self) -> Frames:
        """About how many frames were handed over and are not heard yet."""
        ...

    def wants(self) -> bool:
        """True where a block should be handed over now."""
        ...

    def feed(self, block: Sound) -> None:
        """Hand over a block, (BLOCK, 2) float32; it is copied."""
        ...

    def due_s(self) -> Seconds:
        """How long until it is worth asking again whether it wants a block; never negative."""
        ...

    def close(self) -> None:
        """Stop at once: what is not heard yet is never heard."""
        ...

"""What every output can do. Knows nothing of what is played."""

from __future__ import annotations

from typing import Protocol

from player.sound.streams import Sound
from player.units import Frames, Seconds


class Output(Protocol):
    """Takes blocks as fast as they are heard, and never faster."""

    name: str
    """As `stillroom devices` lists it, or what kind it is."""
    underruns: int
    """How often it ran dry while it played."""
    lost: bool
    """True once the device or its server is gone; it takes blocks no more."""

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

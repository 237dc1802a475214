"""Which keys keep their order behind one that waits for a file to open."""

from __future__ import annotations

from player.timeline.commands import (
    Back,
    BackToPlan,
    Deeper,
    End,
    Go,
    Hold,
    Next,
    NotThis,
    Release,
    Skip,
    Softer,
    Stretch,
    TakeFromShelf,
)

IN_ORDER = (
    *(Next, Back, Go, Skip, NotThis, Softer, Deeper, TakeFromShelf, BackToPlan),
    *(Hold, Release, Stretch, End),
)
"""What must be at once passes it: talk, silence, pause, volume, a stopped cue, a mark."""

"""What a mixer remembers beside its sound: enough to stand at a frame as if it had played there.

Plain values that can be written down; the sources are opened anew by whoever recalls them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from player.sound.curves import EqualPower, LevelRamp
from player.sound.streams import Sound, silence
from player.timeline.decisions import (
    DropTrack,
    DuckBed,
    FadeBus,
    FadeTrack,
    Freeze,
    LiftBed,
    ReviveTrack,
    SetVolume,
    StartClip,
    StartTrack,
    StopClip,
)
from player.units import Frame, Frames

Timed: TypeAlias = (
    FadeTrack
    | ReviveTrack
    | DropTrack
    | DuckBed
    | LiftBed
    | StartClip
    | StopClip
    | FadeBus
    | SetVolume
    | Freeze
)
"""What waits for its frame."""


@dataclass(frozen=True, slots=True)
class DeckMemory:
    """One deck."""

    start: StartTrack
    end: Frame | None
    place: Frames
    """Frames of its track that were played."""
    fades: tuple[EqualPower, ...]
    silences: tuple[tuple[Frame, bool], ...]
    """Where a fade comes to nothing, and whether the deck is kept there."""
    stands_since: Frame | None
    dry_fade: Frames | None


@dataclass(frozen=True, slots=True)
class MixerMemory:
    """A mixer at `head`. A voice is left out: one that was cut short is not spoken again."""

    head: Frame
    frozen: bool
    coming: tuple[tuple[Frame, Timed], ...]
    """What was told and is not taken yet, in order."""
    decks: tuple[DeckMemory, ...]
    ducks: tuple[tuple[str, LevelRamp], ...]
    bed: EqualPower
    master: EqualPower
    volume: LevelRamp


class Unopened:
    """The source of a deck while a mixer only runs through what was decided."""

    def read(self, frames: Frames) -> Sound:
        """Nothing: nobody reads before the deck was given its own source."""
        return silence(0)

    def close(self) -> None:
        """Nothing to let go of."""

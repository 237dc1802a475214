"""What the conductor tells the mixer to do, each at a frame of the programme.

Never on the wire. A decision's frame is never earlier than the frame the mixer has
reached, and never later than the block it was asked for, save where it says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from player.units import Decibels, Frame, Frames


class Bus(StrEnum):
    """What a fade works on."""

    BED = "bed"
    """All music, not the voice."""
    MASTER = "master"
    """Everything."""


@dataclass(frozen=True, slots=True)
class StartTrack:
    """Begin a track's first frame at `at`, fading in by sin over `fade_in` (0: at once)."""

    deck: int
    """A number never used before in this session."""
    track: int
    at: Frame
    fade_in: Frames
    gain_db: Decibels
    frames: Frames
    """So many are played, as measured: the deck ends there even if the file has grown."""
    seamless: bool = False
    """Join the track's last frame to its first, for ever."""
    contour: tuple[tuple[Frames, Decibels], ...] = ()
    """Levels at places of the track, multiplied with its gain: linear in dB between them."""
    lead: Frames = 0
    """Frames of the file, all silent, that are passed over: its first frame is the one behind."""


@dataclass(frozen=True, slots=True)
class FadeTrack:
    """Fade a deck out by cos over [at, at + frames), multiplied with its other fades."""

    deck: int
    at: Frame
    frames: Frames
    keep: bool = False
    """Keep the deck, standing at the frame where it fell silent, so that it may be revived."""


@dataclass(frozen=True, slots=True)
class ReviveTrack:
    """Bring a kept or still fading deck back from its present gain, by sin over `frames`."""

    deck: int
    at: Frame
    frames: Frames


@dataclass(frozen=True, slots=True)
class DropTrack:
    """Forget a kept deck."""

    deck: int


@dataclass(frozen=True, slots=True)
class DuckBed:
    """Bring the bed down by `by_db` over [at, at + down), linear in dB, and keep it there."""

    name: str
    """Where ducks of several names overlap, the lower holds."""
    at: Frame
    """May lie ahead of the block: the end of a long silence between words."""
    down: Frames
    by_db: Decibels


@dataclass(frozen=True, slots=True)
class LiftBed:
    """Bring a duck back to 0 dB over [at, at + up), linear in dB, from where it stands then."""

    name: str
    at: Frame
    """May lie ahead of the block: the end of a clip that is known."""
    up: Frames


@dataclass(frozen=True, slots=True)
class StartClip:
    """Begin a cue's first sample at `at`, which may lie ahead of the block."""

    cue: int
    at: Frame
    gain_db: Decibels
    skip: Frames = 0
    """So many frames of its clip are left out: it begins behind them."""


@dataclass(frozen=True, slots=True)
class StopClip:
    """Fade the clip that sounds or waits out by cos over `frames`, and forget it."""

    at: Frame
    frames: Frames


@dataclass(frozen=True, slots=True)
class FadeBus:
    """Move a bus from its present gain to silence (cos) or to full (sin) over `frames`."""

    bus: Bus
    at: Frame
    frames: Frames
    up: bool


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Move the volume to `to_db` over `frames`, linear in dB."""

    at: Frame
    frames: Frames
    to_db: Decibels


@dataclass(frozen=True, slots=True)
class Freeze:
    """Let the programme stand still from `at`: silence out, no frame advanced."""

    at: Frame


@dataclass(frozen=True, slots=True)
class Thaw:
    """Let the programme run again from the frame where it stands."""


Decision: TypeAlias = (
    StartTrack
    | FadeTrack
    | ReviveTrack
    | DropTrack
    | DuckBed
    | LiftBed
    | StartClip
    | StopClip
    | FadeBus
    | SetVolume
    | Freeze
    | Thaw
)

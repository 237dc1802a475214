"""What happened: past tense, frozen, each at a frame of the programme.

`play --plain` prints them, the render report lists them, the session log will keep them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from player.units import Decibels, Frame, Frames, Seconds, clock, seconds_of


class Happening(BaseModel):
    """Base of all events."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    frame: Frame

    def subject(self) -> str:
        """What it happened to, in a few words."""
        return ""

    def line(self) -> str:
        """The event as plain mode prints it: ``00:10:00 PhaseEntered Onset``."""
        return f"{clock(seconds_of(self.frame))} {type(self).__name__} {self.subject()}".rstrip()


class PhaseHappening(Happening):
    """Something about a phase."""

    phase: str

    def subject(self) -> str:
        return self.phase


class PhaseEntered(PhaseHappening):
    event: Literal["PhaseEntered"] = "PhaseEntered"


class PhaseHeld(PhaseHappening):
    """The phase is at its end and waits; its music goes on."""

    event: Literal["PhaseHeld"] = "PhaseHeld"


class TrackStarted(Happening):
    event: Literal["TrackStarted"] = "TrackStarted"
    path: str
    title: str
    gain_db: Decibels

    def subject(self) -> str:
        return self.title


class TrackPassedOver(Happening):
    """A track that could not be played; the next one came in its place."""

    event: Literal["TrackPassedOver"] = "TrackPassedOver"
    path: str
    why: str

    def subject(self) -> str:
        return f"{self.path}: {self.why}"


class CueHappening(Happening):
    """Something about a cue."""

    cue: str

    def subject(self) -> str:
        return self.cue


class CueAsked(CueHappening):
    """The cue is offered; the counsellor may say yes or no, or let it pass."""

    event: Literal["CueAsked"] = "CueAsked"


class CueStarted(CueHappening):
    """The clip's first sample is at this frame."""

    event: Literal["CueStarted"] = "CueStarted"
    frames: Frames


class CueEnded(CueHappening):
    event: Literal["CueEnded"] = "CueEnded"


class CuePutOff(CueHappening):
    """An offer, or a yes to it, no longer holds: the cue is offered anew at its time."""

    event: Literal["CuePutOff"] = "CuePutOff"


class CueMissed(CueHappening):
    event: Literal["CueMissed"] = "CueMissed"
    why: str

    def subject(self) -> str:
        return f"{self.cue}: {self.why}"


class ReminderDue(Happening):
    event: Literal["ReminderDue"] = "ReminderDue"
    text: str
    missed: bool = False
    """True where it was already past when its clock was set."""

    def subject(self) -> str:
        return f"{self.text} (missed)" if self.missed else self.text


class DoseMarked(Happening):
    event: Literal["DoseMarked"] = "DoseMarked"
    ago_s: Seconds = 0.0
    corrected: bool = False

    def subject(self) -> str:
        return f"{clock(self.ago_s)} ago" if self.ago_s >= 1 else ""


class DoseUndone(Happening):
    event: Literal["DoseUndone"] = "DoseUndone"


class BoosterMarked(Happening):
    event: Literal["BoosterMarked"] = "BoosterMarked"
    ago_s: Seconds = 0.0

    def subject(self) -> str:
        return f"{clock(self.ago_s)} ago" if self.ago_s >= 1 else ""


class BoosterUndone(Happening):
    event: Literal["BoosterUndone"] = "BoosterUndone"


class TalkBegan(Happening):
    event: Literal["TalkBegan"] = "TalkBegan"


class TalkEnded(Happening):
    event: Literal["TalkEnded"] = "TalkEnded"


class Paused(Happening):
    event: Literal["Paused"] = "Paused"


class Silenced(Happening):
    event: Literal["Silenced"] = "Silenced"


class Resumed(Happening):
    event: Literal["Resumed"] = "Resumed"


class OutputLost(Happening):
    event: Literal["OutputLost"] = "OutputLost"


class OutputBack(Happening):
    event: Literal["OutputBack"] = "OutputBack"


class FaultKind(StrEnum):
    """What faults are counted by."""

    BREAKS = "breaks"
    """The sound broke off and was brought back."""
    UNDERRUNS = "underruns"
    OTHER = "other"


class Fault(Happening):
    event: Literal["Fault"] = "Fault"
    text: str
    kind: FaultKind = FaultKind.OTHER
    times: int = 1

    def subject(self) -> str:
        return self.text


class MusicEnded(Happening):
    event: Literal["MusicEnded"] = "MusicEnded"


class SessionEnded(Happening):
    event: Literal["SessionEnded"] = "SessionEnded"


Event: TypeAlias = (
    PhaseEntered
    | PhaseHeld
    | TrackStarted
    | TrackPassedOver
    | CueAsked
    | CueStarted
    | CueEnded
    | CuePutOff
    | CueMissed
    | ReminderDue
    | DoseMarked
    | DoseUndone
    | BoosterMarked
    | BoosterUndone
    | TalkBegan
    | TalkEnded
    | Paused
    | Silenced
    | Resumed
    | OutputLost
    | OutputBack
    | Fault
    | MusicEnded
    | SessionEnded
)

AnyEvent: TypeAlias = Annotated[Event, Field(discriminator="event")]

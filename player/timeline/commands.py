"""What people ask for: imperative, small, frozen. The conductor or the engine takes each.

A command carries no frame: it holds from the next block on. Marks may lie in the past,
counted back from now, since the medicine does not wait for the keys.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from player.units import Decibels, Seconds

LONGEST_AGO_S: Seconds = 86400.0


class Command(BaseModel):
    """Base of all commands."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Next(Command):
    """Go on to the next phase now, with one crossfade."""

    do: Literal["next"] = "next"


class Back(Command):
    """Undo a move made within the last 30 s; the former track goes on."""

    do: Literal["back"] = "back"


class Hold(Command):
    """Let the running phase end by hand."""

    do: Literal["hold"] = "hold"


class Release(Command):
    """Let the running phase end by the clock again, or at once if its end is past."""

    do: Literal["release"] = "release"


class Stretch(Command):
    """Make the running phase longer, or shorter where `by_s` is negative."""

    do: Literal["stretch"] = "stretch"
    by_s: Seconds = Field(ge=-86400, le=86400, allow_inf_nan=False)


class Go(Command):
    """Go to a phase, counted from 0, with one crossfade."""

    do: Literal["go"] = "go"
    phase: int = Field(ge=0, le=99)


class MarkDose(Command):
    """The dose was taken `ago_s` seconds ago. A second one corrects the first."""

    do: Literal["mark dose"] = "mark dose"
    ago_s: Seconds = Field(default=0.0, ge=0, le=LONGEST_AGO_S, allow_inf_nan=False)


class UndoDose(Command):
    """Take the dose mark back; clocks and reminders stop, phases stay where they are."""

    do: Literal["undo dose"] = "undo dose"


class MarkBooster(Command):
    """A booster was taken `ago_s` seconds ago: its own clock and anchor."""

    do: Literal["mark booster"] = "mark booster"
    ago_s: Seconds = Field(default=0.0, ge=0, le=LONGEST_AGO_S, allow_inf_nan=False)


class UndoBooster(Command):
    """Take the booster mark that was made last back, and what it did to reminders."""

    do: Literal["undo booster"] = "undo booster"


class BeginTalk(Command):
    """Soften the bed for talking, until EndTalk."""

    do: Literal["talk"] = "talk"


class EndTalk(Command):
    """Bring the bed back after talking."""

    do: Literal["end talk"] = "end talk"


class Pause(Command):
    """Fade and let the programme stand still."""

    do: Literal["pause"] = "pause"


class Silence(Command):
    """Fade to silence; the programme runs on."""

    do: Literal["silence"] = "silence"


class Resume(Command):
    """End a pause or a silence with a fade-in."""

    do: Literal["resume"] = "resume"


class Skip(Command):
    """Bring the next track in now."""

    do: Literal["skip"] = "skip"


class NotThis(Command):
    """Bring the next track in now, sooner, and avoid this one from then on."""

    do: Literal["not this"] = "not this"


class Softer(Command):
    """Bring in a track of less energy from the music that plays by right."""

    do: Literal["softer"] = "softer"


class Deeper(Command):
    """Bring in a track of more energy from the music that plays by right."""

    do: Literal["deeper"] = "deeper"


class TakeFromShelf(Command):
    """Bring in music of the shelf, counted from 0, and hold it until BackToPlan."""

    do: Literal["shelf"] = "shelf"
    piece: int = Field(ge=0, le=8)


class BackToPlan(Command):
    """Bring in what the plan has next, in place of the shelf."""

    do: Literal["back to the plan"] = "back to the plan"


class SpeakCue(Command):
    """Speak a cue now; in a phase with `voice: off` only where `sure`."""

    do: Literal["cue"] = "cue"
    cue: int = Field(ge=0, le=9999)
    sure: bool = False


class AllowCue(Command):
    """Yes to the cue that is offered: it sounds at its time, or now where that is past."""

    do: Literal["yes"] = "yes"


class DeclineCue(Command):
    """No to the cue that is offered: it passes."""

    do: Literal["no"] = "no"


class StopCue(Command):
    """Fade out the cue that speaks."""

    do: Literal["stop cue"] = "stop cue"


class TickReminder(Command):
    """This reminder is done."""

    do: Literal["tick"] = "tick"
    reminder: int = Field(ge=0, le=9999)


class ChangeVolume(Command):
    """Change the volume by so many dB."""

    do: Literal["volume"] = "volume"
    by_db: Decibels = Field(ge=-60, le=60, allow_inf_nan=False)


class End(Command):
    """Fade the music out over `end_fade` and end it."""

    do: Literal["end"] = "end"


class ClientLeft(Command):
    """The client has left: the session ends, clocks and reminders with it."""

    do: Literal["left"] = "left"


class OpenSession(Command):
    """Make a session ready: read it, measure its first track, open the output."""

    do: Literal["open"] = "open"
    path: str
    output: str = "pygame"
    """`pygame`, `null`, or the path of a file to write."""
    device: str | None = None
    speed: float = Field(default=1.0, ge=0.1, le=10000, allow_inf_nan=False)
    start: str | None = None
    """A phase's name or role, or a time, to start from."""


class CloseSession(Command):
    """Drop a session that has not begun."""

    do: Literal["close"] = "close"


class Begin(Command):
    """Begin the session that is open, as soon as its first track is measured."""

    do: Literal["begin"] = "begin"


class Watch(Command):
    """Say the status now; asks for nothing else."""

    do: Literal["watch"] = "watch"


class Leave(Command):
    """Fade out over `end_fade`, end the session and the engine (`stillroom stop`)."""

    do: Literal["leave"] = "leave"


class TakeUp(Command):
    """Take the session that broke off up again: it comes back paused, where it was heard."""

    do: Literal["take up"] = "take up"


class ChooseOutput(Command):
    """Go on with another output, where the one that played is lost."""

    do: Literal["output"] = "output"
    device: Annotated[str, Field(max_length=200)]


class GiveUp(Command):
    """Let the session that broke off be over."""

    do: Literal["give up"] = "give up"


RoomCommand: TypeAlias = (
    Next
    | Back
    | Hold
    | Release
    | Stretch
    | Go
    | MarkDose
    | UndoDose
    | MarkBooster
    | UndoBooster
    | BeginTalk
    | EndTalk
    | Pause
    | Silence
    | Resume
    | Skip
    | NotThis
    | Softer
    | Deeper
    | TakeFromShelf
    | BackToPlan
    | SpeakCue
    | AllowCue
    | DeclineCue
    | StopCue
    | TickReminder
    | ChangeVolume
    | End
    | ClientLeft
)
"""What the conductor takes while a session runs."""

EngineCommand: TypeAlias = (
    OpenSession | CloseSession | Begin | Watch | Leave | TakeUp | GiveUp | ChooseOutput
)
"""What the engine takes itself."""

AnyCommand: TypeAlias = Annotated[RoomCommand | EngineCommand, Field(discriminator="do")]

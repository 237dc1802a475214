"""The language between the recording screen and the booth: one JSON object a line. Frozen types.

The booth is the process that owns microphone and playback; knows nothing of either here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from player.errors import RunFailed
from player.units import Decibels, Seconds


class Garbled(RunFailed):
    """A line that is not of this language."""


class Line(BaseModel):
    """Base of all that is said."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ListInputs(Line):
    """Which inputs are there now?"""

    do: Literal["inputs"] = "inputs"


class Record(Line):
    """Record this sentence from this input, until Stop."""

    do: Literal["record"] = "record"
    input: str
    script: str
    text: str


class Stop(Line):
    """Stop recording, or playing."""

    do: Literal["stop"] = "stop"


class Drop(Line):
    """Throw the recording that runs away."""

    do: Literal["drop"] = "drop"


class Keep(Line):
    """Keep the recording that was refused all the same."""

    do: Literal["keep"] = "keep"


class Play(Line):
    """Play the recording of a sentence."""

    do: Literal["play"] = "play"
    script: str
    text: str


Wish: TypeAlias = ListInputs | Record | Stop | Drop | Keep | Play


class Inputs(Line):
    """The inputs that are there, the system's first one first."""

    said: Literal["inputs"] = "inputs"
    names: tuple[str, ...]


class Recording(Line):
    """It records: how long already, and the highest peak of late."""

    said: Literal["recording"] = "recording"
    length_s: Seconds
    level_db: Decibels


class Working(Line):
    """The recording has stopped and is being edited."""

    said: Literal["working"] = "working"


class Kept(Line):
    """The sentence is recorded."""

    said: Literal["kept"] = "kept"
    text: str
    length_s: Seconds


class Refused(Line):
    """The recording is not fit; what was there before is there still."""

    said: Literal["refused"] = "refused"
    text: str
    why: str
    may_keep: bool


class Playing(Line):
    """A recording plays."""

    said: Literal["playing"] = "playing"
    text: str
    length_s: Seconds


class Played(Line):
    """It has played, or was stopped."""

    said: Literal["played"] = "played"


class Trouble(Line):
    """Something could not be done."""

    said: Literal["trouble"] = "trouble"
    why: str
    over: bool = False
    """True where nothing can be recorded at all."""


Told: TypeAlias = Inputs | Recording | Working | Kept | Refused | Playing | Played | Trouble

_WISHES: TypeAdapter[Wish] = TypeAdapter(Annotated[Wish, Field(discriminator="do")])
_TOLD: TypeAdapter[Told] = TypeAdapter(Annotated[Told, Field(discriminator="said")])


def encode(line: Wish | Told) -> bytes:
    """One line."""
    return line.model_dump_json().encode() + b"\n"


def decode_wish(line: bytes) -> Wish:
    """A line to the booth. Raises Garbled."""
    wish: Wish = _decoded(_WISHES, line)
    return wish


def decode_told(line: bytes) -> Told:
    """A line from the booth. Raises Garbled."""
    told: Told = _decoded(_TOLD, line)
    return told


def _decoded(kind: TypeAdapter[Any], line: bytes) -> Any:
    try:
        return kind.validate_json(line)
    except ValidationError as fault:
        raise Garbled(f"not a line of the recorder: {fault.errors()[0]['msg']}") from None

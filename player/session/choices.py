"""The words a session file chooses among, as types.

Apart from the model, so that who needs a word alone loads nothing else.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a phase is for; free names without a role are as good."""

    ARRIVAL = "arrival"
    HOLD = "hold"
    ONSET = "onset"
    BUILD = "build"
    PEAK = "peak"
    RETURN = "return"
    GROUNDING = "grounding"


class Ends(StrEnum):
    """What ends a phase."""

    CLOCK = "by clock"
    HAND = "by hand"
    DOSE = "at dose"


class Order(StrEnum):
    """How a phase's tracks follow each other."""

    LISTED = "listed"
    SHUFFLE = "shuffle"
    FIT = "fit"


class Energy(StrEnum):
    """How much a piece of music moves, for "softer" and "deeper"."""

    LOW = "low"
    MID = "mid"
    HIGH = "high"


class Play(StrEnum):
    """Who starts a cue."""

    CLOCK = "by clock"
    ASK = "ask"
    HAND = "by hand"


class After(StrEnum):
    """What the last phase does at its end."""

    FADE = "fade"
    HOLD = "hold"


class SuddenRises(StrEnum):
    """What is done about a place in a track where it suddenly grows much louder."""

    SOFTEN = "soften"
    WARN = "warn"
    LEAVE = "leave"


class Point(StrEnum):
    """What an anchor counts from."""

    START = "start"
    END = "end"
    DOSE = "dose"
    BOOSTER = "booster"
    PHASE_START = "phase start"
    PHASE_END = "phase end"

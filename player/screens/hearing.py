"""The level at the ear and the dose of sound in a few words, where somebody has measured."""

from __future__ import annotations

from player.timeline.allowance import dose_of
from player.timeline.status import Status
from player.units import Decibels

UNCALIBRATED = "uncalibrated"

_UNHEARD = {
    "null": "no sound: a rehearsal",
    "file": "no sound here: it is written to a file",
}


def level_dba(status: Status) -> Decibels | None:
    """The level at the ear; None where nobody has measured, or nothing is heard."""
    if status.calibration_dba is None or status.level_db is None:
        return None
    return round(status.calibration_dba + status.level_db, 1)


def dose(status: Status) -> float | None:
    """This session's part of what seven days allow; None where nobody has measured."""
    if status.calibration_dba is None:
        return None
    return dose_of(status.sound_s, status.calibration_dba)


def hearing(status: Status) -> str:
    """``76 dBA, sound dose 1.2 %``; or that nobody has measured."""
    had = dose(status)
    if had is None:
        return UNCALIBRATED
    level = level_dba(status)
    heard = "" if level is None else f"{level:.0f} dBA, "
    return f"{heard}sound dose {had * 100:.{0 if had >= 0.1 else 1}f} %"


def unheard(status: Status) -> str:
    """Why the client hears nothing though all runs; empty where the sound goes to a device."""
    return _UNHEARD.get(status.output.kind, "")

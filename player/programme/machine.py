"""What can be known of the machine before a session: whether it may fall asleep, where it sounds.

Asks the system and the sound library; holds nothing open.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

LID = "a closed lid may still put it to sleep"


@dataclass(frozen=True, slots=True)
class Suspend:
    """Whether the machine may fall asleep in a session; None where that cannot be known."""

    may: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class Sounding:
    """The output that a session would use."""

    name: str | None
    """None for the system's own choice."""
    there: bool
    words: str


def suspend() -> Suspend:
    """Ask the system, for an instant, to stay awake, and see whether it grants that."""
    if sys.platform.startswith("linux") and not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        told = "no desktop session is here to ask: whether the machine may suspend is not known"
        return Suspend(None, f"{told}; look at its power settings")
    from wakepy import keep

    with keep.running(on_fail="pass") as mode:
        granted = bool(mode.active)
    if granted:
        return Suspend(False, f"kept awake while a session runs; {LID}")
    return Suspend(True, "the system does not let Stillroom keep it awake: turn off its sleep")


def sounding(chosen: str | None) -> Sounding:
    """Which output would be used: the one named in the settings, or the system's choice."""
    from player.sound.devices import devices

    names = devices()
    if chosen is not None:
        if chosen in names:
            return Sounding(chosen, True, f"{chosen}, as the settings say")
        return Sounding(chosen, False, f"{chosen} is named in the settings, and is not there")
    if not names:
        return Sounding(None, False, "there is no sound output on this machine now")
    return Sounding(None, True, f"the system's own choice, of: {', '.join(names)}")

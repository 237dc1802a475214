"""The counsellor's settings as the screens need them: read, and their keys known to be keys.

Loads no screen: commands ask it before anything is opened.
"""

from __future__ import annotations

from player import paths, settings
from player.errors import Fault, InputWrong, SettingsFaulty
from player.screens.keys import Keyboard, read_key
from player.settings import Settings, Written


def own_settings() -> tuple[Settings, Keyboard]:
    """The settings and the keyboard they make. Raises SettingsFaulty with every fault."""
    written = settings.written(paths.settings_file())
    faults = _faults(written)
    if faults:
        raise SettingsFaulty(str(written.file), faults)
    return written.settings, Keyboard(written.settings.keys)


def usable_settings() -> tuple[Settings, Keyboard, list[str]]:
    """What of the settings can be used, and what is wrong in them. Never raises for a slip."""
    written = settings.written(paths.settings_file())
    faults = _faults(written)
    keyboard = Keyboard() if _of_keys(written) else Keyboard(written.settings.keys)
    return written.settings, keyboard, SettingsFaulty(str(written.file), faults).lines()


def _faults(written: Written) -> list[Fault]:
    return [*written.faults, *_of_keys(written)]


def _of_keys(written: Written) -> list[Fault]:
    """What is wrong with single keys, all of it; else the first key that has two meanings."""
    own = written.settings.keys
    faults = []
    for name, key in own.items():
        try:
            read_key(name, key)
        except InputWrong as why:
            faults.append(written.fault(("keys", name), _bare(why, name)))
    if not faults:
        try:
            Keyboard(own)
        except InputWrong as why:
            faults.append(written.fault(("keys",), _bare(why, "")))
    return faults


def _bare(why: InputWrong, name: str) -> str:
    """A sentence without the place that the line tells already."""
    return str(why).removeprefix("settings: keys: ").removeprefix(f"{name}: ")

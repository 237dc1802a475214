"""The machine's sound outputs by name. Knows nothing of what is played on them."""

from __future__ import annotations

import os
from types import ModuleType


def devices() -> list[str]:
    """The outputs' names, as `--device` takes them; none where there is no sound system."""
    if refused_driver():
        return []
    mixer()
    try:
        from pygame._sdl2.audio import get_audio_device_names
        from pygame._sdl2.sdl2 import INIT_AUDIO, init_subsystem

        init_subsystem(INIT_AUDIO)
        return list(get_audio_device_names(False))
    except Exception:  # pygame's own error: no sound system, so no devices
        return []


def refused_driver() -> str | None:
    """Why the sound driver asked for in the environment is not used; None where it is fine.

    SDL's dummy driver plays into nowhere at the right pace, which looks like playing.
    """
    for name in ("SDL_AUDIODRIVER", "SDL_AUDIO_DRIVER"):
        if "dummy" in os.environ.get(name, "").lower():
            return f"{name} asks for the dummy driver, which nobody can hear: unset it"
    return None


def mixer() -> ModuleType:
    """pygame's mixer, imported without its greeting. Never `pygame.init()`: it hides failures."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame.mixer

    return pygame.mixer

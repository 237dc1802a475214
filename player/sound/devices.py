"""The machine's sound outputs by name. Knows nothing of what is played on them."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from player.sound import sdl


def devices() -> list[str]:
    """The outputs' names, as `--device` takes them; none where there is no sound system."""
    if refused_driver():
        return []
    with _quiet():
        return _names()


def _names() -> list[str]:
    mixer()
    if not sdl.meet():
        return []  # where a mixer is open, this counts one more, and `leave` one less
    try:
        from pygame._sdl2.audio import get_audio_device_names

        return list(get_audio_device_names(False))
    except Exception:  # pygame's own error: no sound system, so no devices
        return []
    finally:
        sdl.leave()


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what libasound writes to the terminal where there is no device."""
    try:
        kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:
        yield
        return
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


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
    with _without("pkg_resources"):
        import pygame.mixer

    return pygame.mixer


@contextlib.contextmanager
def _without(name: str) -> Iterator[None]:
    """Let an import do without a module that it only tries: this one would cost 8 MB."""
    hides = name not in sys.modules
    if hides:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hides:
            del sys.modules[name]

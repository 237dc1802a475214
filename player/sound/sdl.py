"""The few words of SDL that pygame does not pass on, said to the library in pygame's own wheel.

Where the library is not found there (a pygame from elsewhere), none of them is said: the output
is then the system's default, and a sound server that hangs is waited for by the whole process.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
from pathlib import Path

AUDIO = 0x10
"""SDL_INIT_AUDIO of SDL 2."""
PLACES = ("../pygame.libs/libSDL2-2*", "*SDL2.dll", ".dylibs/libSDL2-2*", "../*/.dylibs/libSDL2-2*")
"""Where the wheels for Linux, Windows and macOS keep it, seen from the package."""


@functools.cache
def library() -> ctypes.CDLL | None:
    """SDL as pygame has loaded it, or None."""
    import pygame

    home = Path(pygame.__file__).parent
    for place in PLACES:
        for found in sorted(home.glob(place)):
            with contextlib.suppress(OSError, AttributeError):
                loaded = ctypes.CDLL(str(found))
                loaded.SDL_GetDefaultAudioInfo.argtypes = (
                    ctypes.POINTER(ctypes.c_void_p),
                    ctypes.c_void_p,
                    ctypes.c_int,
                )
                loaded.SDL_free.argtypes = (ctypes.c_void_p,)
                loaded.SDL_GetCurrentAudioDriver.restype = ctypes.c_char_p
                return loaded
    return None


def meet() -> bool:
    """Meet the system's sound; whether it is there. Other threads run on while it is waited for.

    pygame would wait for a sound server that hangs with all of Python standing still: measured,
    30 s on PulseAudio. Follow it with `leave`, before a mixer is opened: pygame takes one for
    open where SDL's sound has begun.
    """
    found = library()
    return found is None or found.SDL_InitSubSystem(AUDIO) == 0


def leave() -> None:
    """Take back a `meet` that was answered with yes."""
    found = library()
    if found is not None:
        found.SDL_QuitSubSystem(AUDIO)


def driver() -> str:
    """By which of the system's ways it plays, while a mixer is open; empty where it is unknown."""
    found = library()
    name = found.SDL_GetCurrentAudioDriver() if found is not None else None
    return name.decode("ascii", "replace") if name else ""


def default_output() -> str | None:
    """The name of the output that the system would choose; while it is met."""
    found = library()
    if found is None:
        return None
    name, spec = ctypes.c_void_p(), ctypes.create_string_buffer(64)
    if found.SDL_GetDefaultAudioInfo(ctypes.byref(name), spec, 0) != 0 or not name.value:
        return None
    try:
        return ctypes.string_at(name.value).decode("utf-8", "replace")
    finally:
        found.SDL_free(name)

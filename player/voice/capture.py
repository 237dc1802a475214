"""The machine's sound inputs, by name, and a recording of one of them.

SDL does the work: its capture is the same on all systems. Runs in a process of its own, since
some sound servers bring that down with them. Knows nothing of sentences or files.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from player.errors import RunFailed
from player.sound.devices import mixer
from player.units import SAMPLE_RATE, Decibels, Frames, Seconds, frames_of
from player.voice.treatment import Mono

CHUNK: Frames = 2048
LONGEST_S: Seconds = 60.0
"""No sentence takes longer; a recording that was forgotten ends here."""
FLOOR_DB: Decibels = -90.0

NO_SYSTEM = "there is no sound system here that could record: plug a microphone or headset in"
NO_INPUT = "there is no microphone on this machine: plug one in, or a headset that has one"


class InputMissing(RunFailed):
    """No input to record from, or the one that was named is not there."""


def inputs() -> list[str]:
    """The inputs' names; the mixer must be open. Raises InputMissing where there is none."""
    names = _names()
    if not names:
        raise InputMissing(NO_INPUT)
    return names


def _names() -> list[str]:
    if mixer().get_init() is None:
        raise InputMissing(NO_SYSTEM)
    from pygame._sdl2.audio import get_audio_device_names

    return list(get_audio_device_names(True))


class Recorder:
    """Records one input from its making on, until it is stopped."""

    def __init__(self, name: str) -> None:
        """Raises InputMissing where it cannot be opened."""
        if name not in inputs():
            raise InputMissing(f"the input {name} is not there any more")
        self._lock = threading.Lock()
        self._parts: list[bytes] = []
        self._frames: Frames = 0
        self._peak = 0.0
        self._device = self._opened(name)
        self._device.pause(0)

    @property
    def frames(self) -> Frames:
        """Frames recorded so far."""
        return self._frames

    @property
    def full(self) -> bool:
        """True once it is as long as it may become."""
        return self._frames >= frames_of(LONGEST_S)

    def level_db(self) -> Decibels:
        """The highest sample since this was last asked, in dB of full scale."""
        with self._lock:
            peak, self._peak = self._peak, 0.0
        return max(FLOOR_DB, 20 * float(np.log10(max(peak, 1e-9))))

    def stop(self) -> Mono:
        """End it and close the input; what was recorded, (n,)."""
        self._device.pause(1)
        self._device.close()
        with self._lock:
            return np.frombuffer(b"".join(self._parts), np.float32).copy()

    def _opened(self, name: str) -> Any:
        from pygame._sdl2 import audio

        try:
            return audio.AudioDevice(
                devicename=name,
                iscapture=True,
                frequency=SAMPLE_RATE,
                audioformat=audio.AUDIO_F32,
                numchannels=1,
                chunksize=CHUNK,
                allowed_changes=0,
                callback=self._take,
            )
        except Exception as fault:  # SDL's own error
            raise InputMissing(
                f"{name} cannot be opened; is it still plugged in? ({fault})"
            ) from None

    def _take(self, _device: Any, view: memoryview) -> None:
        """Called on SDL's thread with every chunk."""
        part = bytes(view)
        peak = float(np.abs(np.frombuffer(part, np.float32)).max(initial=0.0))
        with self._lock:
            if not self.full:
                self._parts.append(part)
                self._frames += len(part) // 4
                self._peak = max(self._peak, peak)

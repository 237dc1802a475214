"""A clip that speaks: sound in memory, put at an exact frame. Knows nothing of cues or words."""

from __future__ import annotations

from player.sound.curves import EqualPower, fade_out
from player.sound.envelope import Envelope, amplify
from player.sound.spoken import Spoken
from player.sound.streams import Sound
from player.units import Decibels, Frame, Frames, gain_of


class Voice:
    """One clip from its first sample to its last, or until it is stopped."""

    def __init__(self, sound: Spoken, at: Frame, gain_db: Decibels, *, skip: Frames = 0) -> None:
        """`skip` frames of the sound are left out before its first."""
        self.at = at
        self.end: Frame = at + max(0, len(sound) - skip)
        self._skip = skip
        self._sound = sound
        self._gain = gain_of(gain_db)
        self._fades: list[EqualPower] = []

    def stop(self, at: Frame, frames: Frames) -> None:
        """Fade out by cos over [at, at + frames)."""
        self._fades.append(fade_out(at, frames))
        self.end = min(self.end, at + frames)

    def span(self, start: Frame, stop: Frame) -> tuple[Frame, Frame]:
        """Which frames of [start, stop) it sounds in; empty where the two are not in order."""
        return max(start, self.at), min(stop, self.end)

    def render(self, start: Frame, out: Sound, envelope: Envelope, scale: float) -> None:
        """Write its sound from frame `start` on over all of `out`."""
        first = start - self.at + self._skip
        out[:] = self._sound[first : first + len(out)]
        amplify(out, envelope.of(self._fades, start, len(out), self._gain * scale))

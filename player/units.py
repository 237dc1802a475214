"""Units as types: what a number counts is part of its name. Knows nothing of sessions or sound."""

from __future__ import annotations

import math
from typing import TypeAlias

SAMPLE_RATE = 48_000
"""Frames a second of everything that is mixed, written or counted."""

CHANNELS = 2
"""Left and right; mono music is put on both, more channels are folded down."""

Frame: TypeAlias = int
"""A place on the programme, counted in frames from its start."""

Frames: TypeAlias = int
"""A length in frames."""

Seconds: TypeAlias = float
Decibels: TypeAlias = float
Lufs: TypeAlias = float


def frames_of(seconds: Seconds) -> Frames:
    """Seconds as the nearest whole number of frames."""
    return round(seconds * SAMPLE_RATE)


def seconds_of(frames: Frames) -> Seconds:
    """Frames as seconds."""
    return frames / SAMPLE_RATE


def gain_of(decibels: Decibels) -> float:
    """A level in dB as a linear factor on amplitude: 10^(dB/20)."""
    return float(10.0 ** (decibels / 20.0))


def decibels_of(gain: float) -> Decibels:
    """A linear factor on amplitude as dB; minus infinity for zero."""
    return 20.0 * math.log10(gain) if gain > 0 else -math.inf


def clock(seconds: Seconds) -> str:
    """Seconds as h:mm:ss with two-digit hours, cut to the whole second: ``00:10:00``."""
    whole = int(abs(seconds))
    sign = "-" if seconds <= -1 else ""
    return f"{sign}{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def span(seconds: Seconds) -> str:
    """A length in words that a session file would take: ``45s``, ``10m``, ``1h30m``."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = [f"{n}{u}" for n, u in ((hours, "h"), (minutes, "m"), (rest, "s")) if n]
    return "".join(parts) or "0s"

"""Seconds as the screens write them. A countdown is rounded up, a clock is cut."""

from __future__ import annotations

import math

from player.units import Seconds


def clock(seconds: Seconds) -> str:
    """Time gone, cut to the second, without leading noughts: ``4:05``, ``1:02:03``."""
    return _figures(math.floor(max(0.0, seconds) + 1e-6))


def countdown(seconds: Seconds) -> str:
    """Time left, rounded up, so that 0:00 is the moment itself."""
    return _figures(math.ceil(max(0.0, seconds) - 1e-6))


def length(seconds: Seconds) -> str:
    """A length in words, in hours and minutes from one minute up: ``1 h 35 min``, ``45 s``.

    What lies behind is no length: it is 0 s.
    """
    whole = round(max(0.0, seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 600 and whole % 60:
        return f"{whole // 60} min {whole % 60} s"
    minutes = round(whole / 60)
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]
    return " ".join(part for part in parts if part)


def decibels(level_db: float) -> str:
    """A level with its sign: ``−3 dB``, ``+1.5 dB``, ``0 dB``."""
    sign = "−" if level_db <= -0.05 else "+" if level_db >= 0.05 else ""
    return f"{sign}{abs(level_db):.1f}".removesuffix(".0") + " dB"


def _figures(whole: int) -> str:
    hours, minutes, seconds = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"

"""What a command came to, told once the picture shows it: the engine may not go as far as asked.

Pure: (command, the picture when it was said, the picture now) -> whether it shows, a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from player.screens.times import countdown, decibels, length
from player.session.model import Ends
from player.timeline.commands import AnyCommand, Back, ChangeVolume, Release, Stretch
from player.timeline.status import State, Status

LEAST_S = 1.0
"""A change of less than this is none."""


def is_awaited(command: AnyCommand) -> bool:
    """Whether the answer to this command waits for a picture that shows it."""
    return type(command) in _SENTENCES


def shows(command: AnyCommand, before: Status, now: Status) -> bool:
    """Whether the picture has changed in what the command is about."""
    about = _ABOUT[type(command)]
    return about(before) != about(now)


def came_to(command: AnyCommand, before: Status, now: Status) -> str:
    """The sentence for what became of it, by the picture now."""
    return _SENTENCES[type(command)](command, before, now)


def _volume(command: ChangeVolume, before: Status, now: Status) -> str:
    return f"The volume is {decibels(now.volume_db)}."


def _stretch(command: Stretch, before: Status, now: Status) -> str:
    if before.phase >= min(len(before.phases), len(now.phases)):
        return ""
    name = before.phases[before.phase].name
    by_s = now.phases[before.phase].length_s - before.phases[before.phase].length_s
    left = f": {countdown(now.phase_left_s)} left" if now.phase == before.phase else ""
    if abs(by_s) < LEAST_S:
        return f"{name} is as long as before{left}."
    return f"{name} is {length(abs(by_s))} {'longer' if by_s > 0 else 'shorter'}{left}."


def _release(command: Release, before: Status, now: Status) -> str:
    if before.phase >= len(before.phases):
        return ""
    name, past = before.phases[before.phase].name, now.phase_left_s <= 0
    if now.phase != before.phase or now.state == State.ENDING:
        return f"Released: {name} was past its end and ends now."
    left = countdown(now.phase_left_s)
    if now.waits_for == Ends.DOSE:
        waits = "waits for the dose" if past else f"ends in {left} and then waits for the dose"
        return f"Released: {name} {waits}."
    if now.waits_for == Ends.HAND:
        return f"Released: {name} waits for you at its end."
    if past:
        return f"Released: {name} was past its end and ends now."
    return f"Released: {name} ends by the clock, in {left}."


def _back(command: Back, before: Status, now: Status) -> str:
    if before.state != State.ENDING:
        return "Gone back: the former phase goes on."
    if now.state == State.ENDING:
        return "That end is called off; the last fade goes on: `longer 5m` keeps the music."
    return "The end is called off: the music goes on."


_ABOUT: dict[type[Any], Callable[[Status], object]] = {
    ChangeVolume: lambda status: status.volume_db,
    Stretch: lambda status: (status.phase, tuple(each.length_s for each in status.phases)),
    Back: lambda status: (status.phase, status.state),
    Release: lambda status: (status.phase, status.waits_for, status.held, status.state),
}

_SENTENCES: dict[type[Any], Callable[[Any, Status, Status], str]] = {
    ChangeVolume: _volume,
    Stretch: _stretch,
    Back: _back,
    Release: _release,
}

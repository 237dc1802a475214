"""What each fade does to a constant, as text: a column for each deck and for the voice."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from player.timeline.decisions import (
    Bus,
    Decision,
    DropTrack,
    DuckBed,
    FadeBus,
    FadeTrack,
    Freeze,
    LiftBed,
    ReviveTrack,
    SetVolume,
    StartClip,
    StartTrack,
    StopClip,
    Thaw,
)

GOLDEN = Path(__file__).parent / "golden"
S = 48_000
BLOCK = 8192
LONG = 600 * S

Script = list[Decision | tuple[int, Decision]]


def start(deck: int, at: int, fade_in: int = 0, frames: int = LONG) -> StartTrack:
    return StartTrack(deck, 0, at, fade_in, 0.0, frames)


SCENES: dict[str, tuple[int, Script]] = {
    "crossfade": (
        35 * S,
        [
            start(0, 0, 10 * S, 30 * S),
            start(1, 20 * S, 10 * S),
            FadeTrack(0, 20 * S, 10 * S),
        ],
    ),
    "phase crossfade over an own crossfade": (
        60 * S,
        [
            start(0, 0, 0, 30 * S),
            FadeTrack(0, 20 * S, 10 * S),
            start(1, 20 * S, 10 * S),
            FadeTrack(0, 25 * S, 25 * S),
            FadeTrack(1, 25 * S, 25 * S),
            start(2, 25 * S, 25 * S),
        ],
    ),
    "fade shortened to the track's end": (
        25 * S,
        [start(0, 0, 0, 20 * S), FadeTrack(0, 15 * S, 25 * S)],
    ),
    "revive while it fades and after it stood": (
        60 * S,
        [
            start(0, 0, 0, 40 * S),
            FadeTrack(0, 5 * S, 10 * S, keep=True),
            ReviveTrack(0, 10 * S, 4 * S),
            FadeTrack(0, 20 * S, 5 * S, keep=True),
            ReviveTrack(0, 35 * S, 4 * S),
            start(1, 0),
            FadeTrack(1, 5 * S, 5 * S, keep=True),
            (180, DropTrack(1)),
            ReviveTrack(1, 40 * S, 4 * S),
        ],
    ),
    "duck with a second cue overlapping": (
        30 * S,
        [
            start(0, 0),
            DuckBed("first", 4 * S, 3 * S // 2, 9.0),
            LiftBed("first", 12 * S, 3 * S),
            DuckBed("second", 10 * S, 4 * S, 14.0),
            LiftBed("second", 18 * S, 3 * S),
            LiftBed("first", 12 * S, 3 * S),
        ],
    ),
    "duck again while it lifts": (
        20 * S,
        [
            start(0, 0),
            DuckBed("cue", 0, 2 * S, 9.0),
            LiftBed("cue", 4 * S, 6 * S),
            (38, DuckBed("cue", 7 * S, 2 * S, 9.0)),
            (38, LiftBed("cue", 12 * S, 3 * S)),
        ],
    ),
    "talk over a duck": (
        30 * S,
        [
            start(0, 0),
            DuckBed("cue", 2 * S, 3 * S // 2, 9.0),
            StartClip(0, 7 * S // 2, 0.0),
            LiftBed("cue", 17 * S // 2, 3 * S),
            DuckBed("talk", 5 * S, 3 * S // 2, 18.0),
            StopClip(5 * S, S),
            LiftBed("talk", 15 * S, 6 * S),
        ],
    ),
    "pause and resume with a freeze": (
        20 * S,
        [
            start(0, 0),
            FadeBus(Bus.MASTER, 4 * S, 2 * S, up=False),
            Freeze(6 * S),
            (80, Thaw()),
            (80, FadeBus(Bus.MASTER, 6 * S, 2 * S, up=True)),
            StartClip(0, 3 * S, 0.0),
        ],
    ),
    "silence turned round": (
        24 * S,
        [
            start(0, 0),
            FadeBus(Bus.BED, 2 * S, 6 * S, up=False),
            (30, FadeBus(Bus.BED, 6 * S, 6 * S, up=True)),
            StartClip(0, 3 * S, 0.0),
        ],
    ),
    "volume": (
        10 * S,
        [
            start(0, 0),
            StartClip(0, S, 0.0),
            SetVolume(2 * S, S // 2, -6.0),
            SetVolume(2 * S + S // 4, S // 2, -12.0),
            SetVolume(6 * S, 2 * S, 0.0),
        ],
    ),
}


def columns(desk: Callable[..., Any], tape: Callable[..., Any], frames: int, script: Script) -> Any:
    """The gain of each deck and of the voice, each rendered alone against silence."""
    lines = [line[1] if isinstance(line, tuple) else line for line in script]
    decks = sorted({line.deck for line in lines if isinstance(line, StartTrack)})
    clip = np.ones((6 * S, 2), np.float32)
    found = {}
    for name in [*(f"deck {deck}" for deck in decks), "voice"]:
        tapes = {deck: tape(float(name == f"deck {deck}")) for deck in decks}
        clips = {0: clip * np.float32(name == "voice")}
        found[name] = desk(tapes=tapes, clips=clips).play(frames, script)[:, 0]
    if not any(isinstance(line, StartClip) for line in lines):
        del found["voice"]
    return found


def as_text(found: dict[str, Any], every: int) -> str:
    """One line for each `every` frames, four digits."""
    lines = ["frame  " + "  ".join(found)]
    for frame in range(0, len(next(iter(found.values()))), every):
        gains = (f"{abs(round(float(line[frame]), 4)):.4f}" for line in found.values())
        lines.append(f"{frame:7d}  " + "  ".join(gains))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", SCENES)
def test_gains_move_as_the_golden_file_says(
    name: str, desk: Callable[..., Any], tape: Callable[..., Any]
) -> None:
    frames, script = SCENES[name]
    text = as_text(columns(desk, tape, frames, script), S // 4)
    golden = GOLDEN / f"{name.replace(' ', '-').replace(chr(39), '')}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")

"""Decisions in any order: never a step, never a thing that is not a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from player.sound.mixer import Mixer
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

DECKS = 4
FADE = 4_800
STEEPEST = 0.014
"""4 decks and a voice at 1, 4 dB up, are 7.9. Where all begin or end at once, over the guard's 2400
frames, a cosine's steepest is 7.9 pi / (2 * 2400) = 0.0052; a bus, the master and the volume or a
duck may move besides, over FADE frames: 0.0026 each."""


class Constant:
    """Ones, for ever or until it is dry."""

    def __init__(self, total: int | None) -> None:
        self.left = total

    def read(self, frames: int) -> Any:
        if self.left is not None:
            frames = min(frames, self.left)
            self.left -= frames
        return np.ones((frames, 2), np.float32)

    def close(self) -> None:
        pass


@st.composite
def moves(draw: st.DrawFn) -> Any:
    """A function from the head to the decisions told there."""
    deck, at = draw(st.integers(0, DECKS - 1)), draw(st.integers(-20_000, 30_000))
    fade = draw(st.integers(FADE, 40_000))
    name, bus = draw(st.sampled_from(["cue", "talk"])), draw(st.sampled_from(Bus))
    flag, db = draw(st.booleans()), draw(st.floats(0, 20))
    kinds: list[Callable[[int], list[Decision]]] = [
        lambda head: [StartTrack(deck, int(flag), head + at, fade, 0.0, 1 << 40)],
        lambda head: [FadeTrack(deck, head + at, fade, flag)],
        lambda head: [ReviveTrack(deck, head + at, fade)],
        lambda head: [DropTrack(deck)],
        lambda head: [DuckBed(name, head + at, fade, db)],
        lambda head: [LiftBed(name, head + at, fade)],
        lambda head: [StartClip(0, head + at, 0.0)],
        lambda head: [StopClip(head + at, fade)],
        lambda head: [FadeBus(bus, head + at, fade, flag)],
        lambda head: [SetVolume(head + at, fade, 4.0 - db)],
        lambda head: [FadeBus(Bus.MASTER, head, fade, False), Freeze(head + fade)],
        lambda head: [Thaw()],
    ]
    return draw(st.sampled_from(kinds))


@settings(max_examples=60)
@given(script=st.lists(st.tuples(st.integers(0, 12), moves()), max_size=14))
def test_no_order_of_decisions_makes_a_step(script: list[tuple[int, Any]]) -> None:
    bell = np.sin(np.linspace(0, np.pi, 30_000, dtype=np.float32))
    bell[-1] = 0.0
    clip = np.stack((bell, bell), axis=1)
    mixer = Mixer(
        open_track=lambda start: Constant(50_000 if start.track else None),
        clip=lambda cue: clip,
        ceiling_dbtp=60.0,
    )
    started: set[int] = set()
    blocks, fading_to_a_freeze = [], False
    for number in range(14):
        for _, move in (line for line in script if line[0] == number):
            told: list[Decision] = move(mixer.head)
            if fading_to_a_freeze and isinstance(told[0], FadeBus) and told[0].bus is Bus.MASTER:
                continue  # as the conductor: the master is not turned round under a coming freeze
            fading_to_a_freeze |= isinstance(told[-1], Freeze)
            fading_to_a_freeze &= not isinstance(told[0], Thaw)
            if isinstance(told[0], StartTrack):
                if told[0].deck in started:
                    continue
                started.add(told[0].deck)
            for decision in told:
                mixer.apply(decision)
        blocks.append(mixer.render().copy())
    out = np.concatenate(blocks)
    assert np.all(np.isfinite(out))
    assert np.abs(np.diff(out[:, 0], prepend=0.0)).max() < STEEPEST

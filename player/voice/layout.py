"""Where the sentences of a script begin, so that it lasts as long as was asked. Pure, in frames.

Only silences stretch: speech is never slowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from player.units import Frame, Frames, frames_of
from player.voice.script import Silence


@dataclass(frozen=True, slots=True)
class Layout:
    """A script laid out: where each sentence begins, and the silence behind each."""

    starts: tuple[Frame, ...]
    silences: tuple[Frames, ...]
    frames: Frames
    """The whole of it, the last silence included."""


def shortest(spoken: Sequence[Frames], silences: Sequence[Silence]) -> Frames:
    """How long a script is with every silence at its shortest; `spoken` in frames a sentence."""
    return sum(spoken) + sum(frames_of(row.shortest_s) for row in silences)


def longest(spoken: Sequence[Frames], silences: Sequence[Silence]) -> Frames:
    """How long a script is with every silence at its longest."""
    return sum(spoken) + sum(frames_of(row.longest_s) for row in silences)


def lay_out(
    spoken: Sequence[Frames], silences: Sequence[Silence], asked: Frames | None = None
) -> Layout:
    """Sentences with silences that make it exactly as long as asked, within what they can be.

    Each silence takes the same share of its own room. Without a length, the shortest form.
    """
    least = [frames_of(row.shortest_s) for row in silences]
    room = [frames_of(row.longest_s) - few for row, few in zip(silences, least, strict=True)]
    spare = min(max(0, (asked or 0) - sum(spoken) - sum(least)), sum(room))
    # Shares of the running sum, so that what is rounded off never adds up.
    whole = sum(room)
    given = [spare * upto // whole if whole else 0 for upto in accumulate(room, initial=0)]
    behind = [few + given[n + 1] - given[n] for n, few in enumerate(least)]
    steps = [frames + rest for frames, rest in zip(spoken, behind, strict=True)]
    *starts, end = accumulate(steps, initial=0)
    return Layout(tuple(starts), tuple(behind), end)

"""Spreads one list of music over the phases of a session, in its order, by their lengths.

Pure: knows lengths and nothing of files.
"""

from __future__ import annotations

from collections.abc import Sequence

from player.units import Seconds

USUAL_S: Seconds = 300.0
"""Stands for a piece whose length nobody tells, where no other tells its own."""


def spread(pieces_s: Sequence[Seconds | None], phases_s: Sequence[Seconds]) -> list[list[int]]:
    """Which pieces, by number, each phase plays: at least one each, none twice if they suffice.

    The list keeps its order; each phase gets about the share that its length has of the whole.
    With fewer pieces than phases, neighbours share one. Both must hold at least one length.
    """
    known = [length_s for length_s in pieces_s if length_s]
    usual_s = sum(known) / len(known) if known else USUAL_S
    lengths_s = [length_s or usual_s for length_s in pieces_s]
    count, phases = len(lengths_s), len(phases_s)
    if count <= phases:
        return [[place * count // phases] for place in range(phases)]
    ends = _ends(lengths_s, phases_s)
    return [list(range(start, end)) for start, end in zip([0, *ends], ends, strict=False)]


def _ends(lengths_s: Sequence[Seconds], phases_s: Sequence[Seconds]) -> list[int]:
    """Behind which piece each phase's share ends: nearest to its part of the whole."""
    part = sum(lengths_s) / (sum(phases_s) or 1.0)
    ends: list[int] = []
    at, reached_s, wanted_s = 0, 0.0, 0.0
    for place, phase_s in enumerate(phases_s):
        wanted_s += phase_s * part
        most = len(lengths_s) - (len(phases_s) - place - 1)
        first = at
        while at < most and (at == first or reached_s + lengths_s[at] / 2 <= wanted_s):
            reached_s += lengths_s[at]
            at += 1
        ends.append(at)
    ends[-1] = len(lengths_s)
    return ends

"""Whether there is music enough: minutes in each phase against its length, and against a hold.

By what was measured, without decoding; what nobody measured counts for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from player.library.findings import Survey
from player.programme.risks import Stretch
from player.timeline.lists import playable
from player.timeline.plan import Plan, PlanPhase
from player.units import Seconds, seconds_of, span

HOLD_S: Seconds = 30 * 60
"""A client may well need half an hour more in one phase."""


@dataclass(frozen=True, slots=True)
class Supply:
    """The music of one phase."""

    phase: str
    length_s: Seconds
    music_s: Seconds
    """All its pieces once, crossfades taken off."""
    pieces: int
    silence: bool

    @property
    def enough(self) -> bool:
        """No piece comes twice at the written length."""
        return self.silence or self.music_s >= self.length_s

    @property
    def enough_for_hold(self) -> bool:
        """Nor in a hold of half an hour behind it."""
        return self.silence or self.music_s >= self.length_s + HOLD_S

    def line(self) -> str:
        """One line for people."""
        if self.silence:
            return f"{self.phase}: planned silence of {span(self.length_s)}"
        has = f"{self.phase}: {span(self.music_s)} of music for {span(self.length_s)}"
        if not self.enough:
            return f"{has}: pieces are heard again before its end"
        if not self.enough_for_hold:
            left = span(self.music_s - self.length_s)
            return f"{has}: held for 30m, pieces are heard again after {left}"
        return f"{has}: enough for a hold of 30m as well"


def supplies(plan: Plan) -> list[Supply]:
    """How much music each phase has."""
    return [_supply(plan, phase) for phase in plan.phases]


def _supply(plan: Plan, phase: PlanPhase) -> Supply:
    known = [playable(plan.tracks[track].facts) for track in dict.fromkeys(phase.tracks)]
    frames = [facts.frames for facts in known if facts is not None]
    overlaps = max(0, len(frames) - 1) * plan.sound.crossfade
    music_s = max(0.0, seconds_of(sum(frames) - overlaps))
    length_s = seconds_of(phase.length)
    return Supply(phase.name, length_s, music_s, len(frames), phase.silence)


def repeats(played: Sequence[Stretch]) -> list[tuple[Path, int]]:
    """Pieces that are begun more than once in the whole session, the most often heard first."""
    counted = Counter(stretch.path for stretch in played)
    return [(path, times) for path, times in counted.most_common() if times > 1]


def without_rights(surveys: Mapping[Path, Survey], files: Sequence[Path]) -> list[Path]:
    """Files whose tags hold no line of rights; pieces that nobody scanned are left out."""
    return [path for path in files if path in surveys and not surveys[path].tags.get("rights")]

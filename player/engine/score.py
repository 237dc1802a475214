"""What is played, as far as the engine needs it: it outlives the session file that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from player.programme.programme import Programme
from player.programme.words import Clip
from player.timeline.plan import Plan


@dataclass(frozen=True, slots=True)
class Score:
    """A plan, and the files behind its numbers."""

    source: Path
    """The session file, which may be edited or gone by now."""
    plan: Plan
    files: tuple[Path, ...]
    """One for each of the plan's tracks; the safety bed last."""
    clips: tuple[Clip | None, ...]
    """One for each of the plan's cues; None where words have no sound."""

    @classmethod
    def of(cls, programme: Programme) -> Score:
        """What is needed of a programme."""
        return cls(programme.session.source, programme.plan, programme.files, programme.clips)

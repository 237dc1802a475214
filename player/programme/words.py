"""The sound of a cue's words: its own recording, else a shipped clip of the very same text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from player import paths
from player.session.model import Cue
from player.timeline.plan import TrackFacts


@dataclass(frozen=True, slots=True)
class Clip:
    """A spoken clip on disk, and what is known of it."""

    path: Path
    facts: TrackFacts | None
    """None for a recording of one's own that is not measured yet."""


def clip_for(cue: Cue) -> Clip | None:
    """The clip that will speak a cue; None where its words can only be shown."""
    if cue.audio is not None:
        return Clip(cue.audio, None)
    return _shipped(paths.shipped()).get(folded(cue.say))


def folded(text: str) -> str:
    """Text as it is compared: white space folded."""
    return " ".join(text.split())


@lru_cache(maxsize=4)
def _shipped(folder: Path) -> dict[str, Clip]:
    """Every shipped clip by its words, from the list beside them."""
    import yaml

    try:
        rows = yaml.load((folder / "voice.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    except OSError:
        return {}
    return {
        folded(row["text"]): Clip(
            folder / row["file"], TrackFacts(row["frames"], row["lufs"], row["true_peak_dbtp"])
        )
        for row in rows or ()
    }

"""The sound of a sentence: the shipped voice, else what was made on this machine from the words.

Knows where files lie and what was measured of the shipped ones. Makes nothing.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from player import paths
from player.timeline.plan import TrackFacts
from player.voice.key import key_of

VOICE = "heart"
SPEED = 0.75
"""127 words a minute: a human pace."""
INDEX = "voice.yaml"
MOST_MADE_BYTES = 300_000_000
"""What made speech may take of the disk: nearly an hour of words."""
MARKED_AGAIN_NS = 24 * 3600 * 1_000_000_000
"""Speech that was used within a day is not marked again."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The sound of one sentence on disk, and what is known of it."""

    path: Path
    facts: TrackFacts | None
    """None where it is to be measured."""


def sound_of(text: str) -> Sentence | None:
    """The sound of a sentence by its words; None where there is none yet."""
    key = key_of(text)
    shipped = _shipped(paths.shipped()).get(key)
    if shipped is not None:
        return shipped
    made = made_file(key)
    return Sentence(made, None) if made.is_file() else None


def made_file(key: str, *, voice: str = VOICE, speed: float = SPEED) -> Path:
    """Where the sound of a sentence lies once it is made: by words, voice and speed."""
    return paths.made_voice() / f"{key}-{voice}-{speed:g}.wav"


def mark_used(texts: Iterable[str]) -> None:
    """Note that these are spoken in a session now: what was made for others is let go of first.

    Once a day: a mark is a change of the file, which the catalogue reads anew after it.
    """
    now_ns = time.time_ns()
    for file in map(made_file, map(key_of, texts)):
        status = _stat(file)
        if status is not None and now_ns - _used_ns(status) > MARKED_AGAIN_NS:
            with contextlib.suppress(OSError):
                os.utime(file, ns=(now_ns, status.st_mtime_ns))


def prune(keep: Iterable[Path], most_bytes: int = MOST_MADE_BYTES) -> None:
    """Let go of made speech beyond `most_bytes`, what was not used for longest first.

    What is to be kept stays, and so does what cannot be removed.
    """
    kept = set(keep)
    found = [(file, status) for file in paths.made_voice().glob("*.wav") if (status := _stat(file))]
    over = sum(status.st_size for _, status in found) - most_bytes
    for file, status in sorted(found, key=lambda row: _used_ns(row[1])):
        if over <= 0:
            return
        if file not in kept:
            with contextlib.suppress(OSError):
                file.unlink()
                over -= status.st_size


def _used_ns(status: os.stat_result) -> int:
    return max(status.st_atime_ns, status.st_mtime_ns)


def _stat(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except OSError:
        return None


@lru_cache(maxsize=4)
def _shipped(folder: Path) -> dict[str, Sentence]:
    """Every shipped sentence by its key, from the list beside the sound."""
    import yaml

    try:
        body: Any = yaml.load((folder / INDEX).read_text("utf-8"), Loader=yaml.CSafeLoader)
        rows = body["sentences"]
        return {key: _sentence(folder, key, row) for key, row in rows.items()}
    except (OSError, KeyError, TypeError, yaml.YAMLError):
        return {}


def _sentence(folder: Path, key: str, row: dict[str, Any]) -> Sentence:
    facts = TrackFacts(row["frames"], row["lufs"], row["true_peak_dbtp"])
    return Sentence(folder / "voice" / f"{key}.opus", facts)

"""What a piece of music is called: from its tags, else from its file name. For display only.

Opens the file once, so not for the thread that mixes; the result is worth keeping.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

LONGEST = 120
"""Characters; titles longer than a screen line help nobody."""

TRACK_NUMBER = re.compile(r"^(?:0\d{1,2}[\s._-]+|\d{1,3}(?:\.\s+|\s+-\s+|_))(?=\D)")
"""``01 Shore``, ``1. Shore``, ``12 - Shore``, ``3_shore``; not ``5-minute rest`` or ``1999``."""


def title_of(path: Path) -> str:
    """``Artist - Title`` from the tags, the title alone, or else the file's name. Never raises."""
    tags = _tags(path)
    title = _tidy(tags.get("title", ""))
    artist = _tidy(tags.get("artist", ""))
    if title and artist:
        return _short(f"{artist} - {title}")
    return _short(title) if title else name_of(path)


def name_of(path: Path) -> str:
    """A file's name without its ending, its track number and its underscores."""
    readable = path.stem.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    spaced = _tidy(readable.replace("_", " "))
    bare = _tidy(TRACK_NUMBER.sub("", _tidy(readable)).replace("_", " "))
    return _short(bare or spaced or "untitled")


def _tags(path: Path) -> Mapping[str, str]:
    """A file's tags by their names in small letters; Ogg keeps them in its stream."""
    import av

    from player.errors import RunFailed
    from player.sound.native import opened

    try:
        container, stream = opened(path)
    except RunFailed:
        return {}
    with container:
        try:
            rows = [*stream.metadata.items(), *container.metadata.items()]
        except (av.FFmpegError, ValueError):
            return {}
    return {key.lower(): value for key, value in rows if value.strip()}


def _tidy(text: str) -> str:
    """One line, composed letters, no control characters."""
    plain = unicodedata.normalize("NFC", text)
    kept = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in plain)
    return " ".join(kept.split())


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"

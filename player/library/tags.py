"""What a piece of music says of itself in its tags, and what it is called without them.

Opens the file once, so not for the thread that mixes; the result is worth keeping.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

LONGEST = 120
"""Characters; titles longer than a screen line help nobody."""

LONGEST_KEPT = 400
"""Characters of a tag; of lyrics, enough to see that there are words, and in which language."""

KEPT = {
    "title": ("title",),
    "artist": ("artist", "album_artist", "composer"),
    "album": ("album",),
    "rights": ("rights", "copyright", "license", "licence", "wcop"),
    "language": ("language", "tlan"),
    "lyrics": ("lyrics", "unsyncedlyrics", "unsynced lyrics", "syncedlyrics"),
    "energy": ("energy", "energylevel", "energy level"),
    "mood": ("mood", "tmoo"),
    "genre": ("genre",),
}
"""The tags that are kept, and the names under which programs write them, the best first."""
UNSAID = frozenset(("und", "zxx", "unknown", "mul", "xxx"))
"""Codes that stand where nobody named a language (ISO 639-2); zxx is music without words."""

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


def kept_tags(path: Path) -> dict[str, str]:
    """A file's tags by the names of `KEPT`, each one tidy line. Never raises."""
    return kept_among(_tags(path))


def kept_among(written: Mapping[str, str]) -> dict[str, str]:
    """The same of the tags as they stand in a file that is open already."""
    tags = {name.removesuffix("-eng"): value for name, value in written.items()}
    for name, value in list(tags.items()):
        if name.startswith("lyrics-"):  # ID3 keeps lyrics by their language
            tags.setdefault("lyrics", value)
            tags.setdefault("language", name.removeprefix("lyrics-"))
    found = {}
    for name, names in KEPT.items():
        values = (_tidy(tags.get(each, "")) for each in names)
        value = next((each for each in values if each), "")
        if value and not (name == "language" and value.casefold() in UNSAID):
            found[name] = _short(value, LONGEST_KEPT)
    return found


def name_of(path: Path) -> str:
    """A file's name without its ending, its track number and its underscores."""
    readable = path.stem.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    spaced = _tidy(readable.replace("_", " "))
    bare = _tidy(TRACK_NUMBER.sub("", _tidy(readable)).replace("_", " "))
    return _short(bare or spaced or "untitled")


def _tags(path: Path) -> Mapping[str, str]:
    """A file's tags by their names in small letters; none where it cannot be opened."""
    from player.errors import RunFailed
    from player.sound.labels import labels
    from player.sound.native import opened

    try:
        container, stream = opened(path)
    except RunFailed:
        return {}
    with container:
        return labels(container, stream)


def _tidy(text: str) -> str:
    """One line, composed letters, no control characters."""
    plain = unicodedata.normalize("NFC", text)
    kept = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in plain)
    return " ".join(kept.split())


def _short(text: str, most: int = LONGEST) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"

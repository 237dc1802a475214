"""Whether a piece of music is one that is to be avoided: by its tags, its name, or where it lies.

Compares without case and by whole words. Knows nothing of sessions or of how tags are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from player.settings import Avoid
from player.text.small_files import absolute

OTHER_TAGS = ("genre", "mood", "language", "album")
FOLDERS_LOOKED_AT = 2
"""So many folders above a file may bear the artist's name: Artist/Album/piece."""

_LETTERS = re.compile(r"[\W_]+")


def why_avoided(path: Path, tags: Mapping[str, str], avoid: Avoid, folder: Path) -> str:
    """Why a piece is left out, in words; nothing where it is not.

    `avoid.files` are relative to `folder`. A piece without the tag in question goes by its name.
    """
    artist = tags.get("artist") or " / ".join(path.parts[-1 - FOLDERS_LOOKED_AT :])
    title = f"{tags.get('title', '')} / {path.stem}"
    rows = (
        ("artist", avoid.artists, (artist,)),
        ("title", avoid.titles, (title,)),
        ("tag", avoid.tags, [tags.get(name, "") for name in OTHER_TAGS]),
    )
    for what, wanted, texts in rows:
        found = next((each for each in wanted if _named(each, texts)), None)
        if found is not None:
            return f"{what} {found}"
    found = next((each for each in avoid.files if _is_file(path, each, folder)), None)
    return "" if found is None else f"file {found}"


def needs_tags(avoid: Avoid) -> bool:
    """Whether names alone do not tell."""
    return bool(avoid.artists or avoid.titles or avoid.tags)


def _named(wanted: str, texts: Iterable[str]) -> bool:
    words = _words(wanted)
    return bool(words.strip()) and any(words in _words(text) for text in texts)


def _words(text: str) -> str:
    """A text's words, each between spaces, so that one found in another is found whole."""
    return f" {_LETTERS.sub(' ', text.casefold()).strip()} "


def _is_file(path: Path, written: str, folder: Path) -> bool:
    """A pattern or a bare name is compared with the file's name, a path with where it lies."""
    names, wanted = (path.name.casefold(), path.stem.casefold()), written.casefold()
    bare = "/" not in written and "\\" not in written
    if bare and any(fnmatchcase(name, wanted) for name in names):
        return True
    try:
        place = absolute(folder / Path(written).expanduser())
    except RuntimeError:
        return False
    return path == place or place in path.parents or fnmatchcase(str(path), str(place))

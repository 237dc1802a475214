"""The counsellor's own recordings: which sentence of which script lies in which file.

Knows where they lie, not how they are recorded or what they sound like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from player import paths
from player.errors import InputWrong
from player.voice.key import key_of

ORIGINALS = "originals"
"""The folder, beside the recordings, of what was recorded before anything was cut."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


def folder_of(script: str) -> Path:
    """Where the recordings of a script lie; need not exist. Raises InputWrong for no such name."""
    if not _NAME.fullmatch(script):
        raise InputWrong(
            f"“{script}” cannot be the name of a script: small letters, digits, dashes"
        )
    return paths.own_voice() / script


def take_of(script: str, text: str) -> Path | None:
    """The own recording of a sentence, 48 kHz mono at the voice level; None where there is none."""
    if not _NAME.fullmatch(script):
        return None
    file = paths.own_voice() / script / f"{key_of(text)}.wav"
    return file if file.is_file() else None


def whole_take(script: str, texts: Iterable[str]) -> tuple[Path, ...] | None:
    """The own recordings of all these sentences; None where one is missing.

    A script that is recorded in part is spoken wholly by the shipped voice: two voices in one
    cue would startle.
    """
    found = [take_of(script, text) for text in texts]
    whole = tuple(file for file in found if file is not None)
    return whole if whole and len(whole) == len(found) else None

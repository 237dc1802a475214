"""What a sentence is filed under: the same words, the same key, wherever they stand."""

from __future__ import annotations

import hashlib

LETTERS = 16
"""Hexadecimal digits of a key: enough that no two sentences of a clinic ever share one."""


def key_of(text: str) -> str:
    """The key of a sentence; line ends and doubled spaces in it do not matter."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:LETTERS]

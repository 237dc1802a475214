"""One written word: what is wrong with it, the nearest known one, and how to show it safely.

Knows nothing of files or of what a session is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from player.errors import InputWrong

LONGEST_GUESSED = 40
"""Characters; for longer words no near one is sought, so that guessing stays quick."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CURLY = re.compile("[“”„«»‘’‚]")


class Misread(InputWrong):
    """A word that cannot be read; `message` says why, `hint` what to write."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(f"{message} ({hint})" if hint else message)


def same(word: str) -> str:
    """A word as it is compared: no case, single spaces."""
    return " ".join(word.split()).casefold()


def shown(text: str, most_chars: int = 60) -> str:
    """Text in straight quotes for a message: one line, no control characters, not too long."""
    line = " ".join(_CONTROLS.sub("?", text).split())
    return f'"{line[: most_chars - 1]}…"' if len(line) > most_chars else f'"{line}"'


def near(word: str, known: Iterable[str]) -> str:
    """The known word nearest to this one, or nothing where none is near."""
    if len(word) > LONGEST_GUESSED:
        return ""
    spelled: dict[str, str] = {}
    for each in known:
        if len(each) <= LONGEST_GUESSED:
            spelled.setdefault(same(each), each)
    found = difflib.get_close_matches(same(word), spelled, n=1, cutoff=0.6)
    return spelled[found[0]] if found else ""


def nearest_hint(word: str, known: Iterable[str], most_listed: int = 12) -> str:
    """`do you mean "peak"?`, or the known words where none is near."""
    words = list(dict.fromkeys(known))
    close = near(word, words)
    if close:
        return f"do you mean {shown(close)}?"
    more = ", …" if len(words) > most_listed else ""
    listed = ", ".join(shown(each)[1:-1] for each in words[:most_listed])
    return f"known here: {listed}{more}" if words else ""


def has_controls(text: str) -> bool:
    """Whether text holds characters that could upset a terminal (tabs and line ends are fine)."""
    return not text.isprintable() and _CONTROLS.search(text) is not None


def curly_hint(text: str) -> str:
    """What to do about curly quotes, where text holds any."""
    return (
        "curly quotes do not quote here; use straight ones or none" if _CURLY.search(text) else ""
    )

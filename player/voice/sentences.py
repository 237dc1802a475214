"""Text as sentences: what is spoken in one breath, and what a silence stands behind."""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[.?!…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])")
_NO_END = re.compile(r"(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|Prof|St|vs|e\.g|i\.e|[A-Z])\.$")
_LONGEST_NO_END = len(" Prof.")


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, each on one line; what holds no letter or digit is left out."""
    folded = " ".join(text.split())
    found, begin = [], 0
    for end in _END.finditer(folded):
        if not _is_no_end(folded, begin, end.end()):
            found.append(folded[begin : end.end()].strip())
            begin = end.end()
    found.append(folded[begin:].strip())
    return [each for each in found if any(letter.isalnum() for letter in each)]


def _is_no_end(text: str, begin: int, end: int) -> bool:
    """Whether a sentence that begins at `begin` only seems to end, with something short, at `end`.

    A little more than that is looked at, so that a word's tail never stands at its beginning.
    """
    first = max(begin, end - _LONGEST_NO_END - 2)
    return _NO_END.search(text[first:end].rstrip()) is not None

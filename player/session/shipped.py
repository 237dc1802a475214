"""The shipped pieces of music, by name, with what was measured of them.

Read from `music.yaml` in the shipped folder. Knows nothing of how they sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from player import paths
from player.errors import InputWrong
from player.text.words import same
from player.text.yaml_nodes import Mapping, Node, Scalar, read
from player.units import Decibels, Frames, Lufs

BROKEN = "the list of shipped music cannot be read: install Stillroom again"


@dataclass(frozen=True, slots=True)
class ShippedPiece:
    """One piece that travels with the program."""

    name: str
    file: Path
    title: str
    frames: Frames
    lufs: Lufs
    true_peak_dbtp: Decibels
    rights: str


def pieces() -> dict[str, ShippedPiece]:
    """All shipped pieces by name. Raises InputWrong where their list is missing or broken."""
    folder = paths.shipped()
    root = read(folder / "music.yaml").root
    if not isinstance(root, Mapping):
        raise InputWrong(BROKEN)
    try:
        found = [_piece(folder, _text(key), node) for key, node in root.pairs]
    except (KeyError, ValueError):
        raise InputWrong(BROKEN) from None
    return {same(piece.name): piece for piece in found}


def _piece(folder: Path, name: str, node: Node) -> ShippedPiece:
    if not isinstance(node, Mapping):
        raise ValueError(name)
    facts = {_text(key): _text(value) for key, value in node.pairs}
    return ShippedPiece(
        name=name,
        file=folder / facts["file"],
        title=facts.get("title", name),
        frames=int(facts["frames"]),
        lufs=float(facts["lufs"]),
        true_peak_dbtp=float(facts["true_peak_dbtp"]),
        rights=facts.get("rights", ""),
    )


def _text(node: Node) -> str:
    if not isinstance(node, Scalar):
        raise ValueError("a text is wanted")
    return node.text

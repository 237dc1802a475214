"""Renders the shipped music and writes playlists/music and music.yaml.

nice python3 scripts/sound/make_music.py [NAME...]
Each piece is a small file in pieces/; without names all are made. The figures in the index are
measured on the file as it decodes. Takes up to two minutes a piece on two cores.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import ogg_opus
import yaml
from measure import Sound, correlation, decode, largest_rise, loudness, seam_bend, seam_step
from measure import tilt_db_per_octave as tilt

PLAYLISTS = Path(__file__).parents[2] / "playlists"
PIECES = Path(__file__).parent / "pieces"
RIGHTS = "CC0 1.0, made by scripts/sound"


def main(names: list[str]) -> None:
    """Renders the named pieces, or all, prints their figures and brings the index up to date."""
    known = sorted(path.stem for path in PIECES.glob("*.py"))
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"no piece named {', '.join(unknown)}; there are {', '.join(known)}")
    for name in names or known:
        piece = importlib.import_module(f"pieces.{name}")
        tags = {"TITLE": piece.TITLE, "LICENSE": RIGHTS}
        path = music_path(name)
        ogg_opus.write(path, piece.compose(), bit_rate=piece.BIT_RATE, tags=tags, loop=True)
        print(f"{name}: {path.stat().st_size // 1000} kB, {in_words(decode(path))}")
    index = {name: row(name) for name in known if music_path(name).is_file()}
    text = yaml.safe_dump(index, sort_keys=False, width=92)
    (PLAYLISTS / "music.yaml").write_text("# Made by scripts/sound/make_music.py.\n" + text)


def music_path(name: str) -> Path:
    """Where a piece stands."""
    return PLAYLISTS / "music" / f"{name}.opus"


def row(name: str) -> dict[str, Any]:
    """What the index says of a piece, measured on the file as it decodes."""
    sound = decode(music_path(name))
    figures = loudness(sound)
    return {
        "file": f"music/{name}.opus",
        "title": importlib.import_module(f"pieces.{name}").TITLE,
        "frames": sound.shape[1],
        "lufs": round(figures.lufs, 1),
        "true_peak_dbtp": round(figures.true_peak_dbtp, 1),
        "energy": importlib.import_module(f"pieces.{name}").ENERGY,
        "rights": RIGHTS,
    }


def in_words(sound: Sound) -> str:
    """The figures a piece is judged by, across its seam too."""
    figures = loudness(sound, loop=True)
    return (
        f"{figures.lufs:.1f} LUFS, {figures.true_peak_dbtp:.1f} dBTP, "
        f"short-term rises {largest_rise(figures.short_term):.1f} LU, "
        f"momentary {largest_rise(figures.momentary):.1f} LU, "
        f"correlation {correlation(sound):.2f}, {tilt(sound):.1f} dB an octave, "
        f"seam step {seam_step(sound):.2f}, bend {seam_bend(sound):.1f}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])

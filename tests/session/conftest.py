"""A folder with music by name only, a small shipped folder, and a way to write session files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from player import paths

SHIPPED_MUSIC = """\
# A list as the shipped one.
shore: {file: music/shore.opus, title: Shore, frames: 96000, lufs: -20.1,
        true_peak_dbtp: -3.2, rights: CC0}
deep:
  file: music/deep.opus
  title: Deep
  frames: 48000
  lufs: -21
  true_peak_dbtp: -4
lost: {file: music/lost.opus, frames: 1, lufs: -20, true_peak_dbtp: -3}
"""

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shipped"
    (folder / "music").mkdir(parents=True)
    (folder / "music.yaml").write_text(SHIPPED_MUSIC, encoding="utf-8")
    for name in ("shore", "deep"):
        (folder / "music" / f"{name}.opus").touch()
    monkeypatch.setattr(paths, "shipped", lambda: folder)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where session files are written, with two tracks and a recording."""
    place = tmp_path / "mine"
    (place / "voice").mkdir(parents=True)
    for name in ("a.wav", "b.mp3", "voice/hello.opus"):
        (place / name).touch()
    return place


@pytest.fixture
def write(folder: Path) -> Write:
    """Writes a session file and gives its path."""

    def written(body: str | bytes, name: str = "my.yaml") -> Path:
        file = folder / name
        file.write_bytes(body if isinstance(body, bytes) else body.encode())
        return file

    return written

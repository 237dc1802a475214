"""Generated sound files, one in each format, made once for all tests of decoding."""

from __future__ import annotations

from pathlib import Path

import pytest
from tones import CODECS, sweep, write

FRAMES = 4 * 48000 + 777


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same sweep in every format at 48 kHz, by ending."""
    folder = tmp_path_factory.mktemp("media")
    pcm = sweep(FRAMES)
    return {ending: write(folder / f"sweep{ending}", pcm) for ending in CODECS}


@pytest.fixture(scope="session")
def media_44k1(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Five seconds at 44.1 kHz, by ending, for formats that know that rate."""
    folder = tmp_path_factory.mktemp("media-44k1")
    pcm = sweep(5 * 44100, rate=44100)
    endings = (".mp3", ".m4a", ".flac", ".wav")
    return {ending: write(folder / f"sweep{ending}", pcm, rate=44100) for ending in endings}

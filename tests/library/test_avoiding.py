"""What is avoided, by whole words, wherever they stand, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from player.library.avoiding import why_avoided
from player.settings import Avoid

FOLDER = Path("/sessions")
PIECE = Path("/music/Ann Ex/Slow Water/03 - Silent_night (live).mp3")


@pytest.mark.parametrize(
    ("avoid", "tags", "why"),
    [
        ({"artists": ["ann ex"]}, {"artist": "ANN EX feat. Bo"}, "artist ann ex"),
        ({"artists": ["Ann"]}, {"artist": "Annette"}, ""),
        ({"artists": ["Ann Ex"]}, {}, "artist Ann Ex"),
        ({"artists": ["Ann Ex"]}, {"artist": "Bo"}, ""),
        ({"artists": ["music"]}, {}, ""),
        ({"titles": ["Silent Night"]}, {}, "title Silent Night"),
        ({"titles": ["Silent Night"]}, {"title": "Tide"}, "title Silent Night"),
        ({"titles": ["tide"]}, {"title": "The Tide (II)"}, "title tide"),
        ({"titles": ["night water"]}, {}, ""),
        ({"tags": ["Christmas"]}, {"genre": "Pop;christmas"}, "tag Christmas"),
        ({"tags": ["eng"]}, {"language": "eng"}, "tag eng"),
        ({"tags": ["christmas"]}, {"title": "Christmas"}, ""),
        ({"files": ["*LIVE*"]}, {}, "file *LIVE*"),
        ({"files": ["/music/Ann Ex"]}, {}, "file /music/Ann Ex"),
        ({"files": ["../music/ann ex"]}, {}, ""),
        ({"files": ["../music/*/Slow*"]}, {}, "file ../music/*/Slow*"),
        ({"files": ["03 - Silent_night (live)"]}, {}, "file 03 - Silent_night (live)"),
        ({"files": ["~nobody-here/x"]}, {}, ""),
        ({"artists": ["..."], "titles": ["-"]}, {"artist": "..."}, ""),
        ({}, {"artist": "Ann Ex"}, ""),
    ],
)
def test_a_piece_is_avoided_for_a_reason_that_is_told(
    avoid: dict[str, list[str]], tags: dict[str, str], why: str
) -> None:
    assert why_avoided(PIECE, tags, Avoid(**avoid), FOLDER) == why

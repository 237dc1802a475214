"""A session of two tones, in a room where a test turns the clock."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ears import open_room


@pytest.fixture
def room(tmp_path: Path) -> Any:
    return partial(open_room, tmp_path)

"""The shipped sessions and sound as they stand on disk, each read once."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from player import paths
from player.session.loader import load
from player.session.model import Session

ROOT = Path(__file__).parents[2]
INDICES = ("music", "voice")


def index(name: str) -> Any:
    return yaml.safe_load((paths.shipped() / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def music() -> dict[str, dict[str, Any]]:
    """Each shipped piece's row of the index, by name."""
    return index("music")


@pytest.fixture(scope="session")
def voice() -> dict[str, Any]:
    """The index of spoken sentences."""
    return index("voice")


@pytest.fixture(scope="session")
def sessions() -> dict[str, Session]:
    """Every shipped session, by the name of its file."""
    files = sorted(paths.shipped().glob("*.yaml"))
    return {file.stem: load(file) for file in files if file.stem not in INDICES}


@pytest.fixture(scope="session")
def hearing() -> ModuleType:
    """The measures that the music was made with: a script, so it is read from its file."""
    spec = importlib.util.spec_from_file_location("hearing", ROOT / "scripts/sound/measure.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["hearing"] = module
    spec.loader.exec_module(module)
    return module

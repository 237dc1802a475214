"""The judging parts of scripts, loaded by their path: scripts are no package."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"


def load(name: str) -> ModuleType:
    """A script by its name, and what it needs of the others."""
    before = list(sys.path)
    sys.path += [str(SCRIPTS / "bench"), str(SCRIPTS)]
    try:
        return importlib.import_module(name)
    finally:
        # A support module of the tests has the same name as one of the benches.
        sys.path[:] = before


@pytest.fixture
def script() -> Callable[[str], ModuleType]:
    return load

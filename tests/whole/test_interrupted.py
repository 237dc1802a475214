"""Ctrl-C while a command still loads: a word, and never a traceback."""

from __future__ import annotations

import subprocess
import sys

import pytest

INTERRUPTED_AT = """
import sys
class Interrupts:
    def find_spec(self, name, *_):
        if name == {name!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupts())
sys.argv = ["stillroom", "status"]
from player.__main__ import main
main()
"""


@pytest.mark.parametrize("name", ["player.cli", "click", "player.engine.client"])
def test_ctrl_c_while_it_loads_says_stopped(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_AT.format(name=name)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (done.returncode, done.stdout, done.stderr.split()) == (1, "", ["stopped"])

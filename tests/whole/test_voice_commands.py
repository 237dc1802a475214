"""`stillroom voice` as people type it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from player import paths
from player.voice.takes import keep, take_of

SCRIPT = """format: 1
title: Mine
sentences: [{say: The couch is underneath you.}, {say: It holds you.}]
"""


@pytest.fixture
def mine() -> None:
    (paths.own_scripts() / "mine.yaml").write_text(SCRIPT)


def in_a_terminal(*words: str, timeout_s: float = 30, **environment: str) -> tuple[int, str]:
    """Run a command in a pseudo-terminal; its exit code, and all that it wrote there."""
    import pty

    master, slave = pty.openpty()
    line = [sys.executable, "-m", "player.cli", *words]
    child = subprocess.Popen(
        line, stdin=slave, stdout=slave, stderr=slave, env=os.environ | environment
    )
    os.close(slave)
    written, until_s = b"", time.monotonic() + timeout_s
    while time.monotonic() < until_s:
        try:
            got = os.read(master, 65536)
        except OSError:
            break
        if not got:
            break
        written += got
    os.close(master)
    return child.wait(timeout_s), written.decode(errors="replace")


def test_scripts_are_listed_with_what_is_recorded_of_them(stillroom: Any, mine: None) -> None:
    assert "Mine: 2 sentences\n" in stillroom("voice", "scripts").stdout
    keep("mine", "It holds you.", original=bytes(960), sound=bytes(960))
    assert "Mine: 2 sentences, 1 of yours\n" in stillroom("voice", "scripts").stdout


def test_a_script_with_faults_does_not_hide_the_others(stillroom: Any, mine: None) -> None:
    faulty = paths.own_scripts() / "another.yaml"
    faulty.write_text("format: 1\ntitle: Another\nsentenses: []\n")
    listed = stillroom("voice", "scripts")
    assert listed.returncode == 2
    assert "Mine: 2 sentences\n" in listed.stdout
    assert "settling" in listed.stdout
    assert "another" not in listed.stdout
    assert all(line.startswith(f"{faulty}:") for line in listed.stderr.splitlines())
    assert "sentenses" in listed.stderr


def test_a_recording_goes_to_another_machine_and_back(
    stillroom: Any, mine: None, tmp_path: Path
) -> None:
    keep("mine", "It holds you.", original=bytes(960), sound=bytes(960))
    out = str(tmp_path / "mine.zip")
    packed = stillroom("voice", "export", "mine", "-o", out)
    assert (packed.returncode, "1 sentence" in packed.stderr) == (0, True)
    again = stillroom("voice", "import", out)
    assert (again.returncode, "--replace" in again.stderr) == (2, True)
    over = stillroom("voice", "export", "mine", "-o", out)
    assert (over.returncode, "--force to write over it" in over.stderr) == (2, True)
    assert stillroom("voice", "export", "mine", "-o", out, "--force").returncode == 0
    forgotten = stillroom("voice", "forget", "mine")
    assert forgotten.returncode == 0
    assert "removed; its words are shown on your screen" in forgotten.stderr
    assert take_of("mine", "It holds you.") is None
    assert stillroom("voice", "import", out).returncode == 0
    assert take_of("mine", "It holds you.") is not None


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (("record", "mien"), '"mine"', 2),
        (("record", "mine"), "needs a terminal", 2),
        (("export", "mine", "-o", "/nowhere/x.zip"), "nothing of it is recorded", 2),
        (("say", "Rest.", "-o", __file__), "is there already; another name, or --force", 2),
        (("import", "/nowhere/x.zip"), "no such file", 2),
        (("forget", "mine"), "nothing of it is recorded", 1),
        (("forget", "../.."), "cannot be the name of a script", 2),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    stillroom: Any, mine: None, words: tuple[str, ...], says: str, code: int
) -> None:
    done = stillroom("voice", *words)
    assert (done.returncode, says in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_without_an_input_recording_says_so_and_exits_with_one(mine: None) -> None:
    code, told = in_a_terminal("voice", "record", "mine", SDL_AUDIODRIVER="there is none")
    assert code == 1
    assert "there is no sound system here that could record" in told
    assert "\x1b[?1049h" not in told, "the screen was never opened"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_nothing_is_recorded_while_a_session_runs(
    stillroom: Any, mine: None, brief: str, await_status: Any
) -> None:
    line = [sys.executable, "-m", "player.cli", "play", brief, "--plain", "--output", "null"]
    playing = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    await_status(lambda status: status["running"])
    code, told = in_a_terminal("voice", "record", "mine")
    assert (code, "record once that session is over" in told) == (1, True)
    stillroom("stop")
    playing.wait(30)


def test_every_voice_command_has_help_with_an_example(stillroom: Any) -> None:
    for name in ("scripts", "record", "export", "import", "forget"):
        told = stillroom("voice", name, "--help")
        assert f"Example: stillroom voice {name}" in told.stdout

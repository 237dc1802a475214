"""The scan as people and scripts call it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tones import tone, write


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    jump = tone(48000 * 12, gain=0.01)
    jump[48000 * 6 :] *= 30
    write(folder / "02 jump.flac", jump)
    write(folder / "10 calm.flac", tone(48000 * 2), tags={"title": "Calm", "genre": "Ambient"})
    (folder / "1 zero.mp3").touch()
    (folder / "cover.jpg").write_bytes(b"\xff\xd8")
    return folder


def test_json_holds_every_file_in_the_order_people_count(
    stillroom: Callable[..., subprocess.CompletedProcess[str]], music: Path
) -> None:
    done = stillroom("scan", "--json", str(music))
    assert done.returncode == 0, done.stderr
    files = json.loads(done.stdout)["files"]
    names = ["1 zero.mp3", "02 jump.flac", "10 calm.flac", "cover.jpg"]
    assert [file["path"] for file in files] == [str(music / name) for name in names]
    zero, jump, calm, _ = files
    assert zero["faults"] == ["is empty"]
    assert zero["seconds"] is None
    assert jump["seconds"] == 12
    assert jump["rises"][0]["at_s"] == pytest.approx(6, abs=0.2)
    assert jump["rises"][0]["by_lu"] > 20
    assert calm["rises"] == calm["silences"] == calm["faults"] == []
    assert calm["lufs"] == pytest.approx(-6.7, abs=0.1)
    assert calm["true_peak_dbtp"] == pytest.approx(-6.02, abs=0.1)
    assert calm["tags"] == {"title": "Calm", "genre": "Ambient"}


def test_the_table_begins_with_the_worst(
    stillroom: Callable[..., subprocess.CompletedProcess[str]], music: Path
) -> None:
    done = stillroom("scan", str(music))
    assert done.returncode == 0, done.stderr
    named = [line for line in done.stdout.splitlines() if line.endswith((".flac", ".mp3"))]
    assert [line.split("  ")[-1] for line in named] == [
        "02 jump.flac",
        "1 zero.mp3",
        "10 calm.flac",
    ]
    assert "Not music, and left alone: 1 picture." in done.stdout


def test_a_path_that_is_not_there_is_wrong_input(
    stillroom: Callable[..., subprocess.CompletedProcess[str]], music: Path
) -> None:
    done = stillroom("scan", str(music), str(music / "nowhere"))
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert done.stdout == ""
    assert stillroom("scan").returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows stops programs otherwise")
def test_ctrl_c_ends_a_scan_in_words_and_the_next_goes_on(music: Path) -> None:
    endless = write(music / "endless.wav", tone(48000))
    body = bytearray(endless.read_bytes())
    size = 48000 * 4 * 3600 * 5
    place = body.index(b"data") + 4
    body[place : place + 4] = size.to_bytes(4, "little")
    endless.write_bytes(body)
    os.truncate(endless, place + 4 + size)
    words = [sys.executable, "-m", "player.cli", "scan", str(music)]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True) as scanning:
        until = time.monotonic() + 60
        while "1 zero" not in kept() and time.monotonic() < until:
            time.sleep(0.05)
        scanning.send_signal(signal.SIGINT)
        told, said = scanning.communicate(timeout=60)
    endless.unlink()
    assert scanning.returncode == 1
    assert told == ""
    assert "measured and kept" in said
    assert "Traceback" not in said


def kept() -> str:
    """The catalogue's bytes, in which the paths of what was measured stand as they are."""
    files = Path(os.environ["STILLROOM_HOME"]).glob("catalogue.sqlite*")
    return "".join(file.read_bytes().decode("latin-1") for file in files)

"""The scan as people and scripts call it."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from tones import tone, write

from player.library.scan import GRACE_S


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


def silent_wav(path: Path, seconds: int) -> Path:
    """A wav of silence that takes no room on the disk."""
    body = bytearray(write(path, tone(48000)).read_bytes())
    size = 48000 * 4 * seconds
    place = body.index(b"data") + 4
    body[place : place + 4] = size.to_bytes(4, "little")
    path.write_bytes(body)
    os.truncate(path, place + 4 + size)
    return path


def interrupted(music: Path, seen: str, times: int) -> tuple[int, str, str]:
    """A scan that is asked to end so many times once a file is kept: code, output, errors."""
    words = [sys.executable, "-m", "player.cli", "scan", str(music)]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True) as scanning:
        until = time.monotonic() + 60
        while seen not in kept() and time.monotonic() < until:
            time.sleep(0.02)
        for _ in range(times):
            scanning.send_signal(signal.SIGINT)
            time.sleep(0.05)
        told, said = scanning.communicate(timeout=60)
    return scanning.returncode, told, said


@pytest.mark.skipif(os.name == "nt", reason="Windows stops programs otherwise")
def test_ctrl_c_lets_files_in_hand_finish_and_the_count_is_true(music: Path) -> None:
    for number in range(6):
        silent_wav(music / f"long {number}.wav", 700 - number)
    code, told, said = interrupted(music, "long 0.wav", 1)
    assert code == 1
    assert told == ""
    assert "Traceback" not in said
    first, last = said.splitlines()
    assert first.startswith("stopping: ")
    (done,) = [int(word) for word in re.findall(r"stopped: (\d+) of 9 are measured and kept", last)]
    assert 0 < done < 9
    with closing(sqlite3.connect(catalogue())) as base:
        assert base.execute("SELECT count(*) FROM contents").fetchone() == (done,)


@pytest.mark.skipif(os.name == "nt", reason="Windows stops programs otherwise")
def test_ctrl_c_twice_ends_a_scan_at_once_in_words(music: Path) -> None:
    silent_wav(music / "endless.wav", 3600 * 5)
    begun_s = time.monotonic()
    code, told, said = interrupted(music, "1 zero", 2)
    assert time.monotonic() - begun_s < GRACE_S
    assert code == 1
    assert told == ""
    assert said.splitlines()[-1] == "stopped: 3 of 4 are measured and kept; scan again to go on"
    assert "Traceback" not in said


def catalogue() -> Path:
    return Path(os.environ["STILLROOM_HOME"]) / "catalogue.sqlite"


def kept() -> str:
    """The catalogue's bytes, in which the paths of what was measured stand as they are."""
    found = []
    for file in Path(os.environ["STILLROOM_HOME"]).glob("catalogue.sqlite*"):
        with suppress(FileNotFoundError):  # a companion that goes when the last one closes
            found.append(file.read_bytes().decode("latin-1"))
    return "".join(found)

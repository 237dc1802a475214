"""The process that measures: order, results, deaths, and a prompt end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tones import tone, write

import player
from player.library import measuring
from player.library.catalogue import Broken, Catalogue
from player.library.measuring import Measured, Measurer
from player.session.model import Energy
from player.timeline.plan import TrackFacts

LONG_S = 60.0


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.sqlite"


@pytest.fixture
def songs(tmp_path: Path) -> list[Path]:
    return [write(tmp_path / f"{n}.flac", tone((n + 1) * 48000, 440)) for n in range(3)]


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[Path]:
    """A file that takes far longer to measure than any test waits: 2 h of WAV, mostly a hole."""
    path = write(tmp_path / "long.wav", tone(48000))
    length = 2 * 3600 * 48000 * 4
    place = path.read_bytes().index(b"data")
    header = bytearray(path.read_bytes()[: place + 8])
    header[4:8] = (length + place).to_bytes(4, "little")
    header[place + 4 : place + 8] = length.to_bytes(4, "little")
    path.write_bytes(header)
    os.truncate(path, len(header) + length)
    yield path
    path.unlink()


def answers(measurer: Measurer, count: int) -> list[Measured]:
    """The next results, as they come."""
    found: list[Measured] = []
    until = time.monotonic() + LONG_S
    while len(found) < count:
        assert time.monotonic() < until, f"only {found} came"
        found += measurer.poll()
        time.sleep(0.01)
    return found


def under_way(measurer: Measurer, path: Path) -> None:
    """Wait until a file is being measured."""
    until = time.monotonic() + LONG_S
    while not measurer.progress(path) or measurer.process_id is None:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_files_are_measured_in_the_order_they_will_be_needed(base: Path, songs: list[Path]) -> None:
    measurer = Measurer(songs, catalogue=base)
    assert measurer.wait(LONG_S)
    found = measurer.poll()
    assert [row.path for row in found] == songs
    for number, row in enumerate(found):
        assert isinstance(row.known, TrackFacts)
        assert row.known.frames == (number + 1) * 48000
        assert row.known.energy is Energy.LOW, "so that it can be chosen in this very session"
        assert measurer.progress(row.path) == 1.0
    assert measurer.poll() == []
    measurer.close()
    with Catalogue(base) as catalogue:
        assert [catalogue.known(song) for song in songs] == [row.known for row in found]


def test_one_that_is_wanted_sooner_overtakes_the_others(
    base: Path, songs: list[Path], endless: Path
) -> None:
    measurer = Measurer([endless, *songs], catalogue=base)
    measurer.hurry(songs[2])
    measurer.hurry(songs[1])
    found = answers(measurer, 1) if measurer.progress(endless) is None else []
    measurer.close()
    assert [row.path for row in found] in ([songs[1]], [])


def test_results_may_come_by_a_call(base: Path, songs: list[Path]) -> None:
    came: list[Measured] = []
    measurer = Measurer(catalogue=base, on_measured=came.append)
    assert measurer.idle
    measurer.add(songs)
    assert measurer.wait(LONG_S)
    measurer.close()
    assert [row.path for row in came] == songs
    assert measurer.poll() == []


def test_what_cannot_be_measured_is_broken_with_a_plain_reason(base: Path, tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.mp3", tmp_path / "text.mp3"
    empty.touch()
    text.write_text("only words\n" * 500)
    files = [tmp_path / "nowhere.mp3", empty, text, tmp_path]
    measurer = Measurer(files, catalogue=base)
    found = answers(measurer, 4)
    measurer.close()
    assert [(row.path, row.known) for row in found] == [
        (files[0], Broken("is not there")),
        (empty, Broken("is empty")),
        (text, Broken("is not a sound file, or is damaged at its beginning")),
        (tmp_path, Broken("is a folder, not a sound file")),
    ]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_process_that_dies_is_started_again_and_the_file_given_up_at_its_second_death(
    base: Path, songs: list[Path], endless: Path
) -> None:
    measurer = Measurer([endless, songs[0]], catalogue=base)
    for _ in range(2):
        under_way(measurer, endless)
        process = measurer.process_id
        assert process is not None
        os.kill(process, signal.SIGKILL)
        until = time.monotonic() + LONG_S
        while measurer.process_id == process:
            assert time.monotonic() < until
            time.sleep(0.01)
    found = answers(measurer, 2)
    measurer.close()
    assert found[0] == Measured(endless, Broken("could not be measured: the process for it died"))
    assert found[1].path == songs[0]
    assert isinstance(found[1].known, TrackFacts)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no such signal here")
def test_a_file_at_which_the_process_hangs_is_given_up_and_the_next_is_measured(
    base: Path, songs: list[Path], endless: Path
) -> None:
    measurer = Measurer([endless, songs[0]], catalogue=base, patience_s=6)
    under_way(measurer, endless)
    assert measurer.process_id is not None
    os.kill(measurer.process_id, signal.SIGSTOP)
    found = answers(measurer, 2)
    measurer.close()
    assert found[0] == Measured(endless, Broken("could not be measured: reading it never ended"))
    assert isinstance(found[1].known, TrackFacts)


def test_where_no_process_can_be_started_a_file_is_given_up_and_a_later_one_is_measured(
    base: Path, songs: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as short:
        short.setattr(sys, "executable", "/nowhere/python")
        measurer = Measurer(songs[:1], catalogue=base)
        found = answers(measurer, 1)
    measurer.add(songs[1:2])
    found += answers(measurer, 1)
    measurer.close()
    assert found[0] == Measured(songs[0], Broken("could not be measured: the process for it died"))
    assert isinstance(found[1].known, TrackFacts)


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="no such call here")
def test_a_process_that_died_between_two_files_costs_neither(base: Path, songs: list[Path]) -> None:
    came: list[Measured] = []

    def dies(row: Measured) -> None:
        came.append(row)
        if len(came) == 1:
            assert measurer.process_id is not None
            os.kill(measurer.process_id, signal.SIGKILL)
            os.waitid(os.P_PID, measurer.process_id, os.WEXITED | os.WNOWAIT)

    measurer = Measurer(catalogue=base, on_measured=dies)
    measurer.add(songs)
    assert measurer.wait(LONG_S)
    measurer.close()
    assert [row.path for row in came] == songs
    assert all(isinstance(row.known, TrackFacts) for row in came)


def speaks(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program takes the place of the one that measures."""

    def started(*_: object) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-S", "-c", words]
        return subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(measuring, "_started", started)


def test_senseless_answers_cost_the_file_and_no_more(
    base: Path, songs: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    speaks("input(); print([])", monkeypatch)
    measurer = Measurer(songs[:1], catalogue=base)
    found = answers(measurer, 1)
    monkeypatch.undo()
    measurer.add(songs[1:2])
    found += answers(measurer, 1)
    measurer.close()
    assert isinstance(found[0].known, Broken)
    assert isinstance(found[1].known, TrackFacts)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_closing_does_not_wait_for_a_process_that_does_not_let_go(
    base: Path, songs: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = tmp_path / "process"
    speaks(
        "import subprocess, sys, time\n"
        "held = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(30)'])\n"
        f"open({str(names)!r}, 'w').write(f'{{held.pid}}.')\n"
        "time.sleep(30)",
        monkeypatch,
    )
    measurer = Measurer(songs[:1], catalogue=base)
    until = time.monotonic() + LONG_S
    while not (names.exists() and names.read_text().endswith(".")):
        assert time.monotonic() < until
        time.sleep(0.01)
    measurer.close()
    os.kill(int(names.read_text()[:-1]), signal.SIGKILL)  # it is still there


def test_closing_ends_the_process_in_the_middle_of_a_file(base: Path, endless: Path) -> None:
    measurer = Measurer([endless], catalogue=base)
    under_way(measurer, endless)
    process = measurer.process_id
    assert process is not None
    measurer.close()
    measurer.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert measurer.wait(LONG_S)


def test_the_worker_leaves_when_its_parent_is_gone(base: Path, endless: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(player.__file__).parents[1])}
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "player.library.worker", str(base)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        assert json.loads(worker.stdout.readline()) == {"ready": True}
        worker.stdin.write(json.dumps({"measure": str(endless)}).encode() + b"\n")
        worker.stdin.flush()
        assert "progress" in json.loads(worker.stdout.readline())
        worker.stdin.close()
        assert worker.wait(LONG_S) == 0
        assert b"frames" not in worker.stdout.read()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="niceness is read from /proc")
def test_the_worker_steps_back_behind_everything_else(base: Path, endless: Path) -> None:
    measurer = Measurer([endless], catalogue=base)
    under_way(measurer, endless)
    process = measurer.process_id
    assert process is not None
    behind = os.getpriority(os.PRIO_PROCESS, process) - os.getpriority(os.PRIO_PROCESS, 0)
    measurer.close()
    assert behind == 10 or os.getpriority(os.PRIO_PROCESS, 0) > 9

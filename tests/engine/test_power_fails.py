"""The power fails at any moment: only what was surely brought to the disk is there after it."""

from __future__ import annotations

import itertools
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from journals import HEAD, heard, stand

from player.engine.inputs import Input, Obeyed
from player.engine.journal import Journal
from player.engine.journal_file import JournalFile
from player.engine.kept import Kept, read
from player.timeline import commands as c
from player.timeline.events import Event, PhaseEntered

pytestmark = pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="syncs by other calls")

S = 48_000
TURN_S = 0.34
"""Half as often as an engine does, a place is kept."""
WITHIN_S = 5.0


class Disk:
    """Keeps of each file what it held when it was last synced, and of each folder its names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sync = os.fsync
        self._files: dict[int, bytes] = {}
        self._names: dict[str, int] = {}
        self._held: list[int] = []

    def fsync(self, handle: int) -> None:
        """As the system's, and remembered."""
        self._sync(handle)
        asked = os.fstat(handle)
        if os.path.samestat(asked, self.folder.stat()):
            self._names = {path.name: path.stat().st_ino for path in self.folder.iterdir()}
            return
        for path in self.folder.iterdir():
            if path.is_file() and os.path.samestat(asked, path.stat()):
                if asked.st_ino not in self._files:
                    self._held.append(os.open(path, os.O_RDONLY))  # its number stays its own
                self._files[asked.st_ino] = path.read_bytes()

    def survivors(self, name: str) -> Iterator[Kept | None]:
        """What is read after it: a new name may be there already, or only once it was synced."""
        for file in {self._names.get(name), (self.folder / name).stat().st_ino}:
            yield read(self._files.get(file or 0, b""))

    @property
    def names(self) -> set[str]:
        """What lies in the folder afterwards for certain."""
        return set(self._names)

    def close(self) -> None:
        for handle in self._held:
            os.close(handle)


class Clock:
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("player.engine.journal.time", made)
    return made


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    made = Disk(tmp_path)
    monkeypatch.setattr(os, "fsync", made.fsync)
    yield made
    made.close()


class Told:
    """All that was handed over."""

    def __init__(self) -> None:
        self.inputs: list[Input] = []
        self.events: list[Event] = []
        self.before: dict[int, int] = {}
        """How many inputs came before each stand."""

    def survives_in(self, kept: Kept | None) -> bool:
        """Whether no decision and no event is missing."""
        if kept is None:
            return False
        since = self.inputs[self.before[kept.stand.state.frame] :]
        return list(kept.inputs) == since and list(kept.told) == self.events


def wait_for(holds: Callable[[], object]) -> None:
    until_s = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until_s
        time.sleep(0.001)


@pytest.mark.parametrize("largest", [1, 384 * 1024])
def test_the_place_is_at_most_5_seconds_old_and_no_decision_is_lost(
    disk: Disk, clock: Clock, monkeypatch: pytest.MonkeyPatch, largest: int
) -> None:
    monkeypatch.setattr("player.engine.journal_file.LARGEST", largest)
    journal, told = Journal(disk.folder), Told()
    stands = iter([stand(frame) for frame in range(0, 40 * S, 10 * S)])
    began = next(stands)
    told.before[began.state.frame] = 0
    journal.begin(HEAD, began)
    journal.settle(10)
    for turn in itertools.count():
        frame = round(turn * TURN_S * S)
        for kept in disk.survivors(journal.path.name):
            assert kept is not None
            assert frame - kept.heard.frame <= WITHIN_S * S
        if turn % 30 == 28:
            made = next(stands, None)
            if made is None:
                break
            told.before[made.state.frame] = len(told.inputs)
            journal.stand(made)
        if turn % 30 in (3, 4, 9):
            told.inputs.append(Obeyed(frame=frame, command=c.Hold()))
            journal.inputs(told.inputs[-1:])
        if turn % 30 in (4, 8):
            told.events.append(PhaseEntered(frame=frame, phase=f"Part {turn}"))
            journal.told(told.events[-1])
        if turn % 30 < 10:
            wait_for(lambda: all(map(told.survives_in, disk.survivors(journal.path.name))))
        journal.heard(heard(frame))
        wait_for(lambda place=b'"heard",[%d,' % frame: place in journal.path.read_bytes())
        clock.now_s += TURN_S
    journal.close()


def test_a_folder_made_for_the_journal_is_there_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(tmp_path)
    monkeypatch.setattr("os.fsync", disk.fsync)
    file = JournalFile(tmp_path / "journal" / "session.journal")
    file.write_anew([b"a line\n"])
    file.close()
    disk.close()
    assert disk.names == {"journal"}

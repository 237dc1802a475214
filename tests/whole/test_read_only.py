"""The disk under the data folder turns read-only while a session runs: a real one, which fails."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from whole_house import WholeHouse

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts a disk as Linux does")


def run(*words: str) -> str:
    """What a command that could not be done says; empty where it was done."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError as fault:
        return str(fault)
    return done.stderr.strip() or f"{words[0]} failed" if done.returncode else ""


class Disk:
    """A small file system in the data folder's place."""

    def __init__(self, image: Path, home: str) -> None:
        self.home = home
        image.write_bytes(bytes(4 << 20))
        refused = run("mkfs.ext4", "-q", "-O", "^has_journal", str(image))
        if not refused:
            refused = run("mount", "-o", "loop,errors=remount-ro", str(image), home)
        if refused:
            pytest.skip(f"no disk of its own can be mounted here: {refused}")
        Path(home).chmod(0o700)
        self.mounted = True

    def fails(self) -> None:
        """As on a fault of the drive: nothing is written any more, by whoever holds a file open."""
        told = subprocess.run(
            ["findmnt", "-no", "SOURCE", self.home], capture_output=True, text=True, check=True
        )
        fault = Path("/sys/fs/ext4") / Path(told.stdout.strip()).name / "trigger_fs_error"
        try:
            fault.write_text("1")
        except OSError as refused:
            pytest.skip(f"the disk cannot be made to fail here: {refused}")

    def goes(self) -> None:
        """It is taken away: the folder that it covered is there, empty."""
        if self.mounted:
            self.mounted = False
            assert not run("umount", "-l", self.home)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path / "disk", os.environ["STILLROOM_HOME"])
    yield made
    made.goes()


def test_a_session_plays_to_its_end_over_a_disk_that_turned_read_only(
    disk: Disk, house: WholeHouse
) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    engine, keeper = house.engine, house.keeper
    disk.fails()
    house.says("volume -2")
    house.until(lambda: "cannot be kept on the disk (read-only file system)" in house.told())
    before_s = house.status()["position_s"]
    house.until(lambda: house.status()["position_s"] > before_s + 6)  # it was tried again by then
    house.says("volume -1", "end")
    house.until(lambda: "SessionEnded" in house.told())
    assert house.told().count("cannot be kept") == 1
    assert "went wrong" not in house.told()
    assert (house.engine, house.keeper) == (engine, keeper)
    assert (house.home / "logs/engine.log").read_text().count("Traceback") == 0


def test_what_could_not_be_kept_for_a_while_is_kept_once_the_folder_takes_it_again(
    disk: Disk, house: WholeHouse
) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    disk.fails()
    house.says("volume -2")
    house.until(lambda: "cannot be kept" in house.told())
    house.says("hold")
    house.until(lambda: "Held" in house.told())
    disk.goes()
    journal = house.home / "journal/session.journal"
    house.until(lambda: b'"hold"' in journal.read_bytes())
    house.until(lambda: house.keeper > 1 and house.status()["keeper_pid"] == house.keeper)
    engine = house.engine
    house.kill(engine)
    house.until(lambda: house.engine not in (0, engine) and house.status()["state"] == "playing")
    house.says("status")
    house.until(lambda: ", held" in house.told())
    assert house.status()["volume_db"] == -2
    house.says("end")
    house.until(lambda: "SessionEnded" in house.told())
    house.until(lambda: not journal.exists())

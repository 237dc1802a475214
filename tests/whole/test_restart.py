"""What happens when something dies: real processes, killed for good, and what is heard after it."""

from __future__ import annotations

import os
import shutil
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tones

from player.engine.client import find
from player.errors import EngineUnreachable
from player.screens.status_report import status_report
from player.timeline.status import Status

S = 48_000
LOW_HZ, RISE_HZ_S = 400.0, 50.0
"""The music's pitch tells its place: 50 Hz higher each second."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")


class House:
    """A session in processes of its own, and what is said and heard of it."""

    def __init__(self, folder: Path) -> None:
        self.home = Path(os.environ["STILLROOM_HOME"])
        self.lines = folder / "lines.txt"
        seconds = np.arange(60 * S) / S
        wave = 0.3 * np.sin(2 * np.pi * (LOW_HZ * seconds + RISE_HZ_S / 2 * seconds**2))
        tones.write(folder / "sweep.flac", np.repeat(wave[:, None], 2, axis=1).astype(np.float32))
        self.session = folder / "s.yaml"
        self.session.write_text(
            "format: 1\ntitle: Trial\nsound: {first_fade: 0.1s, end_fade: 0.1s}\nphases:\n"
            "  - {name: One, length: 55s, music: sweep.flac}\n"
            "  - {name: Two, length: 30m, music: shipped:shore}\n"
        )
        self.client: subprocess.Popen[str] | None = None
        self.fifo = folder / "heard"
        self.heard = bytearray()
        self._over = False

    def plays(self, *words: str, **environment: str) -> None:
        """Begin the session in plain lines, words still to be said."""
        self.leaves()
        with self.lines.open("a") as out:
            self.client = subprocess.Popen(
                [sys.executable, "-m", "player.cli", "play", str(self.session), "--plain", *words],
                env=os.environ | environment,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def says(self, *words: str) -> None:
        """Words to the session."""
        assert self.client is not None and self.client.stdin is not None
        self.client.stdin.write("".join(f"{word}\n" for word in words))
        self.client.stdin.flush()

    def listens(self) -> dict[str, str]:
        """Take in all bytes that any engine gives its device; the environment for it."""
        os.mkfifo(self.fifo)
        # Open for both: the end of one engine is not the end of the recording.
        handle = os.open(self.fifo, os.O_RDWR)
        threading.Thread(target=self._listen, args=(handle,), daemon=True).start()
        return {"SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(self.fifo)}

    def _listen(self, handle: int) -> None:
        while not self._over:
            self.heard += os.read(handle, 1 << 16)
        os.close(handle)

    def sound(self) -> Any:
        whole = np.frombuffer(bytes(self.heard[: len(self.heard) // 8 * 8]), np.float32)
        return whole.reshape(-1, 2)[:, 0]

    @property
    def engine(self) -> int:
        beat = (self.home / "run/engine.beat").read_bytes()
        return int(struct.unpack("<8Q", beat)[2])

    @property
    def keeper(self) -> int:
        return int((self.home / "run/keeper.lock").read_text() or 0)

    def kill(self, process: int, number: int = signal.SIGKILL) -> None:
        assert process > 1
        os.kill(process, number)

    def status(self) -> dict[str, Any]:
        """What a command would print, without the time that a command takes to start."""
        room = find()
        if room is None:
            return {}
        try:
            for _ in range(3):
                if isinstance(message := room.receive(2.0), Status):
                    return status_report(message)
        except EngineUnreachable:
            pass
        finally:
            room.close()
        return {}

    def until(self, holds: Callable[[], Any], timeout_s: float = 20) -> None:
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            try:
                if holds():
                    return
            except (OSError, ValueError, KeyError):
                pass
            time.sleep(0.05)
        raise AssertionError(self.told() + (self.home / "logs/engine.log").read_text())

    def told(self) -> str:
        return self.lines.read_text()

    def lives(self, process: int) -> bool:
        try:
            os.kill(process, 0)
        except OSError:
            return False
        return process > 1

    def leaves(self) -> None:
        """The screen goes; the rest stays."""
        if self.client is not None:
            assert self.client.stdin is not None
            self.client.kill()
            self.client.wait()
            self.client.stdin.close()

    def ends(self) -> None:
        self.leaves()
        for process in (self.keeper, self.engine):
            if self.lives(process):
                self.kill(process)
        if self.fifo.exists():
            self._over = True
            self.fifo.write_bytes(b"!")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.ends()


def place_s(sound: Any) -> float:
    """Where in the music the middle of a window of 8192 frames was."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(8192), 65536))
    return float((int(spectrum.argmax()) * S / 65536 - LOW_HZ) / RISE_HZ_S)


def test_an_engine_that_is_killed_is_heard_again_where_it_was_with_all_that_was_decided(
    house: House,
) -> None:
    house.plays(**house.listens())
    house.until(lambda: len(house.heard) > 4 * S * 8)
    house.says("hold", "volume -2")
    house.until(lambda: "volume is" in house.told())
    first = house.engine
    house.kill(first)
    time.sleep(0.1)
    cut = len(house.sound())
    house.until(lambda: len(house.heard) > (cut + 3 * S) * 8)
    sound = house.sound()
    begins = cut + int(np.argmax(np.abs(sound[cut:]) > 1e-4))
    before = place_s(sound[cut - 8192 : cut]) + 4096 / S
    after = place_s(sound[begins + 4800 : begins + 4800 + 8192]) - (4800 + 4096) / S
    assert abs(after - before) < 0.3
    assert np.abs(sound[begins : begins + 480]).max() < 0.01, "it fades in"
    assert np.abs(sound[begins:]).max() <= np.abs(sound[:cut]).max() * 1.02, "no burst"
    steepest = 2 * np.pi * (LOW_HZ + RISE_HZ_S * 20) / S * np.abs(sound).max()
    assert np.abs(np.diff(sound[begins:])).max() < steepest * 1.1, "no step"
    status = house.status()
    assert status["engine_pid"] not in (0, first)
    assert status["volume_db"] == -2
    assert house.client is not None and house.client.poll() is None, "the screen stays"
    assert house.told().count("the sound broke off for") == 1
    assert house.told().count("PhaseEntered One") == 1
    house.says("status")
    house.until(lambda: ", held" in house.told())


def test_a_killed_keeper_is_replaced_and_the_new_one_brings_back_the_engine(house: House) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    keeper, engine = house.keeper, house.engine
    house.kill(keeper)
    house.until(lambda: house.keeper != keeper and house.lives(house.keeper))
    assert house.engine == engine
    house.until(lambda: house.status()["keeper_pid"] == house.keeper)
    house.kill(engine)
    house.until(lambda: house.engine != engine and house.status()["position_s"] > 0)
    assert "it goes on" in house.status()["faults"][-1]


def test_an_engine_that_hangs_is_ended_and_started_again(house: House) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    house.says("talk")
    house.until(lambda: house.status()["state"] == "talking")
    engine = house.engine
    house.kill(engine, signal.SIGSTOP)
    house.until(lambda: not house.lives(engine))
    house.until(lambda: house.status()["position_s"] > 0)
    assert house.status()["state"] == "talking"


def test_when_all_are_killed_the_next_start_offers_to_take_it_up_paused(house: House) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 2)
    house.says("dose")
    house.until(lambda: house.status()["since_dose_s"] is not None)
    keeper, engine = house.keeper, house.engine
    killed_s = time.monotonic()
    house.kill(keeper)
    house.kill(engine)
    house.leaves()
    house.session.unlink()
    house.session = Path("rest")
    house.plays("--output", "null")
    house.until(lambda: "Trial broke off" in house.told())
    house.says("take up")
    house.until(lambda: house.status()["state"] == "paused")
    away_s = time.monotonic() - killed_s
    status = house.status()
    assert status["session"] == "Trial"
    assert 2 < status["position_s"] < 6
    assert status["since_dose_s"] is not None, (house.home / "journal/session.journal").read_text()
    assert status["since_dose_s"] > away_s - 0.3, "its clock went on"
    assert house.told().count("PhaseEntered One") == 1
    house.says("resume")
    house.until(lambda: house.status()["state"] == "playing")


def test_what_broke_off_can_be_given_up_and_what_was_kept_stays(house: House) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    keeper, client = house.keeper, house.client
    house.kill(keeper, signal.SIGTERM)
    house.until(lambda: not house.lives(keeper))
    assert client is not None
    client.wait(20)
    house.plays("--output", "null")
    house.until(lambda: "Trial broke off" in house.told())
    house.says("give up")
    house.until(lambda: house.told().count("PhaseEntered One") == 2)
    assert (house.home / "journal/session.ended").exists()


def test_two_starts_at_once_make_one_engine_and_one_session(house: House) -> None:
    house.plays("--output", "null")
    words = [sys.executable, "-m", "player.cli", "play", "rest", "--plain", "--output", "null"]
    first = house.client
    assert first is not None
    with subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as second:
        house.until(lambda: (first.poll() is None) != (second.poll() is None))
        first_lost = first.poll() is not None
        second.kill()
        told = house.told() if first_lost else second.communicate()[0]
    assert "one session at a time" in told


def test_a_data_folder_that_is_taken_away_is_one_quiet_line_and_the_session_plays_on(
    house: House,
) -> None:
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    engine, keeper = house.engine, house.keeper
    away = house.home.rename(house.home.with_name("away"))
    try:
        house.says("volume -2")
        house.until(lambda: "cannot be kept" in house.told())
        house.says("volume -2", "end")
        house.until(lambda: "SessionEnded" in house.told())
        assert house.told().count("cannot be kept") == 1
        assert house.lives(engine)
    finally:
        for process in (keeper, engine):
            if house.lives(process):
                house.kill(process)
        house.leaves()
        house.client = None
        shutil.rmtree(house.home, ignore_errors=True)
        away.rename(house.home)


@pytest.mark.parametrize(
    "slip", ["volume_ceiling_db: -6\nrobust: maybe\n", "volume_ceiling_db: low\n"]
)
def test_a_slip_in_the_settings_neither_loses_the_session_nor_unlocks_its_volume(
    house: House, slip: str
) -> None:
    file = house.home / "settings.yaml"
    file.write_text("volume_ceiling_db: -6\n")
    house.plays("--output", "null")
    house.until(lambda: house.status()["position_s"] > 0.5)
    assert house.status()["volume_db"] == -6, "it begins under the ceiling"
    file.write_text(slip)
    engine = house.engine
    house.kill(engine)
    house.until(lambda: house.engine != engine and house.status()["volume_db"] == -6)
    house.says("volume -2")
    house.until(lambda: house.status()["volume_db"] == -8)
    house.says("volume +9")
    house.until(lambda: house.status()["volume_db"] > -8)
    assert house.status()["volume_db"] == -6
    assert house.status()["state"] == "playing"

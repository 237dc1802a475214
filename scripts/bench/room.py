"""A session that sounds on a private sound server, and what can be reached of it (Linux)."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import shutil
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulse
import sweep
import trial
from pydantic import TypeAdapter

from player.engine.beat import lies_at
from player.engine.lines import whole_lines
from player.timeline.events import AnyEvent

EVENTS: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
SESSION = """format: 1
title: Chaos
sound: {{first_fade: 1s, end_fade: 1s, crossfade: 2s}}
phases:
  - {{name: One, length: 24h, music: {music}}}
"""
UP, DOWN = b"\x1b[A", b"\x1b[B"
FEW_SCREENS = 100_000
DISK = "24M"
"""Large enough for a data folder, small enough to be filled at once."""
MUSIC_S = 240
"""A whole number of sweeps."""


@dataclass
class Room:
    """A session, its server, its screen and its music."""

    folder: Path
    environment: dict[str, str]
    server: pulse.PrivatePulse
    own_disk: bool = False
    """Whether the data folder is a small disk of its own."""
    client: subprocess.Popen[bytes] | Terminal | None = None
    """The screen: plain lines, or one in a terminal of its own."""
    harmed_s: float = 0.0
    """When the last harm was done, by the recording's clock."""
    astray_s: float | None = None
    """How far the last fault may put the place off, where that is known only then."""
    volume_db: float = 0.0
    """What was last asked for."""
    dry: int = 0
    """How often the output ran dry under load."""

    @property
    def engine(self) -> int:
        """The engine's process, once there is one."""
        while True:
            beat = lies_at(self.folder / "home/run").read_bytes()
            process = int(struct.unpack("<8Q", beat)[2])
            # Nought would be this very process and all its family.
            if process > 1 and lives(process):
                return process
            time.sleep(0.02)

    @property
    def keeper(self) -> int:
        """The keeper's process."""
        return int((self.folder / "home/run/keeper.lock").read_text())

    def status(self) -> dict[str, Any]:
        """What `stillroom status --json` says."""
        return trial.status(self.environment)

    def piece(self) -> Path | None:
        """The file that sounds now."""
        return next(self.folder.glob(f"{Path(self.status().get('track', '-')).stem}.flac"), None)

    def as_read(self, piece: Path) -> Path:
        """The file that the engine reads, though another may lie in its place by now."""
        for handle in Path(f"/proc/{self.engine}/fd").iterdir():
            if os.readlink(handle).startswith(str(piece)):  # noqa: PTH115 - it may be deleted
                return handle
        return piece

    def watch(self) -> None:
        """A screen in plain lines that begins the session, and takes words."""
        self.client = subprocess.Popen(
            trial.stillroom("play", str(self.folder / "chaos.yaml"), "--plain"),
            env=self.environment,
            cwd=trial.ROOT,
            stdin=subprocess.PIPE,
            stdout=(self.folder / "lines.txt").open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def watch_again(self) -> None:
        """A screen that comes back to the session, and says what it found running."""
        self.client = Terminal(self)
        if not until(lambda: isinstance(self.client, Terminal) and self.client.says("Chaos"), 10):
            raise SystemExit("the next screen did not say what it found running")

    def say(self, words: str) -> None:
        """A line for the screen in plain lines."""
        if isinstance(self.client, subprocess.Popen) and self.client.stdin is not None:
            self.client.stdin.write(f"{words}\n".encode())
            self.client.stdin.flush()

    def harm(self, process: int, number: int) -> None:
        """A signal to a process, and when it was."""
        self.harmed_s = self.server.now_s()
        os.kill(process, number)

    def decide(self) -> None:
        """Something that no fault may lose: the volume, 1 dB down or up again."""
        self.ask()
        self.expect_decided()

    def ask(self) -> None:
        """The same, without waiting until it shows."""
        if self.client is None:
            raise SystemExit("there is no screen to decide anything with")
        step = -1 if self.volume_db == 0 else 1
        if isinstance(self.client, Terminal):
            self.client.press(UP if step > 0 else DOWN)
        else:
            self.say(f"volume {step:+}")
        self.volume_db += step

    def expect_decided(self, seconds: float = 5) -> None:
        """What was asked for shows within so long."""
        if not until(lambda: self.status()["volume_db"] == self.volume_db, seconds):
            raise SystemExit(f"what was decided never showed: {self.volume_db:g} dB")

    def pause(self) -> None:
        """The music fades out and stays so."""
        self._press_pause("pause", "paused")

    def go_on(self) -> None:
        """The end of a pause."""
        self._press_pause("resume", "playing")

    def _press_pause(self, word: str, state: str) -> None:
        if isinstance(self.client, Terminal):
            self.client.press(b"p")
        else:
            self.say(word)
        if not until(lambda: self.status()["state"] == state, 10):
            raise SystemExit(f"it was never {state}")

    def told(self) -> list[str]:
        """What the journal holds of what was told, in the words of the plain lines."""
        content = (self.folder / "home/journal/session.journal").read_bytes()
        rows = [body for _, kind, body in whole_lines(content) if kind == "told"]
        return [EVENTS.validate_python(row).line() for row in rows]

    def lines(self) -> str:
        """What the screens in plain lines have said."""
        return (self.folder / "lines.txt").read_text("utf-8")

    def drop_client(self) -> None:
        """kill -9 of the screen."""
        if isinstance(self.client, Terminal):
            self.client.process.kill()
            self.client.close()
            self.client.process.wait()
        elif self.client is not None:
            self.client.kill()
            self.client.wait()
        self.client = None

    def close(self) -> None:
        """Leave nothing behind."""
        try:
            subprocess.run(
                trial.stillroom("stop"),
                env=self.environment,
                cwd=trial.ROOT,
                timeout=20,
                check=False,
            )
        finally:
            self.drop_client()
            self.server.stop()
            if self.own_disk:
                subprocess.run(["umount", "-l", str(self.folder / "home")], check=False)


class Terminal:
    """`stillroom attach` in a terminal of its own."""

    def __init__(self, room: Room) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            ["setsid", "--ctty", "--wait", *trial.stillroom("attach")],
            env=room.environment | {"TERM": "xterm-256color"},
            cwd=trial.ROOT,
            stdin=slave,
            stdout=slave,
            stderr=slave,
        )
        os.close(slave)
        self._shown = bytearray()
        self._closing = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def shows(self) -> bool:
        """Whether a screen has been drawn."""
        return len(self._shown) > 2000

    def says(self, words: str) -> bool:
        """Whether it has drawn these words."""
        return words.encode() in bytes(self._shown)

    def press(self, key: bytes) -> None:
        """A key."""
        os.write(self._master, key)

    def close(self) -> None:
        """As when its window is closed."""
        self._closing = True
        self._thread.join()
        os.close(self._master)

    def _read(self) -> None:
        while not self._closing:
            if select.select([self._master], [], [], 0.1)[0]:
                try:
                    got = os.read(self._master, 65_536)
                    del self._shown[:-FEW_SCREENS]
                    self._shown += got
                except OSError:
                    return


def lives(process: int) -> bool:
    """Whether a process is there."""
    return Path(f"/proc/{process}").exists()


def until(holds: Callable[[], bool], seconds: float, every_s: float = 0.02) -> bool:
    """Wait until something holds, at most so long."""
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        try:
            if holds():
                return True
        except (OSError, ValueError, subprocess.CalledProcessError):
            pass
        time.sleep(every_s)
    return False


def open_room(folder: Path, pieces: int) -> Room:
    """A session of so many pieces, alike to the sample, that sounds and is recorded."""
    server = pulse.PrivatePulse(folder / "pulse")
    server.start()
    master = sweep.make(folder / "master.flac", MUSIC_S)
    names = [f"piece-{number:02d}.flac" for number in range(pieces)]
    for name in names:
        shutil.copyfile(master, folder / name)
    music = json.dumps([str(folder / name) for name in names])
    (folder / "chaos.yaml").write_text(SESSION.format(music=music))
    (folder / "home").mkdir(mode=0o700)
    own_disk = _mounted(folder / "home")
    environment = os.environ | server.environment | {"WAKEPY_FAKE_SUCCESS": "yes"}
    environment |= {"STILLROOM_HOME": str(folder / "home"), "HOME": str(folder)}
    room = Room(folder, environment, server, own_disk)
    room.watch()
    trial.await_playing(environment)
    server.record()
    time.sleep(3)
    return room


def _mounted(folder: Path) -> bool:
    """A small disk in place of a folder, a file of a real one, where this user may mount it."""
    disk = str(folder.with_suffix(".disk"))
    steps = [
        ["truncate", "-s", DISK, disk],
        ["mkfs.ext4", "-q", "-m", "0", disk],
        ["mount", "-o", "loop", disk, str(folder)],
    ]
    for words in steps:
        if not shutil.which(words[0]):
            return False
        if subprocess.run(words, capture_output=True, check=False).returncode != 0:
            return False
    folder.chmod(0o700)
    (folder / "lost+found").rmdir()
    return True

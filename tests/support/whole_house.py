"""A session in processes of its own, to be harmed: its screen, engine, keeper and sound."""

from __future__ import annotations

import contextlib
import os
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
import tones

from player.engine.beat import lies_at
from player.engine.client import find
from player.errors import EngineUnreachable
from player.screens.status_report import status_report
from player.timeline.status import Status

S = 48_000
LOW_HZ, RISE_HZ_S = 400.0, 50.0
"""The music's pitch tells its place: 50 Hz higher each second."""


class WholeHouse:
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
        beat = lies_at(self.home / "run").read_bytes()
        return int(struct.unpack("<8Q", beat)[2])

    @property
    def keeper(self) -> int:
        return int((self.home / "run/keeper.lock").read_text() or 0)

    def kill(self, process: int, number: int = signal.SIGKILL) -> None:
        assert process > 1
        os.kill(process, number)

    def status(self) -> dict[str, Any]:
        """What a command would print, without the time that a command takes to start.

        Empty while the session is not there, or on its way back.
        """
        room = find()
        if room is None:
            return {}
        try:
            for _ in range(3):
                if isinstance(message := room.receive(2.0), Status):
                    return {} if message.coming_back else status_report(message)
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
        log = self.home / "logs/engine.log"
        raise AssertionError(self.told() + (log.read_text() if log.exists() else "no engine log"))

    def told(self) -> str:
        return self.lines.read_text()

    def lives(self, process: int) -> bool:
        try:
            os.kill(process, 0)
        except OSError:
            return False
        return process > 1

    def _left(self) -> Iterator[int]:
        """Those that can be found; where all ended in good order nothing says who they were."""
        with contextlib.suppress(OSError, ValueError):
            yield self.keeper
        with contextlib.suppress(OSError, ValueError):
            yield self.engine

    def leaves(self) -> None:
        """The screen goes; the rest stays."""
        if self.client is not None:
            assert self.client.stdin is not None
            self.client.kill()
            self.client.wait()
            self.client.stdin.close()

    def ends(self) -> None:
        self.leaves()
        for process in self._left():
            if self.lives(process):
                self.kill(process)
        if self.fifo.exists():
            self._over = True
            self.fifo.write_bytes(b"!")

"""A sound server of one's own with a sink that nobody hears, and its recording. PulseAudio only."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 48_000


class PrivatePulse:
    """A PulseAudio with one null sink, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket = folder / "native"
        self.process: subprocess.Popen[bytes] | None = None
        self._recorder: subprocess.Popen[bytes] | None = None
        self.recording = folder / "heard.raw"

    @staticmethod
    def there() -> bool:
        """Whether this machine has what it takes."""
        return all(shutil.which(name) for name in ("pulseaudio", "parec", "pactl"))

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs to find it."""
        return {
            "PULSE_SERVER": f"unix:{self.socket}",
            "PULSE_RUNTIME_PATH": str(self.folder),
            "SDL_AUDIODRIVER": "pulseaudio",
        }

    def start(self) -> None:
        """Start the server; returns once it answers."""
        modules = [
            "module-null-sink sink_name=room rate=48000 format=float32le channels=2",
            f"module-native-protocol-unix auth-anonymous=1 socket={self.socket}",
        ]
        self.process = subprocess.Popen(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no"),
                *("--exit-idle-time=-1", "--disable-shm=yes", "--log-target=null"),
                *(word for module in modules for word in ("-L", module)),
            ],
            env=os.environ | {"HOME": str(self.folder), "PULSE_RUNTIME_PATH": str(self.folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 10
        while not self._answers():
            if time.monotonic() > until:
                raise SystemExit("the private PulseAudio did not start")
            time.sleep(0.05)

    def record(self) -> None:
        """Write down all that the sink is given, from now on."""
        with self.recording.open("ab") as out:
            self._recorder = subprocess.Popen(
                [
                    *("parec", "-d", "room.monitor", "--raw", "--latency-msec=20"),
                    *("--format=float32le", "--rate=48000", "--channels=2"),
                ],
                env=os.environ | self.environment,
                stdout=out,
                stderr=subprocess.DEVNULL,
            )

    def heard(self) -> NDArray[np.float32]:
        """The left side of the recording so far."""
        whole = np.fromfile(self.recording, np.float32)
        return whole[: len(whole) // 2 * 2].reshape(-1, 2)[:, 0]

    def stop(self) -> None:
        """End the recording and the server."""
        for process in (self._recorder, self.process):
            if process is not None:
                process.kill()
                process.wait()

    def _answers(self) -> bool:
        done = subprocess.run(
            ["pactl", "info"],
            env=os.environ | self.environment,
            capture_output=True,
            check=False,
        )
        return done.returncode == 0

"""A private PulseAudio to start, kill, hang and bring back, whose outputs are recorded."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MISSING = None if shutil.which("pulseaudio") and shutil.which("parec") else "needs PulseAudio"
"""Why tests with a sound server can't run here, or None."""


class SoundServer:
    """One server with null sinks, in a folder of its own."""

    def __init__(self, folder: Path, outputs: tuple[str, ...]) -> None:
        self._folder = folder
        self._outputs = outputs
        self.socket = folder / "pulse"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs to find it."""
        return {
            "PULSE_SERVER": f"unix:{self.socket}",
            "PULSE_RUNTIME_PATH": str(self._folder / "runtime"),
            "SDL_AUDIODRIVER": "pulseaudio",
        }

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        load = [f"module-native-protocol-unix socket={self.socket} auth-anonymous=1"]
        load += [
            f"module-null-sink sink_name={name} rate=48000 channels=2 format=float32le"
            f" sink_properties=device.description={name}"
            for name in self._outputs
        ]
        # As on a desktop: a stream whose output goes is moved to another, if it may be.
        load.append("module-rescue-streams")
        self._process = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--realtime=no"]
            + [f"--load={module}" for module in load],
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end_s = time.monotonic() + 10
        while self._control("info") is None and time.monotonic() < end_s:
            time.sleep(0.05)

    def kill(self) -> None:
        """End it without a word."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def hang(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def unplug(self, output: str) -> None:
        """Take one output away."""
        modules = self._control("list", "short", "modules") or ""
        number = next(row.split()[0] for row in modules.splitlines() if f"={output} " in row)
        self._control("unload-module", number)

    def stall(self, output: str, *, stalled: bool = True) -> None:
        """Let an output take nothing while its server answers, or take sound again."""
        self._control("suspend-sink", output, "1" if stalled else "0")

    def plug(self, output: str) -> None:
        """Put an output back, as one that takes its time to begin: a null sink takes 2 s."""
        self._control(
            *("load-module", "module-null-sink", f"sink_name={output}", "rate=48000", "channels=2"),
            *("format=float32le", f"sink_properties=device.description={output}"),
        )

    def recorded(self, output: str, seconds: float) -> NDArray[np.float32]:
        """What is heard on an output from now on, (n, 2)."""
        command = ["parec", "-d", f"{output}.monitor", "--format=float32le", "--rate=48000"]
        with subprocess.Popen(
            [*command, "--channels=2", "--latency-msec=20", "--raw"],
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as recorder:
            assert recorder.stdout is not None
            raw = recorder.stdout.read(round(seconds * 48000) * 8)
            recorder.terminate()
        return np.frombuffer(raw, np.float32).reshape(-1, 2)

    def _control(self, *words: str) -> str | None:
        done = subprocess.run(
            ["pactl", *words],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
        return done.stdout if done.returncode == 0 else None

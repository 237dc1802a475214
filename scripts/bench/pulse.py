"""A sound server of one's own whose outputs nobody hears, and their recordings. PulseAudio only.

It may be killed, hung, and lose an output; the recording goes on over all that. Where an output is
met anew, the machine's clock says how long nothing was given, which is silence there. In between
every frame is kept as it came: an output that nobody hears runs by that same clock, and takes at
once what it did not take while its server was hung.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from io import FileIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
FRAME_BYTES = 8
OUTPUTS = ("room", "other")
"""The output that is played on, and one that must stay silent."""


class PrivatePulse:
    """A PulseAudio with two null sinks, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket = folder / "native"
        self.process: subprocess.Popen[bytes] | None = None
        self.recorders: dict[str, Recorder] = {}

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
        self.socket.unlink(missing_ok=True)
        modules = [
            f"module-native-protocol-unix auth-anonymous=1 socket={self.socket}",
            *(" ".join(_sink(name)) for name in OUTPUTS),
            # As on a desktop: a stream whose output goes is moved to another, if it may be.
            "module-rescue-streams",
        ]
        self.process = subprocess.Popen(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no"),
                *("--exit-idle-time=-1", "--disable-shm=yes", "--log-target=null"),
                *("--high-priority=yes", "--realtime=yes"),  # as on a desktop
                *(word for module in modules for word in ("-L", module)),
            ],
            env=os.environ | {"HOME": str(self.folder), "PULSE_RUNTIME_PATH": str(self.folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # as a service: what runs in a terminal shares its turns
        )
        until = time.monotonic() + 10
        while self._control("info") is None:
            if time.monotonic() > until:
                raise SystemExit("the private PulseAudio did not start")
            time.sleep(0.05)

    def kill(self) -> None:
        """End the server without a word."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def hang(self, seconds: float) -> None:
        """Let the server answer nobody for so long."""
        if self.process is not None:
            self.process.send_signal(signal.SIGSTOP)
            time.sleep(seconds)
            self.process.send_signal(signal.SIGCONT)

    def unplug(self, name: str) -> None:
        """Take an output away."""
        rows = (self._control("list", "short", "modules") or "").splitlines()
        for row in rows:
            if f"sink_name={name} " in row:
                self._control("unload-module", row.split()[0])
        # A recording is moved to another output, as a stream is: it waits for its own instead.
        self.recorders[name].meet_anew()

    def plug(self, name: str) -> None:
        """Put an output back."""
        self._control("load-module", *_sink(name))

    def record(self) -> None:
        """Write down all that the outputs are given, from now on."""
        began_s = time.monotonic()
        for name in OUTPUTS:
            path = self.folder / f"{name}.raw"
            self.recorders[name] = Recorder(name, path, self.environment, began_s)

    def now_s(self) -> float:
        """Where the recordings are now."""
        return time.monotonic() - self.recorders["room"].began_s

    def heard(self, name: str = "room") -> NDArray[np.float32]:
        """The left side of a recording so far."""
        whole = np.fromfile(self.recorders[name].path, np.float32)
        return whole[: len(whole) // 2 * 2].reshape(-1, 2)[:, 0]

    def stop(self) -> None:
        """End the recordings and the server."""
        for recorder in self.recorders.values():
            recorder.stop()
        self.kill()

    def _control(self, *words: str) -> str | None:
        done = subprocess.run(
            ["pactl", *words],
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout if done.returncode == 0 else None


class Recorder:
    """Writes down what one output is given; met anew whenever the server or the output is back."""

    def __init__(self, name: str, path: Path, server: dict[str, str], began_s: float) -> None:
        self.name, self.path, self.began_s = name, path, began_s
        self._environment = os.environ | server
        self._frames = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def meet_anew(self) -> None:
        """Let go of what is recorded now, and look for the output."""
        if self._process is not None:
            self._process.kill()

    def stop(self) -> None:
        """End it."""
        self._stopped = True
        if self._process is not None:
            self._process.kill()
        self._thread.join(5)

    def _run(self) -> None:
        with self.path.open("wb", buffering=0) as out:
            while not self._stopped:
                self._follow(out)
                time.sleep(0.05)

    def _follow(self, out: FileIO) -> None:
        """Until the server is gone."""
        words = ["parec", "-d", f"{self.name}.monitor", "--raw", "--latency-msec=20"]
        with subprocess.Popen(
            [*words, "--format=float32le", "--rate=48000", "--channels=2"],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            self._process = process
            rest = b""
            met = False
            while process.stdout is not None and (got := os.read(process.stdout.fileno(), 65_536)):
                rest += got
                whole = len(rest) // FRAME_BYTES * FRAME_BYTES
                if not met:
                    self._catch_up(whole // FRAME_BYTES, out)
                    met = True
                out.write(rest[:whole])
                self._frames += whole // FRAME_BYTES
                rest = rest[whole:]
            process.kill()

    def _catch_up(self, frames: int, out: FileIO) -> None:
        """Silence up to now, less what has just come."""
        missing = round((time.monotonic() - self.began_s) * RATE) - self._frames - frames
        if missing > 0:
            out.write(bytes(missing * FRAME_BYTES))
            self._frames += missing


def _sink(name: str) -> list[str]:
    return [
        *("module-null-sink", f"sink_name={name}", "rate=48000", "format=float32le", "channels=2"),
        # Without it such an output begins 2 s late, which no real one does.
        "norewinds=1",
        f"sink_properties=device.description={name}",
    ]

"""A private sound server with a microphone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def sound_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A private PulseAudio whose microphone, Desk, hears what its one output is given.

    What a client needs in its environment to find it.
    """
    if not shutil.which("pulseaudio"):
        pytest.skip("needs PulseAudio")
    folder = tmp_path_factory.mktemp("pulse")
    socket = folder / "pulse"
    load = (
        # With rewinds its monitor hears some of a sound twice, which no microphone does.
        "module-null-sink sink_name=room rate=48000 format=float32le norewinds=1 "
        "sink_properties=device.description=Room",
        "module-remap-source source_name=mic master=room.monitor rate=48000 format=float32le "
        "source_properties=device.description=Desk",
        f"module-native-protocol-unix socket={socket} auth-anonymous=1",
    )
    environment = {
        "PULSE_SERVER": f"unix:{socket}",
        "PULSE_RUNTIME_PATH": str(folder / "runtime"),
        "SDL_AUDIODRIVER": "pulseaudio",
    }
    server = subprocess.Popen(
        ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--realtime=no"]
        + [f"--load={module}" for module in load],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(200):
        if socket.exists():
            break
        time.sleep(0.05)
    yield environment
    server.terminate()
    server.wait()


FAKE = Path(__file__).parents[1] / "support" / "fake_voice"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def spoken_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which a voice is installed."""
    monkeypatch.syspath_prepend(str(FAKE))
    monkeypatch.setenv("PYTHONPATH", f"{FAKE}:{ROOT}")


@pytest.fixture
def mute_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which none is, whatever this one has."""
    monkeypatch.setitem(sys.modules, "hibari", None)

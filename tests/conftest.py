"""Seals every test from the machine: home, data, time zone, sound server, network, chance.

Not sealed: what a test starts as a process of its own may open sockets.
"""

from __future__ import annotations

import ipaddress
import os
import random
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from player.engine.beat import lies_at


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many as there are processors: many tests wait for real time to pass."""
    return max(2, (os.cpu_count() or 1) * 2)


settings.register_profile("default", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
"""Hundreds of processes are begun here: each would compile the whole program again."""

SHORT = None if os.name == "nt" else "/tmp"
"""Where sealed homes are made: the path of a Unix socket in one must stay under 100 bytes."""

HOMES = {
    "HOME": "home",
    "USERPROFILE": "home",
    "STILLROOM_HOME": "data",
    "XDG_DATA_HOME": "xdg/data",
    "XDG_CONFIG_HOME": "xdg/config",
    "XDG_CACHE_HOME": "xdg/cache",
    "XDG_STATE_HOME": "xdg/state",
    "XDG_RUNTIME_DIR": "xdg/run",
    "APPDATA": "appdata",
    "LOCALAPPDATA": "appdata",
}

CLEARED = (
    "PULSE_SERVER",
    "PULSE_RUNTIME_PATH",
    "SDL_AUDIODRIVER",
    "SDL_AUDIO_DRIVER",
    "DBUS_SESSION_BUS_ADDRESS",
)


def seal(monkeypatch: pytest.MonkeyPatch, base: Path) -> None:
    """Point every home into `base`, and away from the machine's sound, clock and network."""
    for name, folder in HOMES.items():
        (base / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        monkeypatch.setenv(name, str(base / folder))
    for name in CLEARED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "UTC")
    # No test keeps the machine awake.
    monkeypatch.setenv("WAKEPY_FAKE_SUCCESS", "yes")
    if hasattr(time, "tzset"):
        time.tzset()
    monkeypatch.setattr(socket.socket, "connect", near_only(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", near_only(socket.socket.connect_ex))


def near_only(connect: Callable[..., object]) -> Callable[..., object]:
    """A connect that reaches this machine alone."""

    def guarded(self: socket.socket, address: tuple[str, int]) -> object:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_near(address[0]):
            raise OSError(f"a test tried to reach {address[0]}: tests have no network")
        return connect(self, address)

    return guarded


def is_near(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def sealed_away() -> Iterator[None]:
    """One sealed home, from its making to its removal."""
    base = Path(tempfile.mkdtemp(prefix="sr-", dir=SHORT))
    with pytest.MonkeyPatch.context() as monkeypatch:
        seal(monkeypatch, base)
        yield
    lies_at(base / HOMES["STILLROOM_HOME"] / "run").unlink(missing_ok=True)
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def sealed_run() -> Iterator[None]:
    """Seals what fixtures of a wider scope than one test do."""
    yield from sealed_away()


@pytest.fixture(autouse=True)
def sealed_test(sealed_run: None) -> Iterator[None]:
    """Gives each test empty homes, and the same chance every time."""
    random.seed(0)
    yield from sealed_away()

"""The seal around tests holds."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from player import paths


@pytest.mark.parametrize(
    ("family", "address"), [(socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")]
)
def test_a_test_cannot_reach_another_machine(family, address):
    with socket.socket(family) as far, pytest.raises(OSError, match="no network"):
        far.connect((address, 80))


def test_a_test_can_reach_its_own_machine():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as near,
    ):
        assert near.getpeername() == server.getsockname()


def test_homes_are_empty_and_far_from_the_real_one():
    assert list(paths.home().iterdir()) == []
    assert list(Path.home().iterdir()) == []
    assert Path.home().parent == paths.home().parent


def test_a_socket_in_the_sealed_home_has_a_short_path():
    assert paths.runtime().parent == paths.home()
    assert len(os.fsencode(paths.runtime() / "engine.sock")) < 100


def test_the_time_zone_is_utc():
    assert time.localtime(0).tm_hour == 0
    assert time.tzname[0] == "UTC"

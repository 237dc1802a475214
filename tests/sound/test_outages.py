"""A device that goes and comes back, among others that must stay silent: on a real sound server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pulse import MISSING, SoundServer

from player.errors import OutputMissing
from player.sound.outputs.lasting import LastingOutput
from player.sound.streams import BLOCK

pytestmark = pytest.mark.skipif(MISSING is not None, reason=str(MISSING))

TONE = np.sin(np.arange(BLOCK) * 2 * np.pi * 93.75 / 8192 * 8)[:, None] * np.ones((1, 2))
TONE = (0.2 * TONE).astype(np.float32)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    made = SoundServer(tmp_path, ("phones", "speakers"))
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    made.start()
    yield made
    made.kill()


class Feeder:
    """Hands an output a tone whenever it wants a block, as the engine's thread does."""

    def __init__(self, output: LastingOutput) -> None:
        self.output = output
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            if self.output.wants():
                self.output.feed(TONE)
            time.sleep(min(0.05, self.output.due_s()))

    def end(self) -> None:
        self._stop.set()
        self._thread.join(5)
        self.output.close()


@pytest.fixture
def feeder(server: SoundServer) -> Iterator[Feeder]:
    made = Feeder(LastingOutput(None))
    yield made
    made.end()


def within(seconds: float, true: Callable[[], object]) -> bool:
    end_s = time.monotonic() + seconds
    while not true() and time.monotonic() < end_s:
        time.sleep(0.02)
    return bool(true())


def sounds(server: SoundServer, output: str) -> bool:
    """Whether an output is heard: one that was just opened may begin seconds late."""
    return within(8, lambda: np.abs(server.recorded(output, 0.3)).max() > 0.1)


def test_a_device_that_goes_is_not_replaced_by_another_until_it_is_chosen(
    server: SoundServer, feeder: Feeder
) -> None:
    assert feeder.output.name == "phones", "the system's choice, by its name"
    assert sounds(server, "phones")
    server.unplug("phones")
    assert within(2, lambda: feeder.output.lost)
    assert feeder.output.depth_frames == 0
    assert np.abs(server.recorded("speakers", 1.5)).max() == 0, "nobody else hears it"
    assert within(3, lambda: feeder.output.others == ("speakers",))
    feeder.output.choose("speakers")
    assert within(3, lambda: not feeder.output.lost)
    assert feeder.output.name == "speakers"
    assert sounds(server, "speakers")


def test_a_server_that_dies_is_met_again_when_it_is_back(
    server: SoundServer, feeder: Feeder
) -> None:
    """It should be seen within 0.5 s. That is pure time, which a busy machine stretches: the wait
    here ends a test that would hang, and scripts/chaos.py listens to how long nothing is heard.
    """
    assert sounds(server, "phones")
    server.kill()
    assert within(1.5, lambda: feeder.output.lost)
    time.sleep(1.2)
    assert feeder.output.lost
    server.start()
    assert within(4, lambda: not feeder.output.lost)
    assert feeder.output.name == "phones"
    assert sounds(server, "phones")
    assert np.abs(server.recorded("speakers", 0.3)).max() == 0


def test_a_device_that_is_slow_to_begin_when_it_is_back_does_not_count_as_hung(
    server: SoundServer, feeder: Feeder
) -> None:
    server.unplug("phones")
    assert within(3, lambda: feeder.output.lost)
    server.plug("phones")
    assert within(8, lambda: feeder.output.hung or not feeder.output.lost)
    assert not within(1, lambda: feeder.output.hung)
    assert sounds(server, "phones")


def test_an_output_that_stalled_is_away_until_it_takes_sound_though_its_server_answers(
    server: SoundServer,
) -> None:
    server.stall("phones")
    output = LastingOutput("phones", patience_s=0.5, stalled=True)
    assert output.lost, "it can be opened, and takes nothing"
    assert within(3, lambda: output.others == ("speakers",))
    assert (output.lost, output.hung) == (True, False)
    server.stall("phones", stalled=False)
    assert within(6, lambda: not output.lost)
    feeder = Feeder(output)
    assert sounds(server, "phones")
    assert output.underruns == 0
    feeder.end()


def test_another_can_be_chosen_for_an_output_that_stalled_by_the_process_that_comes_next(
    server: SoundServer,
) -> None:
    server.stall("phones")
    output = LastingOutput("phones", patience_s=0.5, stalled=True)
    assert within(3, lambda: output.others == ("speakers",))
    output.choose("speakers")
    assert (output.name, output.hung) == ("speakers", True)
    output.close()
    server.stall("phones", stalled=False)


def test_a_server_that_hangs_is_seen_and_one_that_is_only_late_is_not(
    server: SoundServer, feeder: Feeder
) -> None:
    assert within(5, lambda: np.abs(server.recorded("phones", 0.3)).max() > 0.1), "it has begun"
    time.sleep(1)
    assert not feeder.output.hung
    server.hang()
    assert within(4, lambda: feeder.output.hung)
    assert not feeder.output.lost
    server.go_on()
    assert within(4, lambda: not feeder.output.hung)


def test_an_output_may_begin_lost_and_is_found_later(server: SoundServer) -> None:
    server.kill()
    with pytest.raises(OutputMissing):
        LastingOutput("phones")
    began_s = time.monotonic()
    output = LastingOutput("phones", patience_s=0.3)
    assert time.monotonic() - began_s < 5
    assert output.lost
    server.start()
    assert within(5, lambda: not output.lost)
    assert output.wants()
    output.close()


def test_a_gap_behind_the_mixer_is_counted_and_what_is_kept_grows(
    server: SoundServer, feeder: Feeder
) -> None:
    assert sounds(server, "phones")
    time.sleep(5)
    before = feeder.output.underruns
    server.hang()
    time.sleep(0.6)
    server.go_on()
    assert within(8, lambda: feeder.output.underruns == before + 1)
    # With chunks of one block a chunk plays, one waits and the server has its 160 ms: 3.25 blocks.
    assert within(3, lambda: feeder.output.depth_frames > 4 * BLOCK)
    assert not feeder.output.lost

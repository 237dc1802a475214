"""A session that broke off, brought back: on an output that is as deep as the last had become."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tones
from journals import SCORE, STANDS, heard

from player.engine.inputs import Learned
from player.engine.kept import Kept
from player.engine.recovery import Recovery
from player.sound.devices import mixer
from player.sound.outputs.device import LONGEST_CHUNK
from player.sound.streams import BLOCK, silence
from player.timeline.commands import OpenSession
from player.timeline.plan import Broken


def broken_off(folder: Path, *, blocks_a_chunk: int = 1) -> Kept:
    """A session on a device that broke off."""
    file = folder / "tone.flac"
    tones.write(file, np.zeros((48_000, 2), np.float32))
    return Kept(
        OpenSession(path="/sessions/s.yaml", output="pygame"),
        replace(SCORE, files=(file,) * len(SCORE.files)),
        STANDS[0],
        (),
        replace(heard(0), blocks_a_chunk=blocks_a_chunk, underruns=2),
        (),
        0,
    )


def recovered(kept: Kept, *, hung: bool = False) -> Recovery:
    """It has come back, or failed."""
    recovery = Recovery(kept, paused=False, hung=hung)
    recovery.start()
    until_s = time.monotonic() + 20
    while not recovery.done and time.monotonic() < until_s:
        time.sleep(0.01)
    return recovery


@pytest.mark.parametrize(("kept_blocks", "blocks"), [(3, 3), (1 << 40, LONGEST_CHUNK)])
def test_an_output_that_ran_dry_stays_as_deep_in_the_next_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept_blocks: int, blocks: int
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", str(tmp_path / "heard.f32"))
    kept = broken_off(tmp_path, blocks_a_chunk=kept_blocks)
    recovery = recovered(kept)
    assert recovery.playing is not None, recovery.failed
    output = recovery.playing.output
    assert (output.blocks_a_chunk, output.underruns) == (blocks, 2)
    for _ in range(1 + blocks):
        assert output.wants(), "a whole chunk behind the block that plays"
        output.feed(silence(BLOCK))
    recovery.close()


def test_what_the_sound_system_played_of_an_engine_that_hung_is_not_heard_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", str(tmp_path / "heard.f32"))
    places: list[int] = []
    for hung in (False, True):
        recovery = recovered(broken_off(tmp_path), hung=hung)
        assert recovery.playing is not None, recovery.failed
        places.append(recovery.playing.state.frame)
        recovery.close()
    assert places == [4_800, 12_000]


def test_a_way_back_that_fails_lets_go_of_the_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", str(tmp_path / "heard.f32"))
    nowhere = Learned(frame=0, turn=0, still=0, track=10_000, known=Broken("no such track"))
    recovery = recovered(replace(broken_off(tmp_path), inputs=(nowhere,)))
    assert recovery.failed is not None
    assert "could not be taken up again" in str(recovery.failed)
    assert mixer().get_init() is None
    assert "IndexError" in capsys.readouterr().err

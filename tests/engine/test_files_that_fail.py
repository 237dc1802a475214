"""Files that hang, vanish or turn to noise under a deck that sounds: never a gap, never a burst."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tones

from player.engine import decks
from player.engine.playing import Playing
from player.engine.score import Score
from player.library.measure import measure
from player.programme.programme import compose
from player.session.loader import load
from player.sound import ahead
from player.sound.decode import Decoded
from player.sound.outputs.paced import NullOutput
from player.sound.source import load_bed
from player.sound.streams import BLOCK
from player.timeline import commands as c
from player.timeline import conductor
from player.timeline.plan import TrackFacts

S = 48_000
STEP = BLOCK / S
PATIENCE_S = 5.0

SESSION = """
format: 1
title: T
sound: {crossfade: 4s, first_fade: 1s}
phases:
  - {name: One, length: 10m, music: [a.wav, b.wav]}
"""


class Share:
    """A disk whose files can be made to give nothing any more, from a frame on."""

    def __init__(self) -> None:
        self.hangs: dict[str, int] = {}
        self.opens = True
        self.goes_on = threading.Event()

    def decoded(self, path: Path, **how: Any) -> Hanging:
        if not self.opens:
            self.goes_on.wait(PATIENCE_S * 4)
        return Hanging(self, path, how)


class Hanging:
    """A decoder that waits where its share hangs."""

    def __init__(self, share: Share, path: Path, how: dict[str, Any]) -> None:
        self._share, self._path, self._decoded = share, path, Decoded(path, **how)

    @property
    def faults(self) -> tuple[str, ...]:
        return self._decoded.faults

    def __iter__(self) -> Iterator[Any]:
        given = 0
        for block in self._decoded:
            if given >= self._share.hangs.get(self._path.name, 1 << 40):
                self._share.goes_on.wait(PATIENCE_S * 4)
            given += len(block)
            yield block

    def __enter__(self) -> Hanging:
        return self

    def __exit__(self, *_: object) -> None:
        self._decoded.close()


class Ear(NullOutput):
    """Wants a block whenever a test lets one be heard, and keeps it."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Any] = []
        self.owed = 0

    @property
    def depth_frames(self) -> int:
        return 2 * BLOCK

    def wants(self) -> bool:
        return self.owed > 0

    def feed(self, block: Any) -> None:
        self.owed -= 1
        self.blocks.append(block.copy())


class Room:
    """A live session in a folder of tones; time passes block by block."""

    def __init__(self, folder: Path, names: str = "ab") -> None:
        for number, name in enumerate(names):
            tones.write(folder / f"{name}.wav", tones.tone(60 * S, 330 + 170 * number))
        music = ", ".join(f"{name}.wav" for name in names)
        (folder / "s.yaml").write_text(SESSION.replace("a.wav, b.wav", music))
        facts = {f: measure(f).facts for f in sorted(folder.glob("*.wav"))}
        bed = TrackFacts(48 * S, -23.0, -13.6)
        programme = compose(load(folder / "s.yaml"), lambda f: facts.get(f, bed), lambda _: None)
        pcm = load_bed(programme.files[programme.plan.safety])
        self.ear, self.now_s = Ear(), 100.0
        state = conductor.opening(programme.plan)
        self.playing = Playing(
            Score.of(programme), state, self.ear, bed=lambda: pcm, clock_s=lambda: self.now_s
        )
        self.folder = folder

    def begin(self) -> Room:
        self.playing.prepare()
        self.until(lambda: self.playing._decks.here() >= {0})
        self.playing.begin()
        return self

    def play(self, seconds: float) -> Room:
        for _ in range(round(seconds / STEP)):
            self.now_s += STEP
            self.ear.owed += 1
            self.playing.feed()
            time.sleep(0.001)  # the decoding threads get their turn, as in real time
        return self

    def until(self, true: Any) -> None:
        """Real time passes, and no sound, until something is so."""
        end_s = time.monotonic() + PATIENCE_S
        while not true() and time.monotonic() < end_s:
            time.sleep(0.005)
        assert true()

    def passed_over(self) -> list[str]:
        return [e.subject() for e in self.events if type(e).__name__ == "TrackPassedOver"]

    def started(self) -> list[str]:
        return [Path(e.path).name for e in self.events if type(e).__name__ == "TrackStarted"]

    @property
    def events(self) -> list[Any]:
        return list(self.playing._events)

    def levels(self) -> Any:
        """The level of each 20 ms so far, behind the first fade."""
        sound = np.concatenate(self.ear.blocks)[2 * S :]
        parts = sound[: len(sound) // 960 * 960].reshape(-1, 1920)
        return np.sqrt(np.mean(parts**2, axis=1))


@pytest.fixture
def share(monkeypatch: pytest.MonkeyPatch) -> Iterator[Share]:
    made = Share()
    monkeypatch.setattr(ahead, "Decoded", made.decoded)
    monkeypatch.setattr(decks, "STALL_S", 0.2)
    yield made
    made.goes_on.set()


def test_a_file_that_hangs_is_crossfaded_out_of_what_was_decoded_ahead(
    share: Share, tmp_path: Path
) -> None:
    share.hangs["a.wav"] = 25 * S
    room = Room(tmp_path).begin().play(17)
    source = room.playing._decks._sounding[0][1]
    room.until(lambda: source.stalled_s > 0.25)
    room.play(20)
    assert room.started() == ["a.wav", "b.wav"]
    assert room.passed_over() == [f"{tmp_path / 'a.wav'}: the file is too slow to read"]
    usual = np.median(room.levels())
    assert room.levels().min() > usual * 0.4, "no gap while one fades into the other"
    assert room.levels().max() < usual * 1.6
    room.playing.close()


def test_where_all_files_hang_the_safety_bed_plays_until_one_is_there_again(
    share: Share, tmp_path: Path
) -> None:
    share.hangs = {"a.wav": 25 * S, "b.wav": S // 2}
    room = Room(tmp_path).begin()
    share.opens = False
    room.play(17)
    source = room.playing._decks._sounding[0][1]
    room.until(lambda: source.stalled_s > 0.25)
    room.play(20)
    assert room.started() == ["a.wav", "safety.opus"]
    assert len(room.passed_over()) == 1
    share.goes_on.set()
    room.until(lambda: bool(room.playing._decks.here()))
    room.play(8)
    assert room.started()[2] in ("a.wav", "b.wav")
    assert room.levels().min() > 0.003, "never silent by fault"
    room.playing.close()


def test_files_that_are_gone_at_their_start_leave_no_moment_of_silence(tmp_path: Path) -> None:
    room = Room(tmp_path, "abcde").begin().play(5)
    room.until(lambda: 1 in room.playing._decks.here())
    for name in "cde":
        (tmp_path / f"{name}.wav").unlink()
    room.playing.obey(c.Skip())
    room.playing.obey(c.Skip())
    room.play(30)
    assert room.started()[:3] == ["a.wav", "b.wav", "c.wav"]
    assert room.started()[-1] == "a.wav", "what can still be read goes on"
    # On a busy machine one may first be called slow, before it is known to be gone.
    told = room.passed_over()
    assert {f"{tmp_path / name}.wav: is not there" for name in "cde"} <= set(told)
    assert {Path(line.split(":")[0]).name for line in told} == {"c.wav", "d.wav", "e.wav"}
    assert room.levels().min() > 0.003
    room.playing.close()


def test_a_file_that_turns_to_noise_under_the_deck_is_left_before_the_noise(
    tmp_path: Path,
) -> None:
    room = Room(tmp_path)
    path = tmp_path / "a.wav"
    data = bytearray(path.read_bytes())
    rng = np.random.default_rng(3)
    at = 44 + 30 * S * (len(data) - 44) // (60 * S) // 8 * 8
    loud = rng.uniform(-1, 1, (len(data) - at) // 4).astype("<f4").tobytes()
    data[at : at + len(loud)] = loud
    path.write_bytes(data)
    room.begin().play(45)
    assert room.started()[:2] == ["a.wav", "b.wav"]
    assert "louder than when it was measured" in room.passed_over()[0]
    usual = np.median(room.levels())
    assert room.levels().max() < usual * 1.6
    assert room.levels().min() > usual * 0.4
    room.playing.close()

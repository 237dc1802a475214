"""The recording booth in its own process: a microphone, files, playback, and what goes wrong."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from recordings import S, spoken

from player import paths
from player.voice import talk
from player.voice.door import BoothDoor
from player.voice.takes import folder_of, keep, pcm_of, take_of

WORDS = "The couch is underneath you."


class Hearing:
    """A booth, and all that it has told."""

    def __init__(self) -> None:
        self.door = BoothDoor()
        self.told: list[talk.Told] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while (line := self.door.receive()) is not None:
            self.told.append(line)

    def until(self, holds: Callable[[talk.Told], bool], timeout_s: float = 15.0) -> talk.Told:
        until_s, at = time.monotonic() + timeout_s, 0
        while time.monotonic() < until_s:
            while at < len(self.told):
                at += 1
                if holds(self.told[at - 1]):
                    return self.told[at - 1]
            time.sleep(0.02)
        raise AssertionError(f"it was never told: {self.told}")


@pytest.fixture
def booth() -> Iterator[Callable[[], Hearing]]:
    opened: list[Hearing] = []

    def start() -> Hearing:
        opened.append(Hearing())
        return opened[-1]

    yield start
    for each in opened:
        each.door.close()


def is_a(kind: type) -> Callable[[talk.Told], bool]:
    return lambda line: isinstance(line, kind)


def samples(file: Path) -> np.ndarray:
    return np.frombuffer(pcm_of(file), "<i2").astype(np.float64) / 32767


def found_in(whole: np.ndarray, part: np.ndarray) -> int:
    """Where a part lies in a whole, by its sound alone."""
    size = 1 << (len(whole) + len(part)).bit_length()
    product = np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size))
    return int(np.argmax(np.fft.irfft(product, size)[: len(whole)]))


def into_the_room(sound: np.ndarray) -> None:
    """Play into the one output of the private server, whose monitor is the microphone."""
    stereo = np.repeat(sound.astype("<f4")[:, np.newaxis], 2, axis=1)
    subprocess.run(
        ["pacat", "--playback", "--rate=48000", "--format=float32le", "--channels=2"],
        input=stereo.tobytes(),
        check=True,
        timeout=30,
    )


@pytest.mark.skipif(not shutil.which("pacat"), reason="needs PulseAudio's pacat")
def test_what_is_said_into_the_microphone_is_on_disk_to_the_sample(microphone, booth):
    heard = booth()
    heard.door.send(talk.ListInputs())
    assert heard.until(is_a(talk.Inputs)) == talk.Inputs(names=(microphone,))
    heard.door.send(talk.Record(input=microphone, script="settling", text=WORDS))
    heard.until(is_a(talk.Recording))
    said = np.concatenate([np.zeros(S // 2), spoken(1.5, 0.3), np.zeros(S // 2)])
    into_the_room(said)
    loudest = max(line.level_db for line in heard.told if isinstance(line, talk.Recording))
    assert loudest == pytest.approx(20 * np.log10(0.3), abs=1.0)
    heard.door.send(talk.Stop())
    kept = heard.until(is_a(talk.Kept))
    assert kept.length_s == pytest.approx(1.5 + 0.34, abs=0.25)

    original = samples(folder_of("settling") / "originals" / take_of("settling", WORDS).name)
    first = found_in(original, spoken(1.5, 0.3)[:S])
    part = original[first : first + S]
    assert np.abs(part - spoken(1.5, 0.3)[:S]).max() < 2e-3

    heard.door.send(talk.Play(script="settling", text=WORDS))
    assert heard.until(is_a(talk.Playing)).length_s == pytest.approx(kept.length_s, abs=0.01)
    heard.until(is_a(talk.Played))


@pytest.mark.skipif(not shutil.which("pacat"), reason="needs PulseAudio's pacat")
def test_a_silent_recording_leaves_the_one_that_was_there(microphone, booth):
    keep("settling", WORDS, original=bytes(9600), sound=b"\1\0" * 4800)
    before = take_of("settling", WORDS).read_bytes()
    heard = booth()
    heard.door.send(talk.Record(input=microphone, script="settling", text=WORDS))
    into_the_room(np.zeros(S))
    heard.until(lambda line: isinstance(line, talk.Recording) and line.length_s > 0.6)
    heard.door.send(talk.Stop())
    refused = heard.until(is_a(talk.Refused))
    assert "nothing was heard" in refused.why
    heard.door.send(talk.Keep())
    heard.door.send(talk.Record(input=microphone, script="settling", text=WORDS))
    heard.door.send(talk.Drop())
    heard.door.send(talk.Play(script="settling", text="Other words."))
    heard.until(lambda line: isinstance(line, talk.Trouble) and "not recorded yet" in line.why)
    assert take_of("settling", WORDS).read_bytes() == before


def test_an_input_that_is_gone_is_told_by_its_name(microphone, booth):
    heard = booth()
    heard.door.send(talk.Record(input="Balcony", script="settling", text=WORDS))
    told = heard.until(is_a(talk.Trouble))
    assert (told.why, told.over) == ("the input Balcony is not there any more", False)


@pytest.mark.parametrize(
    ("driver", "says"), [("there is none", "no sound system"), ("dummy", "nobody can hear")]
)
def test_without_a_sound_system_it_says_so_and_leaves(booth, monkeypatch, driver, says):
    monkeypatch.setenv("SDL_AUDIODRIVER", driver)
    heard = booth()
    told = heard.until(is_a(talk.Trouble))
    assert says in told.why
    assert told.over


def test_a_booth_that_dies_is_told_once(booth, monkeypatch):
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", str(paths.home() / "out.raw"))
    heard = booth()
    heard.door.send(talk.ListInputs())
    heard.until(lambda line: True)
    heard.door._child.kill()
    told = heard.until(lambda line: isinstance(line, talk.Trouble) and "by itself" in line.why)
    assert told.over


def test_a_line_that_is_garbled_does_not_end_the_booth(booth, monkeypatch):
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", str(paths.home() / "out.raw"))
    heard = booth()
    for line in (b"{\n", b'{"do":"format the disk"}\n', b"x" * 200_000 + b"\n"):
        heard.door._child.stdin.write(line)
    heard.door.send(talk.Play(script="../up", text=WORDS))
    heard.until(lambda line: isinstance(line, talk.Trouble) and "not recorded yet" in line.why)


def test_what_the_booth_leaves_behind_is_for_its_owner_alone(booth, monkeypatch):
    monkeypatch.setenv("SDL_AUDIODRIVER", "none")
    booth().until(is_a(talk.Trouble))
    assert (paths.logs() / "voice.log").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(not shutil.which("pacat"), reason="needs PulseAudio's pacat")
def test_a_recording_that_cannot_be_written_is_held_until_it_can(microphone, booth):
    blocked = paths.own_voice() / "settling"
    blocked.write_text("a file where a folder is wanted")
    heard = booth()
    heard.door.send(talk.Record(input=microphone, script="settling", text=WORDS))
    heard.until(is_a(talk.Recording))
    into_the_room(spoken(1.5, 0.3))
    heard.door.send(talk.Stop())
    refused = heard.until(is_a(talk.Refused))
    assert "cannot be written" in refused.why
    assert refused.may_keep
    blocked.unlink()
    heard.door.send(talk.Keep())
    heard.until(is_a(talk.Kept))
    assert take_of("settling", WORDS) is not None

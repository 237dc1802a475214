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

MICROPHONE = "Desk"
WORDS = "The couch is underneath you."
SPOKEN_S = 1.2


class Hearing:
    """A booth, and all that it has told."""

    def __init__(self) -> None:
        self.door = BoothDoor()
        self.told: list[talk.Told] = []
        self.read = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while (line := self.door.receive()) is not None:
            self.told.append(line)

    def until(self, holds: Callable[[talk.Told], bool], timeout_s: float = 30.0) -> talk.Told:
        """The next line of that kind; each line is looked at once."""
        until_s = time.monotonic() + timeout_s
        while time.monotonic() < until_s:
            while self.read < len(self.told):
                self.read += 1
                if holds(self.told[self.read - 1]):
                    return self.told[self.read - 1]
            time.sleep(0.02)
        raise AssertionError(f"it was never told: {self.told}")

    def record(self, sound: np.ndarray, loud: bool = True) -> None:
        """Record a sentence, and end it once all of the sound has come in, however late."""
        self.door.send(talk.Record(input=MICROPHONE, script="settling", text=WORDS))
        self.until(is_a(talk.Recording))
        into_the_room(sound)
        if loud:
            self.until(lambda line: isinstance(line, talk.Recording) and line.level_db > -30)
            self._until_quiet_for(0.3)
        else:
            self.until(lambda line: isinstance(line, talk.Recording) and line.length_s > 0.6)
        self.door.send(talk.Stop())

    def _until_quiet_for(self, seconds: float) -> None:
        """By what came in, not by the clock: under load it may come late."""
        last_loud_s = float("inf")

        def quiet(line: talk.Told) -> bool:
            nonlocal last_loud_s
            if not isinstance(line, talk.Recording):
                return False
            if line.level_db > -60 or line.length_s < last_loud_s:
                last_loud_s = line.length_s
            return line.length_s - last_loud_s >= seconds

        self.until(quiet)


@pytest.fixture(scope="module")
def booth_in_the_room(
    sound_server: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Hearing, Path]]:
    """One booth with a microphone for all tests, and its home."""
    home = tmp_path_factory.mktemp("booth")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (sound_server | {"STILLROOM_HOME": str(home)}).items():
            patch.setenv(name, value)
        heard = Hearing()
    yield heard, home
    heard.door.close()


@pytest.fixture
def heard(
    booth_in_the_room: tuple[Hearing, Path],
    sound_server: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Hearing]:
    """That booth, with nothing recorded yet."""
    hearing, home = booth_in_the_room
    for name, value in (sound_server | {"STILLROOM_HOME": str(home)}).items():
        monkeypatch.setenv(name, value)
    yield hearing
    hearing.door.send(talk.Drop())
    for left in paths.own_voice().iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()


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


needs_pacat = pytest.mark.skipif(not shutil.which("pacat"), reason="needs PulseAudio's pacat")


@needs_pacat
def test_what_is_said_into_the_microphone_is_on_disk_to_the_sample(heard):
    heard.door.send(talk.ListInputs())
    assert heard.until(is_a(talk.Inputs)) == talk.Inputs(names=(MICROPHONE,))
    voice, before = spoken(SPOKEN_S, 0.3), len(heard.told)
    heard.record(np.concatenate([np.zeros(S // 4), voice, np.zeros(S // 4)]))
    kept = heard.until(is_a(talk.Kept))
    levels = [line.level_db for line in heard.told[before:] if isinstance(line, talk.Recording)]
    assert max(levels) == pytest.approx(20 * np.log10(0.3), abs=1.0)
    assert kept.length_s == pytest.approx(SPOKEN_S + 0.34, abs=0.25)

    original = samples(folder_of("settling") / "originals" / take_of("settling", WORDS).name)
    first = found_in(original, voice[:S])
    part = original[first : first + S]
    assert np.abs(part - voice[:S]).max() < 2e-3

    heard.door.send(talk.Play(script="settling", text=WORDS))
    assert heard.until(is_a(talk.Playing)).length_s == pytest.approx(kept.length_s, abs=0.01)
    heard.until(is_a(talk.Played))


@needs_pacat
def test_a_silent_recording_leaves_the_one_that_was_there(heard):
    keep("settling", WORDS, original=bytes(9600), sound=b"\1\0" * 4800)
    before = take_of("settling", WORDS).read_bytes()
    # What an earlier test played may still be in the room: it passes into a recording of its own.
    heard.record(np.zeros(S // 2), loud=False)
    heard.until(is_a(talk.Refused))
    heard.record(np.zeros(S // 2), loud=False)
    assert "nothing was heard" in heard.until(is_a(talk.Refused)).why
    heard.door.send(talk.Keep())
    heard.door.send(talk.Record(input=MICROPHONE, script="settling", text=WORDS))
    heard.door.send(talk.Drop())
    heard.door.send(talk.Play(script="settling", text="Other words."))
    heard.until(lambda line: isinstance(line, talk.Trouble) and "not recorded yet" in line.why)
    assert take_of("settling", WORDS).read_bytes() == before


@needs_pacat
def test_a_recording_that_cannot_be_written_is_held_until_it_can(heard):
    blocked = paths.own_voice() / "settling"
    blocked.write_text("a file where a folder is wanted")
    heard.record(spoken(2 * SPOKEN_S, 0.3))
    refused = heard.until(is_a(talk.Refused))
    assert "cannot be written" in refused.why
    assert refused.may_keep
    blocked.unlink()
    heard.door.send(talk.Keep())
    heard.until(is_a(talk.Kept))
    assert take_of("settling", WORDS) is not None


def test_an_input_that_is_gone_is_told_by_its_name(heard):
    heard.door.send(talk.Record(input="Balcony", script="settling", text=WORDS))
    told = heard.until(is_a(talk.Trouble))
    assert (told.why, told.over) == ("the input Balcony is not there any more", False)


def test_a_line_that_is_garbled_does_not_end_the_booth(heard):
    for line in (b"{\n", b'{"do":"format the disk"}\n', b"x" * 200_000 + b"\n"):
        heard.door._child.stdin.write(line)
    heard.door.send(talk.Play(script="../up", text=WORDS))
    heard.until(lambda line: isinstance(line, talk.Trouble) and "not recorded yet" in line.why)


@pytest.mark.parametrize(
    ("driver", "says"), [("there is none", "no sound system"), ("dummy", "nobody can hear")]
)
def test_without_a_sound_system_it_says_so_and_leaves_with_a_log_for_its_owner_alone(
    booth, monkeypatch, driver, says
):
    monkeypatch.setenv("SDL_AUDIODRIVER", driver)
    told = booth().until(is_a(talk.Trouble))
    assert says in told.why
    assert told.over
    assert (paths.logs() / "voice.log").stat().st_mode & 0o077 == 0


def test_a_booth_that_dies_is_told_once(booth, monkeypatch):
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", str(paths.home() / "out.raw"))
    dying = booth()
    dying.door.send(talk.ListInputs())
    dying.until(lambda line: True)
    dying.door._child.kill()
    told = dying.until(lambda line: isinstance(line, talk.Trouble) and "by itself" in line.why)
    assert told.over

"""The recording booth, a process of its own: microphone, editing, files, playback.

Reads wishes from standard input, tells on standard output, leaves when the first ends. Fds 1
and 2, which C libraries write to, go to a log.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import IO, Any

import numpy as np

from player import paths, settings
from player.errors import RunFailed, StillroomError
from player.sound.devices import mixer, refused_driver
from player.units import CHANNELS, SAMPLE_RATE, Frames, Seconds, seconds_of
from player.voice import takes, talk
from player.voice.capture import NO_SYSTEM, InputMissing, Recorder, inputs
from player.voice.editing import Edited, edited
from player.voice.treatment import Mono

TELLS_S: Seconds = 0.1
ON_ITS_WAY_S: Seconds = 0.1
"""What was said before the key was pressed is still coming for so long."""
STALLS_S: Seconds = 3.0
"""An input that gives nothing for so long is gone."""
LONGEST_LINE = 1 << 16


class Booth:
    """Does one wish after the other; records and plays meanwhile."""

    def __init__(self, tell: Callable[[talk.Told], None]) -> None:
        self._tell = tell
        self._recorder: Recorder | None = None
        self._subject: tuple[str, str] = ("", "")
        self._refused: tuple[Mono, Edited] | None = None
        self._last: tuple[Frames, int] = (0, 0)
        """Frames at the last look, and for how many looks they have been as many."""
        self._channel: Any = None

    def open(self) -> None:
        """Reach for the sound system. Raises InputMissing."""
        why = refused_driver()
        if why:
            raise InputMissing(why)
        try:
            mixer().init(SAMPLE_RATE, 32, CHANNELS, 2048, devicename=_output(), allowedchanges=0)
        except Exception:  # pygame's own error
            try:
                mixer().init(SAMPLE_RATE, 32, CHANNELS, 2048, allowedchanges=0)
            except Exception:
                raise InputMissing(NO_SYSTEM) from None

    def do(self, wish: talk.Wish) -> None:
        """Do what is wished, or tell why not."""
        try:
            match wish:
                case talk.ListInputs():
                    self._tell(talk.Inputs(names=tuple(inputs())))
                case talk.Record():
                    self._record(wish)
                case talk.Stop():
                    self._stop()
                case talk.Drop():
                    self._drop()
                case talk.Keep():
                    self._keep_refused()
                case talk.Play():
                    self._play(wish)
        except InputMissing as fault:
            self._tell(talk.Trouble(why=str(fault), over=wish.do == "inputs"))
        except (StillroomError, OSError) as fault:
            self._tell(talk.Trouble(why=str(fault)))

    def look(self) -> None:
        """Ten times a second: how it stands."""
        if self._recorder is not None:
            self._look_at(self._recorder)
        if self._channel is not None and not self._channel.get_busy():
            self._channel = None
            self._tell(talk.Played())

    def close(self) -> None:
        """Let go of the input and the output; what was not kept is let go of too."""
        if self._recorder is not None:
            self._recorder.stop()
        mixer().quit()

    def _look_at(self, recorder: Recorder) -> None:
        frames, looks = recorder.frames, self._last[1]
        self._last = (frames, looks + 1 if frames == self._last[0] else 0)
        if self._last[1] * TELLS_S > STALLS_S:
            recorder.stop()
            self._recorder = None
            self._tell(talk.Trouble(why="nothing comes from this input any more; try another one"))
        elif recorder.full:
            self._stop()
        else:
            length_s, level_db = seconds_of(frames), recorder.level_db()
            self._tell(talk.Recording(length_s=length_s, level_db=level_db))

    def _record(self, wish: talk.Record) -> None:
        if self._recorder is not None:
            return
        self._hush()
        takes.folder_of(wish.script)
        self._subject, self._refused, self._last = (wish.script, wish.text), None, (0, 0)
        self._recorder = Recorder(wish.input)
        self._tell(talk.Recording(length_s=0.0, level_db=self._recorder.level_db()))

    def _stop(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is None:
            self._hush()
            return
        self._tell(talk.Working())
        time.sleep(ON_ITS_WAY_S)
        raw = recorder.stop()
        found = edited(raw, len(self._subject[1].split()))
        if found.fault:
            self._refused = (raw, found)
            text = self._subject[1]
            self._tell(talk.Refused(text=text, why=found.fault, may_keep=found.may_keep))
        else:
            self._keep(raw, found)

    def _drop(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            recorder.stop()

    def _keep_refused(self) -> None:
        if self._refused is not None and self._refused[1].may_keep:
            self._keep(*self._refused)

    def _keep(self, raw: Mono, found: Edited) -> None:
        """File it; what cannot be written is held, so that it may be tried once more."""
        script, text = self._subject
        try:
            takes.keep(script, text, original=_in_16_bits(raw), sound=_in_16_bits(found.sound))
        except RunFailed as fault:
            self._refused = (raw, found)
            self._tell(talk.Refused(text=text, why=str(fault), may_keep=True))
            return
        self._refused = None
        self._tell(talk.Kept(text=text, length_s=seconds_of(len(found.sound))))

    def _play(self, wish: talk.Play) -> None:
        if self._recorder is not None:
            return
        self._hush()
        file = takes.take_of(wish.script, wish.text)
        if file is None:
            self._tell(talk.Trouble(why="this sentence is not recorded yet"))
            return
        pcm = np.frombuffer(takes.pcm_of(file), "<i2").astype(np.float32) / 32768
        sound = mixer().Sound(buffer=np.repeat(pcm[:, np.newaxis], CHANNELS, axis=1).tobytes())
        self._channel = sound.play()
        self._tell(talk.Playing(text=wish.text, length_s=seconds_of(len(pcm))))

    def _hush(self) -> None:
        if self._channel is not None:
            self._channel.fadeout(150)


def serve(wishes: IO[bytes], tell: Callable[[talk.Told], None]) -> None:
    """Do what comes in, until it ends."""
    booth = Booth(tell)
    try:
        booth.open()
    except InputMissing as fault:
        tell(talk.Trouble(why=str(fault), over=True))
        return
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(wishes, inbox), daemon=True).start()
    try:
        while (line := _next(inbox)) != b"":
            if line is not None:
                with contextlib.suppress(talk.Garbled):
                    booth.do(talk.decode_wish(line))
            booth.look()
    finally:
        booth.close()


def _read(wishes: IO[bytes], inbox: queue.SimpleQueue[bytes]) -> None:
    while line := wishes.readline(LONGEST_LINE):
        inbox.put(line)
    inbox.put(b"")


def _next(inbox: queue.SimpleQueue[bytes]) -> bytes | None:
    try:
        return inbox.get(timeout=TELLS_S)
    except queue.Empty:
        return None


def _in_16_bits(sound: Mono) -> bytes:
    whole = np.rint(sound.astype(np.float64) * 32767).clip(-32768, 32767)
    return whole.astype("<i2").tobytes()


def _output() -> str | None:
    """The output of the settings, as sessions use it; the system's own where these are wrong."""
    try:
        return settings.read(paths.settings_file()).device
    except StillroomError:
        return None


def main() -> int:
    """Serve standard input; the exit code."""
    told = os.fdopen(os.dup(1), "wb")
    log = os.open(paths.logs() / "voice.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for target in (1, 2):
        os.dup2(log, target)
    os.close(log)

    def tell(line: talk.Told) -> None:
        told.write(talk.encode(line))
        told.flush()

    try:
        serve(sys.stdin.buffer, tell)
    except BrokenPipeError:
        return 0
    except Exception:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    # Threads that wait for a line or for SDL must not hold the exit.
    os._exit(main())

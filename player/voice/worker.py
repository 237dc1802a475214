"""The process that makes speech from text: `python -m player.voice.worker`, one JSON line a task.

Reads ``{"text": …, "out": …, "speed": 0.75}``, answers ``{"made": out}`` or ``{"fault": why}``.
It cannot reach any network: whatever its engine might try, the interpreter refuses.
"""

from __future__ import annotations

import json
import os
import sys
import unicodedata
import wave
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from player.sound.wav import temporary_beside
from player.units import SAMPLE_RATE
from player.voice.shelf import VOICE
from player.voice.treatment import Mono, treated

REFUSED = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
"""What Python raises an audit event for when somebody is about to reach beyond the process."""
NOT_SAID = "no word in it can be spoken by this voice, which speaks English"


def main() -> None:
    """Answer tasks until standard input ends."""
    sys.addaudithook(_refuse_network)
    if hasattr(os, "nice"):
        os.nice(10)
    from hibari import Hibari

    engine = Hibari(voice=VOICE)
    for line in sys.stdin:
        task = json.loads(line)
        print(json.dumps(_answer(engine, task)), flush=True)  # noqa: T201 - the answer


def _answer(engine: Any, task: dict[str, Any]) -> dict[str, str]:
    try:
        sound = spoken(engine, task["text"], task["speed"])
        if not len(sound):
            return {"fault": NOT_SAID}
        write(Path(task["out"]), sound)
    except Exception as fault:  # the engine is others' code: one sentence must not end the rest
        return {"fault": f"{type(fault).__name__}: {fault}"}
    return {"made": task["out"]}


def spoken(engine: Any, text: str, speed: float) -> Mono:
    """A sentence as it is kept; the same words always give the same samples."""
    words = plain(text)
    seed = zlib.crc32(words.encode())
    parts = [engine.from_phonemes(each, speed, seed=seed) for each in engine.phonemize(words)]
    if not parts:
        return np.zeros(0, np.float32)
    return treated(np.concatenate(parts), engine.sample_rate)


def plain(text: str) -> str:
    """Text as an English voice reads it: letters, digits and their marks; no pictures."""
    folded = unicodedata.normalize("NFKC", text)
    kept = (" " if unicodedata.category(one) in ("So", "Cc", "Cf", "Co") else one for one in folded)
    return " ".join("".join(kept).split())


def write(path: Path, sound: Mono) -> None:
    """A mono WAV of 16 bits, for its owner alone, there only once it is whole."""
    pcm = np.rint(sound.clip(-1, 1) * 32767).astype("<i2")
    aside = temporary_beside(path)
    handle = os.open(aside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream, wave.open(stream, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes(pcm.tobytes())
    aside.replace(path)


def _refuse_network(event: str, _: tuple[Any, ...]) -> None:
    if event in REFUSED:
        raise PermissionError("speech is made without any network")


if __name__ == "__main__":
    main()

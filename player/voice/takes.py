"""The counsellor's own recordings: which sentence of which script lies in which file.

Knows where they lie, not how they are recorded or what they sound like.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import wave
from collections.abc import Iterable
from pathlib import Path

from player import paths
from player.errors import InputWrong, RunFailed
from player.text.whole_files import draft_of
from player.text.words import shown
from player.units import SAMPLE_RATE
from player.voice.key import key_of

ORIGINALS = "originals"
"""The folder, beside the recordings, of what was recorded before anything was cut."""

INDEX = "index.json"
FORMAT = 1
LARGEST_INDEX = 1 << 20

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


def folder_of(script: str) -> Path:
    """Where the recordings of a script lie; need not exist. Raises InputWrong for no such name."""
    if not _NAME.fullmatch(script):
        raise InputWrong(
            f"“{script}” cannot be the name of a script: small letters, digits, dashes"
        )
    return paths.own_voice() / script


def take_of(script: str, text: str) -> Path | None:
    """The own recording of a sentence, 48 kHz mono at the voice level; None where there is none."""
    if not _NAME.fullmatch(script):
        return None
    file = paths.own_voice() / script / f"{key_of(text)}.wav"
    return file if file.is_file() else None


def whole_take(script: str, texts: Iterable[str]) -> tuple[Path, ...] | None:
    """The own recordings of all these sentences; None where one is missing or damaged.

    A script that is recorded in part is spoken wholly by the shipped voice: two voices in one
    cue would startle.
    """
    found = [take_of(script, text) for text in texts]
    whole = tuple(file for file in found if file is not None and is_sound(file))
    return whole if whole and len(whole) == len(found) else None


def why_not_whole(script: str, texts: Iterable[str]) -> str:
    """Why own recordings of a script are not used; empty where they are, or where there is none."""
    found = {text: take_of(script, text) for text in texts}
    there = {text: file for text, file in found.items() if file is not None}
    if not there:
        return ""
    if len(there) < len(found):
        return (
            f"{script}: {len(there)} of {len(found)} sentences are recorded in your voice, "
            "and it is used once all are"
        )
    damaged = [text for text, file in there.items() if not is_sound(file)]
    if not damaged:
        return ""
    return (
        f"{script}: your recording of {shown(damaged[0])} is damaged, so yours are not used; "
        f"record it anew: stillroom voice record {script}"
    )


def is_sound(file: Path) -> bool:
    """Whether a recording is as `keep` writes it, and all there."""
    try:
        with wave.open(os.fspath(file), "rb") as wav:
            form = (wav.getnchannels(), wav.getsampwidth(), wav.getframerate())
            whole = file.stat().st_size >= wav.getnframes() * 2
            return form == (1, 2, SAMPLE_RATE) and whole and wav.getnframes() > 0
    except (OSError, EOFError, wave.Error):
        return False


def keep(script: str, text: str, *, original: bytes, sound: bytes) -> Path:
    """File a recording of a sentence and what it was made of, both 48 kHz mono 16-bit samples.

    What was there is replaced whole or not at all. Raises InputWrong, RunFailed.
    """
    folder = folder_of(script)
    name = f"{key_of(text)}.wav"
    try:
        (folder / ORIGINALS).mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        _write(folder / ORIGINALS / name, wav_of(original))
        _write(folder / name, wav_of(sound))
        write_index(folder, script, texts_of(script) | {key_of(text): text})
    except OSError as fault:
        raise RunFailed(f"{folder}: cannot be written: {fault.strerror}") from None
    return folder / name


def texts_of(script: str) -> dict[str, str]:
    """The sentences that were recorded, by key, as the index beside them has them."""
    try:
        with (folder_of(script) / INDEX).open("rb") as stream:
            body = json.loads(stream.read(LARGEST_INDEX))
        rows = body["sentences"]
        return {
            key: text for key, text in rows.items() if isinstance(text, str) and key == key_of(text)
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def write_index(folder: Path, script: str, texts: dict[str, str]) -> None:
    """Write down which file holds which words."""
    body = {"format": FORMAT, "script": script, "sentences": texts}
    _write(folder / INDEX, json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n")


def forget(script: str) -> bool:
    """Remove every recording of a script and its originals; False where there is none."""
    folder = folder_of(script)
    if not folder.is_dir():
        return False
    shutil.rmtree(folder)
    return True


def wav_of(samples: bytes) -> bytes:
    """48 kHz mono 16-bit samples as a wav file."""
    body = io.BytesIO()
    with wave.open(body, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(SAMPLE_RATE)
        wav.writeframes(samples)
    return body.getvalue()


def pcm_of(file: Path) -> bytes:
    """The samples of such a file. Raises RunFailed."""
    try:
        with wave.open(os.fspath(file), "rb") as wav:
            return wav.readframes(wav.getnframes())
    except (OSError, EOFError, wave.Error) as fault:
        raise RunFailed(f"{file}: cannot be read: {fault}") from None


def _write(file: Path, body: bytes) -> None:
    with draft_of(file, body):
        pass

"""Makes the sound of sentences from their words, before a session and never during one.

In a process of its own, without network, by the voice that the extra `voice` installs.
Knows nothing of sessions: it is given sentences.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from player import starting
from player.errors import InputWrong, RunFailed
from player.units import Seconds
from player.voice.key import key_of
from player.voice.shelf import SPEED, VOICE, made_file, prune

Progress = Callable[[str, float], None]
"""Told what is being done, and how far from 0 to 1."""

HOW = "to have words spoken, install the voice once: python3 scripts/start.py --with voice"
NOT_INSTALLED = f"the voice that speaks written words is not installed ({HOW})"
SLOWEST_S: Seconds = 120.0
"""A sentence takes a fraction of a second; a worker that is silent for so long is given up."""


@dataclass(frozen=True, slots=True)
class Unmade:
    """A sentence that could not be made, and why."""

    text: str
    why: str


def installed() -> bool:
    """Whether words can be made into speech on this machine."""
    return importlib.util.find_spec("hibari") is not None


def require() -> None:
    """Raises InputWrong, with what to do, where the voice is not installed."""
    if not installed():
        raise InputWrong(NOT_INSTALLED)


def make(texts: Sequence[str], progress: Progress, *, speed: float = SPEED) -> list[Unmade]:
    """Make the sound of every sentence that has none; what could not be made comes back.

    Raises InputWrong where the voice is not installed, RunFailed where it does not work.
    """
    wanted = {text: made_file(key_of(text), speed=speed) for text in texts}
    tasks = [(text, file) for text, file in wanted.items() if not file.is_file()]
    if not tasks:
        return []
    require()
    unmade: list[Unmade] = []
    with _Worker() as worker:
        for number, (text, file) in enumerate(tasks):
            progress("speaking the words", number / len(tasks))
            answer = worker.ask({"text": text, "out": str(file), "speed": speed})
            if "made" not in answer:
                unmade.append(Unmade(text, str(answer.get("fault", "it gave no answer"))))
    progress("speaking the words", 1.0)
    prune(keep=wanted.values())
    return unmade


class _Worker:
    """The process, for as long as there is something to say."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            starting.words("player.voice.worker"),
            env=starting.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                _quietly_closed(stream)

    def ask(self, task: dict[str, Any]) -> dict[str, Any]:
        """One task and its answer. Raises RunFailed where the process is gone or stands still."""
        sender, answers = self._process.stdin, self._process.stdout
        if sender is None or answers is None:
            raise RunFailed(_broken())
        too_slow = threading.Timer(SLOWEST_S, self._process.kill)
        too_slow.start()
        try:
            sender.write(json.dumps(task) + "\n")
            sender.flush()
            answer: dict[str, Any] = json.loads(answers.readline())
        except (OSError, ValueError):
            raise RunFailed(_broken()) from None
        finally:
            too_slow.cancel()
        return answer


def _broken() -> str:
    return f"the voice {VOICE} is installed and does not work: {HOW}"


def _quietly_closed(stream: IO[str]) -> None:
    try:
        stream.close()
    except OSError:
        return

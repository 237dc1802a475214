"""A counsellor's own recording of a script is what clients hear."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from recordings import S, power_db, recorded, spoken, tone

from player import paths
from player.programme.words import clip_for
from player.session.loader import load as read
from player.session.scripts import script_file
from player.voice.editing import edited
from player.voice.scripts import load
from player.voice.takes import folder_of, keep, pcm_of, take_of

SCRIPT = """format: 1
title: Mine
silence: 3s
sentences: [{say: The couch is underneath you.}, {say: It holds you.}]
"""
SESSION = """format: 1
title: Own voice
sound: {duck: {by: 9 dB, down: 0.5s, up: 1s}}
phases: [{name: One, length: 40s, music: silence}]
cues: [{name: Words, at: one + 5s, script: mine}]
"""
MARKS_HZ = {"The couch is underneath you.": 700, "It holds you.": 1100}


def samples(path: Path) -> Any:
    import av

    with av.open(str(path)) as container:
        convert = av.AudioResampler(format="flt", layout="mono", rate=S)
        parts = [
            made.to_ndarray().reshape(-1)
            for frame in container.decode(audio=0)
            for made in convert.resample(frame)
        ]
    return np.concatenate(parts)


def record(text: str) -> None:
    """As the booth does it, with a tone in the voice that tells which sentence it is."""
    raw = recorded(spoken(1.5, 0.1) + tone(MARKS_HZ[text], 1.5, 0.1))
    sound = edited(raw).sound
    whole = [(each * 32767).astype("<i2").tobytes() for each in (raw, sound)]
    keep("mine", text, original=whole[0], sound=whole[1])


def heard(stillroom: Any, tmp_path: Path) -> Any:
    """The rendered cue, from its first sample on."""
    session, out, report = (tmp_path / name for name in ("s.yaml", "s.wav", "s.json"))
    session.write_text(SESSION)
    done = stillroom("render", str(session), "-o", str(out), "--report", str(report), "--force")
    assert done.returncode == 0, done.stderr
    events = json.loads(report.read_text())["events"]
    started = [event for event in events if event["event"] == "CueStarted"]
    if not started:
        return None
    return samples(out)[started[0]["frame"] :][: started[0]["frames"]]


def test_a_recorded_script_is_heard_in_its_order_and_a_partial_one_is_not(
    stillroom: Any, tmp_path: Path
) -> None:
    (paths.own_scripts() / "mine.yaml").write_text(SCRIPT)
    first, second = MARKS_HZ
    record(first)
    partly = heard(stillroom, tmp_path)
    assert partly is None or power_db(partly[: 3 * S // 2], MARKS_HZ[first]) < -60
    record(second)
    cue = heard(stillroom, tmp_path)
    begins, ends = cue[: 2 * S], cue[-5 * S : -3 * S]
    for part, here, there in ((begins, first, second), (ends, second, first)):
        assert power_db(part, MARKS_HZ[here]) > power_db(part, MARKS_HZ[there]) + 40
    silence_s = len(cue) / S - sum(
        len(pcm_of(file)) / 2 / S for file in folder_of("mine").glob("*.wav")
    )
    assert 5.5 < silence_s < 6.5, "3 s behind each of the two"


@pytest.mark.parametrize("body", [b"", b"RIFF", None], ids=["empty", "no header", "cut short"])
def test_a_damaged_recording_is_named_and_the_shipped_voice_speaks(
    stillroom: Any, tmp_path: Path, body: bytes | None
) -> None:
    script, session = load(script_file("eye-shades", tmp_path)), tmp_path / "s.yaml"
    session.write_text(SESSION.replace("mine", "eye-shades"))
    for text in script.texts:
        keep("eye-shades", text, original=bytes(9600), sound=bytes(9600))
    file = take_of("eye-shades", script.texts[1])
    assert file is not None
    file.write_bytes(file.read_bytes()[:3000] if body is None else body)
    done = stillroom("check", str(session))
    assert done.returncode == 0, done.stdout
    assert 'your recording of "Whenever you are ready' in done.stdout
    assert "stillroom voice record eye-shades" in done.stdout
    loaded = read(session)
    clip = clip_for(loaded.cues[0], loaded.sound, lambda path: pytest.fail(f"{path} is measured"))
    assert clip is not None
    assert {part.path.suffix for part in clip.parts} == {".opus"}


def test_check_says_how_much_of_a_script_is_recorded(stillroom: Any, tmp_path: Path) -> None:
    (paths.own_scripts() / "mine.yaml").write_text(SCRIPT)
    (tmp_path / "s.yaml").write_text(SESSION)
    record("It holds you.")
    done = stillroom("check", str(tmp_path / "s.yaml"))
    assert "mine: 1 of 2 sentences are recorded in your voice" in done.stdout

"""The shipped words: every one has its clip, at one level, with its rights."""

from __future__ import annotations

import re

import numpy as np
import pytest

from player import paths
from player.library.measure import measure

FORBIDDEN = re.compile(
    r"\b(safe|heal\w*|journey|surrender|let go|pathways?|well done|must)\b", re.I
)
MOST_BYTES = 1_500_000


def test_every_word_of_the_shipped_sessions_has_a_clip(sessions, voice):
    spoken = {row["text"] for row in voice}
    said = {" ".join(cue.say.split()) for session in sessions.values() for cue in session.cues}
    assert said == spoken


def test_the_index_lists_every_clip_and_no_other(voice):
    files = sorted(f"voice/{path.name}" for path in (paths.shipped() / "voice").iterdir())
    assert sorted(row["file"] for row in voice) == files


def test_the_player_measures_what_the_index_says(voice):
    for row in voice:
        facts = measure(paths.shipped() / row["file"])
        assert facts.frames == row["frames"], row["file"]
        assert facts.lufs == pytest.approx(row["lufs"], abs=0.1), row["file"]
        assert facts.true_peak_dbtp == pytest.approx(row["true_peak_dbtp"], abs=0.15), row["file"]


def test_every_clip_speaks_at_one_level_with_headroom(voice):
    for row in voice:
        assert row["lufs"] == pytest.approx(-23, abs=0.5), row["file"]
        assert row["true_peak_dbtp"] <= -3, row["file"]


def test_a_clip_starts_and_ends_softly_and_is_quiet_between_its_sentences(hearing, voice):
    for row in voice[:6]:
        clip = hearing.decode(paths.shipped() / row["file"])
        assert len(clip) == 1
        assert np.abs(clip[:, :48]).max() < 0.01, row["file"]
        assert np.abs(clip[:, -48:]).max() < 0.01, row["file"]
        pauses = quiet_stretches_s(clip[0])
        sentences = len(re.findall(r"[.?!]", row["text"]))
        assert sum(length_s > 4.5 for length_s in pauses) == sentences - 1, row["file"]


def quiet_stretches_s(clip: np.ndarray) -> list[float]:
    """How long each stretch below -54 dBFS lasts, in seconds, found in steps of 20 ms."""
    steps = clip[: len(clip) // 960 * 960].reshape(-1, 960)
    quiet = np.abs(steps).max(axis=1) < 0.002
    edges = np.flatnonzero(np.diff(np.concatenate([[False], quiet, [False]]).astype(int)))
    return [(end - start) / 50 for start, end in edges.reshape(-1, 2)]


def test_a_clip_carries_its_words_and_its_rights(hearing, voice):
    for row in voice:
        tags = hearing.tags(paths.shipped() / row["file"])
        assert tags["title"]
        assert tags["comment"] == row["text"]
        assert tags["license"] == row["rights"]
        assert row["rights"].startswith("CC0")


def test_sentences_are_short(voice):
    sentences = [text for row in voice for text in re.split(r"[.?!]\s*", row["text"])]
    assert [text for text in sentences if len(text.split()) >= 12] == []


def test_nothing_is_promised_or_commanded(voice):
    assert [row["text"] for row in voice if FORBIDDEN.search(row["text"])] == []


def test_all_words_together_stay_small():
    sizes = [path.stat().st_size for path in (paths.shipped() / "voice").iterdir()]
    assert 0 < sum(sizes) < MOST_BYTES

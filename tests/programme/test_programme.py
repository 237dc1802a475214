"""From a session and what is known of its music to a plan in frames."""

from __future__ import annotations

from pathlib import Path

import pytest

from player import paths
from player.errors import InputWrong
from player.library.catalogue import shipped_facts
from player.library.measure import measure
from player.programme.programme import compose
from player.session.loader import load
from player.session.model import Ends, Point
from player.session.start import start_s
from player.timeline.plan import TrackFacts

S = 48_000
FACTS = TrackFacts(100 * S, -18.0, -2.0)


def composed(path: Path, clip: TrackFacts | None = FACTS):  # type: ignore[no-untyped-def]
    return compose(load(path), shipped_facts().get, lambda _: clip)


def shipped(name: str) -> Path:
    return paths.shipped() / f"{name}.yaml"


def test_a_shipped_session_becomes_a_plan_in_frames_with_all_facts_known() -> None:
    plan = composed(shipped("lozenge")).plan
    assert [phase.name for phase in plan.phases][:2] == ["Arrival", "Hold"]
    assert [phase.length for phase in plan.phases][:2] == [600 * S, 600 * S]
    assert plan.phases[0].ends is Ends.DOSE
    assert plan.hold_at_end
    assert all(track.facts is not None for track in plan.tracks)
    assert plan.reminders[0].at.point is Point.DOSE
    assert plan.reminders[0].at.offset == 7 * 60 * S


def test_each_shipped_cue_has_its_clip_at_the_voice_level() -> None:
    programme = composed(shipped("grounding-5"))
    assert programme.unspoken() == ()
    for cue, clip in zip(programme.plan.cues, programme.clips, strict=True):
        assert clip is not None
        assert cue.frames == clip.frames
        for part in clip.parts:
            facts = measure(part.path).facts
            gain_db = cue.gain_db + part.trim_db
            assert facts.lufs + gain_db == pytest.approx(-19.0, abs=0.2), part.path
            assert facts.true_peak_dbtp + gain_db <= -1.4, part.path


def test_words_without_a_sound_stay_as_words(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(
        "format: 1\ntitle: T\nphases: [{name: One, length: 5m, music: shipped:shore}]\n"
        "cues: [{name: Own, at: start + 1m, say: Words nobody recorded.}]\n"
    )
    programme = composed(path)
    assert programme.unspoken() == ("Own",)
    assert programme.plan.cues[0].frames is None
    assert programme.plan.cues[0].words == "Words nobody recorded."


def test_a_track_used_in_two_phases_is_one_track(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(
        "format: 1\ntitle: T\nphases:\n"
        "  - {name: One, length: 5m, music: [shipped:shore, shipped:morning]}\n"
        "  - {name: Two, length: 5m, music: shipped:shore}\n"
    )
    plan = composed(path).plan
    assert [phase.tracks for phase in plan.phases] == [(0, 1), (0,)]
    assert len(plan.tracks) == 3, "the safety bed comes last"
    assert Path(plan.tracks[plan.safety].path).name == "safety.opus"


@pytest.mark.parametrize(
    ("written", "expected"),
    [(None, 0), ("12:30", 750), ("peak", 600), ("Return", 2100), ("peak + 2m", 720), ("0s", 0)],
)
def test_a_session_begins_where_from_says(written: str | None, expected: float) -> None:
    assert start_s(load(shipped("rest")), written) == expected


@pytest.mark.parametrize("written", ["peek", "99h", "end", "dose", "-5m", "peak - 20m"])
def test_a_place_that_is_none_is_refused_in_words(written: str) -> None:
    with pytest.raises(InputWrong, match="--from"):
        start_s(load(shipped("rest")), written)

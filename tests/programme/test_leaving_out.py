"""Avoided music is not in the plan; a phase that nothing is left for is a fault, never silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
import tones
from conducting import Bench

from player import paths
from player.errors import InputWrong
from player.library.catalogue import Catalogue, shipped_facts
from player.library.measure import measure
from player.programme.facts import Knowledge
from player.programme.leaving_out import Tags
from player.programme.preflight import check
from player.programme.programme import Programme, compose
from player.session.loader import load
from player.session.model import Energy
from player.timeline.conductor import opening
from player.timeline.wishes import energy_of

S = 48_000
SESSION = """\
format: 1
title: Mine
phases:
  - {name: One, length: 5m, music: [music/a.flac, music/b.flac, shipped:deep]}
  - {name: Two, length: 5m, music: music/b.flac}
shelf:
  - {name: Calm, music: music/b.flac}
"""


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mine")
    (folder / "music").mkdir()
    for name, artist in (("a", "Bo"), ("b", "Ann Ex")):
        sound = tones.tone(2 * S, gain=0.1)
        tones.write(folder / f"music/{name}.flac", sound, tags={"artist": artist, "energy": "8"})
    return folder


def written(music: Path, more: str = "") -> Path:
    (music / "mine.yaml").write_text(SESSION + more, encoding="utf-8")
    return music / "mine.yaml"


def composed(file: Path, tags: Mapping[str, Tags]) -> Programme:
    def of(files: Iterable[Path]) -> dict[Path, Tags]:
        return {path: tags[path.name] for path in files if path.name in tags}

    return compose(load(file), shipped_facts().get, lambda _: None, of)  # type: ignore[arg-type, return-value]


def test_what_is_avoided_by_its_tags_is_in_no_phase_and_not_on_the_shelf(music: Path) -> None:
    tags = {"b.flac": {"artist": "Ann Ex"}}
    programme = composed(written(music, "avoid: {artists: ann ex}\n"), tags)
    names = [path.name for path in programme.files]
    assert names == ["a.flac", "deep.opus", "safety.opus"]
    assert [row.tracks for row in programme.plan.phases] == [(0, 1), ()]
    assert programme.plan.shelf[0].tracks == ()
    assert list(programme.left_out.values()) == ["artist ann ex"]


def test_a_phase_that_nothing_is_left_for_plays_the_safety_bed(music: Path) -> None:
    plan = composed(written(music, "avoid: {files: b.flac}\n"), {}).plan
    bench = Bench(plan, start=plan.phases[0].length + S).play(30)
    assert bench.sounding() == ["Safety bed"]
    bench.play(200)
    assert bench.sounding() == ["Safety bed"]


def test_check_reads_the_tags_names_what_is_left_out_and_faults_an_empty_phase(
    music: Path,
) -> None:
    with Catalogue() as catalogue:
        checked = check(load(written(music, "avoid: {artists: Ann Ex}\n")), catalogue)
    assert len(checked.faults) == 1
    assert "mine.yaml:5: music: nothing is left of the music of Two" in checked.faults[0]
    told = "\n".join(checked.warnings)
    assert f"left out: {music / 'music/b.flac'} (artist Ann Ex)" in told
    assert "nothing is left of the music of Calm, on the shelf" in told


def test_the_settings_avoid_for_every_session(music: Path) -> None:
    paths.settings_file().write_text("avoid:\n  titles: Deep\n  artists: [Bo]\n", encoding="utf-8")
    with Catalogue() as catalogue:
        checked = check(load(written(music)), catalogue)
    assert checked.faults == ()
    told = [row for row in checked.warnings if row.startswith("left out")]
    assert [row.rpartition("(")[2] for row in told] == ["artist Bo)", "title Deep)"]
    paths.settings_file().write_text("avoid: {titles: [[x]]}\n", encoding="utf-8")
    with Catalogue() as catalogue, pytest.raises(InputWrong, match=r"avoid\.titles"):
        check(load(written(music)), catalogue)


def test_the_session_says_energy_before_what_was_measured(music: Path) -> None:
    file = written(music)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("music/a.flac", "{from: music/a.flac, energy: low}"), "utf-8")
    with Catalogue() as catalogue:
        for name in ("a", "b"):
            catalogue.remember(music / f"music/{name}.flac", measure(music / f"music/{name}.flac"))
        knowledge = Knowledge(catalogue)
        plan = compose(load(file), knowledge.of_music, knowledge.of_clip).plan
    state = opening(plan)
    told = {Path(row.path).name: energy_of(plan, state, n) for n, row in enumerate(plan.tracks)}
    assert told["a.flac"] == Energy.LOW
    assert told["b.flac"] == Energy.HIGH, "as its tags say"
    assert told["deep.opus"] == Energy.MID, "as its score means it"

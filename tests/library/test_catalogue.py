"""What is remembered of files, across moves, edits, damage and processes."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from player import paths
from player.library.catalogue import Broken, Catalogue, content_of, shipped_facts
from player.library.curve import packed, unpacked
from player.library.findings import Rise, Silence, Survey, details, with_places
from player.session.model import Energy
from player.timeline.plan import TrackFacts

FACTS = TrackFacts(frames=480_000, lufs=-19.5, true_peak_dbtp=-1.25)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.sqlite"


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.mp3"
    path.write_bytes(b"sound" * 1000)
    return path


def test_an_unchanged_file_is_known_after_a_restart(base: Path, song: Path) -> None:
    with Catalogue(base) as catalogue:
        assert catalogue.known(song) is None
        catalogue.remember(song, Survey(FACTS))
    with Catalogue(base) as catalogue:
        assert catalogue.known(song) == FACTS
        assert catalogue.warning is None


def test_an_unchanged_file_is_known_without_being_read(base: Path, song: Path) -> None:
    with Catalogue(base) as catalogue:
        catalogue.remember(song, Survey(FACTS))
        raw = sqlite3.connect(base)
        for table in ("contents", "places", "curves"):
            raw.execute(f"UPDATE {table} SET content = x'00'")  # noqa: S608
        raw.commit()
        raw.close()
        # By its content nobody would know it any more.
        assert catalogue.known(song) == FACTS


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no time that programs cannot set")
def test_an_edit_of_the_same_size_is_seen_though_its_time_was_put_back(
    base: Path, song: Path
) -> None:
    with Catalogue(base) as catalogue:
        catalogue.remember(song, FULL)
        status = song.stat()
        with song.open("r+b") as file:
            file.write(b"other")
        os.utime(song, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert catalogue.known(song) is None
        assert catalogue.scanned_at([song]) == {}
        assert list(catalogue.to_scan([str(song)])) == [str(song)]


def test_a_file_of_which_only_the_rights_changed_is_known(base: Path, song: Path) -> None:
    with Catalogue(base) as catalogue:
        catalogue.remember(song, FULL)
        song.chmod(0o640)
        assert catalogue.known(song) == FULL.facts


def test_a_renamed_moved_or_copied_file_is_known_by_its_content(base: Path, song: Path) -> None:
    with Catalogue(base) as catalogue:
        catalogue.remember(song, Survey(FACTS))
        copy = song.with_name("copy.mp3")
        copy.write_bytes(song.read_bytes())
        (song.parent / "folder").mkdir()
        moved = song.rename(song.parent / "folder" / "moved.mp3")
        assert catalogue.known(copy) == FACTS
        assert catalogue.known(moved) == FACTS
        assert catalogue.known(song) is None


def test_an_edited_file_is_unknown(base: Path, song: Path) -> None:
    with Catalogue(base) as catalogue:
        catalogue.remember(song, Survey(FACTS))
        song.write_bytes(b"noise" * 1000)
        os.utime(song, ns=(1, 1))
        assert catalogue.known(song) is None


def test_a_broken_file_is_remembered_until_it_changes(base: Path, song: Path) -> None:
    with Catalogue(base) as catalogue:
        catalogue.remember_broken(song, "is not a sound file")
    with Catalogue(base) as catalogue:
        assert catalogue.known(song) == Broken("is not a sound file")
        song.write_bytes(b"mended" * 1000)
        assert catalogue.known(song) is None
        catalogue.remember(song, Survey(FACTS))
        assert catalogue.known(song) == FACTS


def test_what_is_no_readable_file_is_unknown_and_not_kept(base: Path, tmp_path: Path) -> None:
    with Catalogue(base) as catalogue:
        for path in (tmp_path / "nowhere.mp3", tmp_path, Path("\0")):
            assert not catalogue.remember(path, Survey(FACTS))
            catalogue.remember_broken(path, "why")
            assert catalogue.known(path) is None
        assert catalogue.warning is None


def test_names_that_are_no_text_are_remembered(base: Path, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.mp3")
    try:
        path.write_bytes(b"sound")
    except OSError:
        pytest.skip("this file system takes only text as names")
    with Catalogue(base) as catalogue:
        catalogue.remember(path, Survey(FACTS))
        assert catalogue.known(path) == FACTS


def test_a_damaged_database_is_set_aside_and_begun_anew(base: Path, song: Path) -> None:
    base.write_bytes(b"this is no database " * 500)
    with Catalogue(base) as catalogue:
        assert catalogue.warning is not None
        assert "begun anew" in catalogue.warning
        catalogue.remember(song, Survey(FACTS))
    assert base.with_name("catalogue.sqlite.broken").read_bytes().startswith(b"this is no")
    with Catalogue(base) as catalogue:
        assert catalogue.known(song) == FACTS
        assert catalogue.warning is None


def test_damage_that_shows_later_is_survived_too(base: Path, song: Path) -> None:
    with Catalogue(base) as catalogue:
        for number in range(300):
            other = song.with_name(f"{number}.mp3")
            other.write_bytes(bytes([number % 256, number // 256]) * 50)
            catalogue.remember(other, Survey(FACTS))
    data = bytearray(base.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    base.write_bytes(data)
    with Catalogue(base) as catalogue:
        catalogue.known(song)
        catalogue.remember(song, Survey(FACTS))
        catalogue.remember(song, Survey(FACTS))
        assert catalogue.known(song) == FACTS
        assert catalogue.warning is not None


def test_a_place_that_cannot_be_written_is_replaced_by_memory(tmp_path: Path, song: Path) -> None:
    with Catalogue(tmp_path) as catalogue:
        assert catalogue.warning is not None
        catalogue.remember(song, Survey(FACTS))
        assert catalogue.known(song) == FACTS
    with Catalogue(tmp_path / "missing" / "catalogue.sqlite") as catalogue:
        assert catalogue.warning is not None
        assert catalogue.known(song) is None


RISES = ((61.5, 11.2), (80.0, 8.1))
FULL = Survey(
    with_places(FACTS, ((61.5, 6.2), (80.0, 3.1)), energy=Energy.LOW),
    lra=7.25,
    rises=tuple(Rise(*rise) for rise in RISES),
    silences=(Silence(100.0, 7.5),),
    leading_silence_s=0.4,
    trailing_silence_s=2.0,
    clipped_samples=12,
    faults=("parts of it are damaged",),
    tags={"title": "Süd\n", "rights": "CC0"},
)


def test_all_that_was_found_out_is_known_again(base: Path, song: Path) -> None:
    loudness = packed([-23.0, -40.0, -100.0])
    with Catalogue(base) as catalogue:
        assert catalogue.scanned(song) is None
        assert catalogue.remember(song, replace(FULL, curve=loudness))
    with Catalogue(base) as catalogue:
        assert catalogue.scanned(song) == FULL
        assert catalogue.known(song) == FULL.facts
        assert catalogue.curve(song) == loudness
        assert unpacked(catalogue.curve(song)) == pytest.approx([-23.0, -40.0, -100.0], abs=0.21)
        moved = song.rename(song.with_name("moved.mp3"))
        assert catalogue.scanned(moved) == FULL
        assert catalogue.curve(moved) == loudness


def test_many_files_are_asked_for_at_once_and_none_is_read(base: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.mp3" for number in range(1200)]
    with Catalogue(base) as catalogue:
        for number, file in enumerate(files):
            file.write_bytes(number.to_bytes(2, "big"))
            if number % 3 == 0:
                catalogue.remember(file, replace(FULL, clipped_samples=number))
        catalogue.remember_broken(files[1], "is not a sound file")
        os.utime(files[3], ns=(1, 1))
        found = catalogue.scanned_at([*files, tmp_path / "nowhere.mp3"])
    assert found.pop(files[1]) == Broken("is not a sound file")
    assert {file: survey.clipped_samples for file, survey in found.items()} == {
        files[number]: number for number in range(0, 1200, 3) if number != 3
    }


def test_a_file_that_changed_while_it_was_measured_is_not_kept(base: Path, song: Path) -> None:
    with Catalogue(base) as catalogue:
        before = song.stat()
        song.write_bytes(b"other and longer" * 1000)
        assert not catalogue.remember(song, FULL, before)
        assert catalogue.known(song) is None
        assert catalogue.remember(song, FULL, song.stat())
        assert catalogue.known(song) == FULL.facts


FIRST_TABLES = """
CREATE TABLE contents (
    content BLOB PRIMARY KEY, size INTEGER NOT NULL,
    frames INTEGER, lufs REAL, true_peak_dbtp REAL, broken TEXT
) WITHOUT ROWID;
CREATE INDEX sizes ON contents (size);
CREATE TABLE places (
    path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL, content BLOB NOT NULL
) WITHOUT ROWID;
PRAGMA user_version = 1;
"""


def test_what_the_first_version_measured_is_kept_and_scanned_when_asked(
    base: Path, song: Path
) -> None:
    raw = sqlite3.connect(base, isolation_level=None)
    raw.executescript(FIRST_TABLES)
    row = (content_of(song), song.stat().st_size, 480_000, -19.5, -1.25, None)
    raw.execute("INSERT INTO contents VALUES (?, ?, ?, ?, ?, ?)", row)
    raw.close()
    with Catalogue(base) as catalogue:
        assert catalogue.known(song) == FACTS
        assert catalogue.scanned(song) is None
        assert catalogue.warning is None
        catalogue.remember(song, FULL)
        assert catalogue.scanned(song) == FULL


def test_what_the_third_version_found_is_known_though_it_is_to_be_scanned_again(
    base: Path, song: Path
) -> None:
    with Catalogue(base) as catalogue:
        catalogue.remember(song, FULL)
    raw = sqlite3.connect(base, isolation_level=None)
    raw.execute("ALTER TABLE contents DROP COLUMN survey")
    raw.execute("ALTER TABLE places DROP COLUMN changed_ns")
    raw.execute("PRAGMA user_version = 3")
    raw.close()
    with Catalogue(base) as catalogue:
        assert catalogue.scanned(song) == FULL
        assert catalogue.scanned(song, in_full=True) is None
        assert list(catalogue.to_scan([str(song)])) == [str(song)]
        catalogue.remember(song, FULL)
        assert catalogue.scanned(song, in_full=True) == FULL
        assert list(catalogue.to_scan([str(song)])) == []
        assert list(catalogue.last_found([str(song), str(song) + "x"])) == [FULL, None]


def test_where_a_new_version_looks_for_more_all_is_scanned_again(
    base: Path, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Catalogue(base) as catalogue:
        catalogue.remember(song, FULL)
        assert list(catalogue.to_scan([str(song)])) == []
    more = "player.library.catalogue.details"
    monkeypatch.setattr(more, lambda survey: {**details(survey), "laughter": []})
    with Catalogue(base) as catalogue:
        assert list(catalogue.to_scan([str(song)])) == [str(song)]
        assert catalogue.scanned(song) == FULL


def test_tables_of_a_later_version_are_set_aside_whole(base: Path, song: Path) -> None:
    with Catalogue(base) as catalogue:
        catalogue.remember(song, FULL)
    raw = sqlite3.connect(base)
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    with Catalogue(base) as catalogue:
        assert catalogue.warning is not None
        assert "later version" in catalogue.warning
        assert catalogue.known(song) is None
        catalogue.remember(song, FULL)
        assert catalogue.known(song) == FULL.facts
    raw = sqlite3.connect(base.with_name("catalogue.sqlite.later"))
    assert raw.execute("SELECT count(*) FROM contents").fetchone() == (1,)
    raw.close()


def test_a_closed_catalogue_knows_nothing_and_says_nothing(base: Path, song: Path) -> None:
    catalogue = Catalogue(base)
    catalogue.remember(song, Survey(FACTS))
    catalogue.close()
    catalogue.close()
    assert catalogue.known(song) is None


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_the_database_is_for_its_owner_alone(base: Path, song: Path) -> None:
    with Catalogue(base) as catalogue:
        catalogue.remember(song, Survey(FACTS))
        found = {
            path.name: stat.S_IMODE(path.stat().st_mode)
            for path in base.parent.glob(f"{base.name}*")
        }
    assert found.keys() >= {base.name, f"{base.name}-wal"}
    assert set(found.values()) == {0o600}


def test_several_threads_and_catalogues_may_write_at_once(base: Path, tmp_path: Path) -> None:
    def fill(number: int) -> None:
        with Catalogue(base) as catalogue:
            for step in range(20):
                path = tmp_path / f"{number}-{step}.mp3"
                path.write_bytes(f"{number} {step}".encode())
                catalogue.remember(path, Survey(TrackFacts(number * 100 + step, -20.0, -1.0)))

    threads = [threading.Thread(target=fill, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Catalogue(base) as catalogue:
        for number in range(4):
            for step in range(20):
                known = catalogue.known(tmp_path / f"{number}-{step}.mp3")
                assert known == TrackFacts(number * 100 + step, -20.0, -1.0)


def test_the_content_is_that_of_the_whole_file(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(bytes(3_000_000) + b"x")
    second.write_bytes(bytes(3_000_000) + b"y")
    assert content_of(first) != content_of(second)
    assert content_of(tmp_path / "nowhere") is None


def test_shipped_pieces_bring_their_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "shipped", lambda: tmp_path)
    assert shipped_facts() == {}
    (tmp_path / "music.yaml").write_text(
        "shore: {file: music/shore.opus, title: Shore, frames: 9216000, lufs: -20.0,\n"
        "  true_peak_dbtp: -7.9, energy: low, rights: CC0}\n"
    )
    facts = TrackFacts(9216000, -20.0, -7.9, energy=Energy.LOW)
    assert shipped_facts() == {tmp_path / "music/shore.opus": facts}
    for text in (
        "- shore\n",
        "shore: {file: a}\n",
        "shore: [\n",
        "",
        "shore: {file: a, frames: x}\n",
        "shore: {file: a, frames: 1, lufs: 1, true_peak_dbtp: 1, energy: loud}\n",
    ):
        (tmp_path / "music.yaml").write_text(text)
        assert shipped_facts() == {}


def test_asking_the_catalogue_loads_no_sound() -> None:
    code = (
        "import sys, player.library.catalogue\n"
        "print({'numpy', 'av', 'pygame', 'textual'} & set(sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "set()"

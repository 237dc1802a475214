"""A scan of whatever people keep in their music folders: each a line, none in the way of others."""

from __future__ import annotations

import os
import signal
import sqlite3
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from tones import sweep, tone, write

from player.errors import InputWrong
from player.library.catalogue import Catalogue
from player.library.findings import Survey
from player.library.scan import Row, Scan, as_json
from player.library.walk import met
from player.timeline.plan import Broken

Scanning = Callable[..., dict[str, Row]]


@pytest.fixture
def scan(tmp_path: Path) -> Scanning:
    """Scans paths with a catalogue of the test's own; rows by name."""

    def scanned(*paths: Path) -> dict[str, Row]:
        with Scan(met(paths), catalogue=tmp_path / "catalogue.sqlite", processes=2) as scanning:
            rows = scanning.run(lambda what, done: None)
        return {row.path.name: row for row in rows}

    return scanned


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    return folder


def video(path: Path) -> None:
    """A second of black without sound."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for number in range(10):
            frame = av.VideoFrame(64, 64, "yuv420p")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def long_wav(path: Path, seconds: int) -> Path:
    """A wav of silence that takes no room on the disk."""
    size = seconds * 48000 * 4
    body = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 2, 48000, 192_000, 4, 16)
    with path.open("wb") as file:
        file.write(
            b"RIFF" + struct.pack("<I", size + 36) + body + b"data" + struct.pack("<I", size)
        )
        file.truncate(size + 44)
    return path


def halved(path: Path) -> None:
    body = path.read_bytes()
    path.write_bytes(body[: len(body) // 2])


def why(row: Row) -> str:
    assert isinstance(row.found, Broken)
    return row.found.why


def heard(row: Row) -> Survey:
    assert isinstance(row.found, Survey), row
    return row.found


def test_files_that_are_no_music_are_a_line_each(scan: Scanning, music: Path) -> None:
    (music / "zero.mp3").touch()
    (music / "text.mp3").write_text("only words\n" * 100)
    (music / "cover.jpg").write_bytes(b"\xff\xd8\xff" + bytes(100))
    (music / "picture").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (music / "noise.flac").write_bytes(np.random.default_rng(1).bytes(20_000))
    video(music / "film.mp4")
    coded = write(music / "shop.m4a", tone(48000)).read_bytes()
    for name, mark in (("shop.m4a", b"drms"), ("shop.m4p", b"enca"), ("book.aax", b"aavd")):
        (music / name).write_bytes(coded.replace(b"mp4a", mark))
    write(music / "good.flac", tone(96000))
    rows = scan(music)
    assert why(rows["zero.mp3"]) == "is empty"
    assert "not a sound file" in why(rows["text.mp3"])
    assert rows["cover.jpg"].not_music == "picture"
    assert why(rows["picture"])
    assert why(rows["noise.flac"])
    assert why(rows["film.mp4"]) == "has no sound in it"
    for name in ("shop.m4a", "shop.m4p", "book.aax"):
        assert "copy-protected" in why(rows[name]), name
    assert heard(rows["good.flac"]).seconds == 2
    assert len(rows) == 10


def test_odd_sound_is_measured_like_any_other(scan: Scanning, music: Path) -> None:
    write(music / "one.wav", tone(1))
    write(music / "eight.wav", tone(96000, channels=8))
    write(music / "fast.wav", tone(2 * 384_000, rate=384_000), rate=384_000)
    write(music / "slow.wav", tone(16_000, rate=8000, channels=1), rate=8000)
    write(music / "nameless.flac", tone(96000)).rename(music / "nameless")
    wild = tone(96000).copy()
    wild[1000:2000], wild[3000], wild[4000] = np.nan, np.inf, 1e30
    write(music / "wild.wav", wild, codec="pcm_f32le")
    rows = scan(music)
    assert heard(rows["one.wav"]).facts.frames == 1
    assert any("shorter than a second" in fault for fault in rows["one.wav"].faults)
    for name in ("eight.wav", "fast.wav", "slow.wav", "nameless", "wild.wav"):
        assert heard(rows[name]).seconds == pytest.approx(2, abs=0.001), name
    assert any("no sound" in fault for fault in rows["wild.wav"].faults)
    assert heard(rows["eight.wav"]).faults == ()
    assert heard(rows["slow.wav"]).lufs == pytest.approx(heard(rows["fast.wav"]).lufs, abs=0.1)


def test_names_of_every_kind_are_kept_as_they_are(scan: Scanning, music: Path) -> None:
    names = ["new\nline.flac", "emoji 🎵 [x](y).flac", "steer\x1b[31m.flac", "a:b?*.flac"]
    try:
        for name in names:
            write(music / "plain.flac", tone(48000)).rename(music / name)
        os.rename(music / names[0], os.fsencode(music) + b"/caf\xe9.flac")  # noqa: PTH104
        write(music / names[0], tone(48000))
    except (OSError, ValueError):
        pytest.skip("this file system takes only tame names")
    rows = scan(music)
    assert {*names, os.fsdecode(b"caf\xe9.flac")} == set(rows)
    assert all(heard(row).seconds == 1 for row in rows.values())
    assert any("plain text" in fault for fault in rows["steer\x1b[31m.flac"].faults)


def test_links_in_circles_end_and_dead_ones_are_named(scan: Scanning, music: Path) -> None:
    (music / "deep" / "deeper").mkdir(parents=True)
    write(music / "deep" / "deeper" / "good.flac", tone(48000))
    try:
        (music / "deep" / "deeper" / "up").symlink_to(music)
        (music / "self.mp3").symlink_to(music / "self.mp3")
        (music / "dead.mp3").symlink_to(music / "nowhere.mp3")
    except OSError:
        pytest.skip("this system makes no links")
    rows = scan(music, music / "deep")
    assert "met before" in rows["up"].faults[0]
    assert why(rows["self.mp3"]) == why(rows["dead.mp3"]) == "is a link that leads nowhere"
    assert heard(rows["good.flac"]).seconds == 1
    assert len(rows) == 4


def test_files_that_break_off_or_are_damaged_are_told(scan: Scanning, music: Path) -> None:
    for ending in (".wav", ".flac", ".mp3"):
        halved(write(music / f"half{ending}", sweep(20 * 48000)))
    for ending in (".mp3", ".flac"):
        body = bytearray(write(music / f"damaged{ending}", sweep(20 * 48000)).read_bytes())
        middle = len(body) // 3
        body[middle : middle + 4000] = np.random.default_rng(2).bytes(4000)
        (music / f"damaged{ending}").write_bytes(body)
    rows = scan(music)
    for ending in (".wav", ".flac", ".mp3"):
        (fault,) = rows[f"half{ending}"].faults
        assert "breaks off" in fault or "plays up to there" in fault, ending
        assert heard(rows[f"half{ending}"]).seconds == pytest.approx(10, abs=1)
    for ending in (".mp3", ".flac"):
        assert any("damaged" in fault for fault in rows[f"damaged{ending}"].faults), ending


def test_rises_silences_clipping_and_tags_come_out_of_one_file(scan: Scanning, music: Path) -> None:
    pcm = np.concatenate(
        [tone(48000 * 8, gain=0.01), tone(48000 * 8, gain=0.4), np.zeros((48000 * 7, 2)),
         np.clip(tone(48000 * 2, gain=1.6), -1, 1)]
    ).astype(np.float32)  # fmt: skip
    tags = {"title": "Tide", "artist": "Ana", "album": "Sea", "copyright": "CC0", "language": "de"}
    write(music / "all.flac", pcm, tags=tags)
    row = scan(music)["all.flac"]
    survey = heard(row)
    assert [round(rise.at_s) for rise in survey.rises] == [8, 23]
    assert survey.rises[0].by_lu > 25
    ((at_s, seconds),) = survey.silences
    assert (at_s, seconds) == pytest.approx((16, 7), abs=0.2)
    # A sine of 1.6 is over 1 for 57 of 100 samples.
    assert survey.clipped_samples == pytest.approx(2 * 2 * 48000 * 0.57, rel=0.02)
    told = as_json(row)
    assert told["tags"] == {
        "title": "Tide", "artist": "Ana", "album": "Sea", "rights": "CC0", "language": "de"
    }  # fmt: skip
    assert told["silences"] == [{"at_s": at_s, "seconds": seconds}]
    assert told["rises"][0] == {"at_s": survey.rises[0].at_s, "by_lu": survey.rises[0].by_lu}
    assert set(told) == {
        "path", "seconds", "lufs", "lra", "true_peak_dbtp", "rises", "silences",
        "clipped_samples", "tags", "faults",
    }  # fmt: skip


def test_clean_music_up_to_full_scale_is_not_clipped(scan: Scanning, music: Path) -> None:
    write(music / "full.wav", sweep(96000, gain=1.0))
    assert heard(scan(music)["full.wav"]).clipped_samples < 20


def test_lists_are_walked_and_name_what_is_missing(scan: Scanning, music: Path) -> None:
    write(music / "one.flac", tone(48000))
    (music / "list.m3u8").write_text("#EXTM3U\none.flac\nnowhere.mp3\nhttps://x.org/a.mp3\n")
    rows = scan(music / "list.m3u8")
    assert heard(rows["one.flac"]).seconds == 1
    assert "line 3 of list.m3u8" in why(rows["nowhere.mp3"])
    assert "network" in why(rows["list.m3u8"])


def test_a_path_that_is_not_there_is_refused_before_anything_is_measured(music: Path) -> None:
    with pytest.raises(InputWrong, match="nowhere"):
        met([music, music / "nowhere"])


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything may be read here")
def test_folders_and_files_that_may_not_be_read_are_named(scan: Scanning, music: Path) -> None:
    write(music / "closed.flac", tone(48000)).chmod(0)
    (music / "folder").mkdir(mode=0)
    assert why(scan(music / "folder" / "within.flac")["within.flac"]) == "may not be read"
    rows = scan(music)
    assert why(rows["closed.flac"]) == "may not be read"
    assert "cannot be read" in why(rows["folder"])
    assert "cannot be read" in why(scan(music / "folder")["folder"])


def test_a_second_scan_knows_all_and_an_edited_file_is_measured_again(
    scan: Scanning, music: Path, tmp_path: Path
) -> None:
    write(music / "kept.flac", tone(48000))
    write(music / "edited.flac", tone(48000))
    first = scan(music)
    write(music / "edited.flac", tone(96000))
    (music / "kept.flac").rename(music / "renamed.flac")
    with Scan(met([music]), catalogue=tmp_path / "catalogue.sqlite") as scanning:
        rows = {row.path.name: row for row in scanning.run(lambda what, done: None)}
    assert heard(rows["renamed.flac"]) == heard(first["kept.flac"])
    assert heard(rows["edited.flac"]).seconds == 2
    with Scan(met([music]), catalogue=tmp_path / "catalogue.sqlite") as scanning:
        again = {row.path.name: row for row in scanning.run(lambda what, done: None)}
        assert scanning.counted == (0, 0)
    assert again == rows


def test_what_an_earlier_version_looked_at_less_closely_is_scanned_again(
    scan: Scanning, music: Path, tmp_path: Path
) -> None:
    first = scan(write(music / "one.flac", tone(48000)))
    base = sqlite3.connect(tmp_path / "catalogue.sqlite", isolation_level=None)
    base.execute("UPDATE contents SET survey = NULL, lufs = -99")
    base.close()
    with Catalogue(tmp_path / "catalogue.sqlite") as catalogue:
        assert catalogue.scanned(music / "one.flac") is not None
    assert scan(music) == first


def test_a_catalogue_that_cannot_be_kept_costs_no_result(music: Path, tmp_path: Path) -> None:
    write(music / "one.flac", tone(48000))
    (music / "zero.mp3").touch()
    (tmp_path / "catalogue.sqlite").mkdir()
    with Scan(met([music]), catalogue=tmp_path / "catalogue.sqlite") as scanning:
        rows = {row.path.name: row for row in scanning.run(lambda what, done: None)}
        assert scanning.warning is not None
    assert heard(rows["one.flac"]).seconds == 1
    assert why(rows["zero.mp3"]) == "is empty"


def test_a_file_that_changes_while_it_is_read_is_told_and_not_kept(
    scan: Scanning, music: Path, tmp_path: Path
) -> None:
    path = long_wav(music / "long.wav", 1200)
    told: list[float] = []

    def touch(what: str, done: float) -> None:
        if not told and 0 < done < 1:
            told.append(done)
            os.utime(path, ns=(1, 1))

    with Scan(met([music]), catalogue=tmp_path / "catalogue.sqlite") as scanning:
        (row,) = scanning.run(touch)
    assert told
    assert any("changed while it was read" in fault for fault in row.faults)
    with Catalogue(tmp_path / "catalogue.sqlite") as catalogue:
        assert catalogue.known(path) is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_process_that_crashes_costs_one_file_and_no_other(music: Path, tmp_path: Path) -> None:
    deadly = long_wav(music / "deadly.wav", 1200)
    for number in range(3):
        write(music / f"{number}.flac", tone(48000, hz=100 * number + 100))
    ended = threading.Event()

    def kill_whoever_reads_it() -> None:
        while not ended.is_set():
            for process in readers_of(deadly):
                os.kill(process, signal.SIGSEGV)
            time.sleep(0.01)

    killer = threading.Thread(target=kill_whoever_reads_it)
    killer.start()
    with Scan(met([music]), catalogue=tmp_path / "catalogue.sqlite", processes=2) as scanning:
        rows = {row.path.name: row for row in scanning.run(lambda what, done: None)}
    ended.set()
    killer.join()
    assert "died" in why(rows.pop("deadly.wav"))
    assert all(heard(row).seconds == 1 for row in rows.values())


def readers_of(path: Path) -> list[int]:
    """Processes other than this that have a file open."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                opened = [str(handle.readlink()) for handle in (entry / "fd").iterdir()]
            except OSError:
                continue
            if str(path) in opened:
                found.append(int(entry.name))
    return found


def test_a_scan_that_is_stopped_keeps_what_it_had_and_leaves_no_process(
    music: Path, tmp_path: Path
) -> None:
    long_wav(music / "short.wav", 5)
    long_wav(music / "long.wav", 600)

    def stop(what: str, done: float) -> None:
        with Catalogue(tmp_path / "catalogue.sqlite") as catalogue:
            if catalogue.scanned(music / "long.wav"):
                raise KeyboardInterrupt

    long_wav(music / "longest.wav", 2400)
    with (
        pytest.raises(KeyboardInterrupt),
        Scan(met([music]), catalogue=tmp_path / "catalogue.sqlite", processes=2) as scanning,
    ):
        scanning.run(stop)
    assert not [process for name in music.iterdir() for process in readers_of(name)]
    with Catalogue(tmp_path / "catalogue.sqlite") as catalogue:
        assert catalogue.scanned(music / "long.wav") is not None


@pytest.mark.parametrize("rate", [48000, 8000])
def test_clipping_is_counted_wherever_it_begins(scan: Scanning, music: Path, rate: int) -> None:
    pcm = tone(5 * rate, hz=100, rate=rate, gain=0.05)
    for start_s in (0.31, 1.07, 1.93, 2.6, 3.37, 4.51):
        start = round(start_s * rate)
        pcm[start : start + 400] = 1.0
    write(music / "bursts.wav", pcm, rate=rate)
    assert heard(scan(music)["bursts.wav"]).clipped_samples == 6 * 400 * 2

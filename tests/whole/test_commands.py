"""Commands as people type them: what they print, and what they answer to a wrong input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from player import paths


def test_every_command_has_help_with_an_example(stillroom: Any) -> None:
    whole = stillroom("--help")
    assert whole.returncode == 0
    listed = whole.stdout.split("Commands:")[1].splitlines()
    names = [line.split()[0] for line in listed if line.startswith("  ") and line[2] != " "]
    assert {"play", "rehearse", "attach", "stop", "status", "check", "render"} <= set(names)
    for name in names:
        told = stillroom(name, "--help")
        assert told.returncode == 0
        assert f"Example: stillroom {name}" in told.stdout


def test_without_a_sound_device_play_says_so_and_exits_with_one(
    stillroom: Any, tmp_path: Path
) -> None:
    nowhere = f"unix:{tmp_path}/no-such-server"
    done = stillroom("play", "rest", "--plain", SDL_AUDIODRIVER="pulseaudio", PULSE_SERVER=nowhere)
    assert done.returncode == 1
    told = done.stdout + done.stderr
    assert "sound output" in told
    assert "Traceback" not in told
    assert len(told.strip().splitlines()) == 1


def test_the_dummy_driver_is_never_taken_for_a_device(stillroom: Any) -> None:
    done = stillroom("play", "rest", "--plain", SDL_AUDIODRIVER="dummy")
    assert done.returncode == 1
    assert "dummy" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("play", "rst", "--plain"), '"rest"'),
        (("play", "rest", "--plain", "--from", "peek"), '"Peak"'),
        (("play", "rest", "--plain", "--speed", "2"), "--speed"),
        (("play", "rest", "--plain", "--output", "x.mp3"), ".wav"),
        (("play", "no/such/file.yaml", "--plain"), "no/such/file.yaml"),
        (("check", "/"), "folder"),
        (("render", "rest"), "-o"),
        (("rehearse", "rest", "--speed", "fast"), "fast is no number from 0.1 to 10000"),
        (("rehearse", "rest", "--speed", "nan"), "nan"),
        (("nonsense",), "nonsense"),
    ],
)
def test_a_wrong_input_is_answered_in_words_with_exit_code_two(
    stillroom: Any, words: tuple[str, ...], says: str
) -> None:
    done = stillroom(*words)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


FAULTY = """format: 1
title: T
tittle: x
phases:
  - name: One
    length: 10
    music: nowhere.mp3
cues:
  - at: onset + 1m
    say: x
"""


def test_check_names_every_fault_at_once_with_file_and_line(stillroom: Any, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(FAULTY)
    done = stillroom("check", str(path))
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert [line.split(":")[1] for line in lines] == ["3", "6", "7", "9"]
    assert "title" in lines[0] and "10m" in lines[1]
    as_json = stillroom("check", str(path), "--json")
    assert as_json.returncode == 2
    body = json.loads(as_json.stdout)
    assert body["playable"] is False
    assert len(body["faults"]) == 4


def test_check_tells_the_timeline_in_words_and_as_json(stillroom: Any) -> None:
    done = stillroom("check", "lozenge")
    assert done.returncode == 0
    assert "00:10:00  Hold: 10m" in done.stdout
    assert "waits for the dose" in done.stdout
    assert done.stdout.splitlines()[-1] == "It can be played as written."
    body = json.loads(stillroom("check", "lozenge", "--json").stdout)
    assert body["playable"] is True
    assert body["length_s"] == 105 * 60
    holds = [row for row in body["timeline"] if row["at_s"] == 600.0]
    assert any(row["what"].startswith("Hold: 10m, ") for row in holds)


def test_check_says_where_it_could_not_be_played_as_written(stillroom: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.mp3").write_bytes(b"this is no music at all\n" * 50)
    path = tmp_path / "s.yaml"
    path.write_text(
        "format: 1\ntitle: T\nphases:\n"
        "  - {name: One, length: 5m, music: [bad.mp3, shipped:shore], voice: off}\n"
        "cues: [{name: Own, at: start + 1m, say: Nobody recorded this.}]\n"
    )
    done = stillroom("check", str(path))
    assert done.returncode == 2
    assert "bad.mp3: would be passed over" in done.stdout
    assert "Own: there is no sound for its words" in done.stdout


def test_sessions_are_listed_with_own_ones_and_their_faults(stillroom: Any) -> None:
    from player import paths

    (paths.own_sessions() / "mine.yaml").write_text(
        "format: 1\ntitle: Mine\nphases: [{name: One, length: 5m, music: shipped:shore}]\n"
    )
    (paths.own_sessions() / "broken.yaml").write_text("format: 1\n")
    told = stillroom("sessions").stdout
    assert "Rest, no medicine" in told
    assert "stillroom check broken" in told
    rows = json.loads(stillroom("sessions", "--json").stdout)["sessions"]
    own = {row["name"]: row for row in rows if row["own"]}
    assert own["mine"]["title"] == "Mine"
    assert own["mine"]["length_s"] == 300
    assert own["broken"]["faults"]
    assert len([row for row in rows if not row["own"]]) == 10


def test_schema_status_and_stop_answer_with_nothing_running(stillroom: Any) -> None:
    schema = json.loads(stillroom("schema").stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert stillroom("status").stdout.strip() == "no session runs"
    stop = stillroom("stop")
    assert stop.returncode == 1
    assert "no session runs" in stop.stderr
    attach = stillroom("attach")
    assert attach.returncode == 1


def test_the_screen_without_a_terminal_says_what_to_use(stillroom: Any) -> None:
    done = stillroom("play", "rest")
    assert done.returncode == 2
    assert "--plain" in done.stderr


def test_a_rehearsal_walks_through_a_whole_session_in_silence(stillroom: Any) -> None:
    done = stillroom("rehearse", "grounding-5", "--plain", "--speed", "600")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "00:00:00 PhaseEntered Grounding"
    assert lines[-1] == "00:05:00 SessionEnded"
    assert [line for line in lines if "CueStarted" in line] == ["00:00:10 CueStarted Grounding"]


def test_check_tells_each_slip_in_the_settings_once(stillroom: Any) -> None:
    paths.settings_file().write_text("robbust: yes\nvolume_ceiling_db: 40\n", encoding="utf-8")
    told = stillroom("check", "rest")
    assert told.returncode == 2
    assert [line.split(": ")[1] for line in told.stderr.splitlines()] == [
        "robbust",
        "volume_ceiling_db",
    ]

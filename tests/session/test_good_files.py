"""What a session file means once it is read."""

from __future__ import annotations

import subprocess
import sys

import pytest

from player.session.loader import load
from player.session.model import After, Duck, Ends, Order, Play, Point, Role, Session, Sound

FULL = """\
format: 1
title: Lozenge, ninety minutes
about: >-
  One or two lines,
  shown in the chooser.
sound:
  bed: -24 LUFS
  voice: -20 LUFS
  ceiling: -1.5 dBTP
  crossfade: 8s
  phase_crossfade: 20s
  first_fade: 0s
  end_fade: 1m
  duck: {by: 14 dB, down: 1s, up: 2.5s}
phases:
  - name: Arrival
    role: Arrival
    length: 12:30
    ends: at dose
    music: shipped:shore
  - name: Peak
    role: peak
    length: 1:00:00
    ends: by hand
    music: {from: [shipped:deep, b.mp3], order: shuffle}
    level: +1 dB
    voice: off
  - name: Rest
    length: 5m
    music: silence
  - name: Closing
    role: grounding
    length: 5m30s
    voice: on
    music: {from: a.wav, loop: seamless, order: fit}
cues:
  - name: Eye shades
    at: arrival + 30s
    say: Whenever you are ready.
    audio: voice/hello.opus
    play: ask
  - at: rest end - 1m
    say: |
      The music is coming nearer,
      to the room.
  - name: eye shades
    at: grounding + 10s
    audio: voice/hello.opus
    play: by hand
  - at: closing
    audio: voice/hello.opus
reminders:
  - at: dose + 180m
    text: Leaving check, your decision
  - {at: end + 1h, text: Call}
after: hold
"""

PHASE = "phases:\n  - {name: A, length: 10m, music: a.wav}\n"
HEAD = "format: 1\ntitle: T\n"


@pytest.fixture
def full(write) -> Session:
    return load(write(FULL))


def test_levels_and_fades_are_read(full) -> None:
    assert full.sound == Sound(
        bed_lufs=-24,
        voice_lufs=-20,
        ceiling_dbtp=-1.5,
        crossfade_s=8,
        phase_crossfade_s=20,
        first_fade_s=0,
        end_fade_s=60,
        duck=Duck(by_db=14, down_s=1, up_s=2.5),
    )


def test_phases_are_read(full, folder, shipped) -> None:
    arrival, peak, rest, closing = full.phases
    assert (arrival.role, arrival.length_s, arrival.ends) == (Role.ARRIVAL, 750, Ends.DOSE)
    assert arrival.music.tracks == (shipped / "music" / "shore.opus",)
    assert (peak.length_s, peak.ends, peak.level_db, peak.voice) == (3600, Ends.HAND, 1, False)
    assert peak.music.order is Order.SHUFFLE
    assert peak.music.tracks == (shipped / "music" / "deep.opus", folder / "b.mp3")
    assert rest.music.silence and rest.music.tracks == () and rest.role is None
    assert closing.music.seamless and closing.voice and closing.music.order is Order.FIT
    assert full.length_s == 750 + 3600 + 300 + 330


def test_cues_are_read_and_named_apart(full, folder) -> None:
    assert [cue.name for cue in full.cues] == [
        "Eye shades",
        "The music is coming",
        "eye shades 2",
        "Cue 4",
    ]
    first, second, third, _ = full.cues
    assert (first.at.point, first.at.phase, first.at.offset_s) == (Point.PHASE_START, 0, 30)
    assert (second.at.point, second.at.phase, second.at.offset_s) == (Point.PHASE_END, 2, -60)
    assert second.say == "The music is coming nearer,\nto the room."
    assert third.audio == folder / "voice" / "hello.opus"
    assert [cue.play for cue in full.cues] == [Play.ASK, Play.CLOCK, Play.HAND, Play.CLOCK]


def test_reminders_may_lie_beyond_the_end(full) -> None:
    assert [reminder.text for reminder in full.reminders] == [
        "Leaving check, your decision",
        "Call",
    ]
    assert full.reminders[1].at.offset_s == 3600


def test_the_rest_is_read_and_nothing_is_warned_of(full, folder) -> None:
    assert full.title == "Lozenge, ninety minutes"
    assert full.about == "One or two lines, shown in the chooser."
    assert full.after is After.HOLD
    assert full.source == folder / "my.yaml"
    assert full.warnings == ()


def test_what_is_left_out_has_its_default(write) -> None:
    session = load(write(HEAD + PHASE))
    assert session.sound == Sound()
    assert session.after is After.FADE
    assert session.phases[0].ends is Ends.CLOCK
    assert session.phases[0].voice


@pytest.mark.parametrize(
    "body",
    [
        HEAD + "phases:\n  - {name: A, length: 10m, music: &m [a.wav]}\n"
        "  - {name: B, length: 10m, music: *m}\n",
        "--- # begins\n" + HEAD + PHASE + "...\n",
        '"format": "1"\n"title": \'T\'\n' + PHASE,
        "\ufeff" + HEAD + PHASE.replace("\n", "\r\n"),
        HEAD + "phases: [{name: A, length: 10m, music: SILENCE}]\n",
        HEAD
        + "phases:\n"
        + "".join(f"- {{name: {n}, length: 1m, music: a.wav}}\n" for n in range(100)),
        HEAD + PHASE + "cues: []\nreminders: []\n",
        HEAD + PHASE + "cues: [{at: end - 0.5s, say: x}]\n",
        HEAD.replace("T", "“Curly” title: fine?").replace(": fine", " fine") + PHASE,
        HEAD + PHASE.replace("a.wav", "."),
    ],
)
def test_a_good_file_is_read_in_any_dress(write, body: str) -> None:
    session = load(write(body))
    assert session.phases
    assert session.warnings == ()


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        ("reminders: [{at: dose + 1m, text: x}]\n", "5: at: no phase ends at dose"),
        ("reminders: [{at: dose - 1m, text: x}]\n", "5: at: lies before the dose"),
        ("cues: [{at: booster + 1m, say: x}]\n", "5: at: no phase ends at dose"),
        ("cues: [{at: quiet + 1m, say: x}]\n", '5: at: falls in "Quiet", where voice is off'),
        ("cues: [{at: end - 1m, say: x}]\n", "5: at: end means the session's, not the phase"),
    ],
)
def test_what_is_worth_knowing_is_warned_of(write, body: str, warning: str) -> None:
    phases = (
        "phases: [{name: Quiet, length: 5m, music: a.wav, voice: off}, "
        "{name: End, length: 5m, music: a.wav}]\n\n"
    )
    file = write(HEAD + phases + body)
    assert any(line.startswith(f"{file}:{warning}") for line in load(file).warnings)


def test_a_cue_by_hand_may_wait_where_voice_is_off(write) -> None:
    phases = "phases: [{name: Quiet, length: 5m, music: a.wav, voice: off}]\n"
    body = HEAD + phases + "cues: [{at: quiet, say: x, play: by hand}]\n"
    assert load(write(body)).warnings == ()


def test_a_missing_entry_of_a_list_file_is_a_warning_with_its_line(write, folder) -> None:
    (folder / "l.m3u8").write_text("a.wav\ngone.mp3\n", encoding="utf-8")
    file = write(HEAD + "phases:\n  - name: A\n    length: 1m\n    music: l.m3u8\n")
    session = load(file)
    assert session.phases[0].music.tracks == (folder / "a.wav",)
    assert session.warnings == (f'{file}:6: music: l.m3u8 line 2: "gone.mp3" is not there',)


def test_a_cue_by_the_dose_counts_as_beyond_where_the_plan_says_so(write) -> None:
    phases = (
        "phases:\n  - {name: A, length: 5m, music: a.wav, ends: at dose}\n"
        "  - {name: B, length: 5m, music: a.wav}\n"
    )
    assert load(write(HEAD + phases + "cues: [{at: dose + 4m, say: x}]\n")).cues
    with pytest.raises(Exception, match="1m beyond the end"):
        load(write(HEAD + phases + "cues: [{at: dose + 6m, say: x}]\n"))


def test_reading_a_session_loads_nothing_heavy() -> None:
    program = (
        "import sys, player.session.loader, player.session.find, player.session.schema\n"
        "heavy = 'numpy av pygame textual sqlite3 defusedxml ssl'.split()\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"

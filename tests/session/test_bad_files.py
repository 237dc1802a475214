"""Every kind of fault that a session file can have: where it is told, and in which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from player.errors import SessionFaulty
from player.session.loader import load

HEAD = "format: 1\ntitle: T\n"
PHASE = "phases:\n  - name: Rest\n    length: 10m\n    music: a.wav\n"


def phase(*lines: str) -> str:
    """A session whose one phase begins on line 4 with these lines."""
    return HEAD + "phases:\n  - " + "\n    ".join(lines) + "\n"


def cue(*lines: str) -> str:
    """A session whose one cue begins on line 8 with these lines."""
    return HEAD + PHASE + "cues:\n  - " + "\n    ".join(lines) + "\n"


GOOD_PHASE = ("name: Rest", "length: 10m", "music: a.wav")

BAD = {
    "empty": ("", "1: the file is empty (begin with: format: 1)"),
    "a list": ("- a\n", "1: a session wants a mapping of keys, found a list"),
    "a text": ("hello\n", "1: a session wants a mapping of keys, found a text"),
    "no space after colons": ("format:1\n", "1: a session wants", "after the colon: format: …"),
    "not YAML": ("a: [b\n", "1: a [ is opened and never closed"),
    "two documents": (HEAD + PHASE + "---\na: b\n", "7: a second document begins here"),
    "a tag": (HEAD + "about: !!str x\n" + PHASE, "3: a tag (a word with !)"),
    "unknown key": (HEAD + "abot: x\n" + PHASE, "3: abot: is not a key", 'mean "about"?'),
    "another's key": (phase(*GOOD_PHASE, "minutes: 10"), "7: minutes: is not", "write length: 10m"),
    "a key that is no word": (HEAD + PHASE + "[a]: b\n", "7: a key is a word, not a list"),
    "a merge key": (phase("<<: {name: A}", *GOOD_PHASE), "4: <<: is not", "write its keys out"),
    "repeated key": (HEAD + "title: U\n" + PHASE, "3: title: stands twice, first on line 2"),
    "no format": ("title: T\n" + PHASE, "1: format: is missing in a session (write format: 1)"),
    "newer format": ("format: 2\ntitle: T\n" + PHASE, '1: format: "2" is not', "write format: 1"),
    "no title": ("format: 1\n" + PHASE, "1: title: is missing in a session"),
    "empty title": ("format: 1\ntitle:\n" + PHASE, "2: title: is empty"),
    "title of spaces": ('format: 1\ntitle: "  "\n' + PHASE, "2: title: is empty"),
    "title too long": (f"format: 1\ntitle: {'x' * 121}\n" + PHASE, "2: title: is longer than 120"),
    "title a list": ("format: 1\ntitle: [T]\n" + PHASE, "2: title: wants a text, found a list"),
    "hidden controls": ('format: 1\ntitle: "\\e[2J"\n' + PHASE, "2: title: holds a control"),
    "no phases": (HEAD, "1: phases: is missing in a session"),
    "empty phases": (HEAD + "phases:\n", '3: phases: is empty (begin each entry with "- name: …")'),
    "phases of nothing": (HEAD + "phases: []\n", "3: phases: holds 0 entries (1 to 100"),
    "phases a mapping": (HEAD + "phases:\n  name: A\n", "3: phases: wants a list, found a mapping"),
    "phases a text": (HEAD + "phases: x\n", "3: phases: wants a list, found a text"),
    "a phase a text": (HEAD + "phases:\n  - name:A\n", "4: a phase wants", "put a space after"),
    "too many phases": (
        HEAD
        + "phases:\n"
        + "".join(f"  - {{name: p{n}, length: 1m, music: a.wav}}\n" for n in range(101)),
        "3: phases: holds 101 entries",
    ),
    "no name": (phase("length: 10m", "music: a.wav"), "4: name: is missing in a phase"),
    "same names": (
        HEAD + PHASE + "  - {name: rEST, length: 1m, music: a.wav}\n",
        '7: name: "rEST" stands twice, first on line 4',
    ),
    "no length": (phase("name: A", "music: a.wav"), "4: length: is missing in a phase"),
    "bare length": (phase("name: A", "length: 10", "music: a.wav"), "5: length: ", "10m or 10s"),
    "no time": (phase("name: A", "length: 0m", "music: a.wav"), "5: length: ", "no time at all"),
    "negative": (phase("name: A", "length: -5m", "music: a.wav"), "5: length: ", "is negative"),
    "over a day": (phase("name: A", "length: 24h1s", "music: a.wav"), "5: length: ", "at most 24h"),
    "a blink": (phase("name: A", "length: 0.01s", "music: a.wav"), "5: length: ", "at least 0.1s"),
    "unknown role": (phase(*GOOD_PHASE, "role: peek"), '7: role: "peek"', 'mean "peak"?'),
    "unknown end": (phase(*GOOD_PHASE, "ends: hand"), '7: ends: "hand"', 'mean "by hand"?'),
    "dashed end": (phase(*GOOD_PHASE, "ends: at-dose"), '7: ends: "at-dose"', 'mean "at dose"?'),
    "voice no switch": (phase(*GOOD_PHASE, "voice: false"), '7: voice: "false"', "on, off"),
    "bare level": (phase(*GOOD_PHASE, "level: 1"), '7: level: "1"', "write 1 dB"),
    "level in LUFS": (phase(*GOOD_PHASE, "level: -3 LUFS"), "7: level: ", "it wants dB"),
    "level too high": (phase(*GOOD_PHASE, "level: 13 dB"), "7: level: ", "out of range"),
    "two doses": (
        HEAD + "phases:\n"
        "  - {name: A, length: 1m, music: a.wav, ends: at dose}\n"
        "  - {name: B, length: 1m, music: a.wav, ends: at dose}\n",
        "5: ends: a phase that ends at the dose stands on line 4 already",
    ),
    "no music": (phase("name: A", "length: 1m"), "4: music: is missing in a phase"),
    "empty music": (phase("name: A", "length: 1m", "music:"), "6: music: is empty"),
    "missing music": (
        phase("name: A", "length: 1m", "music: aa.wav"),
        "6: music: ",
        'mean "a.wav"?',
    ),
    "missing in a list": (
        phase("name: A", "length: 1m", "music:", "  - a.wav", "  - none.wav"),
        '8: music: "none.wav" is not there',
    ),
    "no such piece": (
        phase("name: A", "length: 1m", "music: shipped:shor"),
        "6: music: ",
        '"shore"?',
    ),
    "split piece": (
        phase("name: A", "length: 1m", "music:", "  - shipped: shore"),
        '7: music: a space splits the entry (write "shipped:NAME", without a space)',
    ),
    "folder without music": (
        phase("name: A", "length: 1m", "music: hollow"),
        "6: music: ",
        "no music",
    ),
    "list of lists": (
        phase("name: A", "length: 1m", "music: [[a.wav]]"),
        "6: music: a list within",
    ),
    "list of nothing": (phase("name: A", "length: 1m", "music: []"), "6: music: the list is empty"),
    "an entry of nothing": (phase("name: A", "length: 1m", 'music: [""]'), "6: music: is empty"),
    "silence and more": (
        phase("name: A", "length: 1m", "music: [a.wav, silence]"),
        "6: music: silence stands alone",
    ),
    "nothing from": (
        phase("name: A", "length: 1m", "music: {order: fit}"),
        "6: music.from: is missing",
    ),
    "unknown order": (
        phase("name: A", "length: 1m", "music: {from: a.wav, order: random}"),
        '6: music.order: "random" is not known (known here: listed, shuffle, fit)',
    ),
    "seams in many": (
        phase("name: A", "length: 1m", "music: {from: [a.wav, b.mp3], loop: seamless}"),
        "6: music.loop: seamless joins one track to itself, and here are 2",
    ),
    "from a mapping": (
        phase("name: A", "length: 1m", "music: {from: {a: b}}"),
        "6: music: an entry is a text, not a mapping",
    ),
    "sound a text": (HEAD + "sound: loud\n" + PHASE, "3: sound: sound wants a mapping of keys"),
    "bed too loud": (
        HEAD + "sound: {bed: -15 LUFS}\n" + PHASE,
        "3: sound.bed: ",
        "-30 LUFS to -16",
    ),
    "bed too soft": (
        HEAD + "sound: {bed: -31 LUFS}\n" + PHASE,
        "3: sound.bed: ",
        "-30 LUFS to -16",
    ),
    "ceiling": (HEAD + "sound: {ceiling: 1 dBTP}\n" + PHASE, "3: sound.ceiling: ", "mean -1 dBTP"),
    "fade backwards": (
        HEAD + "sound: {end_fade: -1s}\n" + PHASE,
        "3: sound.end_fade: ",
        "negative",
    ),
    "fade for ever": (
        HEAD + "sound: {crossfade: 1h}\n" + PHASE,
        "3: sound.crossfade: ",
        "at most 10m",
    ),
    "duck upwards": (
        HEAD + "sound: {duck: {by: -9 dB}}\n" + PHASE,
        "3: sound.duck.by: ",
        "mean 9 dB",
    ),
    "duck unknown": (HEAD + "sound: {duck: {dwn: 1s}}\n" + PHASE, "3: sound.duck.dwn: ", '"down"?'),
    "cues a mapping": (HEAD + PHASE + "cues: {at: start}\n", "7: cues: wants a list"),
    "empty cues": (HEAD + PHASE + "cues:\n", "7: cues: is empty (leave it out, or"),
    "cue without words": (cue("at: start"), "8: say: is missing: a cue wants words or a recording"),
    "cue nowhere": (cue("say: x"), "8: at: is missing in a cue"),
    "cue to nothing": (cue("at: peek + 1m", "say: x"), '8: at: "peek" is no place here'),
    "cue to no phase": (cue("at: peak", "say: x"), '8: at: no phase has the role "peak"'),
    "cue from nowhere": (cue("at: 5m", "say: x"), "8: at: ", "write start + 5m"),
    "cue bare": (cue("at: rest + 5", "say: x"), "8: at: ", "write 5m or 5s"),
    "cue beyond": (cue("at: rest + 11m", "say: x"), "8: at: ", "lies 1m beyond the end"),
    "cue at the end": (cue("at: end", "say: x"), "8: at: ", "lies at the end"),
    "cue before": (cue("at: start - 1s", "say: x"), "8: at: ", "lies 1s before the start"),
    "cue by whom": (cue("at: start", "say: x", "play: asks"), '10: play: "asks"', 'mean "ask"?'),
    "cue text": (cue("at: start", "text: x"), "9: text: is not a key of a cue (write say)"),
    "no recording": (cue("at: start", "audio: voice/helo.opus"), "9: audio: ", '"hello.opus"?'),
    "recording a folder": (cue("at: start", "audio: voice"), '9: audio: "voice" is not a file'),
    "reminder wordless": (HEAD + PHASE + "reminders:\n  - at: end + 1h\n", "8: text: is missing"),
    "reminder before": (
        HEAD + PHASE + "reminders:\n  - {at: start - 1m, text: x}\n",
        '8: at: "start - 1m" lies 1m before the start',
    ),
    "after what": (HEAD + PHASE + "after: stop\n", '7: after: "stop" is not known', "fade, hold"),
}


def faults_of(file: Path) -> list[str]:
    with pytest.raises(SessionFaulty) as refused:
        load(file)
    assert refused.value.exit_code == 2
    return str(refused.value).splitlines()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_told_with_its_line_and_what_to_do(name, write, folder) -> None:
    (folder / "hollow").mkdir()
    body, start, *words = BAD[name]
    file = write(body)
    faults = faults_of(file)
    told = [line for line in faults if line.startswith(f"{file}:{start}")]
    assert told, faults
    assert any(all(word in line for word in words) for line in told), told
    if name not in {"no space after colons", "a merge key", "cue text"}:
        assert len(faults) == 1, faults


def test_every_fault_is_told_at_once_in_the_order_of_lines(write) -> None:
    body = """\
titel: T
phases:
  - name: A
    lenght: 10
    music: none.wav
  - name: a
    length: 10
    music: silence
cues:
  - at: start + 1
    say: x
remind: []
"""
    file = write(body)
    told = [line.removeprefix(f"{file}:").partition(" ")[0] for line in faults_of(file)]
    assert told == ["1:", "1:", "1:", "3:", "4:", "5:", "6:", "7:", "10:", "12:"]


def test_faults_beside_a_second_document_are_told_too(write) -> None:
    faults = faults_of(write(HEAD + "abuot: x\n" + PHASE + "---\na: b\n"))
    assert len(faults) == 2


def test_a_file_full_of_faults_is_told_up_to_a_bound(write) -> None:
    faults = faults_of(write(HEAD + PHASE + "".join(f"key{n}: x\n" for n in range(5000))))
    assert len(faults) == 201
    assert "too many faults" in faults[-1]


def test_what_is_not_a_file_is_told_at_its_first_line(folder) -> None:
    (place,) = faults_of(folder)
    assert place.startswith(f"{folder}:1: is a folder, not a file")
    (nothing,) = faults_of(folder / "none.yaml")
    assert nothing == f"{folder / 'none.yaml'}:1: there is no such file"

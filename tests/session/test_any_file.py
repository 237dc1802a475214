"""Whatever a file holds, it is a session or faulty: nothing else ever comes out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.errors import InputWrong, SessionFaulty
from player.session.keys import CUE, DUCK, MUSIC, PHASE, REMINDER, SESSION, SOUND
from player.session.loader import load
from player.session.model import Session

WORDS = sorted(
    {name for table in (CUE, DUCK, MUSIC, PHASE, REMINDER, SESSION, SOUND) for name in table.names}
)
VALUES = st.sampled_from(
    [
        "1",
        "10m",
        "0s",
        "12:30",
        "a.wav",
        "silence",
        "shipped:shore",
        "start",
        "dose + 1m",
        "peak",
        "off",
        "by hand",
        "at dose",
        "-23 LUFS",
        "9 dB",
        "-1 dBTP",
        "seamless",
        "",
        "~",
        "..",
    ]
)
LEAVES = VALUES | st.text(max_size=12) | st.integers() | st.floats() | st.booleans() | st.none()
KEYS = st.sampled_from(WORDS) | st.text(max_size=4)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=7),
    max_leaves=30,
)


def shaped(table_phase: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    """Something near a session: right at the top, anything within."""
    return st.fixed_dictionaries(
        {"format": st.just(1), "title": LEAVES, "phases": st.lists(table_phase, max_size=4)},
        optional={"sound": TREES, "cues": TREES, "reminders": TREES, "after": LEAVES},
    )


PHASES = st.fixed_dictionaries(
    {"name": LEAVES, "length": VALUES, "music": TREES},
    optional={"ends": VALUES, "role": VALUES, "level": VALUES, "voice": VALUES},
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("any")
    (folder / "a.wav").touch()
    return folder / "any.yaml"


def session_or_faults(file: Path, body: bytes) -> Session | None:
    file.write_bytes(body)
    try:
        return load(file)
    except SessionFaulty as faulty:
        assert faulty.faults
        assert all(fault.line >= 1 and fault.message for fault in faulty.faults)
        str(faulty).encode()
        assert "\x1b" not in str(faulty)
    except InputWrong:
        pass
    return None


@given(body=st.binary(max_size=200))
def test_any_bytes(place: Path, body: bytes) -> None:
    assert session_or_faults(place, body) is None


@given(text=st.text(alphabet="abc:-[]{}&*!|>'\"#%@`?,~\n\t \x1b1”é", max_size=60))
def test_any_text_of_yaml_marks(place: Path, text: str) -> None:
    assert session_or_faults(place, text.encode()) is None


@given(tree=TREES)
def test_any_tree(place: Path, tree: object) -> None:
    session_or_faults(place, json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace"))


@settings(max_examples=150)
@given(tree=shaped(PHASES))
def test_anything_near_a_session(place: Path, tree: object) -> None:
    session = session_or_faults(place, json.dumps(tree).encode())
    if session:
        assert all(phase.music.silence or phase.music.tracks for phase in session.phases)
        assert session.length_s > 0
        assert Session.model_validate(session.model_dump()) == session

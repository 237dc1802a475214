"""Lines between screen and engine: everything comes back as it went, and garbage is refused."""

from __future__ import annotations

import contextlib
import json

import hypothesis.strategies as st
import pytest
from conducting import Bench, cue, lozenge, reminder
from hypothesis import given
from pydantic import TypeAdapter

from player.protocol.wire import (
    Answer,
    Request,
    WireError,
    decode_message,
    decode_request,
    encode_message,
    encode_request,
)
from player.session.model import Play, Point
from player.timeline import commands as c
from player.timeline.events import CueStarted, PhaseEntered
from player.timeline.status import Status
from player.timeline.view import status_of

COMMANDS = st.one_of(
    st.sampled_from([c.Next(), c.Back(), c.Pause(), c.Begin(), c.Leave(), c.AllowCue()]),
    st.integers(0, 99).map(lambda n: c.Go(phase=n)),
    st.floats(0, 86400).map(lambda s: c.MarkDose(ago_s=s)),
    st.text(max_size=80).map(lambda text: c.OpenSession(path=text, start=text)),
)


@given(number=st.integers(0, 1 << 40), command=COMMANDS, client=st.sampled_from(["", "0a1b"]))
def test_a_request_comes_back_as_it_went(number: int, command: c.AnyCommand, client: str) -> None:
    line = encode_request(Request(number, command, client))
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode_request(line) == Request(number, command, client)


def test_every_command_has_a_word_of_its_own_and_is_known_by_it() -> None:
    adapter: TypeAdapter[c.AnyCommand] = TypeAdapter(c.AnyCommand)
    kinds = [kind for kind in vars(c).values() if _is_command(kind)]
    needs = {
        "phase": 1,
        "by_s": 60,
        "cue": 0,
        "reminder": 0,
        "by_db": -1,
        "piece": 0,
        "device": "x",
        "path": "/x",
    }
    for kind in kinds:
        body = {key: needs[key] for key in kind.model_fields if key in needs}
        made = kind(**body)
        assert adapter.validate_python(made.model_dump(mode="json")) == made
    assert len({kind.model_fields["do"].default for kind in kinds}) == len(kinds) > 20


def test_what_is_no_utf_8_in_a_name_is_told_with_question_marks() -> None:
    name = "s\udce9ance"
    for message in (
        Status(path=f"/{name}/x.yaml", track=name, title="Ö"),
        PhaseEntered(frame=0, phase=name),
        Answer(id=3, ok=False, text=name),
    ):
        told = decode_message(encode_message(message))
        assert told == type(message).model_validate(
            {
                key: value.replace("\udce9", "?") if isinstance(value, str) else value
                for key, value in message.model_dump().items()
            }
        )


def _is_command(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, c.Command) and kind is not c.Command


def test_a_status_an_event_and_an_answer_come_back_as_they_went() -> None:
    cues = [cue("shades", Point.START, 60, play=Play.ASK)]
    bench = Bench(lozenge(cues=cues, reminders=[reminder("out", Point.DOSE, 420)])).play(70)
    status = status_of(bench.plan, bench.state, bench.state.frame)
    for message in (
        status,
        PhaseEntered(frame=0, phase="[bold]Ön\nset"),
        CueStarted(frame=48000, cue="x", frames=1),
        Answer(id=3, ok=False, text="no"),
    ):
        line = encode_message(message)
        assert line.count(b"\n") == 1
        assert decode_message(line) == message


@given(line=st.binary(max_size=300))
def test_garbage_is_refused_and_nothing_else_is_raised(line: bytes) -> None:
    for decode in (decode_request, decode_message):
        try:
            decode(line)
        except WireError:
            continue
        raise AssertionError(f"{line!r} was taken")


@pytest.mark.parametrize(
    "line",
    [
        b'{"v": 2, "id": 1, "command": {"do": "next"}}',
        b'{"v": 1, "id": true, "command": {"do": "next"}}',
        b'{"v": 1, "id": 1, "command": {"do": "explode"}}',
        b'{"v": 1, "id": 1, "command": {"do": "go", "phase": -1}}',
        b'{"v": 1, "id": 1, "command": {"do": "next", "more": 1}}',
        b'{"v": 1, "id": 1, "command": {"do": "next"}, "more": 1}',
        b'{"v": 1, "id": 1, "command": {"do": "next"}, "client": 7}',
        b'{"v": 1, "id": 1, "command": {"do": "next"}, "client": "%s"}' % (b"x" * 65),
        b'{"v": 1, "id": 1, "command": {"do": "volume", "by_db": NaN}}',
        b"[" * 100_000,
        b'"' + b"x" * 300_000 + b'"',
    ],
)
def test_lines_that_are_nearly_right_are_refused(line: bytes) -> None:
    with pytest.raises(WireError):
        decode_request(line)


LEAVES = (
    st.integers(-(10**400), 10**400)
    | st.floats()
    | st.text(max_size=6)
    | st.none()
    | st.booleans()
    | st.sampled_from(["status", "event", "answer", "go", "open", "PhaseEntered", "\ud800"])
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["do", "phase", "id", "ok", "text", "state", "x"]), inner)
    ),
    max_leaves=10,
)


@given(
    whole=st.fixed_dictionaries(
        {"v": st.sampled_from([1, 1.0, True, "1", 2]) | LEAVES},
        optional=dict.fromkeys(
            ("id", "command", "client", "status", "event", "answer", "more"), TREES
        ),
    )
)
def test_whatever_is_nearly_a_line_is_taken_as_such_or_refused_at_both_ends(whole: object) -> None:
    line = json.dumps(whole).encode()
    with contextlib.suppress(WireError):
        request = decode_request(line)
        assert decode_request(encode_request(request)) == request
    with contextlib.suppress(WireError):
        message = decode_message(line)
        encode_message(message)


@pytest.mark.parametrize(
    "line",
    [b'{"v":1,"event":' + b"[" * 60_000, b'{"v":1,"id":' + b"9" * 5000 + b"}", b'{"v":1}\xff'],
)
def test_deep_and_huge_lines_are_refused_at_both_ends(line: bytes) -> None:
    for decode in (decode_request, decode_message):
        with pytest.raises(WireError):
            decode(line)


@given(bit=st.integers(0, 1 << 16), cut=st.integers(0, 1 << 16))
def test_a_status_with_a_flipped_bit_or_cut_short_is_a_status_or_refused(
    bit: int, cut: int
) -> None:
    bench = Bench(lozenge()).play(70)
    line = bytearray(encode_message(status_of(bench.plan, bench.state, bench.state.frame)))
    line[bit // 8 % len(line)] ^= 1 << bit % 8
    for harmed in (bytes(line), bytes(line[: cut % len(line)])):
        with contextlib.suppress(WireError):
            decode_message(harmed)

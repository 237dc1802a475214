"""The plain twin: closed streams, coming back to a session, and lines that only a picture has."""

from __future__ import annotations

import subprocess
import sys

import pytest

from player.protocol.wire import Answer
from player.screens.plain import run_plain
from player.screens.plain_inbox import Signal
from player.timeline.commands import BeginTalk, OpenSession, Stretch, Watch
from player.timeline.events import Fault, SessionEnded
from player.timeline.status import State, Status

OPEN = OpenSession(path="lozenge.yaml")


def lines(twin):
    return twin.stdout.getvalue().splitlines()


CLOSED = """
import sys
assert sys.stdin is None
from player.screens.plain import run_plain
from player.timeline.commands import OpenSession

class Room:
    def __init__(self):
        self.said = queue.Queue()
        self.said.put(Status(unfinished=Unfinished(title="A", phase="B", position_s=1, ago_s=2)))
    def send(self, command):
        self.said.put(Answer(id=1, ok=False))
        return 1
    def receive(self, timeout_s=None):
        return self.said.get()
    def close(self):
        pass

import queue
from player.protocol.wire import Answer
from player.timeline.status import Status, Unfinished
sys.exit(run_plain(Room(), open_command=OpenSession(path="a"), stdin=sys.stdin, stdout=sys.stdout))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such start there")
def test_standard_input_that_is_closed_is_one_at_its_end(tmp_path):
    (tmp_path / "closed.py").write_text(CLOSED)
    done = subprocess.run(
        ["/bin/sh", "-c", '"$0" "$1" <&-', sys.executable, str(tmp_path / "closed.py")],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1].startswith("standard input is at its end: take it up")


def test_nobody_to_read_the_lines_stops_nothing(room, picture):
    room.say(picture())
    room.say(SessionEnded(frame=0))
    assert run_plain(room, open_command=OPEN, stdin=None, stdout=None) == 0


def test_who_comes_back_is_told_how_it_stands_and_words_go_on(twin, picture, room, golden):
    twin.come_back()
    assert room.sent == [Watch()]
    twin.take(Answer(id=1, ok=True))
    for _ in range(2):
        twin.take(picture())
    golden("plain-status", twin.stdout.getvalue())
    twin.take("talk")
    assert room.sent[1:] == [BeginTalk()]
    twin.take(SessionEnded(frame=48_000))
    assert twin.code == 0


def test_words_said_before_the_first_picture_are_read_against_it(twin, picture, room):
    twin.come_back()
    for words in ("dose", "longer 5m"):
        twin.take(words)
    assert room.sent == [Watch()]
    twin.take(picture())
    assert room.sent == [Watch(), Stretch(by_s=300)]
    assert lines(twin)[-1].startswith("a dose is marked already: ")


def test_a_sound_that_was_given_up_is_told_with_the_reason_and_what_to_do(twin, picture):
    why = "the sound died at once 3 times in a row and was given up; the log says why"
    twin.take(picture())
    twin.take(picture(linked=False, given_up=why))
    twin.take(Signal.LOST)
    assert lines(twin)[-1] == f"{why}; stillroom offers to take the session up again"
    assert twin.code == 1


def test_who_comes_back_to_nothing_is_told_so(twin):
    twin.come_back()
    twin.take(Status())
    assert (twin.code, lines(twin)) == (1, ["the session is closed"])


def test_who_comes_back_to_a_session_that_is_over_leaves_with_0(twin, picture):
    twin.come_back()
    twin.take(picture(state=State.ENDED))
    assert (twin.code, lines(twin)[0]) == (0, "ended.")


def test_that_the_sound_is_away_is_said_at_once_and_once(twin, picture):
    twin.take(picture())
    for _ in range(3):
        twin.take(picture(coming_back=True))
    assert lines(twin) == ["the sound broke off: it is being brought back"]


def test_a_link_that_ends_before_the_session_has_begun_speaks_of_no_music(twin):
    twin.open(OPEN)
    twin.take(Status(state=State.OPENING))
    twin.take(Signal.LOST)
    assert twin.code == 1
    assert lines(twin) == ["the sound ended before the session had begun: begin it again"]


def test_a_link_that_ends_behind_a_session_that_was_over_is_no_loss(twin, picture):
    twin.take(picture(state=State.ENDED))
    twin.take(Signal.LOST)
    assert (twin.code, lines(twin)) == (0, ["the session is over"])


QUIET = "the place is not kept: the disk is full"


def test_what_only_the_picture_says_is_said_once_when_it_is_new(twin, picture, clocks):
    for _ in range(3):
        twin.take(picture(notice=QUIET))
    assert lines(twin) == []
    clocks.on(1.0)
    twin.wait()
    for _ in range(3):
        twin.take(picture(notice=QUIET))
        clocks.on(1.0)
    assert lines(twin) == [QUIET]


@pytest.mark.parametrize("picture_first", [True, False])
def test_what_an_event_says_too_is_not_said_twice(twin, picture, clocks, picture_first):
    back = "the sound broke off for 5.0s; it goes on"
    came = [picture(notice=back), Fault(frame=0, text=back)]
    for one in came if picture_first else reversed(came):
        twin.take(one)
    for _ in range(3):
        clocks.on(1.0)
        twin.take(picture(notice=back))
    assert lines(twin) == [f"00:00:00 Fault {back}"]


def test_a_refusal_is_not_said_again_as_a_quiet_line(twin, picture, clocks):
    twin.take(Answer(id=9, ok=False, text="nothing to go back to"))
    twin.take(picture(notice="nothing to go back to"))
    clocks.on(2.0)
    twin.wait()
    assert lines(twin) == ["nothing to go back to"]


def test_a_quiet_line_that_has_gone_meanwhile_is_not_said(twin, picture, clocks):
    twin.take(picture(notice=QUIET))
    twin.take(picture(notice=""))
    clocks.on(2.0)
    twin.wait()
    assert lines(twin) == []

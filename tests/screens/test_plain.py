"""The plain twin: events as lines, words in, and every way it ends."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import time

import pytest

from player.protocol.wire import Answer
from player.screens.plain import run_plain
from player.screens.plain_inbox import Signal
from player.timeline.commands import (
    Begin,
    BeginTalk,
    ClientLeft,
    CloseSession,
    End,
    MarkDose,
    OpenSession,
    SpeakCue,
    TakeUp,
)
from player.timeline.events import CueAsked, Fault, MusicEnded, PhaseEntered, SessionEnded
from player.timeline.status import State, Status, Unfinished

OPEN = OpenSession(path="lozenge.yaml")


def lines(twin):
    return twin.stdout.getvalue().splitlines()


def test_a_session_from_its_beginning_to_its_end(room):
    room.say(PhaseEntered(frame=0, phase="Onset"))
    room.say(PhaseEntered(frame=600 * 48_000, phase="Peak"))
    room.say(SessionEnded(frame=900 * 48_000))
    printed = io.StringIO()
    code = run_plain(room, open_command=OPEN, stdin=io.StringIO(""), stdout=printed)
    assert code == 0
    assert printed.getvalue().splitlines() == [
        "00:00:00 PhaseEntered Onset",
        "00:10:00 PhaseEntered Peak",
        "00:15:00 SessionEnded",
    ]
    assert room.sent == [OPEN, Begin()]


def test_words_are_sent_as_commands(room, picture):
    def end_after_words():
        while len(room.sent) < 4:
            time.sleep(0.005)
        room.say(SessionEnded(frame=0))

    room.say(picture())
    threading.Thread(target=end_after_words, daemon=True).start()
    words = io.StringIO("talk\n\ndose 4m ago\n")
    run_plain(room, open_command=OPEN, stdin=words, stdout=io.StringIO())
    assert room.sent[2:] == [BeginTalk(), MarkDose(ago_s=240)]


def test_a_lost_engine_ends_it_with_1(room, picture):
    room.say(picture())
    room.lose()
    printed = io.StringIO()
    assert run_plain(room, open_command=OPEN, stdin=io.StringIO(""), stdout=printed) == 1
    assert "the connection to the sound was lost" in printed.getvalue()


def test_a_session_that_cannot_be_opened_ends_it_with_1_and_the_reason(room):
    room.answers["open"] = Answer(id=0, ok=False, text="there is no device to play on")
    printed = io.StringIO()
    assert run_plain(room, open_command=OPEN, stdin=io.StringIO(""), stdout=printed) == 1
    assert printed.getvalue() == "there is no device to play on\n"


def test_an_opening_that_fails_later_ends_it_with_1(twin):
    twin.take(Status(state=State.OPENING))
    twin.take(Status(state=State.IDLE, notice="the first track cannot be read"))
    assert (twin.code, lines(twin)) == (1, ["the first track cannot be read"])


def test_an_unknown_word_gets_one_line(twin, picture):
    twin.take(picture())
    twin.take("sillence")
    assert lines(twin) == [
        '"sillence" is not a word here: do you mean "silence"? "help" lists them all'
    ]


def test_a_refusal_is_printed(twin):
    twin.take(Answer(id=9, ok=False, text="nothing to go back to"))
    assert (twin.code, lines(twin)) == (None, ["nothing to go back to"])


def test_status_is_a_few_plain_lines(twin, picture, golden):
    twin.take(picture())
    twin.take("status")
    golden("plain-status", twin.stdout.getvalue())


def test_a_cue_without_voice_is_spoken_when_it_is_said_again(twin, picture, room, clocks):
    cues = tuple(cue.model_copy(update={"needs_second_press": True}) for cue in picture().cues)
    twin.take(picture(cues=cues))
    twin.take("cue")
    assert room.sent == []
    clocks.on(5.0)
    twin.take("cue")
    assert room.sent == [SpeakCue(cue=1, sure=True)]
    clocks.on(11.0)
    twin.take("cue")
    clocks.on(11.0)
    twin.take("cue")
    assert len(room.sent) == 1


def test_after_the_music_it_goes_on_until_the_client_has_left(twin, picture, room):
    twin.take(picture())
    twin.take(MusicEnded(frame=48_000))
    assert twin.code is None
    assert lines(twin)[-1].endswith("say left when the client has left")
    twin.take("left")
    assert room.sent == [ClientLeft()]
    twin.take(SessionEnded(frame=48_000))
    assert twin.code == 0


def test_ctrl_c_asks_and_a_second_one_fades_out(twin, picture, room, clocks):
    twin.take(picture())
    twin.take(Signal.CTRL_C)
    assert lines(twin) == ["press again within 3 s to fade out; the music goes on"]
    clocks.on(3.5)
    twin.take(Signal.CTRL_C)
    assert room.sent == []
    clocks.on(1.0)
    twin.take(Signal.CTRL_C)
    assert (room.sent, twin.code) == ([End()], None)


def test_ctrl_c_before_the_beginning_closes_the_session(twin, room):
    twin.take(Status(state=State.OPENING))
    twin.take(Signal.CTRL_C)
    assert (room.sent, twin.code) == ([CloseSession()], 1)


def test_control_signs_never_reach_the_terminal(twin):
    twin.take(Fault(frame=0, text="bad\x1b[2J\nname"))
    assert lines(twin) == ["00:00:00 Fault bad [2J name"]


def test_a_reader_that_has_gone_does_not_stop_the_session(room):
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    room.say(PhaseEntered(frame=0, phase="Onset"))
    room.say(SessionEnded(frame=0))
    assert run_plain(room, open_command=OPEN, stdin=io.StringIO(""), stdout=Gone()) == 0


WAITING = """
import queue, sys
from player.screens.plain import run_plain
from player.timeline.commands import OpenSession
from player.timeline.events import SessionEnded
from player.timeline.status import Status

class Room:
    def __init__(self):
        self.said = queue.Queue()
        self.said.put(Status(state="playing"))
    def send(self, command):
        if command.do == "talk":
            self.said.put(SessionEnded(frame=0))
        return 1
    def receive(self, timeout_s=None):
        return self.said.get()
    def close(self):
        pass

code = run_plain(Room(), open_command=OpenSession(path="a"), stdin=sys.stdin, stdout=sys.stdout)
assert not {"textual", "rich"} & set(sys.modules)
sys.exit(code)
"""


def test_it_leaves_cleanly_while_standard_input_stays_open_and_loads_no_screen():
    with subprocess.Popen(
        [sys.executable, "-c", WAITING],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdin is not None
        child.stdin.write(b"talk\n")
        child.stdin.flush()
        assert child.wait(20) == 0
        assert child.stdout.read() == b"00:00:00 SessionEnded\n"
        assert child.stderr.read() == b""


ANSWERS = {
    "next": "Going on to Return; `back` within 30 s undoes it.",
    "hold": "Held: Peak goes on until `next`.",
    "go onset": "Going to Onset; `back` within 30 s undoes it.",
    "dose 4m ago": "The mark of the dose is corrected: 4 min ago.",
    "undo dose": "The mark of the dose is taken back.",
    "booster": "A booster is marked: now.",
    "undo booster": "The mark of the booster is taken back.",
    "talk": "The music is softened for talking; `end talk` brings it back.",
    "end talk": "The music comes back.",
    "pause": "Paused: the session stands still until `resume`.",
    "silence": "Fading to silence; the session runs on, `resume` brings the music back.",
    "resume": "The music comes back.",
    "skip": "The next track comes in.",
    "not this": "Cathedral is left out from now on; the next track comes in.",
    "softer": "Something softer comes in.",
    "deeper": "Something deeper comes in.",
    "shelf rain": "Rain comes in and is held; `back to the plan` ends that.",
    "back to the plan": "Going back to the plan: what it has next comes in.",
    "cue coming back": "Speaking: Coming back; `stop cue` stops it.",
    "stop cue": "The voice fades out.",
    "yes": "Yes: Coming back is spoken in 25:10.",
    "no": "No: Coming back passes.",
    "output hall": "Looking for Hall; the music comes in there.",
    "tick check in": "Done: Check in.",
    "end": "Fading out; `back` calls that off.",
    "left": "The client has left: the session is over.",
}


@pytest.mark.parametrize("words", ANSWERS)
def test_every_word_that_is_done_gets_its_line(twin, picture, words):
    output = {"name": "Phones", "state": "lost", "others": ("Hall",)} if "output" in words else {}
    twin.take(picture(cue_asked=1, shelf=("Bowls", "Rain"), output=output))
    twin.take(words)
    assert lines(twin) == []
    twin.take(Answer(id=1, ok=True))
    assert lines(twin) == [ANSWERS[words]]


def test_every_word_of_the_help_is_answered_by_a_line_or_needs_none():
    from player.screens.words import _SIMPLE, _TAKING

    said = {words.split()[0] for words in ANSWERS} | {
        "volume",
        "release",
        "longer",
        "shorter",
        "back",
    }
    assert {words.split()[0] for words in (*_SIMPLE, *_TAKING)} == said


def test_a_cue_without_sound_is_given_to_the_counsellor_to_read(twin, picture):
    cues = tuple(cue.model_copy(update={"length_s": None}) for cue in picture().cues)
    twin.take(picture(cues=cues, cue_asked=1))
    twin.take(CueAsked(frame=48_000, cue="Coming back"))
    assert lines(twin)[1:] == [
        f"there is no sound for it; read it aloud yourself: {cues[1].words}",
        "say yes once it is read, no to let it pass",
    ]
    twin.take("yes")
    twin.take(Answer(id=1, ok=True))
    assert lines(twin)[-1] == "Read: Coming back."


def test_a_wrong_input_that_the_engine_finds_ends_it_with_2(room):
    room.answers["open"] = Answer(id=0, ok=False, text="a.yaml: there is no such file", exit_code=2)
    room.say(Status(state=State.OPENING))
    room.say(Status(state=State.IDLE, notice="a.yaml: there is no such file"))
    printed = io.StringIO()
    assert run_plain(room, open_command=OPEN, stdin=io.StringIO(""), stdout=printed) == 2
    assert printed.getvalue() == "a.yaml: there is no such file\n"


def test_words_said_while_the_session_is_opened_are_read_against_it_once_it_plays(
    twin, picture, room
):
    twin.open(OPEN)
    twin.take(Status(state=State.OPENING))
    for line in ("go peak", "tick check in", "status"):
        twin.take(line)
    assert room.sent == [OPEN, Begin()]
    twin.take(picture())
    assert [command.do for command in room.sent[2:]] == ["go", "tick"]
    assert not any("no phase" in line or "no reminder" in line for line in lines(twin))


def test_a_running_session_that_is_only_offered_after_a_break_is_not_called_closed(
    twin, picture, room
):
    row = Unfinished(title="Lozenge", phase="Peak", position_s=1860, ago_s=40)
    twin.take(picture())
    for _ in range(2):
        twin.take(Status(state=State.IDLE, unfinished=row))
    assert lines(twin) == [
        "Lozenge broke off 40s ago, at 00:31:00 in Peak",
        "say take up (it comes back paused, where it was heard) or give up (it is over)",
    ]
    assert twin.code is None
    twin.take("take up")
    assert room.sent == [TakeUp()]

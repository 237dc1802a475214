"""The plain twin: a session in plain lines, driven by words on standard input.

The same room and the same commands as the screens; made for screen readers and scripts.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TextIO

from player.errors import EngineUnreachable, InputWrong
from player.protocol.room import Room
from player.protocol.wire import Answer
from player.screens.awaited import came_to, is_awaited, shows
from player.screens.broken_off import ANSWERS, HOW, NO_ANSWER, broke_off
from player.screens.notices import Notices
from player.screens.parting import GIVEN_UP, NOT_BEGUN_YET, OFFERED, PARTED
from player.screens.plain_inbox import Came, Inbox, Signal, ctrl_c_into, read_into
from player.screens.summary import summary
from player.screens.told import told
from player.screens.words import HELP, Wish, read_words
from player.timeline.commands import (
    AnyCommand,
    Begin,
    ClientLeft,
    CloseSession,
    End,
    GiveUp,
    OpenSession,
    Watch,
)
from player.timeline.events import CueAsked, Happening, MusicEnded, SessionEnded
from player.timeline.status import NOT_BEGUN, State, Status, Unfinished
from player.units import Seconds

AGAIN_S = 10.0
"""The same words within this are a second press."""

CTRL_C_AGAIN_S = 3.0

SHOWN_S = 1.0
"""So long the picture of what a command came to is waited for."""

AT_ANY_TIME = frozenset({"help", "status"})

LOST = "the connection to the sound was lost; the music may go on: stillroom attach --plain"
STOPPED = "the session was stopped"
OVER = "the session is over"
AWAY = "the sound broke off: it is being brought back"
WAITS = "the sound broke off, it is being brought back: this is done then"


def run_plain(
    room: Room, *, open_command: OpenSession | None, stdin: TextIO | None, stdout: TextIO | None
) -> int:
    """Open and begin a session, print what happens, take words; the exit code.

    Without `open_command` it comes back to the session that runs. 0 once the session has ended,
    1 where it could not begin or the engine is lost. The end of `stdin` stops nothing, and both
    streams may be closed (None); Ctrl-C asks first, then fades out and waits for the end.
    """
    inbox: Inbox = queue.SimpleQueue()
    twin = PlainTwin(room, stdout)
    read_into(inbox, room, stdin)
    with ctrl_c_into(inbox):
        twin.come_back() if open_command is None else twin.open(open_command)
        while twin.code is None:
            try:
                twin.take(inbox.get(timeout=0.5))
            except queue.Empty:
                twin.wait()
    room.close()
    return twin.code


@dataclass
class PlainTwin:
    """What plain mode remembers: the newest status, and what waits for a second time."""

    room: Room
    stdout: TextIO | None
    now_s: Callable[[], Seconds] = time.monotonic
    wall: Callable[[], datetime] = datetime.now
    code: int | None = None
    """The exit code, once there is one."""
    _status: Status = field(default_factory=Status)
    _opening: set[int] = field(default_factory=set)
    """Numbers of the commands that open and begin, until they are answered."""
    _sent: dict[int, tuple[AnyCommand, Status]] = field(default_factory=dict)
    """Commands that are not answered yet, and the picture when each was said."""
    _awaited: dict[str, tuple[AnyCommand, Status, Seconds]] = field(default_factory=dict)
    """What was done, by its `do`: the picture before, and until when the new one is waited for."""
    _was_open: bool = False
    _asked: str = ""
    _asked_s: Seconds = 0.0
    _ctrl_c_s: Seconds | None = None
    _kept_waiting: OpenSession | None = None
    """What is opened once it is known what becomes of a session that broke off."""
    _offered: bool = False
    _no_more_words: bool = False
    _early: list[str] = field(default_factory=list)
    """Lines said before the first sound, or picture: they are read against the session then."""
    _comes_back: bool = False
    """Until the session that it comes back to is told."""

    def __post_init__(self) -> None:
        self._notices = Notices(self.now_s)

    def open(self, command: OpenSession) -> None:
        """Open the session and begin it; one that broke off is offered first."""
        self._kept_waiting, self._offered = command, False
        self._opening |= {number for each in (command, Begin()) if (number := self._send(each))}

    def come_back(self) -> None:
        """To the session that runs: how it stands is told first."""
        self._comes_back = self._was_open = True
        self._send(Watch())

    def wait(self) -> None:
        """Nothing came for a moment: say what only the picture shows."""
        self._tell_awaited()
        if line := self._notices.due():
            self._say(line)

    def take(self, came: Came) -> None:
        """Take a message, a line of words or a signal."""
        if isinstance(came, Signal):
            self._take_signal(came)
        elif isinstance(came, str):
            self._take_line(came)
        elif isinstance(came, Status):
            self._take_status(came)
        elif isinstance(came, Answer):
            self._take_answer(came)
        else:
            self._take_event(came)
        self.wait()

    def _take_status(self, status: Status) -> None:
        before, self._status = self._status, status
        self._notices.see(status.notice)
        if status.coming_back and not before.coming_back:
            self._say(AWAY)
        if self._comes_back and status.state != State.IDLE:
            self._comes_back = False
            self._tell(Wish.STATUS)
            self.code = 0 if status.state == State.ENDED else None
        # An opening that failed is told by its answer, which knows whose fault it was.
        if self._was_open and status.state == State.IDLE and not self._opening:
            self._take_loss(status)
        self._was_open = self._was_open or status.state != State.IDLE
        if self._early and not (self._comes_back or self._waits_for_begin or self._offered):
            early, self._early = self._early, []
            for line in early:
                self._take_words(line)

    def _take_loss(self, status: Status) -> None:
        """No session any more that nobody ended: one that broke off can be taken up again."""
        self._notices.said(status.notice)
        if status.unfinished is None:
            self._say(status.notice or "the session is closed")
            self.code = 1
            return
        if status.notice:
            self._say(status.notice)
        self._was_open, self._kept_waiting = False, None
        self._offer_unfinished(status.unfinished)

    def _take_answer(self, answer: Answer) -> None:
        opened = answer.id in self._opening
        self._opening.discard(answer.id)
        command, before = self._sent.pop(answer.id, (None, self._status))
        if opened and not answer.ok and self._status.unfinished is not None:
            self._offer_unfinished(self._status.unfinished)
        elif isinstance(command, GiveUp) and answer.ok:
            self._say(GIVEN_UP)
            if self._kept_waiting is None:
                self.code = 0
            else:
                self.open(self._kept_waiting)
        elif not answer.ok:
            if answer.text:
                self._notices.said(answer.text)
                self._say(answer.text)
            if opened:
                self.code = answer.exit_code
        elif command is not None and is_awaited(command):
            self._awaited[command.do] = (command, before, self.now_s() + SHOWN_S)
        elif command is not None and (line := told(command, before)):
            self._say(line)

    def _tell_awaited(self) -> None:
        """Once the picture shows it: the engine may not go as far as was asked."""
        for do, (command, before, until_s) in tuple(self._awaited.items()):
            if shows(command, before, self._status) or self.now_s() >= until_s:
                del self._awaited[do]
                if line := came_to(command, before, self._status):
                    self._say(line)
                self._sent |= {  # the next of its kind is told by what it adds to this picture
                    number: (each, self._status)
                    for number, (each, _) in self._sent.items()
                    if each.do == do
                }

    def _take_event(self, event: Happening) -> None:
        self._notices.said(event.subject())
        self._say(event.line())
        if isinstance(event, CueAsked):
            self._offer(event)
        elif isinstance(event, SessionEnded):
            self.code = 0
        elif isinstance(event, MusicEnded) and self._status.doses:
            self._say("the clocks and reminders go on; say left when the client has left")

    def _offer_unfinished(self, row: Unfinished) -> None:
        """A session broke off: nothing begins before it is known what becomes of it."""
        self._opening.clear()
        if self._offered:
            return
        self._offered = True
        self._say(broke_off(row))
        self._say(HOW)
        if self._no_more_words:
            self._say(NO_ANSWER)
            self.code = 1

    def _answer_unfinished(self, line: str) -> None:
        command = ANSWERS.get(" ".join(line.lower().split()))
        if command is None:
            self._say(HOW)
            return
        self._offered = False
        self._send(command)

    def _offer(self, event: CueAsked) -> None:
        """Say how to answer; for a cue without sound its words, to be read aloud."""
        cue = next((each for each in self._status.cues if each.name == event.cue), None)
        if cue is not None and cue.read_aloud:
            self._say(f"there is no sound for it; read it aloud yourself: {cue.words}")
            self._say("say yes once it is read, no to let it pass")
        else:
            self._say("say yes or no; without an answer it passes")

    def _take_signal(self, came: Signal) -> None:
        if came == Signal.NO_MORE_WORDS:
            self._no_more_words = True
            if self._offered:
                self._say(NO_ANSWER)
                self.code = 1
            return
        if came == Signal.LOST:
            self._take_lost_link(self._status)
            return
        self._take_ctrl_c()

    def _take_lost_link(self, status: Status) -> None:
        over = status.stopped or status.state == State.ENDED
        lost = f"{status.given_up}; {OFFERED}" if status.given_up else LOST
        lost = PARTED if status.leaving else NOT_BEGUN_YET if self._waits_for_begin else lost
        self._say(STOPPED if status.stopped else OVER if over else lost)
        self.code = 0 if over else 1

    def _take_ctrl_c(self) -> None:
        now_s = self.now_s()
        again = self._ctrl_c_s is not None and now_s - self._ctrl_c_s <= CTRL_C_AGAIN_S
        self._ctrl_c_s = now_s
        if self._status.state in NOT_BEGUN:
            self._say("closing; nothing has begun")
            self._send(CloseSession())
            self.code = 1
        elif self._status.state == State.MUSIC_ENDED:
            self._say("the client has left" if again else "press again within 3 s to end it")
            if again:
                self._send(ClientLeft())
        elif again:
            self._say("fading out")
            self._send(End())
        else:
            self._say("press again within 3 s to fade out; the music goes on")

    def _take_line(self, line: str) -> None:
        if not line.strip():
            return
        if self._offered:
            self._answer_unfinished(line)
        elif self._comes_back or (self._waits_for_begin and line.strip() not in AT_ANY_TIME):
            self._early.append(line)
        else:
            self._take_words(line)

    @property
    def _waits_for_begin(self) -> bool:
        return self._kept_waiting is not None and self._status.state in NOT_BEGUN

    def _take_words(self, line: str) -> None:
        try:
            said = read_words(line, self._status, self.wall())
        except InputWrong as wrong:
            self._say(str(wrong))
            return
        if said.wish is not None:
            self._tell(said.wish)
        elif said.asks and not self._again(line):
            self._say(said.asks)
        elif said.command is not None:
            self._send(said.command)

    def _again(self, line: str) -> bool:
        words, now_s = line.split(), self.now_s()
        again = words == self._asked.split() and now_s - self._asked_s <= AGAIN_S
        self._asked, self._asked_s = "" if again else line, now_s
        return again

    def _tell(self, wish: Wish) -> None:
        if wish == Wish.STATUS:
            for line in summary(self._status):
                self._say(line)
        else:
            for words, meaning in HELP:
                self._say(f"{words}: {meaning}")

    def _send(self, command: AnyCommand) -> int | None:
        try:
            number = self.room.send(command)
            self._sent[number] = (command, self._status)
            if self._status.coming_back:
                self._say(WAITS)
            return number
        except EngineUnreachable:
            self._say(LOST)
            self.code = 1
            return None

    def _say(self, line: str) -> None:
        if self.stdout is None:
            return
        clean = "".join(sign if sign.isprintable() else " " for sign in line)
        try:
            self.stdout.write(clean + "\n")
            self.stdout.flush()
        except (BrokenPipeError, ValueError):
            # Whoever read along has gone; the session has not.
            return

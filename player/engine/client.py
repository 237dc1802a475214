"""A screen's side of the link: finds the engine, or starts one, and speaks with it.

Light on purpose: no sound is loaded here.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator

from player import paths, starting
from player.engine import place
from player.engine.elapsed import monotonic_s
from player.errors import EngineUnreachable
from player.protocol.wire import Answer, Message, Request, decode_message, encode_request
from player.timeline.commands import LONGEST_AGO_S, AnyCommand, MarkBooster, MarkDose
from player.timeline.status import NOT_BEGUN, ReminderView, State, Status
from player.units import Seconds

CONNECT_S: Seconds = 2.0
START_S: Seconds = 20.0
"""A cold start on a slow disk; measured ones take 0.3 to 0.8 s."""
LOOK_S: Seconds = 0.02
DRAW_S: Seconds = 1.0
"""So often the status says how clocks run on while there is no engine, and one is looked for
after it was given up."""
APART_S: Seconds = 10.0
"""By so much, and the break, a session's time may differ from what was seen of it last."""
KEEPER_S: Seconds = 2.5
"""So long the keeper may take to bring an engine back, until a new keeper is tried, each time."""
SILENT_S: Seconds = 3.0
"""An engine that plays and says nothing for so long hangs, and so does its keeper or there is none:
a new one is tried."""
SPEAKING = (State.PLAYING, State.HOLDING, State.TALKING, State.ENDING)
LEFT_S: Seconds = 0.3
"""A keeper that found another one, which then brought no engine: that one was leaving. So long,
and twice as long each time, until a keeper is started again."""
CHUNK = 1 << 16
MOST_UNANSWERED = 150
"""Requests at once; the engine drops who sends more than 200 lines in a second."""
NOT_DONE = "the session it was meant for runs no more: it was not done"
TOO_MANY = "too much waits for the sound already: press it again"
FRUGAL = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "65536",
    "OPENBLAS_NUM_THREADS": "1",
}
"""Few heaps and no idle helpers: about 12 MB less for an engine with a dozen threads. Blocks of
sound, 64 kB each, go back to the system when a deck closes, instead of leaving holes in a heap:
128 MB in place of 169 after 30 moves in a session."""


class LinkedRoom:
    """A connection to the engine, as `protocol.room.Room` describes it.

    One that `comes_back` outlives the engine: while a session runs it waits for the engine that
    the keeper brings back, says so in the status, and sends what was asked for meanwhile, and
    what was not answered, again: under the name it has for itself nothing is done twice. After
    `START_S`, or where the keeper gave the engine up, it says that it is lost, once; each further
    `receive` looks again, starts nothing, and until the engine is back the status says so, and
    how the clocks run on.
    """

    def __init__(self, channel: socket.socket, token: str, *, comes_back: bool = False) -> None:
        self._comes_back = comes_back
        self._numbers = itertools.count(1)
        self._writing = threading.Lock()
        self._name = os.urandom(8).hex()
        self._unanswered: dict[int, tuple[Seconds, AnyCommand]] = {}
        """By number, with the moment it was asked for."""
        self._refused: deque[Answer] = deque()
        self._closed = False
        self._broken_s: Seconds | None = None
        self._given_up = False
        self._untold = ""
        """Why the keeper gave up, until it is raised."""
        self._seen_s: Seconds = 0.0
        """When the last status came."""
        self._asked_again_s: Seconds = 0.0
        self._status = Status()
        self._take(channel, token)

    def send(self, command: AnyCommand) -> int:
        """Send a command; the number that its answer will carry. Raises EngineUnreachable."""
        request = Request(next(self._numbers), command, self._name)
        with self._writing:
            if len(self._unanswered) >= MOST_UNANSWERED:
                self._refused.append(Answer(id=request.id, ok=False, text=TOO_MANY))
                return request.id
            self._unanswered[request.id] = time.monotonic(), command
            try:
                if self._broken_s is None:
                    self._channel.sendall(encode_request(request))
            except OSError:
                if not self._is_awaited:
                    raise _lost() from None
        return request.id

    def receive(self, timeout_s: Seconds | None = None) -> Message | None:
        """The next message, or None after `timeout_s`. Raises EngineUnreachable at the end."""
        until = None if timeout_s is None else time.monotonic() + timeout_s
        if self._refused:
            return self._refused.popleft()
        if self._broken_s is not None and not self._wait_for_return(self._broken_s, until):
            return self._meanwhile()
        try:
            line = self._line(until)
        except EngineUnreachable:
            with self._writing:
                self._broken_s = time.monotonic()
                self._channel.close()
            if not self._is_awaited:
                self._given_up = True
                raise
            return self._meanwhile()
        if line is None:
            return None
        message = decode_message(line)
        if isinstance(message, Status):
            self._meet(message)
        elif isinstance(message, Answer):
            self._unanswered.pop(message.id, None)
        return message

    def close(self) -> None:
        """End the connection; the engine and its music go on."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)
        self._channel.close()

    @property
    def _is_awaited(self) -> bool:
        """Whether a session ran that nobody ended, and this one was not let go for another."""
        ended = self._status.leaving or self._status.let_go or self._closed
        return self._comes_back and has_begun(self._status) and not ended

    def _take(self, channel: socket.socket, token: str) -> None:
        channel.settimeout(None)
        channel.sendall(token.encode() + b"\n")
        self._channel = channel
        self._unread = bytearray()

    def _miss_a_word(self, silent_s: Seconds) -> None:
        """Nothing came for so long; one that plays says where it is several times a second."""
        speaks = self._unanswered or self._status.state in SPEAKING
        if self._is_awaited and speaks and silent_s >= SILENT_S:
            _have_it_kept()

    def _wait_for_return(self, broken_s: Seconds, until: Seconds | None) -> bool:
        """Wait for an engine that runs; False where there is none by `until`."""
        draw_s = time.monotonic() + DRAW_S
        until = draw_s if until is None else min(until, draw_s)
        while not (self._closed or self._status.let_go or self._untold):
            if self._is_back():
                return True
            if not self._given_up and (why := place.given_up()):
                # A keeper started now would count anew: it would come and go without end.
                self._given_up, self._untold = True, why
                self._status = self._status.model_copy(update={"given_up": why})
                return False
            if not self._given_up and time.monotonic() - broken_s >= START_S:
                self._given_up = True
                break
            if (
                not self._given_up
                and time.monotonic() - max(broken_s, self._asked_again_s) > KEEPER_S
            ):
                self._asked_again_s = time.monotonic()
                _have_it_kept()
            if time.monotonic() > until:
                return False
            time.sleep(DRAW_S if self._given_up else LOOK_S)
        why, self._untold = self._untold, ""
        raise EngineUnreachable(why) if why else _lost()

    def _meanwhile(self) -> Status:
        """What was seen last; what runs on without an engine too has run on."""
        on_s = monotonic_s() - self._seen_s
        run_on = {
            name: seen_s + on_s
            for name in ("elapsed_s", "since_dose_s", "since_booster_s")
            if (seen_s := getattr(self._status, name)) is not None
        }
        if not self._given_up:
            return self._status.model_copy(update={**run_on, "coming_back": True})
        reminders = tuple(_nearer(reminder, on_s) for reminder in self._status.reminders)
        lost = {"linked": False, "coming_back": False, "reminders": reminders}
        return self._status.model_copy(update={**run_on, **lost})

    def _meet(self, status: Status) -> None:
        """The status of an engine; after a loss what was asked for is asked again, or refused."""
        if self._given_up and status.state != State.OPENING:
            self._given_up = False
            self._ask_again(self._is_same(status))
        self._status, self._seen_s = status, monotonic_s()

    def _is_same(self, status: Status) -> bool:
        """Whether it is still the session that was lost."""
        seen = self._status
        least_s = seen.elapsed_s - APART_S
        return has_begun(status) and status.path == seen.path and status.elapsed_s >= least_s

    def _ask_again(self, same: bool) -> None:
        with self._writing, contextlib.suppress(OSError):
            if same:
                self._channel.sendall(b"".join(self._unanswered_lines()))
                return
            for number in self._unanswered:
                self._refused.append(Answer(id=number, ok=False, text=NOT_DONE))
            self._unanswered.clear()

    def _is_back(self) -> bool:
        try:
            token = place.token_file().read_text("ascii")
            with self._writing:
                self._take(place.reach(CONNECT_S), token)
                if not self._given_up:
                    self._channel.sendall(b"".join(self._unanswered_lines()))
                self._broken_s = None
        except (OSError, ValueError):
            return False
        return True

    def _unanswered_lines(self) -> Iterator[bytes]:
        """All that was not answered, in order; a mark stays at the moment it was made."""
        now_s = time.monotonic()
        for number, (asked_s, command) in self._unanswered.items():
            if isinstance(command, MarkDose | MarkBooster):
                ago_s = min(command.ago_s + now_s - asked_s, LONGEST_AGO_S)
                command = command.model_copy(update={"ago_s": ago_s})  # noqa: PLW2901
            yield encode_request(Request(number, command, self._name))

    def _line(self, until: Seconds | None) -> bytes | None:
        while (end := self._unread.find(b"\n")) < 0:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                return None
            if not self._fill(left):
                return None
        line = bytes(self._unread[:end])
        del self._unread[: end + 1]
        return line

    def _fill(self, left_s: Seconds | None) -> bool:
        wait_s = SILENT_S if left_s is None else min(left_s, SILENT_S)
        try:
            if not select.select([self._channel], [], [], wait_s)[0]:
                self._miss_a_word(wait_s)
                return left_s is None or wait_s < left_s
            got = self._channel.recv(CHUNK)
        except (OSError, ValueError):
            raise _lost() from None
        if not got or self._closed:
            raise _lost()
        self._unread += got
        return True


def _nearer(reminder: ReminderView, on_s: Seconds) -> ReminderView:
    in_s = None if reminder.in_s is None else reminder.in_s - on_s
    return reminder.model_copy(update={"in_s": in_s})


def has_begun(status: Status) -> bool:
    """Whether a session has begun and is not over."""
    return status.state not in NOT_BEGUN | {State.ENDED}


def find(*, comes_back: bool = False) -> LinkedRoom | None:
    """The engine that runs, or None where none does."""
    try:
        token = place.token_file().read_text("ascii")
        return LinkedRoom(place.reach(CONNECT_S), token, comes_back=comes_back)
    except (OSError, ValueError):
        return None


def connect() -> LinkedRoom:
    """The engine that runs, or a new one. Raises EngineUnreachable."""
    room = find(comes_back=True)
    if room is not None:
        return room
    started = start()
    began_s = asked_s = time.monotonic()
    wait_s = LEFT_S
    while (now_s := time.monotonic()) < began_s + START_S:
        time.sleep(LOOK_S)
        room = find(comes_back=True)
        if room is not None:
            return room
        if started.poll() not in (None, 0):
            break
        if started.poll() == 0 and now_s - asked_s > wait_s:
            started, asked_s, wait_s = start(), now_s, 2 * wait_s
    raise EngineUnreachable(place.given_up() or place.in_the_way())


def start(*, again: bool = False) -> subprocess.Popen[bytes]:
    """Start a keeper, and with it an engine, that outlive this process and its terminal.

    Where there is a keeper it is let be. With `again` a session broke off while somebody
    watched: it comes back by itself. Raises EngineUnreachable where no file can be written, or
    no process started.
    """
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    try:
        log = os.open(place.log_file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as fault:
        raise EngineUnreachable(place.cannot_be_written(fault)) from None
    try:
        return subprocess.Popen(
            [
                *starting.words("player.engine.keeper"),
                *(str(place.runtime()), str(place.engine_lock()), str(place.log_file())),
                *(["again"] if again else []),
            ],
            env=FRUGAL | starting.environment(),
            # A folder that it stood in, on a stick perhaps, could not be taken away.
            cwd=paths.home(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            close_fds=True,
            creationflags=flags,
            start_new_session=sys.platform != "win32",
        )
    except OSError as fault:
        raise EngineUnreachable(place.no_process(fault)) from None
    finally:
        os.close(log)


def _have_it_kept() -> None:
    """A new keeper, where there is none; where none can be started now the engine may be back."""
    with contextlib.suppress(EngineUnreachable):
        start(again=True)


def _lost() -> EngineUnreachable:
    return EngineUnreachable("the connection to the sound was lost; the music may go on")

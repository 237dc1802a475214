"""The engine: what it does with each command, which session it holds, and what it says of it.

All of it happens on the sound's thread.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NoReturn

from player.engine.awake import Awake
from player.engine.coming import OF_ANOTHER, Coming
from player.engine.done import Asker
from player.engine.elapsed import monotonic_s
from player.engine.faults import Dropouts
from player.engine.in_order import IN_ORDER
from player.engine.journal import Journal
from player.engine.kept import Kept
from player.engine.opening import Opening
from player.engine.outage import end_at_once
from player.engine.picture import picture, unfinished
from player.engine.playing import Playing
from player.engine.recovery import Recovery
from player.engine.sound_thread import STATUS_EVERY_S, Asked
from player.engine.stands import Stand
from player.engine.telling import Telling
from player.library.measuring import Measurer
from player.timeline.commands import (
    Begin,
    ChooseOutput,
    ClientLeft,
    CloseSession,
    End,
    EngineCommand,
    GiveUp,
    Leave,
    OpenSession,
    RoomCommand,
    TakeUp,
    Watch,
)
from player.timeline.events import SessionEnded
from player.timeline.status import Status
from player.units import Seconds

OPENING_S: Seconds = 0.01
"""How often it is looked at whether a session that opens is ready."""
WAIT_FOR_DECK_S: Seconds = 1.5
"""How long a key may wait for a file to open before it is done all the same."""
LAID_DOWN_S: Seconds = 1.0
"""So long an engine stays that stopped a session unheard: screens on their way to it are told."""


class Engine(Telling):
    """Holds at most one session."""

    def __init__(
        self,
        wake: Callable[[], None] = lambda: None,
        *,
        journal: Journal | None = None,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        """As a `SoundThread`; what is needed to go on after a break is given to `journal`."""
        super().__init__(wake, beat, journal)
        self._coming = Coming()
        self._playing: Playing | None = None
        self._measurer: Measurer | None = None
        self._hurried: int | None = None
        self._leaving = False
        self._goes = False
        self._stays_s: Seconds = 0.0
        self._awake = Awake()

    def offer(self, kept: Kept) -> None:
        """Offer a session that broke off. Before `start`."""
        self._coming.unfinished = kept

    def take_up(self, kept: Kept, *, paused: bool, hung: bool = False) -> None:
        """Bring a session that broke off back. Before `start`, or on the sound's thread.

        `hung` where the engine before it did.
        """
        self._coming.take_up(kept, paused=paused, hung=hung)
        self._status = self._picture()  # whoever comes now is not told that there is no session

    def lay_down(self, kept: Kept) -> None:
        """A session that was to be stopped when it broke off is over. Before `start`."""
        self._leaving = True
        self._end_unheard(self._coming.lay_down(kept))
        self._status = self._picture()

    @property
    def busy(self) -> bool:
        """Whether a session runs, so that the engine must not leave by itself."""
        playing = self._playing
        return playing is not None and not playing.state.ended

    @property
    def keeps_session(self) -> bool:
        """Whether a session runs, or is on its way back: a break of it is nobody's wish."""
        return self.busy or self._coming.back is not None

    def _turn(self) -> None:
        self._watch_opening()
        self._take_requests()
        playing = self._playing
        if playing is not None:
            if not playing.drained:
                self._learn(playing)
            playing.feed()
            self._keeping.turn(playing, leaving=self._leaving)
            if playing.output.hung:
                self._break_off(playing)
        self._say_answers()
        if playing is not None:
            self._tell_events(playing)
            if playing.state.ended and playing.drained:
                self._keeping.over()
        self._tell_noted(self._playing)
        self._leave_when_over()
        self._part_when_silent()
        self._draw()
        if self._goes:  # not before its last picture is drawn
            self.finished.set()

    def _break_off(self, playing: Playing) -> NoReturn:
        """The output hangs, and with it this process: another one goes on from what was kept."""
        self._keeping.hangs(playing)
        end_at_once()

    def _rest_s(self) -> Seconds:
        """How long nothing will be due: a request ends it at once."""
        if self._waiting or self._say_now:
            return 0.005
        if self._coming.unready:
            return OPENING_S
        if self._playing is None or self._playing.drained:
            return STATUS_EVERY_S
        return min(STATUS_EVERY_S, max(0.001, self._playing.output.due_s()))

    def _take(self, asked: Asked) -> None:
        command = asked.request.command
        if self._playing is not None and asked.request.asker in self._playing.done:
            self._answer(asked, "")
            return
        if self._waits_for_deck(asked):
            self._waiting.append(asked)
            return
        match command:
            case OpenSession():
                self._open(asked, command)
                return
            case CloseSession() | Begin() if self._coming.belongs_to_another(asked.client):
                refused = OF_ANOTHER
            case CloseSession():
                refused = self._close()
            case Begin():
                refused = self._begin()
            case Leave():
                refused = self._leave()
            case TakeUp():
                refused = self._take_up_again()
            case ChooseOutput(device=device):
                refused = self._choose_output(device)
            case GiveUp():
                refused = self._give_up()
            case Watch():
                refused = ""
            case _:
                refused = self._obey(command, asked.request.asker)
        self._answer(asked, refused)

    def _waits_for_deck(self, asked: Asked) -> bool:
        """Whether a key would bring in a file that is still opening."""
        playing, command = self._playing, asked.request.command
        if self._coming.back is not None and isinstance(command, ChooseOutput):
            return True
        if playing is None and self._coming.begin_asked:
            return not isinstance(command, EngineCommand)
        late = monotonic_s() - asked.at_s > WAIT_FOR_DECK_S
        if playing is None or late:
            return False
        if isinstance(command, EngineCommand):
            return False
        behind = bool(self._waiting) and isinstance(command, IN_ORDER)
        return behind or playing.would_wait(command)

    def _obey(self, command: RoomCommand, asker: Asker | None = None) -> str:
        if self._playing is None:
            return "No session runs."
        refused = self._playing.obey(command, asker)
        self._notice.say(refused)
        return refused

    def _open(self, asked: Asked, command: OpenSession) -> None:
        if self.busy:
            title = self._playing.plan.title if self._playing else ""
            self._answer(asked, f"{title} runs already: one session at a time.")
            return
        if refused := self._coming.refuses(asked.client):
            self._answer(asked, refused)
            return
        if self._coming.belongs_to_another(asked.client):
            self._answer_open("Another session is opened instead: one session at a time.")
        self._close()
        self._faults.begin()
        self._notice.say("")
        self._coming.open(asked, command)

    def _close(self) -> str:
        """Let go of a session that has not begun or is over."""
        if self.busy:
            return "The session runs: end it first."
        if self._coming.back is not None:
            return "The session is being brought back: end it first."
        self._answer_open("", ok=False)
        self._coming.close()
        if self._playing is not None:
            self._playing.close()
        if self._measurer is not None:
            self._measurer.close()
        self._playing = self._measurer = None
        self._awake.end()
        return ""

    def _begin(self) -> str:
        if self.keeps_session:
            return "It runs already."
        refused = self._coming.begin()
        if not refused:
            self._watch_opening()
        return refused

    def _watch_opening(self) -> None:
        if failed := self._coming.failed():
            self._notice.say(failed)
            self._answer_open(failed)
            return
        opening = self._coming.opening
        if opening is None or opening.playing is None:
            return
        self._answer_open("")
        if self._coming.begin_asked:
            self._start_playing(opening, opening.playing)

    def _start_playing(self, opening: Opening | Recovery, playing: Playing) -> None:
        playing.begin()
        stand = Stand(*playing.stand())
        playing.feed()
        self._keeping.begin(playing, opening, stand)
        self._playing, self._measurer = playing, opening.measurer
        self._coming.plays()
        self._faults.begin(opening.told, opening.warnings)
        self._dropouts = Dropouts(self._faults.counts.underruns)
        self._awake.begin()
        self._say_now = True

    def _learn(self, playing: Playing) -> None:
        if self._measurer is None:
            return
        for found in self._measurer.poll():
            tracks = [n for n, row in enumerate(playing.plan.tracks) if row.path == str(found.path)]
            for track in tracks:
                playing.learn(track, found.known)
        awaited = playing.awaited
        if awaited is not None and awaited != self._hurried:
            self._measurer.hurry(playing.files[awaited])
        self._hurried = awaited

    def _choose_output(self, device: str) -> str:
        if self._playing is None:
            return "No session runs."
        refused = self._playing.choose_output(device)
        self._notice.say(refused)
        return refused

    def _take_up_again(self) -> str:
        kept = self._coming.unfinished
        if kept is None:
            return "" if self._coming.back is not None else "No session broke off."
        self._close()
        self._faults.begin()
        self._notice.say("")
        self.take_up(kept, paused=True)
        return ""

    def _give_up(self) -> str:
        if self._coming.unfinished is None:
            return "No session broke off."
        self._coming.unfinished = None
        self._keeping.give_up()
        return ""

    def _part_when_silent(self) -> None:
        """Asked to part: fade, whatever goes on, and leave the session for another time."""
        playing = self._playing
        if not self.parting:
            return
        if playing is None or playing.gone_out():
            self._goes = True

    def _leave(self) -> str:
        self._leaving = True
        if self._coming.back is not None:
            self._end_unheard(self._coming.back)
        if self._playing is not None and not self._playing.over:
            return self._obey(End())
        return ""

    def _leave_when_over(self) -> None:
        playing = self._playing
        if playing is not None and playing.state.ended:
            self._awake.end()
        if playing is not None and self._leaving:
            self._leaving = playing.still_ends()  # or it was called off
        if not self._leaving:
            return
        if playing is not None and playing.over and not playing.state.ended:
            playing.obey(ClientLeft())
            self._tell_events(playing)
        if monotonic_s() >= self._stays_s and (
            playing is None or (playing.state.ended and playing.drained)
        ):
            self._keeping.over()
            self._goes = self._say_now = True

    def _end_unheard(self, recovery: Recovery) -> None:
        """Stopped while nothing is heard: it does not sound once more to be faded out."""
        recovery.close()
        self._coming.begin_asked = False
        self._stays_s = monotonic_s() + LAID_DOWN_S
        self._keeping.give_up()
        self._tell(SessionEnded(frame=recovery.kept.heard.frame))

    def _answer(self, asked: Asked, refused: str, *, ok: bool = True) -> None:
        opening = self._coming.opening
        failed = opening.failed if opening is not None else None
        self._reply(asked, refused, ok=ok, exit_code=failed.exit_code if failed else 1)

    def _answer_open(self, refused: str, *, ok: bool = True) -> None:
        """Answer the opening; not done and no words, where the client let go of it itself."""
        asked = self._coming.who_waits()
        if asked is not None:
            self._answer(asked, refused, ok=ok)

    def _picture(self) -> Status:
        common = {
            "notice": self._notice.line,
            "faults": tuple(self._faults.lines),
            "fault_counts": self._faults.counts,
            "engine_pid": os.getpid(),
            "keeper_pid": self.keeper_pid,
            "begin_asked": self._coming.begin_asked,
            "unfinished": unfinished(self._coming.unfinished),
            "leaving": self._leaving or self.parting,
            "stopped": self._leaving,
        }
        return picture(self._playing, self._coming.opening, common)

    def _let_go(self) -> None:
        for part in (self._coming, self._playing, self._measurer):
            if part is not None:
                part.close()
        self._awake.end()

"""What an engine says of its session: events as they are heard, faults, and answers once kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from player.engine.elapsed import monotonic_s
from player.engine.faults import MOST_LINES, Dropouts, Faults
from player.engine.journal import Journal
from player.engine.keeping import Keeping
from player.engine.playing import Playing
from player.engine.sound_thread import Asked, Said, SoundThread
from player.protocol.wire import Answer
from player.timeline.events import Event, Fault, TrackPassedOver

QUIET = (TrackPassedOver, Fault)
"""Events that are faults: one quiet line each."""


class Telling(SoundThread):
    """A sound's thread that has something to tell, and hands it to the journal too."""

    def __init__(
        self, wake: Callable[[], None], beat: Callable[[], None], journal: Journal | None
    ) -> None:
        super().__init__(wake, beat)
        self._keeping = Keeping(journal)
        self._faults = Faults()
        self._dropouts = Dropouts()
        self._early: deque[str] = deque(maxlen=MOST_LINES)
        self._answers: list[Said] = []

    def _tell_events(self, playing: Playing) -> None:
        for event in playing.heard_events():
            self._tell(event)
            if isinstance(event, QUIET):
                self._notice.say(event.subject())
        dry = self._dropouts.look(playing.output.underruns, playing.heard, monotonic_s())
        if dry is not None:
            self._tell(dry)

    def _tell_noted(self, playing: Playing | None) -> None:
        """What was found before there is a session is shown at once, and told in it: who opens
        one without a look at the chooser must know too."""
        for line in self.noted():
            self._early.append(line)
            self._notice.say(line)
        while playing is not None and self._early:
            line = self._early.popleft()
            self._notice.say(line)
            self._tell(Fault(frame=playing.heard, text=line))

    def _tell(self, event: Event) -> None:
        """To whoever watches, into the journal, and where it is a fault, to the faults."""
        self.outbox.put(Said(event))
        self._keeping.told(event)
        self._faults.take(event)
        self._say_now = True

    def _reply(self, asked: Asked, refused: str, *, ok: bool = True, exit_code: int = 1) -> None:
        answer = Answer(
            id=asked.request.id, ok=ok and not refused, text=refused, exit_code=exit_code
        )
        self._answers.append(Said(answer, asked.client))
        self._say_now = True

    def _say_answers(self) -> None:
        """Only once what was done is handed to the journal: what is answered is not repeated."""
        answers, self._answers = self._answers, []
        for said in answers:
            self.outbox.put(said)

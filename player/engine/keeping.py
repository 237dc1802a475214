"""What of a running session goes into the journal, and when."""

from __future__ import annotations

from dataclasses import replace

from player.engine.elapsed import moment, monotonic_s
from player.engine.journal import Journal
from player.engine.kept import Head, Heard
from player.engine.opening import Opening
from player.engine.playing import Playing
from player.engine.recovery import Recovery
from player.engine.stands import Stand
from player.sound.outputs.choose import DEVICE
from player.sound.outputs.output import UNNAMED
from player.timeline.commands import OpenSession
from player.timeline.events import Event
from player.units import Seconds

HUNG_SETTLE_S: Seconds = 0.3
"""So long the journal may take before an engine whose output hangs is ended."""
HEARD_S: Seconds = 0.15
"""At most so often; the sound asks for blocks about six times a second."""
STAND_S: Seconds = 10.0
"""How much is run through again at most, apart from what was not heard yet."""


class Keeping:
    """Hands a session's values to the journal; a rehearsal faster than time is not kept."""

    def __init__(self, journal: Journal | None) -> None:
        self._journal = journal
        self._keeps = False
        self._head: Head | None = None
        self._written: tuple[str, bool, bool] | None = None
        """What of the head may change, as it was written."""
        self._heard_s: Seconds = 0.0
        self._stood_s: Seconds = 0.0

    def begin(self, playing: Playing, opening: Opening | Recovery, stand: Stand) -> None:
        """A session begins, or goes on, from a stand."""
        self._keeps = self._journal is not None and playing.speed == 1.0
        if self._journal is not None and self._keeps:
            self._head = Head.of(playing.score, opening.command, opening.content, _heard(playing))
            self._journal.begin(self._head_now(self._head, playing), stand, opening.told)
            self._stood_s = monotonic_s()

    def told(self, event: Event) -> None:
        """An event was told."""
        if self._journal is not None and self._keeps:
            self._journal.told(event)

    def turn(self, playing: Playing, *, leaving: bool = False) -> None:
        """Keep what came, where it is heard, and now and then where it stands.

        With `leaving` it is to be over: whatever happens, it is not to sound again.
        """
        came = playing.new_inputs()
        if self._journal is None or not self._keeps:
            return
        self._journal.inputs(came)
        if self._head is not None and self._written != _changing(playing, leaving):
            self._journal.head(self._head_now(self._head, playing, leaving=leaving))
        now_s = monotonic_s()
        if now_s - self._stood_s >= STAND_S:
            self._stood_s = now_s
            self._journal.stand(Stand(*playing.stand()))
        if now_s - self._heard_s >= HEARD_S:
            self._heard_s = now_s
            self._journal.heard(_heard(playing))

    def _head_now(self, head: Head, playing: Playing, *, leaving: bool = False) -> Head:
        self._written = name, chosen, _ = _changing(playing, leaving)
        command = _with_output(head.command, name)
        changes = {"command": command, "output_chosen": chosen, "leaving": leaving}
        return head.model_copy(update=changes)

    def hangs(self, playing: Playing) -> None:
        """The output takes nothing, and this process ends with it: the next one finds it away."""
        if self._journal is not None and self._keeps:
            self._journal.heard(replace(_heard(playing), lost_s=playing.lost_s or 0.0))
            self._journal.stand(Stand(*playing.stand()))
            self._journal.settle(HUNG_SETTLE_S)

    def over(self) -> None:
        """The session is over: it will not be taken up again."""
        if self._journal is not None and self._keeps:
            self._keeps = False
            self._journal.over()

    def give_up(self) -> None:
        """The session that broke off is not wanted any more: what was kept of it goes."""
        if self._journal is not None:
            self._journal.give_up()


def _changing(playing: Playing, leaving: bool) -> tuple[str, bool, bool]:
    return playing.output.name, playing.output_chosen, leaving


def _heard(playing: Playing) -> Heard:
    frame, elapsed = playing.heard_at()
    output = playing.output
    depth = (output.blocks_a_chunk, output.underruns)
    return Heard(frame, elapsed, moment(), *depth, lost_s=playing.lost_s)


def _with_output(command: OpenSession, name: str) -> OpenSession:
    """The same opening on the very device that plays: after a break it is no other."""
    if command.output != DEVICE or name == UNNAMED:
        return command
    return command.model_copy(update={"device": name})

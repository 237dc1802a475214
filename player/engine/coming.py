"""The session that does not play yet: opened for somebody, on its way back, or offered.

Knows nothing of the one that plays, and answers nobody: the engine does.
"""

from __future__ import annotations

from player.engine.kept import Kept
from player.engine.opening import Opening
from player.engine.recovery import Recovery
from player.engine.sound_thread import Asked
from player.timeline.commands import OpenSession

OF_ANOTHER = "Another screen has opened a session meanwhile."


class Coming:
    """At most one session on its way, and at most one that broke off and may be taken up."""

    def __init__(self) -> None:
        self.opening: Opening | Recovery | None = None
        self.begin_asked = False
        """It is to play as soon as it is ready."""
        self.unfinished: Kept | None = None
        """What broke off and is offered."""
        self._opened_by: int | None = None
        self._asked: Asked | None = None

    @property
    def back(self) -> Recovery | None:
        """A session on its way back: nothing may throw it away but the wish to stop it."""
        opening = self.opening
        return opening if isinstance(opening, Recovery) and opening.failed is None else None

    @property
    def unready(self) -> bool:
        """Whether it is worth looking at soon."""
        opening = self.opening
        return opening is not None and (self.begin_asked or not opening.done)

    def belongs_to_another(self, client: int) -> bool:
        """Whether another screen has opened what is on its way."""
        return self._opened_by not in (None, client)

    def refuses(self, client: int) -> str:
        """Why a screen may not open a session now; empty where it may."""
        if self.back is not None:
            return f"{self.back.title} is being brought back: one session at a time."
        if self.begin_asked and client != self._opened_by:
            return "Another session is about to begin: one session at a time."
        return ""

    def open(self, asked: Asked, command: OpenSession) -> None:
        """Begin to open; the one before was let go of."""
        self._opened_by, self._asked = asked.client, asked
        self.opening = Opening(command)
        self.opening.start()

    def take_up(self, kept: Kept, *, paused: bool, hung: bool) -> None:
        """Bring back what broke off; it goes on once it is ready."""
        self.unfinished = None
        self.opening = Recovery(kept, paused=paused, hung=hung)
        self.begin_asked = True
        self.opening.start()

    def lay_down(self, kept: Kept) -> Recovery:
        """What broke off is shown, and never brought back."""
        self.opening = recovery = Recovery(kept, paused=True)
        return recovery

    def begin(self) -> str:
        """It is to play as soon as it is ready; an empty answer, or why not."""
        if self.unfinished is not None:
            title = self.unfinished.score.plan.title
            return f"{title} broke off: take it up again, or give it up, first."
        if self.opening is None:
            return "No session is open."
        if self.opening.failed is not None:
            return str(self.opening.failed)
        self.begin_asked = True
        if isinstance(self.opening, Opening):
            self.opening.begun = True
        return ""

    def failed(self) -> str:
        """Why it cannot be opened, if that is so: what was to come back is offered again."""
        opening = self.opening
        if opening is None or opening.failed is None:
            return ""
        self.begin_asked = False
        if isinstance(opening, Recovery):
            self.unfinished, self.opening = opening.kept, None
        return str(opening.failed)

    def plays(self) -> None:
        """It plays now, and is no more on its way."""
        self.opening, self.begin_asked, self._opened_by = None, False, None

    def close(self) -> None:
        """Let go of what is on its way."""
        if self.opening is not None:
            self.opening.close()
        self.plays()

    def who_waits(self) -> Asked | None:
        """Who waits to hear that it is open: told once."""
        asked, self._asked = self._asked, None
        return asked

"""What keeps a key from being pressed by accident: repeats, second presses, the lock.

Pure but for the clock it is given; knows names of keys, not what they do.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from player.units import Seconds

SLOWLY = "once more, slowly"
"""To a second press that came too soon to count as one."""

REPEAT_S = 0.6
"""A repeat of a key that acts within this counts once.

A key that is held down begins to repeat within half a second.
"""

SECOND_PRESS_S = 2.0
"""A second press counts as one within this."""

BOUNCE_S = 0.08
"""Presses of the lock closer than this are a key that is held down, not a hand."""

HELD_S = 0.2
"""Presses closer than this come from a key that is held down, not from a hand."""

LOOK_S = 1.5
"""What appeared less than this before a press was not what the press was meant for."""

AFTER_VOICE_S = 5.0
"""A press so soon after a voice may have been meant to stop it."""

TAKEN_BACK_S = 5.0
"""A voice can be taken back like an offer for so long; then only its own key stops it."""

FREE = frozenset({"louder", "quieter", "longer", "shorter"})
"""Small steps, which a key that is held down may take one after the other."""

TURNS = frozenset({"back", "hold", "talk", "silence", "pause", "cue", "answer", "no", "leave"})
"""What a second press would turn round, or mean of the next thing."""

ONCE = frozenset({"next", "skip", "dose", "end", "give up", "long ago"}) | TURNS
PRESSES_TO_UNLOCK = 3


@dataclass
class Guard:
    """Remembers presses. `now_s` is a monotonic clock in seconds."""

    now_s: Callable[[], Seconds]
    locked: bool = False
    _seen_s: dict[str, tuple[Seconds, Seconds]] = field(default_factory=dict)
    _stood: dict[str, tuple[str | None, Seconds]] = field(default_factory=dict)
    _asked: tuple[str, str] | None = None
    _asked_s: Seconds = 0.0
    _unlocking: int = 0

    def repeats(self, name: str) -> bool:
        """True for a press that counts as the one before; a key held down never counts again."""
        limit_s = REPEAT_S if name in ONCE else BOUNCE_S if name == "lock" else 0.0
        now_s = self.now_s()
        counted_s, last_s = self._seen_s.get(name, (-math.inf, -math.inf))
        held_down = name not in {*FREE, "lock"} and now_s - last_s < HELD_S
        repeats = held_down or now_s - counted_s < limit_s
        self._seen_s[name] = (counted_s if repeats else now_s, now_s)
        return repeats

    def pressed(self, name: str) -> None:
        """A panel took this key: until it is let go it means nothing else."""
        self._seen_s[name] = (self.now_s(), self.now_s())

    def sure(self, name: str, subject: str = "") -> bool:
        """True if this is the second press within 2 s about the same thing; else it asks.

        A small step that is held down asks on until it is let go.
        """
        now_s = self.now_s()
        wanted, since_s = (name, subject), now_s - self._asked_s
        held_down = name in FREE and since_s < REPEAT_S
        if self._asked == wanted and since_s <= SECOND_PRESS_S and not held_down:
            self._asked = None
            return True
        self._asked, self._asked_s = wanted, now_s
        return False

    def asks_on(self, name: str) -> bool:
        """True where a question of this key stands; a press that came too soon keeps it up."""
        now_s = self.now_s()
        if self._asked is None or self._asked[0] != name or now_s - self._asked_s > SECOND_PRESS_S:
            return False
        self._asked_s = now_s
        return True

    def forget_question(self, name: str) -> None:
        """Another key than the one asked for was pressed: the question is off."""
        if self._asked is not None and self._asked[0] != name:
            self._asked = None

    def sees(self, what: str, subject: str | None) -> None:
        """Remember since when this subject is on the screen; None where there is none."""
        before = self._stood.get(what)
        if before is None and subject is None:
            self._stood[what] = (None, -math.inf)
        elif before is None or before[0] != subject:
            self._stood[what] = (subject, self.now_s())

    def stands_s(self, what: str) -> Seconds:
        """How long this has been as it is now; endless where nobody has looked."""
        return self.now_s() - self._stood.get(what, (None, -math.inf))[1]

    def lock(self) -> None:
        """Lock the keys."""
        self.locked, self._unlocking = True, 0

    def unlock_press(self, is_lock_key: bool) -> int:
        """One press while locked; how many presses of the lock key are still wanted."""
        self._unlocking = self._unlocking + 1 if is_lock_key else 0
        left = PRESSES_TO_UNLOCK - self._unlocking
        if left == 0:
            self.locked = False
        return left

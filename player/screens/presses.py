"""What each key of the session screen does: (name, status, hands) -> a reply.

Pure but for the guard, which remembers presses. Knows nothing of Textual or the link.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from player.screens import dosing, lost_link, marking, moving, sounding
from player.screens.face import AFTER_MUSIC
from player.screens.guard import SLOWLY
from player.screens.panels import Help
from player.screens.reply import Hands, Panel, Reply, Then
from player.timeline.commands import (
    BackToPlan,
    Begin,
    CloseSession,
    Deeper,
    End,
    NotThis,
    Skip,
    Softer,
    TakeFromShelf,
)
from player.timeline.status import NOT_BEGUN, State, Status

_Press: TypeAlias = Callable[[Status, Hands], Reply]

OTHER_MUSIC = (Skip, NotThis, Softer, Deeper, TakeFromShelf, BackToPlan)
_BEFORE = frozenset({"help", "lock", "louder", "quieter"})
_AFTER = frozenset({"answer", "no", "dose", "end", "lock", "help", "leave"})


def press(name: str, status: Status, hands: Hands) -> Reply:
    """The reply to the key of this name."""
    guard = hands.guard
    if guard.repeats(name):
        return Reply(says=SLOWLY) if guard.asks_on(name) else Reply()
    if guard.locked:
        return _while_locked(name, hands)
    guard.forget_question(name)
    return _linked(name, status, hands) if status.linked else _lost(name, status, hands)


def _lost(name: str, status: Status, hands: Hands) -> Reply:
    return _lock(status, hands) if name == "lock" else lost_link.press(name, status, hands)


def _linked(name: str, status: Status, hands: Hands) -> Reply:
    if status.state in NOT_BEGUN:
        return _before(name, status, hands)
    if status.state == State.ENDED:
        over = name in {"answer", "leave", "next", "end"}
        return Reply(then=Then.FINISH) if over else Reply(says="the session has ended")
    if status.state in AFTER_MUSIC and name not in _AFTER:
        return Reply(says="the music has ended")
    return PRESSES[name](status, hands)


def press_in(
    panel: Panel, key: str, character: str | None, status: Status, hands: Hands
) -> Reply | None:
    """The reply of an open panel; None where the key means nothing to it."""
    reply = panel.press(key, character, status)
    if reply is None:
        return None
    guard = hands.guard
    skips = any(isinstance(command, OTHER_MUSIC) for command in reply.commands)
    ends = any(isinstance(command, End) for command in reply.commands)
    for name, applies in (("skip", skips), ("end", ends)):
        if applies and guard.repeats(name):
            return replace(reply, commands=(), says="")
    if reply.then == Then.LEAVE and guard.repeats("leave"):
        return Reply(says=SLOWLY)
    own = hands.keyboard.name_of(key)
    if own is not None:
        guard.pressed(own)
    return reply


def escape(status: Status) -> Reply:
    """Escape where no panel is open: drops a session that has not begun."""
    if status.state in NOT_BEGUN:
        return Reply(commands=(CloseSession(),), says="closing…", then=Then.FINISH)
    return Reply(then=Then.FINISH) if status.state == State.ENDED else Reply()


def locked(hands: Hands) -> Reply:
    """What every key but the lock's says while the keys are locked."""
    hands.guard.unlock_press(False)
    return Reply(says=f"locked: press {hands.keyboard.shown('lock')} three times")


def _while_locked(name: str, hands: Hands) -> Reply:
    if name != "lock":
        return locked(hands)
    left = hands.guard.unlock_press(True)
    if left == 0:
        return Reply(says="unlocked")
    key = hands.keyboard.shown("lock")
    return Reply(says=f"locked: press {key} {'twice' if left == 2 else 'once'} more")


def _before(name: str, status: Status, hands: Hands) -> Reply:
    if name in {"answer", "next"}:
        if status.state == State.IDLE:
            return Reply(says="no session is open")
        ready = status.state == State.READY
        says = "beginning…" if ready else "it begins as soon as the first track is measured"
        return Reply(commands=(Begin(),), says=says)
    if name == "leave":
        return escape(status)
    if name in _BEFORE:
        return PRESSES[name](status, hands)
    return Reply(says="the session has not begun: Enter begins, Esc goes back")


def _lock(status: Status, hands: Hands) -> Reply:
    hands.guard.lock()
    return Reply(says=f"locked: press {hands.keyboard.shown('lock')} three times to unlock")


def _help(status: Status, hands: Hands) -> Reply:
    return Reply(opens=Help(hands.keyboard))


PRESSES: dict[str, _Press] = {
    "next": moving.go_on,
    "back": moving.go_back,
    "dose": dosing.dose,
    "hold": moving.hold,
    "talk": sounding.talk,
    "silence": sounding.silence,
    "pause": sounding.pause,
    "music": sounding.music,
    "go": moving.go_to,
    "cue": marking.cue,
    "louder": sounding.louder,
    "quieter": sounding.quieter,
    "longer": moving.longer,
    "shorter": moving.shorter,
    "answer": marking.answer,
    "no": marking.decline,
    "end": sounding.end,
    "lock": _lock,
    "help": _help,
    "leave": sounding.leave,
}

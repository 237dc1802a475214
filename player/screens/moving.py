"""Keys that move between phases or change when one ends."""

from __future__ import annotations

from player.screens.face import at_its_end, following, running
from player.screens.panels import Choice
from player.screens.reply import Hands, Reply
from player.screens.times import length
from player.session.model import Ends
from player.timeline.commands import Back, Go, Hold, Next, Release, Stretch
from player.timeline.status import State, Status

STRETCH_S = 300.0
LEAST_LEFT_S = 30.0
"""A phase is shortened to no less than this."""


def go_on(status: Status, hands: Hands) -> Reply:
    """Go on; before the planned end it wants a second press."""
    after, phase = following(status), running(status)
    if status.state == State.ENDING:
        return Reply(says="fading out already")
    if after is None or phase is None:
        return Reply(says=f"this is the last phase; {hands.keyboard.shown('end')} ends it")
    if not at_its_end(status) and not hands.guard.sure("next", f"{status.phase}"):
        early = f", {length(status.phase_left_s)} early" if status.phase_left_s >= 1 else ""
        return Reply(says=f"{hands.keyboard.shown('next')} again: go on to {after.name} now{early}")
    return Reply(commands=(Next(),), says=f"going on to {after.name}…")


def go_back(status: Status, hands: Hands) -> Reply:
    """Undo a move."""
    if not status.can_go_back:
        return Reply(says="nothing to go back to: a move can be undone for 30 s")
    return Reply(commands=(Back(),), says="going back…")


def hold(status: Status, hands: Hands) -> Reply:
    """Hold the phase, or release it."""
    phase = running(status)
    name = phase.name if phase else "this phase"
    if status.held:
        return Reply((Release(),), f"releasing {name}…")
    if status.waits_for == Ends.HAND:
        return Reply(says=f"{name} waits for you already")
    return Reply((Hold(),), f"holding {name} until you move on")


def go_to(status: Status, hands: Hands) -> Reply:
    """A list of the phases."""

    def pick(at: int, now: Status) -> Reply:
        name = now.phases[at].name if at < len(now.phases) else ""
        return Reply((Go(phase=at),), f"going to {name}…", closes=True)

    names = [phase.name for phase in status.phases]
    mark = min(status.phase + 1, len(names) - 1)
    return Reply(opens=Choice("Go to a phase", names, pick, mark))


def longer(status: Status, hands: Hands) -> Reply:
    """Five minutes longer."""
    return _stretch(status, STRETCH_S, hands)


def shorter(status: Status, hands: Hands) -> Reply:
    """Five minutes shorter; where fewer are left it wants a second press."""
    return _stretch(status, -STRETCH_S, hands)


def _stretch(status: Status, by_s: float, hands: Hands) -> Reply:
    phase = running(status)
    name = phase.name if phase else "this phase"
    if by_s < 0 and status.phase_left_s <= -by_s:
        if 0 < status.phase_left_s <= LEAST_LEFT_S and not at_its_end(status):
            return Reply(says=f"{name} is nearly over; {hands.keyboard.shown('next')} goes on")
        if at_its_end(status):
            return Reply(says=f"{name} is at its end; {hands.keyboard.shown('next')} goes on")
        key = hands.keyboard.shown("shorter")
        if not hands.guard.sure("shorter", f"{status.phase}"):
            return Reply(
                says=f"{key} again: less than 5 min are left, {name} ends in {LEAST_LEFT_S:.0f} s"
            )
        return Reply((Stretch(by_s=by_s),), f"{name} ends in {LEAST_LEFT_S:.0f} s")
    return Reply((Stretch(by_s=by_s),), f"{name} 5 min {'longer' if by_s > 0 else 'shorter'}")

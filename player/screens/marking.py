"""Keys that speak a cue, answer a question or tick a reminder."""

from __future__ import annotations

from player.screens.guard import AFTER_VOICE_S, LOOK_S, TAKEN_BACK_S
from player.screens.panels import Choice
from player.screens.reading import Reading, offered
from player.screens.reply import Hands, Reply
from player.session.model import Play
from player.timeline.commands import (
    AllowCue,
    DeclineCue,
    SpeakCue,
    StopCue,
    TickReminder,
)
from player.timeline.status import CueStage, CueView, ReminderStage, Status


def cue(status: Status, hands: Hands) -> Reply:
    """Stop the cue that speaks, or speak the next one; with cues by hand, ask which."""
    if status.cue_speaking is not None:
        return Reply((StopCue(),), "stopping the cue…")
    asked = offered(status)
    first = asked if asked is not None else status.cue_next
    waiting = [] if first is None else [first]
    waiting += [
        at
        for at, cue in enumerate(status.cues)
        if cue.play == Play.HAND and cue.stage == CueStage.COMING and at != first
    ]
    if not waiting:
        return Reply(says="no cue is left")
    if hands.guard.stands_s("voice") < AFTER_VOICE_S:
        key = hands.keyboard.shown("cue")
        return Reply(says=f"the voice has stopped; {key} a little later: the next cue")
    if len(waiting) == 1:
        return _speak(waiting[0], status, hands, f"{hands.keyboard.shown('cue')} again")
    return Reply(
        opens=Choice(
            "Speak a cue now",
            [status.cues[at].name for at in waiting],
            lambda at, now: _speak(waiting[at], now, hands, "once more"),
        )
    )


def _speak(at: int, status: Status, hands: Hands, again: str) -> Reply:
    cue = status.cues[at]
    if cue.length_s is None:
        return Reply(opens=Reading(cue))
    if cue.needs_second_press and not hands.guard.sure("cue", cue.name):
        return Reply(says=f"{again}: speak “{cue.name}” in a phase that is without voice")
    command = SpeakCue(cue=at, sure=cue.needs_second_press)
    return Reply((command,), f"speaking “{cue.name}”…", closes=True)


def answer(status: Status, hands: Hands) -> Reply:
    """Yes to the cue that is offered, else tick what is due."""
    asked = offered(status)
    if asked is not None:
        cue = status.cues[asked]
        if hands.guard.stands_s("offer") < LOOK_S:
            key, yes = hands.keyboard.shown("answer"), "read" if cue.read_aloud else "yes"
            return Reply(says=f"{key} again: {yes} to “{cue.name}”, offered just now")
        return Reply((AllowCue(),), _yes(cue, status))
    waiting = [
        (reminder.stage == ReminderStage.MISSED, reminder.in_s or 0.0, at)
        for at, reminder in enumerate(status.reminders)
        if reminder.stage in {ReminderStage.DUE, ReminderStage.MISSED}
    ]
    if not waiting:
        return Reply(says="nothing to answer or tick")
    at = min(waiting)[2]
    return Reply((TickReminder(reminder=at),), f"ticked: {status.reminders[at].text}")


def _yes(cue: CueView, status: Status) -> str:
    """Nothing where the engine may want more than a yes, and then says so."""
    if cue.read_aloud:
        return f"read: {cue.name}"
    refused = cue.needs_second_press or status.talking or status.resting is not None
    return "" if refused else f"yes: {cue.name}"


def decline(status: Status, hands: Hands) -> Reply:
    """No to the cue that is offered; else a yes is taken back, as long as nothing was said."""
    asked = offered(status)
    if asked is not None:
        return Reply((DeclineCue(),), f"no: {status.cues[asked].name} passes")
    allowed = [cue.name for cue in status.cues if cue.stage == CueStage.ALLOWED]
    if allowed:
        return Reply((DeclineCue(),), f"taken back: {allowed[0]} passes")
    if status.cue_speaking is None:
        return Reply(says="no cue is offered")
    if hands.guard.stands_s("voice") < TAKEN_BACK_S:
        return Reply((StopCue(),), "stopping the cue…")
    return Reply(says=f"{hands.keyboard.shown('cue')} stops the voice")

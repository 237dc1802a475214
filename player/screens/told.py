"""What was done, in one plain line, for the words of the plain twin.

Pure: (command, the picture when it was said) -> a sentence. Knows words, not keys.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from player.screens.times import countdown, length
from player.timeline.commands import (
    AllowCue,
    AnyCommand,
    BackToPlan,
    BeginTalk,
    ChooseOutput,
    ClientLeft,
    DeclineCue,
    Deeper,
    End,
    EndTalk,
    Go,
    Hold,
    MarkBooster,
    MarkDose,
    Next,
    NotThis,
    Pause,
    Resume,
    Silence,
    Skip,
    Softer,
    SpeakCue,
    StopCue,
    TakeFromShelf,
    TickReminder,
    UndoBooster,
    UndoDose,
)
from player.timeline.status import CueView, State, Status


def told(command: AnyCommand, status: Status) -> str:
    """The sentence for a command that was done; empty for one that needs none."""
    tell = _SENTENCES.get(type(command))
    return "" if tell is None else tell(command, status)


def _output(command: ChooseOutput, status: Status) -> str:
    return f"Looking for {command.device}; the music comes in there."


def _name(status: Status, phase: int) -> str:
    return status.phases[phase].name if phase < len(status.phases) else "the next phase"


def _next(command: Next, status: Status) -> str:
    return f"Going on to {_name(status, status.phase + 1)}; `back` within 30 s undoes it."


def _hold(command: Hold, status: Status) -> str:
    last = status.phase + 1 >= len(status.phases)
    return f"Held: {_name(status, status.phase)} goes on until `{'end' if last else 'next'}`."


def _go(command: Go, status: Status) -> str:
    return f"Going to {_name(status, command.phase)}; `back` within 30 s undoes it."


def _dose(command: MarkDose, status: Status) -> str:
    what = "The mark of the dose is corrected" if status.doses else "The dose is marked"
    return f"{what}: {_ago(command.ago_s)}."


def _booster(command: MarkBooster, status: Status) -> str:
    return f"A booster is marked: {_ago(command.ago_s)}."


def _ago(ago_s: float) -> str:
    return "now" if ago_s < 1 else f"{length(ago_s)} ago"


def _resume(command: Resume, status: Status) -> str:
    if status.resting == State.PAUSED:
        return "Going on: the music comes back."
    return "The music comes back."


def _not_this(command: NotThis, status: Status) -> str:
    name = status.track or "This track"
    return f"{name} is left out from now on; the next track comes in."


def _shelf(command: TakeFromShelf, status: Status) -> str:
    held = status.shelf[command.piece] if command.piece < len(status.shelf) else "The shelf"
    return f"{held} comes in and is held; `back to the plan` ends that."


def _speak(command: SpeakCue, status: Status) -> str:
    cue = _cue(status, command.cue)
    return "" if cue is None else f"Speaking: {cue.name}; `stop cue` stops it."


def _allow(command: AllowCue, status: Status) -> str:
    cue = _cue(status, status.cue_asked)
    if cue is None:
        return "Yes."
    if cue.read_aloud:
        return f"Read: {cue.name}."
    when = "now" if not cue.in_s or cue.in_s < 1 else f"in {countdown(cue.in_s)}"
    return f"Yes: {cue.name} is spoken {when}."


def _decline(command: DeclineCue, status: Status) -> str:
    cue = _cue(status, status.cue_asked)
    return "No." if cue is None else f"No: {cue.name} passes."


def _cue(status: Status, at: int | None) -> CueView | None:
    return status.cues[at] if at is not None and at < len(status.cues) else None


def _tick(command: TickReminder, status: Status) -> str:
    at = command.reminder
    return f"Done: {status.reminders[at].text}." if at < len(status.reminders) else "Done."


def _always(sentence: str) -> Callable[[Any, Status], str]:
    return lambda command, status: sentence


_SENTENCES: dict[type[Any], Callable[[Any, Status], str]] = {
    ChooseOutput: _output,
    Next: _next,
    Hold: _hold,
    Go: _go,
    MarkDose: _dose,
    UndoDose: _always("The mark of the dose is taken back."),
    MarkBooster: _booster,
    UndoBooster: _always("The mark of the booster is taken back."),
    BeginTalk: _always("The music is softened for talking; `end talk` brings it back."),
    EndTalk: _always("The music comes back."),
    Pause: _always("Paused: the session stands still until `resume`."),
    Silence: _always("Fading to silence; the session runs on, `resume` brings the music back."),
    Resume: _resume,
    Skip: _always("The next track comes in."),
    NotThis: _not_this,
    Softer: _always("Something softer comes in."),
    Deeper: _always("Something deeper comes in."),
    TakeFromShelf: _shelf,
    BackToPlan: _always("Going back to the plan: what it has next comes in."),
    SpeakCue: _speak,
    AllowCue: _allow,
    DeclineCue: _decline,
    StopCue: _always("The voice fades out."),
    TickReminder: _tick,
    End: _always("Fading out; `back` calls that off."),
    ClientLeft: _always("The client has left: the session is over."),
}

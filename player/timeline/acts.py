"""Which part of the timeline does what a command asks for."""

from __future__ import annotations

from collections.abc import Callable

from player.timeline import clocks, endings, moves, music, offers, rests, speech, wishes
from player.timeline.commands import (
    AllowCue,
    Back,
    BackToPlan,
    BeginTalk,
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
    Release,
    Resume,
    RoomCommand,
    Silence,
    Skip,
    Softer,
    SpeakCue,
    StopCue,
    Stretch,
    TakeFromShelf,
    TickReminder,
    UndoBooster,
    UndoDose,
)
from player.timeline.state import Step
from player.timeline.wishes import Wish
from player.units import frames_of

AFTER_MUSIC = (ClientLeft, TickReminder, MarkDose, MarkBooster, UndoDose, UndoBooster)
"""Behind the music only these are done."""


def act_on(step: Step, command: RoomCommand) -> None:
    """Do what a key asks for; the volume, which needs a ceiling, is not done here."""
    act = _ACTS.get(type(command))
    if act is not None:
        act(step)
        return
    match command:
        case Go(phase=phase):
            moves.go(step, phase)
        case Stretch(by_s=by_s):
            moves.stretch(step, frames_of(by_s))
        case TakeFromShelf(piece=piece):
            wishes.take_from_shelf(step, piece)
        case MarkDose(ago_s=ago_s):
            clocks.mark_dose(step, frames_of(ago_s))
        case MarkBooster(ago_s=ago_s):
            clocks.mark_booster(step, frames_of(ago_s))
        case SpeakCue(cue=cue, sure=sure):
            speech.call(step, cue, sure=sure)
        case TickReminder(reminder=reminder):
            clocks.tick(step, reminder)


def _stop_cue(step: Step) -> None:
    if step.state.speech is None:
        step.refuse("No cue speaks now.")
    else:
        speech.stop_speech(step)
        offers.ask_what_waited(step)


_ACTS: dict[type, Callable[[Step], None]] = {
    Next: moves.go_on,
    Back: clocks.back,
    Hold: moves.hold,
    Release: moves.release,
    UndoDose: clocks.undo_dose,
    UndoBooster: clocks.undo_booster,
    BeginTalk: rests.begin_talk,
    EndTalk: rests.end_talk,
    Pause: rests.pause,
    Silence: rests.silence,
    Resume: rests.resume,
    Skip: lambda step: music.skip(step, step.plan.sound.crossfade),
    NotThis: lambda step: music.skip(step, music.NOT_THIS_FADE, avoid=True),
    Softer: lambda step: wishes.bring_other(step, Wish.SOFTER),
    Deeper: lambda step: wishes.bring_other(step, Wish.DEEPER),
    BackToPlan: wishes.back_to_plan,
    AllowCue: offers.allow,
    DeclineCue: offers.decline,
    StopCue: _stop_cue,
    End: endings.end_by_key,
    ClientLeft: endings.client_left,
}

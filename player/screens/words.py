"""Plain words of the plain twin: a line of text -> commands, or an answer in one line.

Pure; the same commands as the keys send. Knows nothing of streams or of Textual.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from player.errors import InputWrong
from player.screens.ago import parse_ago
from player.session.lengths import parse_length
from player.text.words import near, nearest_hint, same, shown
from player.timeline.commands import (
    AllowCue,
    AnyCommand,
    Back,
    BackToPlan,
    BeginTalk,
    ChangeVolume,
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
    Release,
    Resume,
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
from player.timeline.status import ReminderStage, Status

_VOLUME = re.compile(r"([+-]?)\s*(\d{1,2}(?:\.\d)?)\s*(?:db)?", re.IGNORECASE)
LARGE_STEP_DB = 6.0
"""A step up of more than this wants its words twice: it would startle."""
_DASHES = str.maketrans({"−": "-", "–": "-"})


class Wish(StrEnum):
    """What a word wants of the plain twin itself."""

    STATUS = "status"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Said:
    """What a line of words means."""

    command: AnyCommand | None = None
    wish: Wish | None = None
    asks: str = ""
    """Not empty where the same words are wanted once more before the command is sent."""


_SIMPLE: dict[str, AnyCommand] = {
    "next": Next(),
    "back": Back(),
    "hold": Hold(),
    "release": Release(),
    "undo dose": UndoDose(),
    "undo booster": UndoBooster(),
    "talk": BeginTalk(),
    "end talk": EndTalk(),
    "pause": Pause(),
    "silence": Silence(),
    "resume": Resume(),
    "skip": Skip(),
    "not this": NotThis(),
    "softer": Softer(),
    "deeper": Deeper(),
    "back to the plan": BackToPlan(),
    "yes": AllowCue(),
    "no": DeclineCue(),
    "stop cue": StopCue(),
    "end": End(),
    "left": ClientLeft(),
}

HELP: tuple[tuple[str, str], ...] = (
    ("next, back", "go on to the next phase; undo a move within 30 s"),
    ("hold, release", "let the phase end by hand; by the clock again"),
    ("longer 5m, shorter 5m", "stretch the phase"),
    ("go PHASE", "go to a phase, by its name or role"),
    ("dose", "mark the dose, now; once it is marked, it asks which you mean"),
    ("dose now, dose 4m ago, dose 14:32, undo dose", "mark or correct the dose; undo"),
    ("booster, booster 4m ago, undo booster", "mark, undo"),
    ("talk, end talk", "soften the music for talking, and back"),
    ("pause, silence, resume", "stand still; fade to silence; go on"),
    ("skip, not this", "the next track; and leave this one out from now on"),
    ("softer, deeper", "a track of less energy, or of more"),
    ("shelf 2, shelf NAME, back to the plan", "music of the shelf, held; and the plan's again"),
    ("cue, cue NAME, stop cue", "speak the next cue or this one; stop it"),
    ("yes, no", "answer the cue that is offered"),
    ("tick, tick NAME", "a reminder is done"),
    ("volume -2", "change the volume by so many dB; more than 6 up: say it twice"),
    ("output NAME", "play on another output, where this one is away"),
    ("status, help", "how it stands; these words"),
    ("end, left", "fade out and end; the client has left"),
)


def read_words(line: str, status: Status, now: datetime) -> Said:
    """What a line means. Raises InputWrong with one line of advice."""
    text = " ".join(line.translate(_DASHES).split())
    word = same(text)
    if word in _SIMPLE:
        return Said(_SIMPLE[word])
    if word in {"status", "help"}:
        return Said(wish=Wish(word))
    first, _, rest = text.partition(" ")
    taking = _TAKING.get(same(first))
    if taking is None:
        raise InputWrong(f"{shown(text)} is not a word here: {_nearest(word)}")
    return taking(rest, status, now)


def _nearest(word: str) -> str:
    known = [*_SIMPLE, *_TAKING, "status", "help"]
    close = near(word, known) or near(word.split(" ", maxsplit=1)[0], known)
    return f'do you mean "{close}"? "help" lists them all' if close else '"help" lists them all'


def _longer(rest: str, status: Status, now: datetime) -> Said:
    return Said(Stretch(by_s=_length(rest)))


def _shorter(rest: str, status: Status, now: datetime) -> Said:
    return Said(Stretch(by_s=-_length(rest)))


def _length(rest: str) -> float:
    return parse_length(rest) if rest else 300.0


def _go(rest: str, status: Status, now: datetime) -> Said:
    names = [phase.name for phase in status.phases]
    roles = [phase.role.value if phase.role else "" for phase in status.phases]
    if not rest:
        raise InputWrong(f"go where? {nearest_hint('', names)}")
    wanted = same(rest)
    for known in (names, roles):
        if wanted in (words := [same(each) for each in known]):
            return Said(Go(phase=words.index(wanted)))
    return Said(Go(phase=_starting(rest, names, "phase")))


def _dose(rest: str, status: Status, now: datetime) -> Said:
    """A bare word, once it is marked, may mean a booster as well as a correction: ask which."""
    if not rest and status.doses:
        raise InputWrong(
            'a dose is marked already: say "booster" for a second one,'
            ' or "dose now" or "dose 4m ago" to correct the mark'
        )
    return Said(MarkDose(ago_s=parse_ago(rest, now)))


def _booster(rest: str, status: Status, now: datetime) -> Said:
    return Said(MarkBooster(ago_s=parse_ago(rest, now)))


def _undo(rest: str, status: Status, now: datetime) -> Said:
    raise InputWrong('undo what? say "undo dose", "undo booster", or "back" for a move')


def _cue(rest: str, status: Status, now: datetime) -> Said:
    if rest:
        at = _starting(rest, [cue.name for cue in status.cues], "cue")
    else:
        next_one = status.cue_asked if status.cue_asked is not None else status.cue_next
        if next_one is None:
            raise InputWrong("no cue is left")
        at = next_one
    cue = status.cues[at]
    asks = ""
    if cue.needs_second_press:
        asks = f"{shown(cue.name)} falls in a phase without voice: say it again to speak it"
    return Said(SpeakCue(cue=at, sure=cue.needs_second_press), asks=asks)


def _shelf(rest: str, status: Status, now: datetime) -> Said:
    if not status.shelf:
        raise InputWrong("this session has no shelf")
    if rest == "0":  # as under the music key
        return Said(BackToPlan())
    if rest.isdecimal() and 0 < int(rest) <= len(status.shelf):
        return Said(TakeFromShelf(piece=int(rest) - 1))
    return Said(TakeFromShelf(piece=_starting(rest, status.shelf, "piece of the shelf")))


def _tick(rest: str, status: Status, now: datetime) -> Said:
    waiting = {ReminderStage.DUE: 0, ReminderStage.MISSED: 1, ReminderStage.COMING: 2}
    order = sorted(
        (at for at, reminder in enumerate(status.reminders) if reminder.stage in waiting),
        key=lambda at: waiting[status.reminders[at].stage],
    )
    texts = [status.reminders[at].text for at in order]
    if not rest:
        if not order or status.reminders[order[0]].stage == ReminderStage.COMING:
            raise InputWrong("no reminder is due")
        return Said(TickReminder(reminder=order[0]))
    return Said(TickReminder(reminder=order[_starting(rest, texts, "reminder")]))


def _volume(rest: str, status: Status, now: datetime) -> Said:
    match = _VOLUME.fullmatch(rest)
    if match is None or not match[1] or float(match[2]) > 60:
        raise InputWrong('say by how many dB: "volume -2" or "volume +1"')
    by_db = float(match[1] + match[2])
    asks = ""
    if by_db > LARGE_STEP_DB:
        asks = f"{by_db:+g} dB is a large step up: say it again to make it"
    return Said(ChangeVolume(by_db=by_db), asks=asks)


def _starting(rest: str, names: Sequence[str], what: str) -> int:
    """The place of the name that is meant: whole, or the only one that starts so."""
    wanted = same(rest)
    spelled = [same(name) for name in names]
    if wanted in spelled:
        return spelled.index(wanted)
    starting = [at for at, name in enumerate(spelled) if name.startswith(wanted)]
    if len(starting) == 1:
        return starting[0]
    if starting:
        which = ", ".join(shown(names[at]) for at in starting)
        raise InputWrong(f"{shown(rest)} could be {which}")
    hint = nearest_hint(rest, names) or f"there is no {what}"
    raise InputWrong(f"{shown(rest)} is no {what} of this session: {hint}")


def _output(rest: str, status: Status, now: datetime) -> Said:
    others = status.output.others
    if not others:
        raise InputWrong(f"the sound plays on {status.output.name or 'no output'}")
    return Said(ChooseOutput(device=others[_starting(rest, others, "output")]))


_TAKING: dict[str, Callable[[str, Status, datetime], Said]] = {
    "longer": _longer,
    "shorter": _shorter,
    "go": _go,
    "dose": _dose,
    "booster": _booster,
    "cue": _cue,
    "output": _output,
    "shelf": _shelf,
    "tick": _tick,
    "undo": _undo,
    "volume": _volume,
}

"""The lower part of the session screen: music, the next cue, reminders.

Draws a status as rows of text; adds nothing to it and remembers nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from player.screens.face import AFTER_MUSIC
from player.screens.ink import (
    CARE,
    FAINT,
    KEY,
    PLAIN,
    QUIET,
    STRONG,
    WARM,
    Piece,
    beside,
    fit,
    row,
    wrap,
)
from player.screens.keys import Keyboard
from player.screens.reading import offered, to_read
from player.screens.times import clock, countdown
from player.session.model import Play
from player.timeline.status import (
    CueStage,
    CueView,
    ReminderStage,
    ReminderView,
    State,
    Status,
)

_WIDE = 110
_LABEL = 9
_ORDER = {
    ReminderStage.DUE: 0,
    ReminderStage.MISSED: 1,
    ReminderStage.COMING: 2,
}


def lower(status: Status, keyboard: Keyboard, width: int, height: int) -> list[Content]:
    """At most `height` rows; music and cues beside the reminders where it is wide."""
    inner = width - 2
    if width >= _WIDE:
        column = inner * 11 // 20
        left = [*music(status, column), Content(""), *cues(status, keyboard, column, height - 3)]
        right = reminders(status, keyboard, inner - column - 4, height)
        rows = beside(left[:height], right, column + 4) if height > 0 else []
    else:
        room = 2 if to_read(status) is None else max(2, height - 3)
        rows = [*music(status, inner), *cues(status, keyboard, inner, room)]
        rows += reminders(status, keyboard, inner, height - len(rows))
    return [Content.assemble(" ", line) for line in rows[: max(0, height)]]


def wants_room(status: Status, width: int, height: int) -> bool:
    """True where there are words to read aloud that do not fit in a lower part of that size."""
    cue = to_read(status)
    if cue is None:
        return False
    column = (width - 2) * 11 // 20 if width >= _WIDE else width - 2
    # Music, the cue itself and one reminder stay beside the words.
    return len(wrap(cue.words, column - _LABEL, height)) > height - 4


def music(status: Status, width: int) -> list[Content]:
    """What plays now and what comes next: two rows."""
    phase = status.phases[status.phase] if status.phase < len(status.phases) else None
    if not status.linked:
        return [row(width, [_label("plays"), ("not known here", QUIET)]), Content("")]
    if status.state in {State.MUSIC_ENDED, State.ENDED, State.IDLE}:
        return [row(width, [_label("plays"), ("nothing", QUIET)]), Content("")]
    if status.state in {State.OPENING, State.READY}:
        first = status.track or status.next_track
        return [row(width, [_label("first"), (first, PLAIN)]) if first else Content("")]
    left_s = status.track_left_s
    if not status.track and phase is not None and phase.silence:
        now = row(width, [_label("plays"), ("silence, as planned", PLAIN)])
    else:
        right = [] if left_s is None else [(f"{countdown(left_s)} left", QUIET)]
        now = row(width, [*_plays(status), (status.track or "…", STRONG)], right)
    if not status.next_track:
        return [now, Content("")]
    in_s = status.next_track_in_s
    when = [] if in_s is None else [(f"in {countdown(in_s)}", QUIET)]
    return [now, row(width, [_label("next"), (status.next_track, PLAIN)], when)]


def _plays(status: Status) -> list[Piece]:
    """The label of what plays; the shelf's name where that is held."""
    if status.shelf_held is None or status.shelf_held >= len(status.shelf):
        return [_label("plays")]
    return [_label("shelf"), (f"{status.shelf[status.shelf_held]}: ", WARM)]


def cues(status: Status, keyboard: Keyboard, width: int, height: int) -> list[Content]:
    """The cue that is offered, speaks or comes next, its words, then what follows."""
    first = next(
        (
            at
            for at in (offered(status), status.cue_speaking, status.cue_goes_on, status.cue_next)
            if at is not None and at < len(status.cues)
        ),
        None,
    )
    if not status.linked or (first is None and status.state in AFTER_MUSIC):
        return []
    if first is None:
        return [row(width, [_label("cue"), ("none to come", QUIET)])] if status.cues else []
    cue = status.cues[first]
    rows = [_cue_row(status, first, keyboard, width)]
    aloud = to_read(status) is not None
    room = max(1, height - 1 if aloud else min(4, height - 1))
    words = wrap(f"“{cue.words.strip()}”", width - _LABEL, room) if cue.words else []
    style = STRONG if aloud else QUIET
    rows += [row(width, [(" " * _LABEL, ""), (line, style)]) for line in words]
    later = sorted(
        (
            other
            for at, other in enumerate(status.cues)
            if at != first and other.stage == CueStage.COMING and other.in_s is not None
        ),
        key=lambda other: other.in_s or 0.0,
    )
    rows += [_later_row(other, width) for other in later[: max(0, height - len(rows))]]
    return rows


def _cue_row(status: Status, at: int, keyboard: Keyboard, width: int) -> Content:
    cue = status.cues[at]
    if at == offered(status):
        return _offer_row(cue, keyboard, width)
    if at == status.cue_speaking or cue.stage == CueStage.SPEAKING:
        stop: list[Piece] = [(keyboard.shown("cue"), KEY), (" stops it", QUIET)]
        return row(width, [("▸ speaks ", WARM), (cue.name, STRONG)], stop if keyboard.named else [])
    if at == status.cue_goes_on:
        return row(width, [_label("cue"), (cue.name, PLAIN), (", goes on with the music", QUIET)])
    how = {Play.ASK: ", asks first", Play.HAND: ", by hand", Play.CLOCK: ""}[cue.play]
    if cue.stage == CueStage.ALLOWED and not keyboard.named:
        how = ", allowed"
    elif cue.stage == CueStage.ALLOWED:
        back: list[Piece] = [(", allowed · ", QUIET), (keyboard.shown("no"), KEY)]
        back.append((" takes it back", QUIET))
        return _yielding(width, _label("cue"), cue.name, back, (_when(cue), QUIET))
    if cue.read_aloud:
        how = ", no sound: you read it aloud"
    return row(width, [_label("cue"), (cue.name, PLAIN), (how, QUIET)], [(_when(cue), QUIET)])


def _offer_row(cue: CueView, keyboard: Keyboard, width: int) -> Content:
    """The offer with its keys; where it is narrow the name gives way, not they."""
    asks, yes = ("? read aloud  ", " read, ") if cue.read_aloud else ("? offer  ", " yes, ")
    keys: list[Piece] = [
        (". ", STRONG),
        (keyboard.shown("answer"), KEY),
        (yes, QUIET),
        (keyboard.shown("no"), KEY),
        (" no", QUIET),
    ]
    keys = keys if keyboard.named else []
    return _yielding(width, (asks, WARM), cue.name, keys, (_offer_left(cue), QUIET))


def _later_row(cue: CueView, width: int) -> Content:
    return row(width, [(" " * _LABEL, ""), (cue.name, QUIET)], [(_when(cue), QUIET)])


def _when(cue: CueView) -> str:
    if cue.stage == CueStage.ALLOWED and not cue.in_s:
        return "now"
    return "" if cue.in_s is None else f"in {countdown(cue.in_s)}"


def _offer_left(cue: CueView) -> str:
    if cue.offer_left_s is None:
        return "passes by itself"
    return f"{countdown(cue.offer_left_s)} left"


def reminders(status: Status, keyboard: Keyboard, width: int, height: int) -> list[Content]:
    """Due ones first, then missed, then coming; what does not fit is counted."""
    dated = {each.text for each in status.reminders if each.in_s is not None}
    open_ones = sorted(
        (
            reminder
            for reminder in status.reminders
            # One that would count from a booster is shown once a booster is marked.
            if reminder.stage in _ORDER
            and (reminder.in_s is not None or reminder.text not in dated)
        ),
        key=lambda reminder: (
            _ORDER[reminder.stage],
            reminder.in_s is None,
            reminder.in_s or 0.0,
        ),
    )
    if not open_ones or height <= 0:
        return []
    over = status.state == State.ENDED
    # While a cue is offered the key says yes to that.
    ticks = keyboard.named and status.linked and not over and offered(status) is None
    fits = height if len(open_ones) <= height else max(1, height - 1)
    rows = [
        _reminder_row(reminder, keyboard, width, ticked=at == 0 and ticks, over=over)
        for at, reminder in enumerate(open_ones[:fits])
    ]
    if fits < len(open_ones) and fits < height:
        rows.append(row(width, [(f"and {len(open_ones) - fits} more", FAINT)]))
    return rows


def _reminder_row(
    reminder: ReminderView, keyboard: Keyboard, width: int, *, ticked: bool, over: bool
) -> Content:
    if reminder.stage == ReminderStage.COMING:
        style = FAINT if reminder.never or over else PLAIN
        when = _comes(reminder, over)
        return row(width, [("○ ", QUIET), (reminder.text, style)], [(when, QUIET)])
    tick: list[Piece] = [("  ", ""), (keyboard.shown("answer"), KEY), (" ticks it", QUIET)]
    late_s = -(reminder.in_s or 0.0)
    due: Piece = ("due now" if late_s < 1 else f"due {clock(late_s)} ago", WARM)
    if reminder.stage == ReminderStage.MISSED:
        due = ("missed", CARE)
    return _yielding(width, ("● ", WARM), reminder.text, tick if ticked else [], due)


def _yielding(width: int, sign: Piece, name: str, keys: Sequence[Piece], right: Piece) -> Content:
    """A name with its keys, a sign before, a time behind; where it is narrow the name gives way."""
    taken = sum(cell_len(words) for words, _ in [sign, *keys, right]) + 2
    return row(width, [sign, (fit(name, max(4, width - taken)), STRONG), *keys], [right])


def _comes(reminder: ReminderView, over: bool) -> str:
    if reminder.never:
        return "its phase did not come"
    if over:
        return "the session ended first"
    if reminder.in_s is None:
        return reminder.waits or "after its mark"
    return f"in {countdown(reminder.in_s)}"


def _label(word: str) -> Piece:
    return (word.ljust(_LABEL), QUIET)

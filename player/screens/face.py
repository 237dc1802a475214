"""The upper part of the session screen: what runs, how long still, what then, the clocks.

Draws a status as rows of text; adds nothing to it and remembers nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from player.screens import lost_link
from player.screens.figures import can_draw, large
from player.screens.hearing import hearing, unheard
from player.screens.ink import (
    CARE,
    FAINT,
    KEY,
    PLAIN,
    QUIET,
    STRONG,
    WARM,
    Piece,
    before_keys,
    fit,
    flow,
    row,
)
from player.screens.keys import Keyboard
from player.screens.lost_output import coming_back_words, is_lost, lost_words
from player.screens.strip import Stretch, strip
from player.screens.times import clock, countdown, decibels, length
from player.session.model import Ends
from player.timeline.status import NOT_BEGUN, PhaseView, State, Status

AFTER_MUSIC = frozenset({State.MUSIC_ENDED, State.ENDED})

_WORDS: dict[State, tuple[Piece, ...]] = {
    State.IDLE: (("○ no session is open", QUIET),),
    State.PLAYING: (("▸ playing", QUIET),),
    State.HOLDING: (("● holding, the music goes on", WARM),),
}


def face(
    status: Status, keyboard: Keyboard, width: int, height: int, *, compact: bool = False
) -> list[Content]:
    """All rows of the upper part for a screen of `height` rows; fewer on a small one.

    `compact` leaves out the strip and the empty rows, never phase, countdown or clocks.
    """
    inner = width - 2
    short = compact and height < 32
    blank = [] if short or height < 20 else [Content("")]
    airy = [Content("")] if height >= 32 else []
    rows = [
        head(status, inner),
        *blank,
        *airy,
        *_name_and_countdown(status, inner, height),
        at_end(status, keyboard, inner),
        state_line(status, keyboard, inner),
        *blank,
        *airy,
        *(strip(stretches(status), inner) if height >= 16 and not short else []),
        *blank,
        *clocks(status, inner, height),
        *blank,
    ]
    return [Content.assemble(" ", line) for line in rows]


def running(status: Status) -> PhaseView | None:
    """The running phase, if there is one."""
    return status.phases[status.phase] if status.phase < len(status.phases) else None


def at_its_end(status: Status) -> bool:
    """True where the running phase is at or past its planned end and waits."""
    return status.state == State.HOLDING or (
        status.phase_left_s <= 0 and status.waits_for != Ends.CLOCK
    )


def following(status: Status) -> PhaseView | None:
    """The phase after the running one."""
    return status.phases[status.phase + 1] if status.phase + 1 < len(status.phases) else None


def head(status: Status, width: int) -> Content:
    """Title, length, volume; that nothing is heard goes before the volume."""
    left: list[Piece] = [(status.title or "Stillroom", PLAIN)]
    if status.length_s:
        left.append((f"  {length(status.length_s)}", QUIET))
    faster = "" if status.speed == 1.0 else f"{status.speed:g} times as fast"
    volume = f"volume {decibels(status.volume_db)}"
    if silent := unheard(status):
        care = f"{silent}, {faster}" if faster else silent
        taken = sum(cell_len(words) for words, _ in left) + cell_len(f"{care}  {volume}")
        return row(width, left, [(care, CARE), *([(f"  {volume}", QUIET)] * (taken < width))])
    right: list[Piece] = [(f"{faster}  ", CARE)] if faster else []
    right.append((f"{volume}, {hearing(status)}", QUIET))
    return row(width, left, right)


def at_end(status: Status, keyboard: Keyboard, width: int) -> Content:
    """What happens at the end of the phase, in words."""
    phase = running(status)
    if not status.linked:
        return row(width, [("where it is now is not known here", QUIET)], [])
    if phase is None or status.state in AFTER_MUSIC:
        since = "" if status.since_dose_s is None else "since the dose"
        return row(width, [], [(since, QUIET)])
    left = _at_end_words(status, phase, keyboard)
    if not keyboard.named:
        left = before_keys(left)
    if status.state == State.ENDING:
        left = [("then the music is over", PLAIN)]
    right = f"left of {length(phase.length_s)}"
    if status.state in NOT_BEGUN:
        right = "to begin with"
    elif status.phase_left_s < 0:
        right = f"{clock(-status.phase_left_s)} past its end"
    return row(width, left, [(right, QUIET)])


def _at_end_words(status: Status, phase: PhaseView, keyboard: Keyboard) -> list[Piece]:
    after, past = following(status), at_its_end(status)
    to_next = f" goes on to {after.name}" if after else " ends it"
    key = keyboard.shown("next" if after else "end")
    if status.held:
        words = [("held: ", STRONG), (key, KEY), (to_next, PLAIN)]
        if not past:
            words = [("held: it waits for you at its end", STRONG)]
        return [*words, (" · ", FAINT), (keyboard.shown("hold"), KEY), (" releases", QUIET)]
    if status.waits_for == Ends.DOSE:
        when = "waits for the dose: " if past else "then it waits for the dose: "
        marks: list[Piece] = [(keyboard.shown("dose"), KEY), (" marks it", PLAIN)]
        if status.doses:  # marked before this phase was gone back to: its menu is wanted
            marks[1:] = [(", ", PLAIN), ("C", KEY), (" sets the mark anew", PLAIN)]
        return [(when, STRONG), *marks]
    if status.waits_for == Ends.HAND and past:
        return [("waits for you: ", STRONG), (key, KEY), (to_next, PLAIN)]
    if status.waits_for == Ends.HAND and after:
        return [("then it waits for you", STRONG), (" · ", FAINT), (f"next {after.name}", QUIET)]
    if after is None:
        holds = status.waits_for == Ends.HAND
        return [
            (f"then {'it goes on until you end it' if holds else 'the music fades out'}", PLAIN)
        ]
    return [(f"then {after.name}", PLAIN), (f" at {clock(after.start_s)}", QUIET)]


def state_line(status: Status, keyboard: Keyboard, width: int) -> Content:
    """What the session does now, with the key that changes it."""
    if not status.linked:
        return row(width, lost_link.words(status), [])
    if status.coming_back:
        return row(width, coming_back_words(), [])
    if is_lost(status):
        lost = lost_words(status, keyboard.shown("pause"))
        return row(width, lost if keyboard.named else before_keys(lost), [])
    words = _state_words(status, keyboard)
    return row(width, words if keyboard.named else before_keys(words), _output_words(status))


def _state_words(status: Status, keyboard: Keyboard) -> list[Piece]:
    if status.state in {State.OPENING, *AFTER_MUSIC}:  # whatever stood still when it ended
        return _ended_or_ready(status, keyboard)
    if State.PAUSED in {status.resting, status.state}:
        return _with_key("‖ paused, the session stands still", keyboard.shown("pause"), "goes on")
    if State.SILENCED in {status.resting, status.state}:
        return _with_key(
            "○ silenced, the session runs on", keyboard.shown("silence"), "brings the music back"
        )
    if status.talking or status.state == State.TALKING:
        return _with_key("◇ talking, the music is soft", keyboard.shown("talk"), "brings it back")
    if status.state in _WORDS:
        return list(_WORDS[status.state])
    return _ended_or_ready(status, keyboard)


def _ended_or_ready(status: Status, keyboard: Keyboard) -> list[Piece]:
    if status.state == State.OPENING:
        return [("○ ", WARM), (opening_words(status), PLAIN)]
    if status.state == State.ENDING:
        fading: list[Piece] = [("▾ fading out", WARM)]
        undo = _with_key("▾ fading out", keyboard.shown("back"), "takes that back")
        return undo if status.can_go_back else fading
    if status.state == State.MUSIC_ENDED:
        over = "■ the music has ended, the clocks go on"
        return _with_key(over, keyboard.shown("end"), "when the client has left")
    if status.state == State.ENDED:
        return _with_key("■ the session has ended", "Enter", "leaves this screen")
    return _with_key("○ ready", "Enter", "begins")


def opening_words(status: Status) -> str:
    """How far the opening is."""
    what = status.opening_what or "measuring the first track"
    share = "" if status.opening is None else f" {round(status.opening * 100)}%"
    return f"{what}{share}" + (", then it begins" if status.begin_asked else "")


def _output_words(status: Status) -> list[Piece]:
    output = status.output
    if output.underruns:
        times = "once" if output.underruns == 1 else f"{output.underruns} times"
        return [(f"the output ran dry {times}", CARE)]
    return []


def _with_key(words: str, key: str, does: str) -> list[Piece]:
    return [(words, WARM), (" · ", FAINT), (key, KEY), (f" {does}", QUIET)]


def stretches(status: Status) -> list[Stretch]:
    """The phases as the strip wants them."""
    begun = status.state not in NOT_BEGUN
    over = status.state in AFTER_MUSIC
    return [
        Stretch(
            name=phase.name,
            role=phase.role,
            length_s=phase.length_s,
            silence=phase.silence,
            passed=phase.passed,
            entered=phase.entered,
            running=begun and not over and at == status.phase,
            done=_done(status, phase) if begun and at == status.phase else 0.0,
        )
        for at, phase in enumerate(status.phases)
    ]


def _done(status: Status, phase: PhaseView) -> float:
    left_s = max(0.0, status.phase_left_s)
    return 1.0 - min(1.0, left_s / phase.length_s) if phase.length_s > 0 else 1.0


def clocks(status: Status, width: int, height: int) -> list[Content]:
    """Session and elapsed time, since the dose, since the booster; large where there is room."""
    position = clock(status.position_s) if status.linked else "?"
    entries = [("session", position), ("elapsed", clock(status.elapsed_s))]
    if status.since_dose_s is not None:
        entries.append(("since dose", clock(status.since_dose_s)))
    elif status.medicine:
        entries.append(("dose", "not marked"))
    if status.since_booster_s is not None:
        which = "" if status.boosters < 2 else f" {status.boosters}"
        entries.append((f"since booster{which}", clock(status.since_booster_s)))
    if height >= 32 and width >= 100:
        return _large_clocks(entries, width)
    pieces = [[(f"{label} ", QUIET), (time, STRONG)] for label, time in entries]
    widest = sum(cell_len(label) + cell_len(time) + 1 for label, time in entries)
    return flow(width, pieces, 3 if widest + 3 * (len(entries) - 1) <= width else 2)


def _large_clocks(entries: Sequence[tuple[str, str]], width: int) -> list[Content]:
    column = width // 4
    drawn = [
        (label, large(time) if can_draw(time) and ":" in time else ("", time, ""))
        for label, time in entries
    ]
    rows = [[(rows[at].ljust(column), PLAIN) for _, rows in drawn] for at in range(3)]
    rows.append([(label.ljust(column), QUIET) for label, _ in drawn])
    return [row(width, pieces) for pieces in rows]


def _name_and_countdown(status: Status, width: int, height: int) -> list[Content]:
    name, figure = _large_words(status)
    for scale in (2, 1) if height >= 32 else (1,):
        drawn = _large_rows(name, figure, width, scale) if height >= 16 else None
        if drawn is not None:
            return drawn
    return [row(width, [(name, STRONG)], [(figure, STRONG)])]


def _large_words(status: Status) -> tuple[str, str]:
    phase = running(status)
    if status.state in AFTER_MUSIC:
        name = "Music over" if status.state == State.MUSIC_ENDED else "Ended"
        return name, "" if status.since_dose_s is None else clock(status.since_dose_s)
    if phase is None:
        return "", ""
    if status.state in NOT_BEGUN:
        return phase.name, countdown(phase.length_s)
    if not status.linked:
        return phase.name, ""
    if at_its_end(status):
        return phase.name, "waits"
    return phase.name, countdown(status.phase_left_s)


def _large_rows(name: str, figure: str, width: int, scale: int) -> list[Content] | None:
    figure_rows = large(figure, heavy=True, scale=scale)
    figure_cells = cell_len(figure_rows[0])
    room = width - figure_cells - 3
    name_rows = _large_name(name, room, scale)
    if room < 8 or (name_rows is None and scale > 1):
        return None
    if name_rows is None:
        name_rows = ("", fit(name, room), "")
    return [
        row(width, [(left, STRONG)], [(right, WARM)])
        for left, right in zip(name_rows, figure_rows, strict=True)
    ]


def _large_name(name: str, room: int, scale: int) -> tuple[str, ...] | None:
    if not can_draw(name):
        return None
    for gap in (1, 0):
        rows = large(name, scale=scale, gap=gap)
        if cell_len(rows[0]) <= room:
            return rows
    return None

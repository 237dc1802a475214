"""A status in a few plain lines, for the word `status` and for people who listen to a screen."""

from __future__ import annotations

from player.screens.hearing import hearing, unheard
from player.screens.times import clock, countdown, decibels
from player.session.model import Ends
from player.timeline.status import CueStage, ReminderStage, State, Status


def summary(status: Status) -> list[str]:
    """How it stands: one fact a line, the most wanted first."""
    return [
        line
        for line in (
            _phase(status),
            _silent(status),
            _clocks(status),
            _music(status),
            _cue(status),
            *_reminders(status),
            _output(status),
            *_faults(status),
        )
        if line
    ]


def _silent(status: Status) -> str:
    silent = unheard(status)
    return f"{silent}." if silent else ""


def _phase(status: Status) -> str:
    if status.phase >= len(status.phases):
        return f"{status.state}."
    phase = status.phases[status.phase]
    if status.state in {State.MUSIC_ENDED, State.ENDED}:
        return f"{status.state}."
    waits = {
        Ends.CLOCK: "",
        Ends.HAND: ", held" if status.held else ", then it waits for you",
        Ends.DOSE: ", then it waits for the dose",
    }[status.waits_for]
    if status.state == State.HOLDING or (status.phase_left_s <= 0 and waits):
        waits = ", waits for the dose" if status.waits_for == Ends.DOSE else ", waits for you"
        return f"{phase.name}, {status.state}{waits}."
    return f"{phase.name}, {status.state}, {countdown(status.phase_left_s)} left{waits}."


def _clocks(status: Status) -> str:
    parts = [f"session {clock(status.position_s)}", f"elapsed {clock(status.elapsed_s)}"]
    if status.since_dose_s is not None:
        parts.append(f"since the dose {clock(status.since_dose_s)}")
    if status.since_booster_s is not None:
        parts.append(f"since the booster {clock(status.since_booster_s)}")
    return ", ".join(parts) + "."


def _music(status: Status) -> str:
    if not status.track:
        return ""
    left = "" if status.track_left_s is None else f", {countdown(status.track_left_s)} left"
    after = f"; next {status.next_track}" if status.next_track else ""
    held = ""
    if status.shelf_held is not None:
        held = f" from the shelf ({status.shelf[status.shelf_held]})"
    level = f"volume {decibels(status.volume_db)}, {hearing(status)}"
    return f"plays {status.track}{held}{left}{after}; {level}."


def _cue(status: Status) -> str:
    if status.cue_asked is not None:
        offered = status.cues[status.cue_asked]
        if offered.read_aloud:
            return f"to be read aloud by you: {offered.name}: {offered.words} Then say yes, or no."
        return f"offered: {offered.name}; say yes or no."
    if status.cue_speaking is not None:
        return f"speaks: {status.cues[status.cue_speaking].name}."
    if status.cue_next is None:
        return ""
    cue = status.cues[status.cue_next]
    when = "" if cue.in_s is None else f" in {countdown(cue.in_s)}"
    allowed = ", allowed" if cue.stage == CueStage.ALLOWED else ""
    return f"next cue: {cue.name}{when}{allowed}."


def _reminders(status: Status) -> list[str]:
    due = [each for each in status.reminders if each.stage == ReminderStage.DUE]
    coming = [
        each
        for each in status.reminders
        if each.stage == ReminderStage.COMING and each.in_s is not None
    ]
    missed = [each for each in status.reminders if each.stage == ReminderStage.MISSED]
    lines = [f"due: {each.text}." for each in due]
    lines += [f"missed: {each.text}." for each in missed]
    if coming:
        first = min(coming, key=lambda each: each.in_s or 0.0)
        lines.append(f"next reminder: {first.text} in {countdown(first.in_s or 0.0)}.")
    return lines


def _output(status: Status) -> str:
    if status.coming_back:
        return "the sound broke off: it is being brought back."
    if status.output.state == "lost":
        others = ", ".join(status.output.others)
        instead = f'; "output NAME" plays on another: {others}' if others else ""
        return f"{status.output.name} is away: the music waits{instead}."
    return ""


def _faults(status: Status) -> list[str]:
    """What went wrong since the start: how often each kind was, and the last of it."""
    counts = status.fault_counts
    dry = max(counts.underruns, status.output.underruns)
    kinds = (
        (counts.breaks, "the sound broke off"),
        (counts.outages, "the output went away"),
        (dry, "the output ran dry"),
        (counts.files, "a file was passed over"),
        (counts.other, "a warning was given"),
    )
    told = [f"{what} {_times(often)}" for often, what in kinds if often]
    if not told:
        return []
    last = [f"the last of it: {status.faults[-1]}."] if status.faults else []
    return [f"since the start: {', '.join(told)}.", *last]


def _times(often: int) -> str:
    return "once" if often == 1 else f"{often} times"

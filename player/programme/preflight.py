"""A session looked over before the room: what would go wrong, and its timeline in words.

Nothing is decoded to its end here; files that were never measured are only opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from player.library.catalogue import Catalogue
from player.programme.abrupt import notes_on_abruptness
from player.programme.broken import Looks, broken_music
from player.programme.facts import Knowledge
from player.programme.hearing import hearing
from player.programme.held import risks_in_holds
from player.programme.leaving_out import all_music, faults_of, warnings_of, without
from player.programme.programme import Programme, compose
from player.programme.recordings import Recordings
from player.programme.risks import Risk, risks, stretches
from player.programme.shelved import shelf_risks
from player.programme.speaking import speak_words
from player.session.model import Ends, Point, Session, SuddenRises
from player.timeline import conductor
from player.timeline.events import CueMissed, CueStarted, Event, ReminderDue, TrackStarted
from player.timeline.plan import Plan, TrackFacts
from player.timeline.written import as_written
from player.units import SAMPLE_RATE, Frames, clock, seconds_of, span
from player.voice.making import Progress

UNMEASURED = TrackFacts(300 * SAMPLE_RATE, -20.0, -3.0)
"""Stands for music that was never measured, where only cues and phases matter."""
NEVER = TrackFacts(0, -70.0, -70.0)
"""Stands for music that is passed over."""
MOST_STARTS = 2_000
"""A day of pieces of 45 s begins no more often; far more are pieces of a second, in a slip."""
MINUTE: Frames = 60 * SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found."""

    session: Session
    faults: tuple[str, ...]
    """Why it could not be played as written."""
    warnings: tuple[str, ...]
    timeline: tuple[tuple[float, str], ...]
    """Seconds of the written length, and what happens then."""
    risks: tuple[Risk, ...] = ()
    """What in the music could startle, and when; the warnings tell it in words."""
    hearing: str = ""
    """What it would give the ears, or that nobody has measured."""

    def with_faults(self, more: Sequence[str]) -> Checked:
        """The same with faults found elsewhere."""
        return replace(self, faults=(*self.faults, *more))

    def as_json(self) -> dict[str, Any]:
        """One JSON document."""
        return {
            "session": self.session.title,
            "path": str(self.session.source),
            "playable": not self.faults,
            "length_s": self.session.length_s,
            "faults": list(self.faults),
            "warnings": list(self.warnings),
            "risks": [risk.as_json() for risk in self.risks],
            "hearing": self.hearing,
            "timeline": [{"at_s": at_s, "what": what} for at_s, what in self.timeline],
        }

    def lines(self) -> list[str]:
        """The same for people."""
        title = f"{self.session.title}, {span(self.session.length_s)} as written"
        rows = [title, *(f"  {clock(at_s)}  {what}" for at_s, what in self.timeline)]
        rows += [f"Fault: {fault}" for fault in self.faults]
        rows += [f"Note: {warning}" for warning in self.warnings]
        rows += [f"Hearing: {self.hearing}"] if self.hearing else []
        if not self.faults:
            rows.append("It can be played as written.")
        return rows


def check(
    session: Session, catalogue: Catalogue, progress: Progress = lambda _what, _fraction: None
) -> Checked:
    """Look a session over: all that could not be played as written, and what is worth knowing.

    Words that have no sound yet are spoken, where a voice is installed.
    """
    unspoken = speak_words(session, progress)
    knowledge = Knowledge(catalogue)
    surveys = knowledge.look_up(_music_of(session))
    recordings = Recordings(session, knowledge)
    programme = compose(session, knowledge.of_music, recordings.of_clip, knowledge.tags)
    # A file that was moved is known at its new place once it was met there.
    surveys |= knowledge.look_up(path for path in programme.files if path not in surveys)
    looks = Looks(knowledge)
    out = programme.left_out
    music = broken_music(without(session, out), looks)
    plan, unknown = _as_it_would_run(programme, looks)
    events = _dry_run(plan)
    heard = risks(stretches(plan, events), surveys, session.sudden_rises)
    heard += risks_in_holds(plan, _waits(programme.plan), heard, surveys, session.sudden_rises)
    warnings = [*session.warnings, *warnings_of(session, out), *music.warnings]
    warnings += [*_warnings(programme, events, unknown), *unspoken]
    warnings += notes_on_abruptness(session, events)
    clips = [fault.text(str(session.source)) for fault in recordings.faults]
    return Checked(
        session,
        (*faults_of(session, out), *music.faults, *clips),
        (*warnings, *(risk.line() for risk in heard), *shelf_risks(programme, surveys)),
        tuple(_timeline(programme, events)),
        heard,
        hearing(session),
    )


def _waits(plan: Plan) -> list[int]:
    """The phases that wait for somebody at their end, by number; silence has nothing to tell."""
    last = len(plan.phases) - 1
    ends = [Ends.HAND if plan.hold_at_end else Ends.CLOCK]
    ends = [*(row.ends for row in plan.phases[:last]), *ends]
    rows = zip(plan.phases, ends, strict=True)
    return [n for n, (row, end) in enumerate(rows) if end is not Ends.CLOCK and not row.silence]


def _music_of(session: Session) -> Iterable[Path]:
    return dict.fromkeys(track for music in all_music(session) for track in music.tracks)


def foreseen(
    programme: Programme, knowledge: Knowledge, wanted: Callable[[], bool] = lambda: True
) -> tuple[Risk, ...] | None:
    """The risks of a programme by what is known of its music; no file is opened.

    Rises that the session softens, or leaves unsaid, are none. It looks no farther than 2,000
    beginnings of a track: it runs beside the sound. None once it is not `wanted` any more.
    """
    rises = programme.session.sudden_rises
    told = SuddenRises.WARN if rises is SuddenRises.WARN else SuddenRises.LEAVE
    surveys = knowledge.look_up(programme.files)
    if not surveys:
        return ()
    plan, _ = _as_it_would_run(programme, Looks(knowledge, patience_s=0))
    events: list[Event] = []
    starts = 0
    for some in _by_the_minute(plan):
        events += some
        starts += sum(isinstance(event, TrackStarted) for event in some)
        if not wanted():
            return None
        if starts >= MOST_STARTS:
            break
    return risks(stretches(plan, events), surveys, told)


def _as_it_would_run(programme: Programme, looks: Looks) -> tuple[Plan, int]:
    """The written plan with a guess for what was never measured, and for how many files."""
    plan = as_written(programme.plan).plan
    tracks, unknown = [], 0
    for row, path in zip(plan.tracks, programme.files, strict=True):
        guess = row.facts
        if guess is None:
            broken = bool(looks.why_not(path))
            guess, unknown = (NEVER if broken else UNMEASURED), unknown + (not broken)
        tracks.append(replace(row, facts=guess))
    return replace(plan, tracks=tuple(tracks)), unknown


def _dry_run(plan: Plan) -> list[Event]:
    return list(chain.from_iterable(_by_the_minute(plan)))


def _by_the_minute(plan: Plan) -> Iterator[Sequence[Event]]:
    """What happens from beginning to end where nobody touches a key, a minute at a time."""
    step = conductor.begin(plan, conductor.opening(plan))
    yield step.events
    for until in range(MINUTE, plan.length + MINUTE + 1, MINUTE):
        step = conductor.advance(plan, step.state, min(until, plan.length + 1))
        yield step.events


def _warnings(programme: Programme, events: list[Event], unknown: int) -> Iterable[str]:
    for event in events:
        if isinstance(event, CueMissed):
            yield f"cue {event.cue} would not sound by itself: {event.why}"
    for cue, clip in zip(programme.session.cues, programme.clips, strict=True):
        if clip is not None and clip.note:
            yield f"cue {cue.name}: {clip.note}"
    for name in programme.unspoken():
        yield f"cue {name}: there is no sound for its words; they are shown on the screen to read"
    if unknown:
        files = "1 file is" if unknown == 1 else f"{unknown} files are"
        yield (
            f"{files} not measured yet: that is done before each begins. "
            "`stillroom check --deep` listens now, and tells of sudden rises"
        )
    yield from _late_ends(programme.plan, events)


def _late_ends(plan: Plan, events: list[Event]) -> Iterable[str]:
    for event in events:
        if isinstance(event, CueStarted) and event.frame + event.frames > plan.length:
            yield f"cue {event.cue}: its words reach over the end of the session and fade with it"


def _timeline(programme: Programme, events: list[Event]) -> Iterable[tuple[float, str]]:
    plan = programme.plan
    rows: list[tuple[int, int, str]] = []
    at = 0
    for phase in plan.phases:
        music = "planned silence" if phase.silence else _pieces(len(phase.tracks))
        waits = {Ends.HAND: ", waits for you", Ends.DOSE: ", waits for the dose"}
        last = phase is plan.phases[-1]
        ends = ", waits for you" if last and plan.hold_at_end else waits.get(phase.ends, "")
        length = span(seconds_of(phase.length))
        rows.append((at, 0, f"{phase.name}: {length}, {music}{ends}"))
        at += phase.length
    plays = {cue.name: cue.play.value for cue in plan.cues}
    for event in events:
        if isinstance(event, CueStarted):
            length = span(seconds_of(event.frames))
            rows.append((event.frame, 1, f"cue {event.cue}: {length}, {plays[event.cue]}"))
        elif isinstance(event, ReminderDue):
            rows.append((event.frame, 2, f"reminder: {event.text}"))
    for reminder in as_written(plan).plan.reminders:
        if reminder.at.point is Point.START and reminder.at.offset > plan.length:
            rows.append((reminder.at.offset, 4, f"reminder: {reminder.text}"))
    rows.append((plan.length, 3, "the music goes on" if plan.hold_at_end else "end"))
    return ((seconds_of(frame), what) for frame, _, what in sorted(rows))


def _pieces(count: int) -> str:
    return "1 piece" if count == 1 else f"{count} pieces"

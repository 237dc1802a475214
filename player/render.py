"""The same mixer, faster than time: a session as a file, and a report of what lies where in it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from player.errors import RunFailed
from player.library.catalogue import Catalogue
from player.library.measure import measure
from player.programme.facts import Knowledge
from player.programme.programme import Programme, compose
from player.programme.speaking import speak_words
from player.protocol.wire import event_json
from player.session.model import Session
from player.sound.mixer import Mixer
from player.sound.native import Undecodable
from player.sound.source import AheadSource, Compact, LoopSource, load_bed
from player.sound.spoken import Assembled, Spoken
from player.sound.streams import BLOCK, Source
from player.sound.writer import Writer, open_writer
from player.text.whole_files import opened_for_owner
from player.timeline import conductor
from player.timeline.decisions import StartTrack
from player.timeline.events import CueMissed, DoseMarked, Event, TrackPassedOver
from player.timeline.music import needed
from player.timeline.plan import Broken
from player.timeline.state import State, Step
from player.timeline.written import Written, as_written
from player.units import SAMPLE_RATE, Frame, Frames

Progress = Callable[[str, float], None]
"""Told what is being done, and how far from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was written."""

    frames: Frames
    events: tuple[Event, ...]
    left_out: tuple[str, ...]
    broken_off: tuple[str, ...] = ()
    """Files that were not what had been measured when their turn came, and why."""

    def passed_over(self) -> list[str]:
        """Files that could not be played, and why."""
        return [row.subject() for row in self.events if isinstance(row, TrackPassedOver)]

    def unspoken(self) -> list[str]:
        """Cues that had their time in it and were not spoken, and why."""
        return [row.subject() for row in self.events if isinstance(row, CueMissed)]

    def report(self) -> dict[str, Any]:
        """The report, frames counted in the file written."""
        return {
            "sample_rate": SAMPLE_RATE,
            "frames": self.frames,
            "events": [event_json(event) for event in self.events],
            "left_out": list(self.left_out),
        }


def render(session: Session, out: Path, progress: Progress) -> Rendered:
    """Write a whole session to `out`, its format by its ending.

    Nothing is left under that name where it is interrupted or fails. Raises InputWrong for an
    ending that is not known and RunFailed where the file cannot be written.
    """
    speak_words(session, progress)
    with Catalogue() as catalogue:
        knowledge = Knowledge(catalogue)
        programme = compose(session, knowledge.of_music, knowledge.of_clip, knowledge.tags)
        written = as_written(programme.plan)
        writer = open_writer(out, title=session.title, chapters=_chapters(written))
        return play_through(programme, written, writer, catalogue, progress)


def play_through(
    programme: Programme, written: Written, writer: Writer, catalogue: Catalogue, progress: Progress
) -> Rendered:
    """Mix a whole session into a writer, which is finished, or abandoned where that fails.

    What was never measured is measured first, and kept in the catalogue.
    """
    try:
        state, first = _measured(programme, written, catalogue, progress)
        rendered = _Run(programme, written, state, first, writer, progress).run()
        writer.finish()
    except BaseException:
        writer.abandon()
        raise
    return rendered


def write_report(rendered: Rendered, path: Path) -> None:
    """Write the report as JSON, for its owner alone: it names cues and files. Raises RunFailed."""
    text = json.dumps(rendered.report(), indent=1, ensure_ascii=False) + "\n"
    try:
        with os.fdopen(opened_for_owner(path), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as fault:
        raise RunFailed(f"{path}: the report could not be written: {fault.strerror}") from None


def _chapters(written: Written) -> list[tuple[str, int, int]]:
    rows: list[tuple[str, int, int]] = []
    at = 0
    for phase in written.plan.phases:
        rows.append((phase.name, at, at + phase.length))
        at += phase.length
    return rows


def _measured(
    programme: Programme, written: Written, catalogue: Catalogue, progress: Progress
) -> tuple[State, list[Event]]:
    """The state before the first sound, with every track measured or known to be broken."""
    state = conductor.opening(written.plan)
    events: list[Event] = []
    tracks = needed(written.plan, state)
    for done, track in enumerate(tracks):
        path = programme.files[track]
        share = done / len(tracks)

        def tell(fraction: float, share: float = share, name: str = path.name) -> None:
            progress(f"measuring {name}", share + fraction / len(tracks))

        step = conductor.learn(written.plan, state, track, _facts_of(path, catalogue, tell))
        state = step.state
        events.extend(step.events)
    return state, events


def _facts_of(path: Path, catalogue: Catalogue, tell: Callable[[float], None]) -> Any:
    try:
        survey = measure(path, tell)
    except Undecodable as fault:
        catalogue.remember_broken(path, fault.why)
        return Broken(fault.why)
    catalogue.remember(path, survey)
    return survey.facts


class _Run:
    """One render under way."""

    def __init__(
        self,
        programme: Programme,
        written: Written,
        state: State,
        events: list[Event],
        writer: Writer,
        progress: Progress,
    ) -> None:
        self._programme = programme
        self._written = written
        self._plan = written.plan
        self._state = state
        self._events = events
        self._writer = writer
        self._progress = progress
        self._bed: Compact | None = None
        self._sources: dict[int, AheadSource] = {}
        self._broken_off: list[str] = []
        self._mixer = Mixer(
            open_track=self._open, clip=self._clip, ceiling_dbtp=self._plan.sound.ceiling_dbtp
        )

    def run(self) -> Rendered:
        """Mix block by block to the last frame."""
        total = self._plan.length
        self._take(conductor.begin(self._plan, self._state))
        try:
            for at in range(0, total, BLOCK):
                if self._mixer.next_head > self._state.quiet_until:
                    self._take(conductor.advance(self._plan, self._state, self._mixer.next_head))
                self._writer.write(self._mixer.render()[: total - at])
                for deck, end in self._mixer.dry_decks():
                    self._break_off(deck, end)
                if at // BLOCK % 32 == 0:
                    self._progress("rendering", at / total)
        finally:
            self._mixer.close()
        self._progress("rendering", 1.0)
        left_out, broken_off = self._written.left_out, tuple(self._broken_off)
        return Rendered(total, tuple(self._with_dose()), left_out, broken_off)

    def _break_off(self, number: int, end: Frame) -> None:
        """A file has changed since it was measured: the next one comes in where it ends."""
        deck, source = self._state.deck(number), self._sources.get(number)
        if deck is None:
            return
        why = (source.fault if source else None) or "the file ends too early"
        self._broken_off.append(f"{self._plan.tracks[deck.track].path}: {why}")
        self._take(conductor.broke_off(self._plan, self._state, number, end, why))

    def _take(self, step: Step) -> None:
        self._state = step.state
        self._events.extend(step.events)
        for decision in step.decisions:
            self._mixer.apply(decision)

    def _open(self, start: StartTrack) -> Source:
        if start.track == self._plan.safety:
            if self._bed is None:
                self._bed = load_bed(self._programme.files[start.track])
            return LoopSource(self._bed)
        self._sources[start.deck] = source = AheadSource(
            self._programme.files[start.track],
            start_frame=start.lead,
            seamless=start.seamless,
            patient=True,
        )
        return source

    def _clip(self, cue: int) -> Spoken:
        clip = self._programme.clips[cue]
        if clip is None:
            raise LookupError(f"cue {cue} has no sound")
        spoken = Assembled(clip.parts, clip.frames)
        spoken.load()
        return spoken

    def _with_dose(self) -> list[Event]:
        dose = self._written.dose
        if dose is None:
            return self._events
        mark = DoseMarked(frame=dose)
        place = next((i for i, event in enumerate(self._events) if event.frame >= dose), None)
        place = len(self._events) if place is None else place
        return [*self._events[:place], mark, *self._events[place:]]

"""What is known of music and of spoken recordings: shipped figures first, then the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeGuard

from player.errors import InputWrong
from player.library.catalogue import Catalogue, Known, shipped_facts
from player.library.findings import Survey
from player.programme.leaving_out import Tags
from player.timeline.lists import SILENT, SILENT_DBTP, playable
from player.timeline.plan import LONGEST_CLIP_S, Broken, TrackFacts
from player.units import Lufs, Seconds, frames_of, span


class RecordingWrong(InputWrong):
    """A cue's recording that cannot be used, and what to do."""

    def __init__(self, told: str, hint: str) -> None:
        self.told, self.hint = told, hint
        super().__init__(f"{told} ({hint})")


SHORTEST_CLIP_S: Seconds = 0.2
"""What is shorter is no word, but a click."""
GATED_S: Seconds = 0.4
"""Loudness is gated in blocks of 400 ms (ITU-R BS.1770-5)."""
NO_LUFS: Lufs = -70.0
"""What stands in the catalogue for a loudness that could not be measured."""
ANEW = "record it anew, or leave it out"


def _too_long(path: Path) -> RecordingWrong:
    told = f"{path}: is longer than {span(LONGEST_CLIP_S)}: too long for a cue"
    return RecordingWrong(told, "play it as music of a phase")


def _fit_for_a_cue(path: Path, facts: TrackFacts) -> TrackFacts:
    """The whole recording's figures. Raises RecordingWrong for what is no speech."""
    whole = facts.whole
    if whole.frames > frames_of(LONGEST_CLIP_S):
        raise _too_long(path)
    if whole.frames < frames_of(SHORTEST_CLIP_S):
        told = f"{path}: is shorter than {SHORTEST_CLIP_S:g} s: it would be heard as a click"
        raise RecordingWrong(told, ANEW)
    if whole.true_peak_dbtp <= SILENT_DBTP:
        raise RecordingWrong(f"{path}: {SILENT}: nothing would be heard", ANEW)
    return whole


def _is_known(known: Known | None) -> TypeGuard[TrackFacts]:
    """Whether figures of a recording are good; of a short one, a version once found no loudness."""
    if not isinstance(known, TrackFacts):
        return False
    return known.lufs > NO_LUFS or known.whole_frames >= frames_of(GATED_S)


class Knowledge:
    """Looks figures up; measures only short recordings for cues, which it needs at once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._shipped = shipped_facts()
        self._found: dict[Path, Known] = {}

    def of_music(self, path: Path) -> TrackFacts | None:
        """What is known of a piece of music; None where it is to be measured, or never plays."""
        return playable(self.known(path))

    def look_up(self, files: Iterable[Path]) -> dict[Path, Survey]:
        """All that was found out before about files, asked for at once: many are soon known.

        Of those that are as they were then, and can be played.
        """
        own = [path for path in files if self.is_own(path)]
        rows = self._catalogue.scanned_at(own)
        surveys = {path: row for path, row in rows.items() if isinstance(row, Survey)}
        self._found.update((path, survey.facts) for path, survey in surveys.items())
        return surveys

    def known(self, path: Path) -> Known | None:
        """The same, or why it cannot be played; None where it was never measured."""
        if path not in self._found:
            known = self._shipped.get(path) or self._catalogue.known(path)
            if known is None:
                return None  # it may be measured meanwhile
            self._found[path] = known
        return self._found[path]

    def is_own(self, path: Path) -> bool:
        """Not a piece that comes with Stillroom."""
        return path not in self._shipped

    def tags(self, files: Iterable[Path]) -> dict[Path, Tags]:
        """The tags of files, by name; those that were never scanned are opened for them."""
        from player.library.tags import kept_tags

        files = list(files)
        rows = self._catalogue.scanned_at(files)
        found = {path: row.tags for path, row in rows.items() if not isinstance(row, Broken)}
        return found | {path: kept_tags(path) for path in files if path not in rows}

    def of_clip(self, path: Path) -> TrackFacts:
        """The figures of a cue's recording, measured now if need be. Raises RecordingWrong.

        Silence at its beginning is part of it: its first sample sounds at the cue's time. One of
        hours is not listened to for longer than a cue may last.
        """
        known = self._catalogue.known(path)
        if _is_known(known):
            return _fit_for_a_cue(path, known)
        from player.library.measure import TooLong, measure
        from player.sound.native import Undecodable

        try:
            survey = measure(path, at_most_s=LONGEST_CLIP_S)
        except TooLong:
            raise _too_long(path) from None
        except Undecodable as fault:
            told = f"{path}: this recording cannot be played: {fault.why}"
            raise RecordingWrong(told, ANEW) from None
        self._catalogue.remember(path, survey)
        return _fit_for_a_cue(path, survey.facts)

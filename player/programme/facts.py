"""What is known of music and of spoken recordings: shipped figures first, then the catalogue."""

from __future__ import annotations

from pathlib import Path

from player.errors import InputWrong
from player.library.catalogue import Catalogue, shipped_facts
from player.timeline.plan import TrackFacts


class Knowledge:
    """Looks figures up; measures only short recordings for cues, which it needs at once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._shipped = shipped_facts()

    def of_music(self, path: Path) -> TrackFacts | None:
        """What is known of a piece of music; None where it is to be measured."""
        shipped = self._shipped.get(path)
        if shipped is not None:
            return shipped
        known = self._catalogue.known(path)
        return known if isinstance(known, TrackFacts) else None

    def of_clip(self, path: Path) -> TrackFacts:
        """The figures of a cue's recording, measured now if need be. Raises InputWrong."""
        known = self._catalogue.known(path)
        if isinstance(known, TrackFacts):
            return known
        from player.library.measure import measure
        from player.sound.decode import Undecodable

        try:
            survey = measure(path)
        except Undecodable as fault:
            raise InputWrong(f"{path}: this recording cannot be played: {fault}") from None
        self._catalogue.remember(path, survey)
        return survey.facts

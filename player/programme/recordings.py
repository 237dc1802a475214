"""Recordings for cues: which of them cannot be played, told by the session's line.

They are short and needed at once, so one that was never measured is measured here.
"""

from __future__ import annotations

from pathlib import Path

from player.errors import Fault, SessionFaulty
from player.library.catalogue import Catalogue
from player.programme.facts import Knowledge, RecordingWrong
from player.session.model import Session
from player.timeline.plan import TrackFacts


class Recordings:
    """What is known of a session's recordings; `faults` grows with each that is no good."""

    def __init__(self, session: Session, knowledge: Knowledge) -> None:
        self.faults: list[Fault] = []
        self._knowledge = knowledge
        self._lines = {cue.audio: cue.line for cue in reversed(session.cues)}

    def of_clip(self, path: Path) -> TrackFacts | None:
        """What is known of a recording; None, with a fault noted, where it cannot be played."""
        line = self._lines.get(path, 1)
        try:
            return self._knowledge.of_clip(path)
        except RecordingWrong as wrong:
            self.faults.append(Fault(line, "audio", wrong.told, wrong.hint))
            return None


def refuse_broken_recordings(session: Session) -> None:
    """Raises SessionFaulty, with a line for each, where recordings cannot be played."""
    audio = dict.fromkeys(cue.audio for cue in session.cues if cue.audio)
    if not audio:
        return
    with Catalogue() as catalogue:
        recordings = Recordings(session, Knowledge(catalogue))
        for path in audio:
            recordings.of_clip(path)
    if recordings.faults:
        raise SessionFaulty(str(session.source), recordings.faults)

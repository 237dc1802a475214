"""Phases that are one whole guided piece: the cue that such a phase stands for."""

from __future__ import annotations

from collections.abc import Sequence

from player.session.cues import Draft, read_script
from player.session.fields import Fields, Reading
from player.session.model import Anchor, Cue, Point, Sound
from player.session.music import Shelf
from player.units import Seconds


def guided_cues(
    parts: Sequence[Fields | None],
    phases: Sequence[Draft],
    sound: Sound,
    shelf: Shelf,
    reading: Reading,
) -> list[Cue]:
    """A cue for each phase with a script: from where its music has faded in to the phase's end."""
    cues = []
    for number, (fields, phase) in enumerate(zip(parts, phases, strict=True)):
        script = read_script(fields, shelf, reading) if fields else None
        if script is None or phase.length_s is None:
            continue
        lead_s = _lead_s(number, phase.length_s, sound)
        anchor = Anchor(point=Point.PHASE_START, phase=number, offset_s=lead_s, written=phase.name)
        length_s = phase.length_s - lead_s
        cue = Cue(name=phase.name, at=anchor, script=script, length_s=length_s, guided=True)
        cues.append(cue)
    return cues


def _lead_s(number: int, length_s: Seconds, sound: Sound) -> Seconds:
    """How long the music is alone: while it fades in, and at least while the bed goes down."""
    fade_s = sound.phase_crossfade_s if number else sound.first_fade_s
    return max(min(fade_s, length_s / 4), sound.duck.down_s)

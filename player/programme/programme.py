"""A session, what the library knows of its music, and its clips: all that engine and render play.

Opens no sound itself; what is not measured yet is left open in the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from player.errors import RunFailed
from player.programme.leaving_out import TagsOf, all_music, left_out, no_tags
from player.programme.words import Clip, ClipFacts, clip_for, words_of
from player.session.model import (
    After,
    Anchor,
    Cue,
    Energy,
    Phase,
    Session,
    ShelfPiece,
    Sound,
    SuddenRises,
)
from player.session.shipped import pieces
from player.timeline.plan import (
    Place,
    Plan,
    PlanCue,
    PlanPhase,
    PlanReminder,
    PlanShelf,
    PlanSound,
    PlanTrack,
    TrackFacts,
)
from player.units import SAMPLE_RATE, Frames, Seconds, frames_of

Facts = Callable[[Path], TrackFacts | None]
"""What is known of a file, None where it is not measured."""

SAFETY = "safety"
"""The shipped piece that plays where nothing else can."""

SHORTEST_FADE: Frames = SAMPLE_RATE // 20
"""No fade is shorter, whatever a session says: 50 ms, since a step in the sound is a click."""


@dataclass(frozen=True, slots=True)
class Programme:
    """A plan, and the files behind its numbers."""

    session: Session
    plan: Plan
    files: tuple[Path, ...]
    """One for each of the plan's tracks; the safety bed last."""
    clips: tuple[Clip | None, ...]
    """One for each of the plan's cues; None where words have no sound."""
    left_out: Mapping[Path, str]
    """Files that do not play since they are avoided, and why."""

    def unspoken(self) -> tuple[str, ...]:
        """Names of cues whose words can only be shown."""
        rows = zip(self.session.cues, self.clips, strict=True)
        return tuple(cue.name for cue, clip in rows if clip is None)


def compose(
    session: Session, facts: Facts, clip_facts: ClipFacts, tags_of: TagsOf = no_tags
) -> Programme:
    """The programme of a session.

    `facts` knows music, `clip_facts` recordings for cues (it measures what it does not know),
    `tags_of` tags. What the session or the settings avoid is not in the plan.
    Raises RunFailed where the shipped safety bed is missing, InputWrong for a script with faults
    or a recording that cannot be played.
    """
    shipped = pieces()
    if SAFETY not in shipped:
        raise RunFailed(f"the shipped piece {SAFETY} is missing; install Stillroom anew")
    safety = shipped[SAFETY].file
    out = left_out(session, tags_of)
    files = [*_every_track(session, out), safety]
    numbers = {file: number for number, file in enumerate(files[:-1])}
    titles = {piece.file: piece.title for piece in shipped.values()}
    energies = _energies(session)
    tracks = tuple(
        PlanTrack(str(file), titles.get(file, file.stem), facts(file), energies.get(file))
        for file in files
    )
    clips = tuple(clip_for(cue, session.sound, clip_facts) for cue in session.cues)
    plan = Plan(
        title=session.title,
        phases=tuple(_phase(phase, numbers) for phase in session.phases),
        tracks=tracks,
        safety=len(files) - 1,
        cues=tuple(_cue(cue, clip) for cue, clip in zip(session.cues, clips, strict=True)),
        reminders=tuple(PlanReminder(row.text, _place(row.at)) for row in session.reminders),
        sound=_sound(session.sound),
        soften_rises=session.sudden_rises is SuddenRises.SOFTEN,
        hold_at_end=session.after is After.HOLD,
        shelf=tuple(_shelf(piece, numbers) for piece in session.shelf),
    )
    return Programme(session, plan, tuple(files), clips, out)


def _every_track(session: Session, out: Collection[Path]) -> list[Path]:
    rows = [track for music in all_music(session) for track in music.tracks if track not in out]
    return list(dict.fromkeys(rows))


def _energies(session: Session) -> dict[Path, Energy]:
    """As the session says; where it says two things of a piece, the first holds."""
    energies: dict[Path, Energy] = {}
    for music in reversed(all_music(session)):
        energies |= music.energies
    return energies


def _shelf(piece: ShelfPiece, numbers: dict[Path, int]) -> PlanShelf:
    music = piece.music
    tracks = tuple(numbers[track] for track in music.tracks if track in numbers)
    return PlanShelf(piece.name, tracks, music.order, music.seamless)


def _phase(phase: Phase, numbers: dict[Path, int]) -> PlanPhase:
    return PlanPhase(
        name=phase.name,
        role=phase.role,
        length=frames_of(phase.length_s),
        ends=phase.ends,
        tracks=tuple(numbers[track] for track in phase.music.tracks if track in numbers),
        order=phase.music.order,
        seamless=phase.music.seamless,
        silence=phase.music.silence,
        level_db=phase.level_db,
        voice=phase.voice,
    )


def _place(anchor: Anchor) -> Place:
    return Place(anchor.point, anchor.phase or 0, frames_of(anchor.offset_s))


def _cue(cue: Cue, clip: Clip | None) -> PlanCue:
    words, place = words_of(cue), _place(cue.at)
    if clip is None:
        return PlanCue(cue.name, words, place, cue.play, None)
    resumes = tuple(part.at for part in clip.parts) if cue.guided else ()
    return PlanCue(cue.name, words, place, cue.play, clip.frames, clip.gain_db, clip.rests, resumes)


def _sound(sound: Sound) -> PlanSound:
    return PlanSound(
        bed_lufs=sound.bed_lufs,
        ceiling_dbtp=sound.ceiling_dbtp,
        crossfade=_fade(sound.crossfade_s),
        phase_crossfade=_fade(sound.phase_crossfade_s),
        first_fade=_fade(sound.first_fade_s),
        end_fade=_fade(sound.end_fade_s),
        duck_db=sound.duck.by_db,
        duck_down=_fade(sound.duck.down_s),
        duck_up=_fade(sound.duck.up_s),
    )


def _fade(length_s: Seconds) -> Frames:
    return max(SHORTEST_FADE, frames_of(length_s))

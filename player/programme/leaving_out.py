"""Which music of a session does not play, since the session or the settings avoid it.

Asks for tags only where names alone do not tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from player import paths, settings
from player.errors import Fault
from player.library.avoiding import needs_tags, why_avoided
from player.session.model import Music, Session

MOST_NAMED = 20
"""Pieces of one session that are named one by one."""


Tags: TypeAlias = Mapping[str, str]
"""What a piece says of itself, by the names that the library keeps."""
TagsOf: TypeAlias = Callable[[Iterable[Path]], Mapping[Path, Tags]]
"""The tags of files, of those that can be had."""


def no_tags(files: Iterable[Path]) -> Mapping[Path, Tags]:
    """Nobody knows anything beyond names."""
    return {}


def all_music(session: Session) -> list[Music]:
    """The music of every phase, then of the shelf."""
    return [*(row.music for row in session.phases), *(row.music for row in session.shelf)]


def left_out(session: Session, tags_of: TagsOf) -> dict[Path, str]:
    """Why each file that is left out is. Raises InputWrong where the settings are faulty."""
    house = settings.read(paths.settings_file()).avoid
    both = ((session.avoid, session.source.parent), (house, paths.settings_file().parent))
    wanted = [(avoid, folder) for avoid, folder in both if avoid != settings.Avoid()]
    if not wanted:
        return {}
    files = dict.fromkeys(track for music in all_music(session) for track in music.tracks)
    thorough = any(needs_tags(avoid) for avoid, _ in wanted)
    known = tags_of(files) if thorough else {}
    found: dict[Path, str] = {}
    for file in files:
        tags = known.get(file, {})
        why = next(filter(None, (why_avoided(file, tags, *each) for each in wanted)), "")
        if why:
            found[file] = why
    return found


def without(session: Session, out: Mapping[Path, str]) -> Session:
    """The session as if what is left out had never been named, in its phases and on its shelf."""
    phases = tuple(row.model_copy(update=_kept(row.music, out)) for row in session.phases)
    shelf = tuple(row.model_copy(update=_kept(row.music, out)) for row in session.shelf)
    return session.model_copy(update={"phases": phases, "shelf": shelf})


def _kept(music: Music, out: Mapping[Path, str]) -> dict[str, Music]:
    places = [place for place, track in enumerate(music.tracks) if track not in out]
    tracks = tuple(music.tracks[place] for place in places)
    origins = tuple(music.origins[place] for place in places) if music.origins else ()
    return {"music": music.model_copy(update={"tracks": tracks, "origins": origins})}


def faults_of(session: Session, out: Mapping[Path, str]) -> list[str]:
    """Phases that nothing is left for, each a line."""
    return [
        _nothing(session, row.name, row.music) for row in session.phases if _empty(row.music, out)
    ]


def warnings_of(session: Session, out: Mapping[Path, str]) -> list[str]:
    """What is left out, and pieces of the shelf that nothing is left for, each a line."""
    rows = [f"left out: {path} ({why})" for path, why in out.items()]
    if len(rows) > MOST_NAMED:
        rows = [*rows[:MOST_NAMED], f"left out: {len(rows) - MOST_NAMED} more"]
    bare = [row for row in session.shelf if _empty(row.music, out)]
    return [*rows, *(_nothing(session, f"{row.name}, on the shelf", row.music) for row in bare)]


def _empty(music: Music, out: Mapping[Path, str]) -> bool:
    return not music.silence and all(track in out for track in music.tracks)


def _nothing(session: Session, name: str, music: Music) -> str:
    line = music.origins[0].line if music.origins else 1
    told = f"nothing is left of the music of {name}: all of it is avoided"
    hint = "name other music here, or avoid less"
    return Fault(line, "music", told, hint).text(str(session.source))

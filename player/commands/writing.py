"""What a command may write over: never what its session uses, all else only where it is asked to.

Knows nothing of formats.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from player.session.model import Session

FORCE = click.option("--force", is_flag=True, help="Write over a file that is there.")


def refuse_overwriting(session: Session, file: Path, named: object, *, force: bool) -> None:
    """Raises InputWrong where `file`, as people `named` it, holds what would be lost.

    An empty file holds nothing; `force` never goes as far as the session's own files.
    """
    from player.errors import InputWrong

    if not file.is_file():
        return
    if any(map(file.samefile, filter(Path.exists, _own(session)))):
        raise InputWrong(f"{named}: is played in this session and would be written over")
    refuse_replacing(file, named, force=force)


def refuse_replacing(file: Path, named: object, *, force: bool) -> None:
    """Raises InputWrong where `file` holds anything and is not to be written over by `force`."""
    from player.errors import InputWrong

    if not force and file.is_file() and file.stat().st_size > 0:
        raise InputWrong(f"{named}: is there already; another name, or --force to write over it")


def _own(session: Session) -> set[Path]:
    """The session's own file, its music, that of its shelf, its recordings and scripts."""
    music = [*(phase.music for phase in session.phases), *(row.music for row in session.shelf)]
    spoken = {file for cue in session.cues for file in (cue.audio, cue.script) if file}
    return {session.source, *spoken, *(track for each in music for track in each.tracks)}

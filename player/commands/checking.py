"""The command that looks a session over before the room."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.telling import AS_JSON, SESSION, print_json, settings_faults

if TYPE_CHECKING:
    from player.listening import Heard
    from player.programme.preflight import Checked
    from player.session.model import Session


@click.command()
@SESSION
@AS_JSON
@click.option("--deep", is_flag=True, help="Listen to all of it: takes a minute or so.")
def check(session: str, as_json: bool, deep: bool) -> int:
    """Look a session over before the room: every fault, every warning, its timeline in words.

    With --deep everything is decoded and mixed as it will be heard, and measured: loudness,
    jumps from piece to piece, minutes of music, repeats. Nothing is written.

    \b
    Example: stillroom check my-session.yaml
             stillroom check lozenge --deep --json
    """
    from player.errors import FileFaulty, InputWrong

    wrong = settings_faults()
    try:
        checked = _listened(session) if deep else _looked(session)
    except InputWrong as fault:
        faults = fault.lines() if isinstance(fault, FileFaulty) else [str(fault)]
        faults = list(dict.fromkeys([*faults, *wrong]))  # it may be the settings' own
        if as_json:
            print_json({"session": session, "playable": False, "faults": faults})
        else:
            click.echo("\n".join(faults), err=True)
        return 2
    if as_json:
        print_json(checked.with_faults(wrong).as_json())
    else:
        click.echo("\n".join(checked.with_faults(wrong).lines()))
    return 2 if wrong or checked.faults else 0


def _looked(session: str) -> Checked:
    # What decodes is loaded once the file is known to be good: a faulty one is answered at once.
    read = _read(session)
    from player.library.catalogue import Catalogue
    from player.programme import preflight
    from player.screens.progress import Progress

    with Catalogue() as catalogue, Progress(sys.stderr) as progress:
        return preflight.check(read, catalogue, progress)


def _listened(session: str) -> Heard:
    read = _read(session)
    from player import paths, settings
    from player.library.catalogue import Catalogue
    from player.listening import listen
    from player.screens.progress import Progress
    from player.stopping import stoppable

    device = settings.written(paths.settings_file()).settings.device
    with Catalogue() as catalogue, stoppable() as stop, Progress(sys.stderr) as progress:
        heeded = stop.heeded_by(lambda what, done: progress(_WORDS.get(what, what), done))
        return listen(read, catalogue, device=device, progress=heeded)


def _read(session: str) -> Session:
    from player.session.find import find
    from player.session.loader import load

    return load(find(session))


_WORDS = {"rendering": "listening"}

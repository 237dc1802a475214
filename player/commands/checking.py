"""The command that looks a session over before the room."""

from __future__ import annotations

import sys

import click

from player.commands.telling import AS_JSON, SESSION, print_json, settings_faults


@click.command()
@SESSION
@AS_JSON
def check(session: str, as_json: bool) -> int:
    """Look a session over before the room: every fault, every warning, its timeline in words.

    \b
    Example: stillroom check my-session.yaml
    """
    from player.errors import FileFaulty, InputWrong
    from player.library.catalogue import Catalogue
    from player.programme import preflight
    from player.screens.progress import Progress
    from player.session.find import find
    from player.session.loader import load

    wrong = settings_faults()
    try:
        with Catalogue() as catalogue, Progress(sys.stderr) as progress:
            checked = preflight.check(load(find(session)), catalogue, progress)
    except InputWrong as fault:
        faults = fault.lines() if isinstance(fault, FileFaulty) else [str(fault)]
        if as_json:
            body = {"session": session, "playable": False, "faults": [*faults, *wrong]}
            print_json(body)
        else:
            click.echo("\n".join([*faults, *wrong]), err=True)
        return 2
    checked = checked.with_faults(wrong)
    if as_json:
        print_json(checked.as_json())
    else:
        click.echo("\n".join(checked.lines()))
    return 2 if checked.faults else 0

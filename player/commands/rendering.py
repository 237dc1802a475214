"""The command that writes a session to a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from player.commands.telling import SESSION
from player.commands.writing import FORCE, refuse_overwriting

if TYPE_CHECKING:
    from player.session.model import Session


@click.command()
@SESSION
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), required=True)
@click.option("--report", type=click.Path(path_type=Path), help="What lies where, as JSON.")
@FORCE
def render(session: str, out: Path, report: Path | None, force: bool) -> int:
    """Write a session to a file: .wav .flac .opus .ogg .mp3 .m4a, with a chapter for each phase.

    \b
    Example: stillroom render grounding-10 -o grounding.m4a
             stillroom render mine.yaml -o mine.flac --force
    """
    from player.programme.recordings import refuse_broken_recordings
    from player.render import render as render_session
    from player.render import write_report
    from player.screens.progress import Progress
    from player.session.find import find
    from player.session.loader import load
    from player.stopping import stoppable

    path = find(session)
    read = load(path)
    _refuse_targets(read, out, report, force=force)
    refuse_broken_recordings(read)
    with stoppable() as stop, Progress(sys.stderr) as progress:
        rendered = render_session(read, out, stop.heeded_by(progress))
    if report is not None:
        write_report(rendered, report)
    for left_out in rendered.left_out:
        click.echo(f"left out: {left_out}", err=True)
    for unspoken in rendered.unspoken():
        click.echo(f"not spoken: {unspoken}", err=True)
    for passed_over in rendered.passed_over():
        click.echo(f"passed over: {passed_over}", err=True)
    click.echo(f"{out} is written", err=True)
    return 0


def _refuse_targets(session: Session, out: Path, report: Path | None, *, force: bool) -> None:
    """Raises InputWrong where a render or its report has no place, or would cost a file."""
    from player.errors import InputWrong

    if report is not None and report.is_dir():
        raise InputWrong(f"{report}: is a folder, a file name is needed for the report")
    if report is not None and not report.absolute().parent.is_dir():
        raise InputWrong(f"{report}: there is no such folder for the report")
    if report is not None and report.resolve() in (session.source.resolve(), out.resolve()):
        raise InputWrong(f"{report}: the report would be written over that file")
    for file in (out, report):
        if file is not None:
            refuse_overwriting(session, file, file, force=force)

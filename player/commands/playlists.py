"""The commands `import` and `playlist`: sessions from lists of other programs, and back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from player.commands.writing import FORCE

if TYPE_CHECKING:
    from player.session.importing import Imported


@click.command("import")
@click.argument("music", metavar="[LIST]", required=False)
@click.option(
    "-o", "--output", "out", metavar="SESSION.yaml", type=click.Path(path_type=Path), required=True
)
@click.option("--template", default="lozenge", show_default=True, metavar="SESSION")
@click.option(
    "--phase", "phases", metavar="NAME=LIST", multiple=True, help="A list for one phase; repeat it."
)
@click.option("--title", help="The new session's title.")
@FORCE
def import_list(
    music: str | None,
    out: Path,
    template: str,
    phases: tuple[str, ...],
    title: str | None,
    force: bool,
) -> int:
    """Make a session of a list of music (.m3u, .m3u8, .xspf, or a folder).

    The phases, cues and reminders are the template's. LIST is spread over its phases in order;
    a phase may have a list of its own, and without LIST the others keep the template's music.

    \b
    Example: stillroom import evening.m3u8 -o evening.yaml --template lozenge
             stillroom import -o mine.yaml --phase peak=peak.m3u8 --phase return=back.xspf
    """
    from player.library.stated import stated_length_s
    from player.session.find import find
    from player.session.importing import Wishes, make_session

    own = dict(_phase_and_list(each) for each in phases)
    if len(own) < len(phases):
        from player.errors import InputWrong

        raise InputWrong("--phase: a phase is named twice")
    wishes = Wishes(template=find(template), whole=music, own=own, title=title)
    made = make_session(wishes, out, stated_length_s, force=force)
    for note in made.notes:
        click.echo(f"left out: {note}", err=True)
    _tell(made, out)
    return 0


@click.command()
@click.argument("session", metavar="SESSION")
@click.option(
    "-o", "--output", "out", metavar="LIST", type=click.Path(path_type=Path), required=True
)
@FORCE
def playlist(session: str, out: Path, force: bool) -> int:
    """Write a session's music as a list for other programs, .m3u8 or .xspf by its ending.

    In the order in which it would be played, phases that wait for you at their written length.

    \b
    Example: stillroom playlist rest -o rest.m3u8
    """
    import os

    from player.errors import InputWrong
    from player.library.catalogue import Catalogue
    from player.programme.playing_order import played
    from player.session.find import find
    from player.session.list_writer import text_of
    from player.session.loader import load
    from player.text.small_files import absolute
    from player.text.whole_files import draft_of

    file = absolute(out.expanduser())
    text_of((), title="", file=file)
    if not file.parent.is_dir():
        raise InputWrong(f"{file.parent}: there is no such folder")
    if file.is_dir() or (os.path.lexists(file) and not force):
        raise InputWrong(f"{out}: is there already; another name, or --force to write over it")
    plan = load(find(session))
    with Catalogue() as catalogue:
        pieces = played(plan, catalogue)
    body = text_of(pieces, title=plan.title, file=file).encode("utf-8", "surrogateescape")
    with draft_of(file, body):
        pass
    count = "1 piece" if len(pieces) == 1 else f"{len(pieces)} pieces"
    click.echo(f"{out} is written: {count}", err=True)
    return 0


def _phase_and_list(written: str) -> tuple[str, str]:
    from player.errors import InputWrong

    name, equals, entry = written.partition("=")
    if not (name.strip() and equals and entry.strip()):
        raise InputWrong(f"--phase {written}: write NAME=LIST, such as --phase peak=peak.m3u8")
    return " ".join(name.split()).casefold(), entry.strip()


def _enough(made: Imported, phase: str, length_s: float) -> str:
    from player.units import span

    music_s = made.lengths_s.get(phase)
    if music_s is None:
        return ""
    again = ", heard again before its end" if music_s < length_s else ""
    return f", {span(round(music_s))} for {span(length_s)}{again}"


def _tell(made: Imported, out: Path) -> None:
    for phase in made.session.phases:
        count = len(phase.music.tracks)
        what = "planned silence" if phase.music.silence else f"{count} piece{'s'[: count != 1]}"
        kept = "" if phase.name in made.given or phase.music.silence else ", as in the template"
        click.echo(f"{phase.name}: {what}{kept}{_enough(made, phase.name, phase.length_s)}")
    click.echo(f"{out} is written; stillroom check {out} looks it over", file=sys.stderr)

"""The command that listens to a music library before anybody else does."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from player.commands.telling import AS_JSON

if TYPE_CHECKING:
    from player.library.scan import Row

AT_ONCE = 500
"""Files written at a time."""


@click.command()
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@AS_JSON
@click.option("--all", "whole", is_flag=True, help="Every file in the table, not the worst 40.")
def scan(paths: tuple[Path, ...], as_json: bool, whole: bool) -> int:
    """Listen to music files beforehand: folders, lists (.m3u8 .xspf) or files.

    Finds sudden rises, silences, clipping and faults, and says what to do. What was measured is
    kept: a scan that was stopped goes on where it was, and the next one takes seconds.

    \b
    Example: stillroom scan ~/Music/sessions
             stillroom scan ~/Music --json > music.json
    """
    from player.library.scan import Scan
    from player.library.walk import met
    from player.screens.progress import Progress
    from player.screens.scan_table import safe

    files = met(paths)
    with Scan(files) as scanning, Progress(sys.stderr) as progress:
        try:
            rows = scanning.run(lambda what, done: progress(safe(what), done))
        except KeyboardInterrupt:
            rows = None
    if scanning.warning:
        click.echo(safe(scanning.warning), err=True)
    if rows is None:
        done, total = scanning.counted
        click.echo(
            f"stopped: {done} of {total} are measured and kept; scan again to go on", err=True
        )
        return 1
    _print(rows, as_json=as_json, whole=whole)
    return 0


def _print(rows: list[Row], *, as_json: bool, whole: bool) -> None:
    from player.library.scan import as_json as json_of
    from player.screens.scan_table import table

    if as_json:
        for part in _document(json_of(row) for row in rows):
            click.echo(part, nl=False)
        return
    columns = shutil.get_terminal_size().columns
    click.echo("\n".join(table(rows, whole=whole, columns=columns)))


def _document(files: Iterable[object]) -> Iterator[str]:
    """The parts of one JSON document, a file a line: tens of thousands are written quickly.

    In ASCII, so that a name that is no text goes through any pipe (as lone surrogates, escaped).
    """
    yield '{"files": ['
    before, rest = "\n  ", iter(files)
    while some := list(islice(rest, AT_ONCE)):
        yield before + ",\n  ".join(json.dumps(file) for file in some)
        before = ",\n  "
    yield "\n]}\n"

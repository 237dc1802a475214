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
    from player.library.scan import Row, Scan
    from player.screens.progress import Progress
    from player.stopping import Stop

AT_ONCE = 500
"""Files or lines written at a time."""


@click.command()
@click.argument(
    "paths",
    metavar="PATH...",
    nargs=-1,
    required=True,
    type=click.Path(readable=False, path_type=Path),
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
    from player.screens.progress import Progress
    from player.stopping import stoppable

    with stoppable() as stop, Progress(sys.stderr) as progress:
        work = _Work(stop, progress)
        try:
            work.print(paths, as_json=as_json, whole=whole)
        except KeyboardInterrupt:
            work.say(work.stopped)
            return 1
    return 0


class _Work:
    """One scan, and what was done of it where it is stopped."""

    def __init__(self, stop: Stop, progress: Progress) -> None:
        self._stop = stop
        self._progress = progress
        self._scan: Scan | None = None

    @property
    def stopped(self) -> str:
        """How far it came."""
        done, total = self._scan.counted if self._scan else (0, 0)
        if not total:
            return "stopped: nothing was measured; what was known before is kept"
        return f"stopped: {done} of {total} are measured and kept; scan again to go on"

    def print(self, paths: tuple[Path, ...], *, as_json: bool, whole: bool) -> None:
        """Find the files, measure what is unknown, print the result. May be interrupted."""
        from player.library.scan import Scan
        from player.library.walk import met

        files = met(paths, self._stop.heeded_by(self._tell))
        with Scan(files) as self._scan:
            rows = self._scan.run(self._tell, self._stop, self.say)
            self._progress.clear()
            if self._scan.warning:
                self.say(self._scan.warning)
            _print(rows, as_json=as_json, whole=whole)

    def say(self, sentence: str) -> None:
        """Say something beside the result."""
        from player.screens.scan_table import safe

        self._progress.clear()
        click.echo(safe(sentence), err=True)

    def _tell(self, what: str, fraction: float) -> None:
        from player.screens.scan_table import safe

        self._progress(safe(what), fraction)


def _print(rows: Iterator[Row], *, as_json: bool, whole: bool) -> None:
    from player.library.scan import as_json as json_of
    from player.screens.scan_table import table

    if as_json:
        for part in _document(json_of(row) for row in rows):
            click.echo(part, nl=False)
        return
    columns = shutil.get_terminal_size().columns
    lines = iter(table(rows, whole=whole, columns=columns))
    while some := list(islice(lines, AT_ONCE)):
        click.echo("\n".join(some))


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

"""The commands. Thin: each imports what it needs when it is called, so that --help is quick."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from player import __version__
from player.commands.checking import check
from player.commands.ending import NOTHING_RUNS, end_session
from player.commands.playlists import import_list
from player.commands.playlists import playlist as playlist_command
from player.commands.rendering import render
from player.commands.running import running_status
from player.commands.scanning import scan
from player.commands.telling import AS_JSON, SESSION, print_json, settings_faults, tell_fault
from player.commands.voice import voice
from player.commands.writing import FORCE, refuse_overwriting

if TYPE_CHECKING:
    from player.protocol.room import Room
    from player.timeline.commands import OpenSession
    from player.timeline.status import Status

CONTEXT = {"help_option_names": ["-h", "--help"]}


class _Speed(click.FloatRange):
    """A number of a range; "nan" lies in none, though no comparison says so."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            speed = super().convert(value, param, ctx)
        except click.BadParameter:
            speed = math.nan
        if math.isnan(speed):
            self.fail(f"{value} is no number from {self.min:g} to {self.max:g}", param, ctx)
        return speed


SPEED = _Speed(0.1, 10000)
PLAIN = click.option("--plain", is_flag=True, help="Plain lines instead of the screen.")


def main() -> None:
    """Run a command; every error is a sentence, and the exit code says whose it is."""
    from player.errors import StillroomError

    try:
        code = stillroom.main(standalone_mode=False)
    except StillroomError as fault:
        tell_fault(str(fault))
        code = fault.exit_code
    except click.ClickException as fault:
        if "--json" in sys.argv:
            tell_fault(fault.format_message())
        else:
            fault.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        code = 1
    except BrokenPipeError:
        sys.stderr.close()
        code = 1
    except OSError as fault:
        tell_fault(f"{fault.filename or 'the system'}: {fault.strerror or fault}")
        code = 1
    except Exception as fault:  # people get a sentence, the log the rest
        from player.screens import crash

        crash.write(fault)
        tell_fault(f"something unforeseen happened ({type(fault).__name__}); the log has more")
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


@click.group(context_settings=CONTEXT, invoke_without_command=True)
@click.version_option(__version__, prog_name="stillroom")
@click.pass_context
def stillroom(context: click.Context) -> int | None:
    """Timed music and spoken grounding cues for eye-shades-and-headphones sessions.

    Without a command the chooser opens.

    \b
    Example: stillroom play lozenge
    """
    if context.invoked_subcommand is None:
        return _screen(None)
    return None


@stillroom.command()
@SESSION
@PLAIN
@click.option(
    "--output", default="pygame", metavar="pygame|null|FILE", help="A device, nowhere, or a .wav."
)
@click.option("--device", metavar="NAME", help="An output by name; see stillroom devices.")
@click.option("--from", "start", metavar="PHASE|TIME", help="Begin at a phase, or at 12:30.")
@click.option("--speed", type=SPEED, default=1.0, help="Faster; with null or file output only.")
@FORCE
def play(
    session: str,
    plain: bool,
    output: str,
    device: str | None,
    start: str | None,
    speed: float,
    force: bool,
) -> int:
    """Play a session: a file, or a shipped or own one by its name.

    \b
    Example: stillroom play rest
             stillroom play my-session.yaml --plain --from peak
    """
    return _play(_opening(session, output, device, start, speed, force=force), plain=plain)


@stillroom.command()
@SESSION
@PLAIN
@click.option("--speed", type=SPEED, default=60.0, show_default=True, help="Times real time.")
@click.option("--from", "start", metavar="PHASE|TIME", help="Begin at a phase, or at 12:30.")
def rehearse(session: str, plain: bool, speed: float, start: str | None) -> int:
    """Walk through a session in silence, faster than time; the same screen, the same keys.

    At speed 1 it follows along with somebody who plays the rendered file elsewhere.

    \b
    Example: stillroom rehearse lozenge --speed 60
    """
    return _play(_opening(session, "null", None, start, speed), plain=plain)


@stillroom.command()
@PLAIN
def attach(plain: bool) -> int:
    """Come back to the session that runs.

    \b
    Example: stillroom attach
             stillroom attach --plain
    """
    now = running_status()
    if now is None:
        click.echo(f"{NOTHING_RUNS}; stillroom begins one", err=True)
        return 1
    return _plain(None) if plain else _screen(None, attached=now)


@stillroom.command()
def stop() -> int:
    """Fade the running session out, then end it and the engine.

    \b
    Example: stillroom stop
    """
    return end_session()


@stillroom.command()
@AS_JSON
def status(as_json: bool) -> int:
    """Say what runs now: in words, or as JSON.

    \b
    Example: stillroom status --json
    """
    from player.screens.status_report import status_report
    from player.screens.summary import summary

    now, wrong = running_status(), settings_faults()
    if as_json:
        report = status_report(now)
        print_json(report | {"faults": [*report.get("faults", []), *wrong]} if wrong else report)
    elif now is None:
        click.echo(NOTHING_RUNS)
    else:
        click.echo("\n".join(summary(now)))
    for line in wrong:
        click.echo(line, err=True)
    return 2 if wrong and now is None else 0


@stillroom.command()
@AS_JSON
def devices(as_json: bool) -> int:
    """List the outputs of this machine, by the names that --device takes; none is an answer too.

    \b
    Example: stillroom devices
    """
    from player.sound.devices import devices as listed

    names = listed()
    if as_json:
        print_json({"devices": names})
    elif names:
        click.echo("\n".join(names))
    else:
        click.echo("no sound output was found", err=True)
    return 0


@stillroom.command()
@AS_JSON
def sessions(as_json: bool) -> int:
    """List the sessions that can be chosen by name: shipped ones, and your own.

    \b
    Example: stillroom sessions
    """
    from player.screens.listing import session_lines, session_rows

    if as_json:
        print_json({"sessions": session_rows()})
    else:
        click.echo("\n".join(session_lines()))
    return 0


@stillroom.command()
def schema() -> int:
    """Print the JSON Schema of session files, for editors that complete and check.

    \b
    Example: stillroom schema > stillroom.schema.json
    """
    from player.session.schema import schema as session_schema

    print_json(session_schema())
    return 0


def _opening(
    session: str,
    output: str,
    device: str | None,
    start: str | None,
    speed: float,
    *,
    force: bool = False,
) -> OpenSession:
    """What to open, once all that was asked for is known to be right."""
    from player.errors import InputWrong
    from player.programme.recordings import refuse_broken_recordings
    from player.screens.own_settings import own_settings
    from player.session.find import find
    from player.session.loader import load
    from player.session.start import start_s
    from player.timeline.commands import OpenSession

    path = find(session).resolve()
    read = load(path)
    start_s(read, start)
    refuse_broken_recordings(read)
    if output == "pygame" and speed != 1.0:
        raise InputWrong("--speed goes with --output null or a file: a device plays as it is")
    if output not in ("pygame", "null"):
        wav = Path(output).expanduser().resolve()
        if wav.suffix.lower() != ".wav":
            raise InputWrong(f"{output}: live output is a .wav; render writes other formats")
        if not wav.parent.is_dir():
            raise InputWrong(f"{output}: there is no such folder")
        refuse_overwriting(read, wav, output, force=force)
        output = str(wav)
    own_settings()
    return OpenSession(path=str(path), output=output, device=device, speed=speed, start=start)


def _play(command: OpenSession, *, plain: bool) -> int:
    _refuse_second("stillroom attach --plain" if plain else "stillroom attach")
    return _plain(command) if plain else _screen(command)


def _plain(command: OpenSession | None) -> int:
    from player.engine.client import connect
    from player.screens.plain import run_plain

    return run_plain(connect(), open_command=command, stdin=sys.stdin, stdout=sys.stdout)


def _refuse_second(instead: str) -> None:
    from player.errors import InputWrong

    now = running_status()
    if now is not None:
        raise InputWrong(
            f"{now.title} runs already: one session at a time ({instead}, or stillroom stop)"
        )


def _screen(command: OpenSession | None, attached: Status | None = None) -> int:
    from player.errors import InputWrong

    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise InputWrong(
            "the screen needs a terminal; stillroom play SESSION --plain and stillroom attach"
            " --plain do not"
        )
    from player.screens.app import run_app

    return run_app(
        _room,
        session=None,
        open_command=command,
        begin=command is not None,
        attached=attached,
    )


def _room() -> Room:
    """The way to the engine, loaded when it is first taken: the chooser is drawn before."""
    from player.engine.client import connect

    return connect()


for command in (check, render, scan, import_list, playlist_command, voice):
    stillroom.add_command(command)


if __name__ == "__main__":
    main()

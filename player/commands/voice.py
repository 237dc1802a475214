"""The commands of `stillroom voice`: speech for sessions, and a counsellor's own recordings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from player.commands.writing import FORCE, refuse_replacing

if TYPE_CHECKING:
    from player.voice.script import Script

SCRIPT = click.argument("script", metavar="NAME")


@click.group()
def voice() -> None:
    """Spoken words: your own recordings of the scripts that cues are made of.

    \b
    Example: stillroom voice scripts
             stillroom voice record settling
    """


@voice.command()
def scripts() -> int:
    """List the scripts, and how much of each is recorded in your own voice.

    One that cannot be read is left out; its faults are told, and the exit code is then 2.

    \b
    Example: stillroom voice scripts
    """
    from player.errors import SessionFaulty
    from player.voice.scripts import everything, load

    code = 0
    for name, path in sorted(everything().items()):
        try:
            click.echo(f"{name:<24} {_in_a_line(load(path))}")
        except SessionFaulty as fault:
            click.echo(str(fault), err=True)
            code = fault.exit_code
    return code


@voice.command()
@click.argument("text")
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), required=True)
@click.option("--silence", metavar="LENGTH", default="5s", show_default=True, help="In between.")
@FORCE
def say(text: str, out: Path, silence: str, force: bool) -> int:
    """Speak words into a file: .wav .flac .opus .ogg .mp3 .m4a, sentence by sentence.

    \b
    Example: stillroom voice say "Nothing needs doing just now." -o nothing.opus
    """
    from player.screens.progress import Progress
    from player.session.lengths import parse_length
    from player.voice.saying import say as say_text

    silence_s = parse_length(silence, zero=True, most_s=600)
    refuse_replacing(out, out, force=force)
    with Progress(sys.stderr) as progress:
        spoken_s = say_text(text, out, silence_s, progress)
    click.echo(f"{out} is written: {spoken_s:.1f} s", err=True)
    return 0


@voice.command()
@SCRIPT
def record(script: str) -> int:
    """Record a script in your own voice, sentence by sentence, on a screen of its own.

    Once all of it is recorded it is used in place of the shipped voice. It can be left at any
    time and gone on with later.

    \b
    Example: stillroom voice record settling
    """
    found = _script(script)
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        from player.errors import InputWrong

        raise InputWrong("recording needs a terminal: start it in one")
    from player.commands.running import running_status
    from player.errors import RunFailed

    now = running_status()
    if now is not None:
        # What is played back here would be heard in that room.
        raise RunFailed(f"{now.title} runs: record once that session is over")
    from player.screens.recording.app import run_recording
    from player.voice.door import BoothDoor

    click.echo("looking for a microphone…", err=True)
    return run_recording(found, BoothDoor())


@voice.command()
@SCRIPT
@click.option(
    "-o", "--output", "out", metavar="FILE.zip", type=click.Path(path_type=Path), required=True
)
@FORCE
def export(script: str, out: Path, force: bool) -> int:
    """Write your recordings of a script to one zip, to carry them to another machine.

    \b
    Example: stillroom voice export settling -o settling.zip
    """
    from player.voice.carry import export as write

    refuse_replacing(out, out, force=force)
    carried = write(script, out)
    click.echo(f"{out} is written: {_sentences(carried.sentences)}", err=True)
    return 0


@voice.command("import")
@click.argument("file", metavar="FILE.zip", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="In place of recordings of it that are here.")
def take_in(file: Path, replace: bool) -> int:
    """Take in recordings that `voice export` wrote.

    \b
    Example: stillroom voice import settling.zip
    """
    from player.voice.carry import take_in as read

    carried = read(file, replace=replace)
    click.echo(
        f"{carried.script}: {_sentences(carried.sentences)} of your voice are here", err=True
    )
    return 0


@voice.command()
@SCRIPT
def forget(script: str) -> int:
    """Remove your recordings of a script from this machine, the originals too.

    \b
    Example: stillroom voice forget settling
    """
    from player.voice.takes import forget as remove

    if not remove(script):
        click.echo(f"{script}: nothing of it is recorded here", err=True)
        return 1
    click.echo(f"{script}: your recordings are removed; {_now_spoken(script)}", err=True)
    return 0


def _now_spoken(name: str) -> str:
    """Who speaks a script without a recording of it."""
    from player.errors import InputWrong
    from player.voice.shelf import sound_of

    try:
        texts = _script(name).texts
    except InputWrong:
        return "there is no script of that name here"
    if all(sound_of(text) for text in texts):
        return "the voice that it had before speaks again"
    return "its words are shown on your screen, until somebody records them or a voice is installed"


def _in_a_line(script: Script) -> str:
    """A script's title, its length, and how much of it is recorded here."""
    from player.voice.takes import take_of

    texts = set(script.texts)
    done = sum(1 for text in texts if take_of(script.name, text) is not None)
    yours = "" if not done else ", in your voice" if done == len(texts) else f", {done} of yours"
    return f"{script.title}: {_sentences(len(texts))}{yours}"


def _script(name: str) -> Script:
    from player.errors import InputWrong
    from player.session.scripts import script_file
    from player.text.words import Misread
    from player.voice.scripts import load
    from player.voice.takes import folder_of

    try:
        script = load(script_file(name, Path.cwd()))
    except Misread as fault:
        hint = f" ({fault.hint})" if fault.hint else ""
        raise InputWrong(f"{fault.message}{hint}") from None
    folder_of(script.name)
    return script


def _sentences(count: int) -> str:
    return f"{count} sentence{'s' if count > 1 else ''}"

"""Words as a file: each sentence made or taken from the shelf, then laid out with silences."""

from __future__ import annotations

from pathlib import Path

from player.errors import InputWrong, RunFailed
from player.library.measure import measure
from player.sound.native import Undecodable
from player.sound.spoken import Assembled, Part
from player.sound.streams import BLOCK, Sound
from player.sound.writer import open_writer
from player.text.words import shown
from player.units import CHANNELS, Frames, Seconds, seconds_of
from player.voice.layout import lay_out
from player.voice.making import Progress, make, require
from player.voice.script import Silence
from player.voice.sentences import sentences_of
from player.voice.shelf import sound_of

MOST_CHARS = 10_000
"""Ten minutes and more of speech: as much as a cue may say."""


def say(text: str, out: Path, silence_s: Seconds, progress: Progress) -> Seconds:
    """Write words to `out` in the format of its ending, and say how long they became.

    Raises InputWrong where there is nothing to say, too much, or no voice to say it with, and
    RunFailed where the file cannot be written.
    """
    texts = _sentences(text)
    parts, frames = _laid_out(_files(texts, progress), silence_s)
    writer = open_writer(out, title=shown(texts[0])[1:-1], chapters=())
    try:
        whole = Assembled(parts, frames)
        whole.load()
        for at in range(0, frames, BLOCK):
            writer.write(_both_sides(whole[at : at + BLOCK]))
        writer.finish()
    except Undecodable as fault:
        writer.abandon()
        raise RunFailed(f"what was spoken cannot be read again: {fault}") from None
    except BaseException:
        writer.abandon()
        raise
    return seconds_of(frames)


def _sentences(text: str) -> list[str]:
    if len(text) > MOST_CHARS:
        raise InputWrong(
            f"that are {len(text):,} characters, and {MOST_CHARS:,} are spoken at most: "
            "say it in several files"
        )
    texts = sentences_of(text)
    if not texts:
        raise InputWrong(f"there are no words to say in {shown(text)}")
    return texts


def _files(texts: list[str], progress: Progress) -> list[Path]:
    """The sound of every sentence, made where there is none. Raises InputWrong."""
    lacking = [text for text in texts if sound_of(text) is None]
    if lacking:
        require()
        for unmade in make(lacking, progress)[:1]:
            raise InputWrong(f"{shown(unmade.text)} cannot be spoken: {unmade.why}")
    found = [sound_of(text) for text in texts]
    return [each.path for each in found if each is not None]


def _laid_out(files: list[Path], silence_s: Seconds) -> tuple[list[Part], Frames]:
    spoken = {file: measure(file).facts.whole_frames for file in dict.fromkeys(files)}
    between = Silence(shortest_s=silence_s, longest_s=silence_s)
    last = Silence(shortest_s=0, longest_s=0)
    silences = [between] * (len(files) - 1) + [last]
    layout = lay_out([spoken[file] for file in files], silences)
    rows = zip(files, layout.starts, strict=True)
    return [Part(file, at, spoken[file]) for file, at in rows], layout.frames


def _both_sides(block: Sound) -> Sound:
    return block if block.shape[1] == CHANNELS else block.repeat(CHANNELS, axis=1)

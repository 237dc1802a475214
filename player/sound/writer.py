"""Encoded files by ending, with title and chapters; written aside until they are whole.

Knows nothing of sessions: a chapter is a title with two frames.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np

from player.errors import InputWrong
from player.sound.streams import Sound
from player.sound.wav import Rounding, WavWriter, temporary_beside, unwritable
from player.text.whole_files import opened_for_owner
from player.units import SAMPLE_RATE, Frame, Frames

Chapter: TypeAlias = tuple[str, Frame, Frame]
"""Title, first frame, and the frame after the last."""

_TICK = Fraction(1, 1000)
_OPTIONS = {"movie_timescale": str(SAMPLE_RATE)}
"""So that an m4a says its length to the frame, not to the millisecond; others do not heed it."""


class Writer(Protocol):
    """A file that is being made."""

    def write(self, block: Sound) -> None:
        """Append at most BLOCK frames, (n, 2) float32. Raises RunFailed."""
        ...

    def finish(self) -> None:
        """Complete the file and give it its name. Raises RunFailed."""
        ...

    def abandon(self) -> None:
        """Leave nothing behind."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """How an ending is written: libav's container and codec."""

    container: str
    codec: str
    bit_rate: int | None
    whole_numbers: bool = False
    """The codec takes 16-bit frames; else float ones."""
    chapters_as_tags: bool = False
    """Chapters are Vorbis comments, which libav leaves out of FLAC, and in Ogg rounds wrongly: it
    writes 1.5 s as 2.5 s."""


KINDS = {
    ".wav": None,
    ".flac": Kind("flac", "flac", None, whole_numbers=True, chapters_as_tags=True),
    ".opus": Kind("opus", "libopus", 160_000, chapters_as_tags=True),
    ".ogg": Kind("ogg", "libopus", 160_000, chapters_as_tags=True),
    ".mp3": Kind("mp3", "libmp3lame", 224_000),
    ".m4a": Kind("ipod", "aac", 256_000),
}
"""What can be written, by ending."""


def open_writer(
    path: Path,
    *,
    title: str,
    chapters: Sequence[Chapter],
    artist: str = "Stillroom",
    comment: str = "",
) -> Writer:
    """A writer for what a file's ending says. Raises InputWrong or RunFailed."""
    ending = path.suffix.lower()
    if ending not in KINDS:
        known = ", ".join(KINDS)
        raise InputWrong(f"{path}: the ending {path.suffix!r} is not one of {known}")
    kind = KINDS[ending]
    if kind is None:
        tags = {b"INAM": title, b"IART": artist, b"ICMT": comment}
        return WavWriter(path, tags={name: text for name, text in tags.items() if text})
    about = {"title": title, "artist": artist, "comment": comment}
    return EncodedWriter(path, kind, {name: text for name, text in about.items() if text}, chapters)


class EncodedWriter:
    """A file through libav."""

    def __init__(
        self, path: Path, kind: Kind, tags: dict[str, str], chapters: Sequence[Chapter]
    ) -> None:
        """Raises InputWrong or RunFailed."""
        import av

        self._av, self._path, self._kind = av, path, kind
        self._part = temporary_beside(path)
        self._frames: Frames = 0
        self._rounding = Rounding()
        try:
            os.close(opened_for_owner(self._part))
            self._container = av.open(
                str(self._part), "w", format=kind.container, container_options=_OPTIONS
            )
            stream: Any = self._container.add_stream(kind.codec, rate=SAMPLE_RATE, layout="stereo")
        except OSError as fault:
            self._part.unlink(missing_ok=True)
            raise unwritable(self._path, fault) from None
        self._stream = stream
        if kind.bit_rate:
            self._stream.bit_rate = kind.bit_rate
        if kind.chapters_as_tags:
            tags = tags | _chapter_tags(chapters)
        else:
            self._container.set_chapters(_chapters(chapters))  # type: ignore[arg-type]
        self._container.metadata.update(tags)

    def write(self, block: Sound) -> None:
        """Encode at most BLOCK frames, (n, 2) float32. Raises RunFailed."""
        frame = self._av.AudioFrame(
            format="s16" if self._kind.whole_numbers else "flt",
            layout="stereo",
            samples=len(block),
        )
        whole = self._kind.whole_numbers
        frames = self._rounding.of(block) if whole else block
        frame.planes[0].update(np.ascontiguousarray(frames).tobytes())
        frame.sample_rate, frame.pts = SAMPLE_RATE, self._frames
        frame.time_base = Fraction(1, SAMPLE_RATE)
        self._encode(frame)
        self._frames += len(block)

    def finish(self) -> None:
        """Flush the encoder and give the file its name. Raises RunFailed."""
        self._encode(None)
        try:
            self._container.close()
            self._part.replace(self._path)
        except OSError as fault:
            raise unwritable(self._path, fault) from None

    def abandon(self) -> None:
        """Leave nothing behind."""
        try:
            self._container.close()
        except OSError:
            pass
        finally:
            self._part.unlink(missing_ok=True)

    def _encode(self, frame: Any) -> None:
        try:
            self._container.mux(self._stream.encode(frame))
        except OSError as fault:
            raise unwritable(self._path, fault) from None


def _chapters(chapters: Sequence[Chapter]) -> list[dict[str, Any]]:
    return [
        {
            "id": number,
            "start": round(first * 1000 / SAMPLE_RATE),
            "end": round(end * 1000 / SAMPLE_RATE),
            "time_base": _TICK,
            "metadata": {"title": title},
        }
        for number, (title, first, end) in enumerate(chapters)
    ]


def _chapter_tags(chapters: Sequence[Chapter]) -> dict[str, str]:
    """The CHAPTERxxx tags of Vorbis comments."""
    tags = {}
    for number, (title, first, _) in enumerate(chapters, start=1):
        tags[f"CHAPTER{number:03d}"] = _stamp(first)
        tags[f"CHAPTER{number:03d}NAME"] = title
    return tags


def _stamp(frame: Frame) -> str:
    ms = round(frame * 1000 / SAMPLE_RATE)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"

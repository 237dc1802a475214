"""Frames of one format as 48 kHz float in even blocks, asked for no sooner than they are due.

PyAV's own resampler asks after every frame, and an answer of "not yet" is an exception: a third
of the work. Knows nothing of files.
"""

from __future__ import annotations

from typing import cast

import av
from av.audio.frame import AudioFrame
from av.filter import Graph

from player.sound.streams import BLOCK
from player.units import SAMPLE_RATE, Frames

LATE: Frames = 64
"""So much more than a block must have gone in: swresample holds back half its filter's length."""


class Resampler:
    """Takes frames like the first one. Mono stays mono, all else becomes stereo."""

    def __init__(self, like: AudioFrame, block: Frames = BLOCK) -> None:
        self._block = block
        self._like = _kind(like)
        self._ratio = SAMPLE_RATE / like.sample_rate
        self._inside = 0.0
        # swresample would put mono on both sides 3 dB down: it stays mono till the last step.
        layout = "mono" if like.layout.nb_channels == 1 else "stereo"
        clock = {} if like.time_base is None else {"time_base": str(like.time_base)}
        graph = self._graph = Graph()
        self._source = graph.add(
            "abuffer",
            sample_rate=str(like.sample_rate),
            sample_fmt=like.format.name,
            channel_layout=like.layout.name,
            **clock,
        )
        wanted = graph.add(
            "aformat", sample_rates=str(SAMPLE_RATE), sample_fmts="flt", channel_layouts=layout
        )
        self._sink = graph.add("abuffersink")
        self._source.link_to(wanted)
        wanted.link_to(self._sink)
        graph.configure()
        graph.set_audio_frame_size(block)

    def fits(self, frame: AudioFrame) -> bool:
        """Whether a frame is like the first one; another needs another resampler."""
        return _kind(frame) == self._like

    def push(self, frame: AudioFrame) -> list[AudioFrame]:
        """Take a frame; the whole blocks that are due. Raises av.FFmpegError."""
        self._source.push(frame)
        self._inside += frame.samples * self._ratio
        made: list[AudioFrame] = []
        while self._inside >= self._block + LATE and self._pull(made):
            self._inside -= self._block
        return made

    def flush(self) -> list[AudioFrame]:
        """All that is left, the last block a short one. Nothing may be pushed after it."""
        self._source.push(None)
        made: list[AudioFrame] = []
        while self._pull(made):
            pass
        return made

    def _pull(self, made: list[AudioFrame]) -> bool:
        try:
            made.append(cast(AudioFrame, self._sink.pull()))
        except (av.BlockingIOError, av.EOFError):
            return False
        return True


def _kind(frame: AudioFrame) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate

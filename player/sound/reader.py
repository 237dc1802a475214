"""Reads and decodes a file from its beginning within libav, many frames at a call.

A packet at a time, half of the work is Python's: here it is one call for some 8192 samples, and
other threads run meanwhile. Yields what packet by packet decoding would, to the sample. Knows
nothing of seeking or trimming: `native` does that.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.filter import Graph
from av.filter.context import FilterContext

from player.sound.streams import BLOCK

MOST_FAILURES = 20
"""So many packets that fail in a row are better stepped over one by one."""


def readable(stream: AudioStream) -> bool:
    """Whether libav's reader would take the sound for what the stream says it is.

    It gives channels without a layout one of its own, which would fold them down differently.
    """
    layout = stream.codec_context.layout
    return layout.nb_channels in (1, 2) or not layout.name.endswith(" channels")


class Reader:
    """One reading of one sound of a file that was found to open."""

    def __init__(self, path: Path, stream: AudioStream) -> None:
        """`stream` is the sound as it was opened. Raises av.FFmpegError if libav cannot open it."""
        self.damaged = False
        """Something in it could not be decoded, and was passed over."""
        self.gave_up = False
        """There may be more in it: in another format, or behind what could not be read."""
        self.samples = 0
        """How many samples were read so far."""
        self._graph = Graph()
        self._graph.threads = 1
        source = self._graph.add(
            "amovie",
            filename=f"file:{path}",
            stream_index=str(stream.index),
            format_opts=_options(stream),
        )
        self._sink: FilterContext = self._graph.add("abuffersink")
        source.link_to(self._sink)
        self._graph.configure()
        self._graph.set_audio_frame_size(BLOCK)

    def __iter__(self) -> Iterator[AudioFrame]:
        """Frames of 8192 samples, a shorter one at the end; never raises."""
        failures = 0
        while failures < MOST_FAILURES:
            try:
                frame = cast(AudioFrame, self._sink.pull())
            except av.EOFError:
                return
            except av.PatchWelcomeError:  # the frames to come are of another format
                break
            except (av.FFmpegError, ValueError, OSError):
                failures += 1
                self.damaged = True
                continue
            failures = 0
            self.samples += frame.samples
            yield frame
        self.gave_up = True


def _options(stream: AudioStream) -> str:
    """What was found to be plain PCM needs no second search for what might be hidden in it.

    That search decodes megabytes of a wav: 30 ms, as much as ten seconds of its sound.
    """
    plain = stream.codec_context.name.startswith("pcm_")
    return "protocol_whitelist=file" + (":max_probe_packets=1" if plain else "")

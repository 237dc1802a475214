"""Reads a sound file as libav's own frames, at the file's rate, from an exact sample on.

Trims what encoders add, ends where a file is damaged, and says what was wrong. Knows nothing
of 48 kHz, blocks or decks: `decode` makes those of it.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer

from player.errors import RunFailed
from player.sound.labels import labels
from player.sound.reader import Reader, readable
from player.units import Seconds, clock

PREROLL_S = 1
"""A decoder started this long before a place sounds there as if started at the beginning."""
LYING_HEADER_SAMPLES = 8192
"""More sound than this behind a stream's stated end: the header is wrong, the sound is not."""
HEADER_STEP_S = 0.0015
"""An mp4 header counts a track's length in steps of a millisecond at the coarsest."""
PROTECTED = frozenset(("drms", "enca", "aavd"))
"""How the mp4 family marks sound that a shop has encrypted: decoded, it would be noise."""
GUESSED = frozenset(("aac", "ac3", "eac3", "dts", "loas", "mp2", "amr", "ogg"))
"""Kinds of file that state no length: libav guesses one, or takes the last place as the end."""
QUICK = ("flac", "mov,mp4,m4a,3gp,3g2,mj2", "mp3", "ogg", "wav")
"""Formats that libav can read in one go to the very same samples; of others it was not tried."""
DEAD_READS = 20
"""So many reads that fail in a row are the end of the file."""
BEGINNING_S: Seconds = 1.0
"""Damage this near to a file's beginning is stepped over; later on the file ends there."""
HOLE_S: Seconds = 0.05
"""Sound of this length that is missing is damage; less may be a header's rounding."""
LOWEST_RATE, HIGHEST_RATE = 2_000, 3_000_000
"""Samples a second of any sound worth hearing. From one a second each would become 48,000 samples:
a small file would fill the memory."""
OPUS_RATE = 48_000
"""The clock of Opus, whatever the rate of what was encoded (RFC 7845, 4)."""


class Undecodable(RunFailed):
    """A file from which no sound can be had at all; `why` says it in plain words."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(f"{path}: {why}")


class Native:
    """One reading of one file, from its beginning to its end.

    `faults` grows while `frames` runs. Raises Undecodable when opened, never afterwards.
    Behind damage there may be a click, a burst or noise: the sound ends there, so that who
    plays it can crossfade to something else.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[str] = []
        self._container, self._stream = opened(path)
        self._read_bytes = 0
        self._size = self._container.size
        self.tags = labels(self._container, self._stream)
        """What the file says of itself, by names in small letters."""
        self.rate: int = self._stream.codec_context.sample_rate
        self._base = Fraction(0)
        self._length_s = float((self._stream.duration or 0) * (self._stream.time_base or 0))
        self._given_s: Seconds = 0.0
        self._next_pts: float | None = None
        self._reader = self._own_reader()
        self._frames = self._whole(self._reader) if self._reader else self._decoded()
        first = next(self._frames, None)
        if first is None:
            self.close()
            raise Undecodable(path, "nothing in it can be decoded")
        self._first = first
        self.rate = first.sample_rate
        self._base = _time(first) or Fraction(0)
        self.stated_s = _stated_s(self._container, self._stream)
        """The length in seconds that the header states, where such a header is to be trusted."""

    def frames(self, start_second: int = 0) -> Iterator[AudioFrame]:
        """Frames whose first sample is the one at `start_second` of the decoded stream, to the end.

        Whole seconds, so that a resampler begun there stands on the same grid as one that
        was begun at the start, whatever the rate.
        """
        try:
            yield from self._trimmed(self._from(start_second * self.rate))
        finally:
            self.close()

    @property
    def read_fraction(self) -> float:
        """How much of the file was read, 0 to 1: for a person to see, no more."""
        if self._reader is not None:
            read_s = self._reader.samples / self.rate
            return min(1.0, read_s / self._length_s) if self._length_s > 0 else 0.0
        return min(1.0, self._read_bytes / self._size) if self._size > 0 else 0.0

    def close(self) -> None:
        """Close the file; may be called twice."""
        self._container.close()

    def _own_reader(self) -> Reader | None:
        """The quick way to read it from its beginning, where that gives the very same samples."""
        if self._container.format.name not in QUICK or not readable(self._stream):
            return None
        try:
            return Reader(self.path, self._stream)
        except (av.FFmpegError, ValueError, OSError):
            return None

    def _whole(self, reader: Reader) -> Iterator[AudioFrame]:
        """All frames by the quick reader, and packet by packet from where it gives up.

        A frame is given once the next one has shown that no sound is missing within it.
        """
        end = 0
        held: AudioFrame | None = None
        for frame in reader:
            hole = self._hole_before(frame)
            if held is not None and not hole:
                yield held
            if (hole or reader.damaged) and self._ends_here():
                return
            held, reader.damaged = frame, False
            end = self._place(frame) + frame.samples
        if held is not None:
            yield held
        if reader.damaged and self._ends_here():
            return
        if self._stopped_early(end) and self._ends_here():
            return
        if reader.gave_up:
            self._reader, self._frames = None, self._decoded()
            first = next(self._frames, None)
            if first is not None:
                self._first = first
                yield from self._from(end)

    def _stopped_early(self, end: int) -> bool:
        """Whether an Ogg file goes on, by its own clock, where reading ended at a damaged page."""
        clock, length = self._stream.time_base, self._stream.duration
        if self._container.format.name != "ogg" or not clock or not length:
            return False
        skipped_s = Fraction(_pre_skip(self._stream), OPUS_RATE)
        return end < int((length * clock - skipped_s) * self.rate) - PREROLL_S * self.rate // 10

    def _from(self, start: int) -> Iterator[AudioFrame]:
        """Frames from sample `start` on: by seeking where that is exact, else by counting."""
        if start > 2 * PREROLL_S * self.rate and self._stands_before(start):
            yield from _dropped(self._first, self._frames, start - self._place(self._first))
            return
        yield from _dropped(self._first, self._frames, start)

    def _stands_before(self, start: int) -> bool:
        """Seek to a second before `start`; else, begin again. True where the seek was good.

        A clock coarser than a sample, or frames without a time, cannot place a sample.
        """
        clock = self._stream.time_base
        if clock is None or clock > Fraction(1, self.rate) or _time(self._first) is None:
            return False
        wanted = Fraction(start, self.rate) - PREROLL_S + self._base
        try:
            self._container.seek(int(wanted / clock), stream=self._stream)
            frames = self._decoded()
            first = next(frames, None)
        except (av.FFmpegError, ValueError, OSError):
            first = None
        if first is not None and _time(first) is not None and self._place(first) <= start:
            self._first, self._reader, self._frames = first, None, frames
            return True
        self.close()
        self._container, self._stream = opened(self.path)
        self._reader, self._frames = None, self._decoded()
        self._first = next(self._frames)
        return False

    def _place(self, frame: AudioFrame) -> int:
        """A frame's first sample, counted from the first sample of the file."""
        pts, clock, base = frame.pts, frame.time_base, self._base
        if pts is None or clock is None:
            return 0
        # As fractions it would cost more than all else that is done here with a frame.
        ticks = pts * clock.numerator * base.denominator - base.numerator * clock.denominator
        return round(ticks * self.rate / (clock.denominator * base.denominator))

    def _trimmed(self, frames: Iterator[AudioFrame]) -> Iterator[AudioFrame]:
        """Cut what an encoder of the mp4 family padded behind the stream's stated end."""
        stream = self._stream
        if "mp4" not in self._container.format.name or not stream.duration or not stream.time_base:
            yield from frames
            return
        end_time = (stream.duration + (stream.start_time or 0)) * stream.time_base
        end = round((end_time - self._base) * self.rate)
        slack = round(self.rate * HEADER_STEP_S)
        last: list[AudioFrame] = []
        for frame in frames:
            if last or self._place(frame) + frame.samples > end - slack:
                last.append(frame)
                if self._place(frame) + frame.samples - end > LYING_HEADER_SAMPLES:
                    yield from last
                    yield from frames
                    return
            else:
                yield frame
        yield from self._cut_at(end, slack, last)

    def _cut_at(self, end: int, slack: int, frames: list[AudioFrame]) -> Iterator[AudioFrame]:
        """The last frames up to `end`, or to where the last packet says it ends if that is close.

        The header's figure is rounded; the duration of a packet is not, where it is kept.
        """
        own_end = self._own_end(frames[-1]) if frames else None
        if own_end is not None and abs(own_end - end) <= slack:
            end = own_end
        for frame in frames:
            left = end - self._place(frame)
            if left > 0:
                yield frame if left >= frame.samples else cut(frame, 0, left)

    def _own_end(self, last: AudioFrame) -> int | None:
        """Where the last packet ends by its own duration, which the quick reader does not tell."""
        if self._reader is not None:
            end_time = _packets_end(self.path)
            return None if end_time is None else round((end_time - self._base) * self.rate)
        if not last.duration or not last.time_base:
            return None
        return self._place(last) + round(last.duration * last.time_base * self.rate)

    def _decoded(self) -> Iterator[AudioFrame]:
        """The file's frames up to its end, or to where it is damaged."""
        self._next_pts = None
        for packet in self._packets():
            self._read_bytes = packet.pos or self._read_bytes
            try:
                frames = packet.decode()
            except (av.FFmpegError, ValueError, OSError):
                if self._ends_here():
                    return
                continue
            for frame in frames:
                if self._hole_before(frame) and self._ends_here():
                    return
                yield frame

    def _packets(self) -> Iterator[av.Packet[AudioStream]]:
        """Packets of the stream; a read that fails is tried again a little further on."""
        failures = 0
        while failures < DEAD_READS:
            try:
                for packet in self._container.demux(self._stream):
                    yield packet
                    failures = 0
                return
            except (av.FFmpegError, ValueError, OSError):
                failures += 1
                if self._ends_here():
                    return

    def _hole_before(self, frame: AudioFrame) -> bool:
        """Whether sound is missing between the last frame and this one: a damaged page or block."""
        pts, base, expected = frame.pts, frame.time_base, self._next_pts
        if pts is None or base is None:
            self._given_s += frame.samples / frame.sample_rate
            return False
        ticks_a_second = base.denominator / base.numerator
        self._next_pts = pts + frame.samples / frame.sample_rate * ticks_a_second
        self._given_s = self._next_pts / ticks_a_second
        return expected is not None and pts - expected > HOLE_S * ticks_a_second

    def _ends_here(self) -> bool:
        """Note damage; whether the sound ends with it."""
        early = self._given_s < BEGINNING_S
        if early:
            self.faults.append("it is damaged at its beginning")
        else:
            self.faults.append(f"it is damaged at {clock(self._given_s)}: it plays up to there")
        return not early


def cut(frame: AudioFrame, start: int, stop: int) -> AudioFrame:
    """Samples [start, stop) of a frame as a frame of its own."""
    samples: Any = frame.to_ndarray()
    width = 1 if frame.format.is_planar else frame.layout.nb_channels
    part = np.ascontiguousarray(samples[:, start * width : stop * width])
    made = AudioFrame.from_ndarray(part, format=frame.format.name, layout=frame.layout.name)
    made.sample_rate = frame.sample_rate
    made.time_base = frame.time_base
    return made


def _dropped(first: AudioFrame, frames: Iterator[AudioFrame], count: int) -> Iterator[AudioFrame]:
    """The frames without their first `count` samples."""
    frame: AudioFrame | None = first
    while frame is not None and frame.samples <= count:
        count -= frame.samples
        frame = next(frames, None)
    if frame is None:
        return
    yield cut(frame, count, frame.samples) if count else frame
    yield from frames


def _stated_s(container: InputContainer, stream: AudioStream) -> float | None:
    """A length that was counted, not guessed from the first frames' bit rate.

    An mp3 has it only behind a header of its encoder, which also names a delay.
    """
    kind = container.format.name
    if not stream.duration or not stream.time_base or kind in GUESSED:
        return None
    if kind == "mp3" and not stream.start_time:
        return None
    return float(stream.duration * stream.time_base)


def _time(frame: AudioFrame) -> Fraction | None:
    if frame.pts is None or frame.time_base is None:
        return None
    return frame.pts * frame.time_base


def _pre_skip(stream: AudioStream) -> int:
    """Samples at 48 kHz that Opus counts in its length and skips (RFC 7845, 5.1); else 0."""
    head = stream.codec_context.extradata or b""
    return int.from_bytes(head[10:12], "little") if head.startswith(b"OpusHead") else 0


def _packets_end(path: Path) -> Fraction | None:
    """When a stream's last packet ends, by its own duration, in seconds of the stream's clock."""
    container, stream = opened(path)
    with container:
        clock, length = stream.time_base, stream.duration
        if not clock or not length:
            return None
        try:
            near = (stream.start_time or 0) + length - int(PREROLL_S / clock)
            container.seek(near, stream=stream)
            ends = [p.pts + p.duration for p in container.demux(stream) if p.duration and p.pts]
        except (av.FFmpegError, ValueError, OSError):
            return None
    return max(ends) * clock if ends else None


def opened(path: Path) -> tuple[InputContainer, AudioStream]:
    """The file and its sound, on this thread alone. Raises Undecodable.

    Only plain files are opened, and nothing that one of them may point to: a list of web
    addresses under a music file's name must not reach the network.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise Undecodable(path, "is a folder, not a sound file")
        if not stat.S_ISREG(status.st_mode):
            raise Undecodable(path, "is not a plain file")
        if status.st_size == 0:
            raise Undecodable(path, "is empty")
        container = av.open(f"file:{path}", options={"protocol_whitelist": "file"})
    except FileNotFoundError:
        raise Undecodable(path, "is not there") from None
    except PermissionError:
        raise Undecodable(path, "may not be read") from None
    except (av.FFmpegError, ValueError, OSError):
        raise Undecodable(path, "is not a sound file, or is damaged at its beginning") from None
    return container, _sound_of(path, container)


def _sound_of(path: Path, container: InputContainer) -> AudioStream:
    try:
        stream = container.streams.best("audio")
        if not isinstance(stream, AudioStream):
            raise Undecodable(path, "has no sound in it")
        if stream.codec_context is None:
            raise Undecodable(path, "is of a kind that cannot be decoded")
        if stream.codec_context.codec_tag in PROTECTED:
            raise Undecodable(path, "is copy-protected (DRM): only its shop's program plays it")
        rate = stream.codec_context.sample_rate
        if rate and not LOWEST_RATE <= rate <= HIGHEST_RATE:  # 0: only its sound can tell
            raise Undecodable(path, f"is damaged, or no music: it says {rate:,} samples a second")
        stream.codec_context.thread_type = "NONE"
    except Undecodable:
        container.close()
        raise
    return stream

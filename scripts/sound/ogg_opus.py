"""Writes Ogg Opus files whose decoded length is exact and whose loops join.

libopus (through PyAV) makes the packets; the Ogg pages are written here, since only the header's
pre-skip and the last page's granule position say which frames count (RFC 7845). A loop is coded
with what stands before its start and after its end, and trimmed: so the codec's state at the
first frame is that of music which was already playing. Knows nothing of what the sound is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from measure import SAMPLE_RATE, Sound

PACKET_FRAMES = 960
PAGE_PACKETS = 40
"""40 packets of at most 1,275 bytes always fit the 255 segments of a page."""
CONTEXT_FRAMES = 24_000
"""What is coded and skipped before the first frame of a loop; pre-skip holds at most 65,535."""
LOOKAHEAD_FRAMES = {"audio": 312, "lowdelay": 120}
"""The delay of libopus at 48 kHz (OPUS_GET_LOOKAHEAD). For words with long silences "lowdelay"
is the smaller: there a silent packet takes 7 bytes, with "audio" 25 to 35."""
SERIAL = 0x5711
"""Any number: fixed, so that the same sound gives the same file."""


def write(
    path: Path,
    sound: Sound,
    *,
    bit_rate: int,
    tags: dict[str, str],
    application: str = "audio",
    loop: bool = False,
) -> None:
    """Writes (channels, frames) at 48 kHz; decoded, it has exactly as many frames."""
    frames = sound.shape[1]
    before = CONTEXT_FRAMES if loop else 0
    room = PACKET_FRAMES * 4
    if loop:
        coded = np.concatenate([sound[:, -before:], sound, sound[:, :room]], axis=1)
    else:
        coded = np.pad(sound, ((0, 0), (0, room)))
    pre_skip = before + LOOKAHEAD_FRAMES[application]
    needed = -(-(pre_skip + frames) // PACKET_FRAMES)
    packets = list(_packets(coded, bit_rate, application))[:needed]
    pages = _pages(packets, pre_skip + frames, _head(len(sound), pre_skip), _comments(tags))
    path.write_bytes(b"".join(pages))


def _packets(sound: Sound, bit_rate: int, application: str) -> Iterator[bytes]:
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate = SAMPLE_RATE
    encoder.layout = layout = "mono" if len(sound) == 1 else "stereo"
    encoder.format = "flt"
    encoder.bit_rate = bit_rate
    encoder.time_base = Fraction(1, SAMPLE_RATE)
    encoder.options = {"application": application, "vbr": "on", "compression_level": "10"}
    encoder.open()
    whole = sound.shape[1] // PACKET_FRAMES * PACKET_FRAMES
    for start in range(0, whole, PACKET_FRAMES):
        block = np.ascontiguousarray(sound[:, start : start + PACKET_FRAMES].T).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(block, "flt", layout)
        frame.sample_rate, frame.pts = SAMPLE_RATE, start
        for packet in encoder.encode(frame):
            yield bytes(packet)
    for packet in encoder.encode(None):
        yield bytes(packet)


def _head(channels: int, pre_skip: int) -> bytes:
    return b"OpusHead" + struct.pack("<BBHIhB", 1, channels, pre_skip, SAMPLE_RATE, 0, 0)


def _comments(tags: dict[str, str]) -> bytes:
    rows = [f"{key}={value}".encode() for key, value in tags.items()]
    vendor = b"libopus"
    body = struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(rows))
    return b"OpusTags" + body + b"".join(struct.pack("<I", len(row)) + row for row in rows)


def _pages(packets: list[bytes], end_granule: int, head: bytes, comments: bytes) -> Iterator[bytes]:
    """Pages of 0.8 s; the last one's granule position trims the end (RFC 7845, 4.4)."""
    yield _page([head], 0, number=0, first=True)
    yield _page([comments], 0, number=1)
    starts = range(0, len(packets), PAGE_PACKETS)
    for number, start in enumerate(starts, 2):
        some = packets[start : start + PAGE_PACKETS]
        last = start + PAGE_PACKETS >= len(packets)
        granule = end_granule if last else (start + len(some)) * PACKET_FRAMES
        yield _page(some, granule, number=number, last=last)


def _page(
    packets: list[bytes], granule: int, *, number: int, first: bool = False, last: bool = False
) -> bytes:
    lacing = b"".join(
        b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets
    )
    if len(lacing) > 255:
        raise ValueError("a page holds at most 255 segments")
    kind = (2 if first else 0) | (4 if last else 0)
    fields = struct.pack("<4sBBqIIIB", b"OggS", 0, kind, granule, SERIAL, number, 0, len(lacing))
    page = fields + lacing + b"".join(packets)
    return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        table.append(value & 0xFFFFFFFF)
    return tuple(table)


_CRC = _crc_table()


def _checksum(page: bytes) -> int:
    """Ogg's CRC-32: polynomial 04C11DB7, unreflected, from zero (RFC 3533, 6)."""
    value = 0
    for byte in page:
        value = ((value << 8) & 0xFFFFFFFF) ^ _CRC[(value >> 24) ^ byte]
    return value

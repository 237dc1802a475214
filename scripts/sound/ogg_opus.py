"""Writes Ogg Opus files whose decoded length is exact and whose loops join.

libopus (through PyAV) makes the packets; the Ogg pages are written here, since only the header's
pre-skip and the last page's granule position say which frames count (RFC 7845). A loop's packets
form a circle too: its last ones are decoded and skipped before its first, its first one stands
again behind its last. So the codec's own noise joins as well as the music does.
Knows nothing of what the sound is.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import numpy as np
from measure import SAMPLE_RATE, Sound

PACKET_FRAMES = 960
PAGE_PACKETS = 40
"""40 packets of at most 1,275 bytes always fit the 255 segments of a page."""
LEAD_PACKETS = 50
"""What is decoded and skipped before a loop: a second, in which the decoder forgets its start.
Pre-skip holds at most 65,535 frames."""
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
    """Writes (channels, frames) at 48 kHz; decoded, it has exactly as many frames.

    Raises ValueError for a loop that is not a whole number of packets.
    """
    delay = LOOKAHEAD_FRAMES[application]
    code = partial(_packets, bit_rate=bit_rate, application=application)
    if loop:
        pre_skip, packets = LEAD_PACKETS * PACKET_FRAMES + delay, _circle(sound, code)
    else:
        pre_skip, packets = delay, code(np.pad(sound, ((0, 0), (0, PACKET_FRAMES * 2))))
    end = pre_skip + sound.shape[1]
    packets = packets[: -(-end // PACKET_FRAMES)]
    path.write_bytes(b"".join(_pages(packets, end, _head(len(sound), pre_skip), _comments(tags))))


def _circle(sound: Sound, code: Callable[[Sound], list[bytes]]) -> list[bytes]:
    """The packets of a loop, led by its own last ones and followed by its own first."""
    count, rest = divmod(sound.shape[1], PACKET_FRAMES)
    if rest:
        raise ValueError(f"a loop is a whole number of packets of {PACKET_FRAMES} frames")
    lead = LEAD_PACKETS * PACKET_FRAMES
    coded = code(np.concatenate([sound[:, -lead:], sound, sound[:, :lead]], axis=1))
    around = coded[LEAD_PACKETS : LEAD_PACKETS + count]
    return around[-LEAD_PACKETS:] + around + around[:2]


def _packets(sound: Sound, bit_rate: int, application: str) -> list[bytes]:
    """What libopus makes of whole packets of a sound."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate = SAMPLE_RATE
    encoder.layout = layout = "mono" if len(sound) == 1 else "stereo"
    encoder.format = "flt"
    encoder.bit_rate = bit_rate
    encoder.time_base = Fraction(1, SAMPLE_RATE)
    encoder.options = {"application": application, "vbr": "on", "compression_level": "10"}
    encoder.open()
    packets: list[bytes] = []
    for start in range(0, sound.shape[1] - PACKET_FRAMES + 1, PACKET_FRAMES):
        block = np.ascontiguousarray(sound[:, start : start + PACKET_FRAMES].T).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(block, "flt", layout)
        frame.sample_rate, frame.pts = SAMPLE_RATE, start
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets + [bytes(packet) for packet in encoder.encode(None)]


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

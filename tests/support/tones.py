"""Sound for tests: tones whose every frame is told apart, and files of them in each format."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from numpy.typing import NDArray

CODECS = {
    ".mp3": ("libmp3lame", "fltp"),
    ".m4a": ("aac", "fltp"),
    ".aac": ("aac", "fltp"),
    ".flac": ("flac", "s16"),
    ".ogg": ("libopus", "flt"),
    ".opus": ("libopus", "flt"),
    ".wav": ("pcm_s16le", "s16"),
}
"""How each ending is encoded: codec and sample format."""

LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}


def tone(
    frames: int, hz: float = 440.0, *, rate: int = 48000, gain: float = 0.5, channels: int = 2
) -> NDArray[np.float32]:
    """A sine from phase 0, (frames, channels)."""
    wave = gain * np.sin(2 * np.pi * hz * np.arange(frames) / rate)
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


def sweep(frames: int, *, rate: int = 48000, gain: float = 0.5) -> NDArray[np.float32]:
    """A stereo sweep from 200 Hz up and from 3 kHz down: no two places are alike."""
    seconds = np.arange(frames) / rate
    length = max(frames / rate, 1e-9)
    up = np.sin(2 * np.pi * (200 * seconds + 1400 * seconds**2 / length))
    down = np.sin(2 * np.pi * (3000 * seconds - 1400 * seconds**2 / length))
    return (gain * np.stack([up, down], axis=1)).astype(np.float32)


def write(
    path: Path,
    pcm: NDArray[np.float32],
    *,
    rate: int = 48000,
    codec: str | None = None,
    tags: dict[str, str] | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """A sound file in the format of its ending, of (frames, channels) in full scale 1."""
    name, sample_format = CODECS[path.suffix]
    if codec is not None:
        name, sample_format = codec, codec.removeprefix("pcm_").removesuffix("le")
        sample_format = {"f32": "flt"}.get(sample_format, sample_format)
    layout = LAYOUTS[pcm.shape[1]]
    with av.open(str(path), "w", options=options or {}) as container:
        container.metadata.update(tags or {})
        stream = container.add_stream(name, rate=rate, layout=layout)
        assert isinstance(stream, AudioStream)
        stream.codec_context.format = sample_format
        if name in ("libmp3lame", "aac", "libopus"):
            stream.bit_rate = 192_000
        convert = av.AudioResampler(format=sample_format, layout=layout, rate=rate)
        whole = np.ascontiguousarray(pcm, dtype=np.float32)
        for start in range(0, len(whole), 65536):
            flat = whole[start : start + 65536].reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(flat, format="flt", layout=layout)
            frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
            for made in convert.resample(frame):
                container.mux(stream.encode(made))
        for made in convert.resample(None):
            if made is not None:
                container.mux(stream.encode(made))
        container.mux(stream.encode(None))
    return path

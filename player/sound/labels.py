"""What an open file says of itself in its tags. Knows nothing of what any of them means."""

from __future__ import annotations

import av
from av.audio.stream import AudioStream
from av.container import InputContainer


def labels(container: InputContainer, stream: AudioStream) -> dict[str, str]:
    """A file's tags by their names in small letters; Ogg keeps them in its stream."""
    try:
        rows = [*stream.metadata.items(), *container.metadata.items()]
    except (av.FFmpegError, ValueError):
        return {}
    return {key.lower(): value for key, value in rows if value.strip()}

"""How long a file says it is: quick, and not to be trusted where it matters to the frame."""

from __future__ import annotations

from pathlib import Path

from player.units import Seconds


def stated_length_s(path: Path) -> Seconds | None:
    """The length in a file's header; None where it states none or cannot be read. Never raises."""
    import av

    from player.errors import RunFailed
    from player.sound.native import opened

    try:
        container, stream = opened(path)
    except RunFailed:
        return None
    with container:
        try:
            if stream.duration and stream.time_base:
                return float(stream.duration * stream.time_base)
            return container.duration / av.time_base if container.duration else None
        except (av.FFmpegError, ValueError, ArithmeticError):
            return None

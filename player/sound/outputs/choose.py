"""An output by what a person asked for: the device, nowhere, or a file."""

from __future__ import annotations

from pathlib import Path

from player.sound.outputs.output import Output
from player.sound.outputs.paced import FileOutput, NullOutput
from player.units import Seconds

DEVICE = "pygame"
NOWHERE = "null"


def open_output(
    asked: str,
    *,
    device: str | None,
    robust: bool,
    speed: float,
    patience_s: Seconds | None = None,
    blocks_a_chunk: int = 1,
    underruns: int = 0,
    stalled: bool = False,
) -> Output:
    """`pygame` is a device, `null` is nowhere, all else is the path of a wav file.

    A device plays at its own speed, and begins as deep, and with as many underruns counted, as
    one before it had come to; where that one had `stalled`, it is lost until it takes silence.
    Raises OutputMissing where there is no such device (with `patience_s` it is waited for so
    long, and begins lost), RunFailed where the file cannot be made.
    """
    if asked == NOWHERE:
        return NullOutput(speed)
    if asked == DEVICE:
        from player.sound.outputs.lasting import LastingOutput

        return LastingOutput(
            device,
            robust=robust,
            patience_s=patience_s,
            blocks_a_chunk=blocks_a_chunk,
            underruns=underruns,
            stalled=stalled,
        )
    return FileOutput(Path(asked), speed)

"""An output by what a person asked for: the device, nowhere, or a file."""

from __future__ import annotations

from pathlib import Path

from player.errors import InputWrong
from player.sound.outputs.output import Output
from player.sound.outputs.paced import FileOutput, NullOutput

DEVICE = "pygame"
NOWHERE = "null"


def open_output(asked: str, *, device: str | None, robust: bool, speed: float) -> Output:
    """`pygame` is a device, `null` is nowhere, all else is the path of a wav file.

    Raises OutputMissing where there is no such device, InputWrong for a speed that a device
    cannot have or a file that is no wav, RunFailed where the file cannot be made.
    """
    if asked == NOWHERE:
        return NullOutput(speed)
    if asked == DEVICE:
        if speed != 1.0:
            raise InputWrong("--speed goes with --output null or a file: a device plays as it is")
        from player.sound.outputs.device import PygameOutput

        return PygameOutput(device, robust=robust)
    path = Path(asked).expanduser()
    if path.suffix.lower() != ".wav":
        raise InputWrong(f"{asked}: live output is written as .wav; render writes other formats")
    return FileOutput(path, speed)

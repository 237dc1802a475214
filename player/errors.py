"""The tree of errors that people may see. Each says what is wrong, where, and what to do.

StillroomError
├── InputWrong            what was asked or written is wrong (exit code 2)
│   └── FileFaulty        a file that people write, with every fault in it at once
│       ├── SessionFaulty   a session
│       └── SettingsFaulty  the settings
└── RunFailed             the run could not be done (exit code 1)
    ├── OutputMissing     there is no device to play on
    └── EngineUnreachable the process that owns the sound does not answer
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class StillroomError(Exception):
    """Anything that is told to a person in one plain sentence."""

    exit_code = 1


class InputWrong(StillroomError):
    """What was asked or written is wrong; nothing was done."""

    exit_code = 2


class RunFailed(StillroomError):
    """The input was right, the run could not be done."""


class OutputMissing(RunFailed):
    """No device to play on, or the one that was named is not there."""


class EngineUnreachable(RunFailed):
    """The process that owns the sound could not be started or does not answer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file: where it stands, what is wrong, what to do."""

    line: int
    key: str
    message: str
    hint: str = ""

    def text(self, file: str) -> str:
        """The fault as one line: ``file:line: key: message (hint)``."""
        key = f"{self.key}: " if self.key else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{file}:{self.line}: {key}{self.message}{hint}"


class FileFaulty(InputWrong):
    """A file with faults, all of them, in the order of their lines."""

    def __init__(self, file: str, faults: Sequence[Fault]) -> None:
        self.file = file
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """Each fault as one line, with the file's name."""
        return [fault.text(self.file) for fault in self.faults]


class SessionFaulty(FileFaulty):
    """A session file that cannot be used."""


class SettingsFaulty(FileFaulty):
    """A settings file that cannot be used."""

"""Which Python runs Stillroom: an old one looks for a newer one and hands over to it.

Knows nothing of `.venv` or of packages.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence

OLDEST = (3, 11)
"""What pyproject.toml asks for; a test holds the two together."""

NEWEST_MINOR = 14
"""The newest Python 3 that is looked for by name; a newer one that is `python3` is found too."""

LINK = "https://www.python.org/downloads/"

ANSWER_LIMIT_S = 20
"""A Python that has not said its version by then is passed over."""


def hand_over_if_old(script: str, arguments: Sequence[str]) -> None:
    """Run `script` again with a newer Python if this one is too old; else return.

    Leaves with the other one's exit code, or with 1 and a plain sentence where there is none.
    """
    here = tuple(sys.version_info[:3])
    if here[:2] >= OLDEST:
        return
    newer = newer_python()
    if newer is None:
        needed = ".".join(str(part) for part in OLDEST)
        raise SystemExit(
            f"Stillroom needs Python {needed} or later. This is Python "
            f"{'.'.join(str(part) for part in here)}, and no newer one was found.\n"
            f"Install one from {LINK} and run this again."
        )
    hand_over([*newer, script, *arguments])


def newer_python() -> list[str] | None:
    """The command of the newest Python on this machine that is new enough, or None."""
    for command in candidates():
        program = shutil.which(command[0])
        if program is not None and is_new_enough([program, *command[1:]]):
            return [program, *command[1:]]
    return None


def candidates() -> Iterator[list[str]]:
    """Commands that may be a newer Python, newest first, whether or not they exist."""
    for minor in range(NEWEST_MINOR, OLDEST[1] - 1, -1):
        if os.name == "nt":
            yield ["py", f"-3.{minor}"]
        yield [f"python3.{minor}"]
        if sys.platform == "darwin":
            # Where the installers put it; a terminal opened before that does not look there.
            yield [f"/Library/Frameworks/Python.framework/Versions/3.{minor}/bin/python3"]
            yield [f"/opt/homebrew/bin/python3.{minor}"]
    yield ["python3"]
    yield ["python"]


def is_new_enough(command: Sequence[str]) -> bool:
    """Whether a command answers as a Python of at least `OLDEST`."""
    question = f"import sys; sys.exit(0 if sys.version_info[:2] >= {OLDEST} else 3)"
    try:
        done = subprocess.run(
            [*command, "-c", question],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=ANSWER_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def hand_over(command: Sequence[str]) -> None:
    """Become another program, with its signals and its exit code; never returns."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt":
        os.execv(command[0], list(command))  # noqa: S606  a list, and no shell
    # Windows has no exec that a console waits for.
    child = subprocess.Popen(list(command))
    while True:
        try:
            raise SystemExit(child.wait())
        except KeyboardInterrupt:
            continue

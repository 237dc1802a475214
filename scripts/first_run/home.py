"""Stillroom's own folder of packages, `.venv`: made, filled, and made anew when it does not fit.

A stamp in it says for which pyproject.toml, Python and folder it was filled; while that holds,
nothing is done. Knows nothing of what is run afterwards.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from first_run import progress
from first_run.pythons import ANSWER_LIMIT_S, LINK

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
COMMANDS = VENV / ("Scripts" if os.name == "nt" else "bin")
ENDING = ".exe" if os.name == "nt" else ""
STAMP = VENV / "stillroom-stamp.json"
LOG = VENV / "install.log"
LOG_LINES_SHOWN = 12

BROKEN_OFF = "the last installation was broken off"
"""Stands in the stamp while packages are put in place, so that a half-filled folder is known."""

UNREACHABLE = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "Failed to establish a new connection",
    "Name or service not known",
    "Temporary failure in name resolution",
    "getaddrinfo failed",
    "Network is unreachable",
    "ProxyError",
    "SSLError",
)
"""Words in pip's log that mean that the package index could not be reached."""


def ready(extra: str = "") -> None:
    """Make `.venv` hold the project, and its `extra`; leaves with plain words where it cannot."""
    try:
        wanted = fitting_stamp(extra)
        there = read_stamp()
        wanted["extra"] = both(there.get("extra", ""), extra)
        reason = why_anew(there, wanted)
        if reason is not None:
            make(reason)
            there = {}
        if not fits(there, wanted):
            install(wanted)
    except OSError as fault:
        raise SystemExit(f"Stillroom could not set up {VENV}:\n  {fault}") from None
    except KeyboardInterrupt:
        print("Stopped. Run this again to finish.")
        raise SystemExit(130) from None


def command(name: str) -> str:
    """The path of an installed command."""
    return str(COMMANDS / f"{name}{ENDING}")


def fitting_stamp(extra: str) -> dict[str, str]:
    """What the stamp of a folder that fits would say."""
    return {
        "pyproject": hashlib.sha256((PROJECT / "pyproject.toml").read_bytes()).hexdigest(),
        "python": ".".join(str(part) for part in sys.version_info[:2]),
        "project": str(PROJECT),
        "extra": extra,
    }


def read_stamp() -> dict[str, str]:
    """What the stamp says; empty where there is none or it cannot be read."""
    try:
        body = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(said) for key, said in body.items()} if isinstance(body, dict) else {}


def fits(there: dict[str, str], wanted: dict[str, str]) -> bool:
    """Whether nothing has to be installed."""
    return there == wanted and Path(command("stillroom")).exists()


def both(there: str, more: str) -> str:
    """Extras as the stamp has them: what was installed once is kept up, and more is added."""
    return ",".join(sorted({*there.split(","), more} - {""}))


def why_anew(there: dict[str, str], wanted: dict[str, str]) -> str | None:
    """Why `.venv` has to be made, in words; None where the one that stands can be used."""
    if not os.path.lexists(VENV):
        return ""
    version = version_there()
    if version is None:
        return "the one that is there does not work"
    if version != wanted["python"]:
        return f"the one that is there is for Python {version}"
    if "fault" in there:
        return there["fault"]
    if there.get("project", wanted["project"]) != wanted["project"]:
        return "the one that is there belongs to another folder"
    return None


def version_there() -> str | None:
    """The version that the Python of `.venv` answers with; None where it, or its pip, is broken."""
    question = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run(
            [command("python"), "-I", "-c", question],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=ANSWER_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("ascii", "replace").strip() if done.returncode == 0 else None


def make(reason: str) -> None:
    """Make an empty `.venv`, in place of what is there."""
    python = base_python()
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise SystemExit(without_venv(python))
    clear_away()
    VENV.mkdir()
    stamp({"fault": BROKEN_OFF})
    again = f" anew ({reason})" if reason else ""
    version = ".".join(str(part) for part in sys.version_info[:3])
    title = f"Making {VENV}{again} with Python {version}"
    code = progress.run(title, [python, "-I", "-m", "venv", str(VENV)], PROJECT, LOG)
    if code:
        raise SystemExit(f"It could not be made. {last_lines()}")


def base_python() -> str:
    """This Python as it is outside of any `.venv`, which may be about to be cleared away."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def without_venv(python: str) -> str:
    """What to say where Python came without the modules that make a `.venv`."""
    version = ".".join(str(part) for part in sys.version_info[:2])
    return (
        f"This Python ({python}) came without the modules that make a folder of packages.\n"
        f"On Debian and Ubuntu they are in a package of their own:\n"
        f"  sudo apt install python3-venv    (or python{version}-venv)\n"
        f"Elsewhere, install Python from {LINK} and run this again."
    )


def clear_away() -> None:
    """Remove what stands at `.venv`: a folder, a link or a file."""
    if VENV.is_dir() and not VENV.is_symlink():
        shutil.rmtree(str(VENV))
    elif os.path.lexists(VENV):
        VENV.unlink()


def stamp(said: dict[str, str]) -> None:
    """Put a stamp in `.venv`; a `fault` in it stands there until the work is done."""
    STAMP.write_text(json.dumps(said), encoding="utf-8")


def install(wanted: dict[str, str]) -> None:
    """Put the project, editable, and what it needs into `.venv`, and stamp it."""
    extra = wanted["extra"]
    stamp({"fault": BROKEN_OFF})
    what = f".[{extra}]" if extra else "."
    parts = {"dev": "what its tests need", "voice": "its voice"}
    more = "".join(f" and {told}" for name, told in parts.items() if name in extra.split(","))
    pip = [command("python"), "-I", "-X", "utf8", "-m", "pip", "install"]
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--retries", "2"]
    # A machine's own setting to install for the user alone would fail in here.
    environment = {**os.environ, "PIP_USER": "0"}
    LOG.write_bytes(b"")
    title = f"Installing Stillroom{more}: a minute or two the first time"
    code = progress.run(title, [*pip, *quiet, "-e", what], PROJECT, LOG, environment)
    if code:
        # pip puts packages in place only when it has them all: what is there is still whole.
        stamp(dict(wanted, pyproject="not installed"))
        raise SystemExit(f"{why_not_installed()} {last_lines()}")
    stamp(wanted)


def why_not_installed() -> str:
    """The likely cause of pip's failure, in words, read from its log."""
    log = LOG.read_text(encoding="utf-8", errors="replace")
    if any(word in log for word in UNREACHABLE):
        return (
            "The package index (pypi.org) could not be reached. Stillroom needs the network this "
            "once;\ncheck the connection, the proxy or the firewall, and run this again."
        )
    if "No space left on device" in log:
        return "The disk is full."
    return "Something could not be installed."


def last_lines() -> str:
    """The end of the log, and where the whole of it lies."""
    lines = LOG.read_text(encoding="utf-8", errors="replace").splitlines()
    shown = "\n".join(f"  | {line}" for line in lines[-LOG_LINES_SHOWN:])
    return f"The log ends:\n{shown}\nThe whole log: {LOG}"

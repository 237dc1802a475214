"""Where files live: shipped ones beside the code, people's own in the data folder.

``STILLROOM_HOME`` moves everything of one's own to one folder; else each system's usual place.
Folders are made 0700, and whoever writes a file makes it 0600.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

APP = "stillroom"


def shipped() -> Path:
    """The folder of shipped sessions and sound: in a checkout `playlists/`, else in the wheel."""
    inside = Path(__file__).parent / "shipped"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "playlists"


def home() -> Path:
    """The data folder: sessions, settings, cache and logs of one's own. Made if it is missing."""
    given = os.environ.get("STILLROOM_HOME")
    if given:
        return _private(Path(given).expanduser().absolute())
    import platformdirs

    return _private(Path(platformdirs.user_data_dir(APP, appauthor=False)))


def own_sessions() -> Path:
    """Where the chooser looks for sessions of one's own. Need not exist on a read-only disk."""
    return _made_if_possible(home() / "sessions")


def own_scripts() -> Path:
    """Where scripts of one's own lie. Need not exist on a read-only disk."""
    return _made_if_possible(home() / "scripts")


def made_voice() -> Path:
    """Where speech that was made from text is kept: a cache, it may be emptied at any time."""
    return _private(_private(home() / "cache") / "voice")


def own_voice() -> Path:
    """Where the counsellor's own recordings of scripts lie, a folder for each script.

    Need not exist on a read-only disk.
    """
    return _made_if_possible(home() / "voice")


def logs() -> Path:
    """Where the engine writes what went wrong. Holds no notes, names or client codes."""
    return _private(home() / "logs")


def journal() -> Path:
    """Where the engine keeps what is needed to take a broken-off session up again."""
    return home() / "journal"


def catalogue() -> Path:
    """The cache of what was measured of music files, keyed by content."""
    return home() / "catalogue.sqlite"


def settings_file() -> Path:
    """The counsellor's settings; need not exist."""
    return home() / "settings.yaml"


def runtime() -> Path:
    """The folder, 0700, of the socket and its token; short, since a socket's path is bounded."""
    base = home() / "run"
    if sys.platform == "win32" or len(os.fsencode(base / "engine.sock")) < 100:
        return _closed(_private(base))
    import hashlib

    tag = hashlib.blake2b(os.fsencode(home()), digest_size=6).hexdigest()
    return _closed(_private(Path(tempfile.gettempdir()) / f"{APP}-{os.getuid()}-{tag}"))


def _closed(folder: Path) -> Path:
    """Nobody else may look in, whoever made it; a link in its place is somebody's trap."""
    from player.errors import InputWrong

    found = folder.lstat()
    if stat.S_ISLNK(found.st_mode):
        raise InputWrong(f"{folder}: is a link; take it away, or set STILLROOM_HOME elsewhere")
    if sys.platform != "win32" and found.st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def _made_if_possible(folder: Path) -> Path:
    """For what is only read: where it cannot be made there is nothing in it."""
    from player.errors import InputWrong

    try:
        return _private(folder)
    except InputWrong:
        if os.path.lexists(folder):
            raise
        return folder


def _private(folder: Path) -> Path:
    from player.errors import InputWrong

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
            raise InputWrong(f"{folder}: belongs to somebody else; set STILLROOM_HOME elsewhere")
    except OSError as fault:
        why = fault.strerror or "cannot be made"
        raise InputWrong(f"{folder}: {why}; set STILLROOM_HOME to a folder of yours") from None
    return folder

"""The sessions of the chooser: found at once, read in a thread after the first paint."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from textual.message import Message

from player.errors import SessionFaulty, StillroomError
from player.screens import crash
from player.screens.messages import DeskReady, EntriesRead
from player.screens.overview import Entry

_LOT = 16
"""Sessions read between two redraws: the shipped ones are drawn once."""


def entries() -> list[Entry]:
    """Every session there is, unread: shipped ones first, then own ones."""
    from player.session.find import everything

    found = [Entry(path=each.path, own=each.own) for each in everything()]
    return sorted(found, key=lambda entry: entry.own)


def entries_with(path: Path | None) -> tuple[list[Entry], Path | None]:
    """Every session, and one more from anywhere; with the path that it is found by."""
    found = entries()
    at = next((each.path for each in found if path and each.path.resolve() == path), path)
    if path is not None and at not in {each.path for each in found}:
        found.append(Entry(path=path, own=True))
    return found, at


def read_all(shelf: Sequence[Entry], post: Callable[[Message], object]) -> None:
    """Read the sessions in a daemon thread; `post` hears of them in lots, at last of the end."""

    def run() -> None:
        for number, entry in enumerate(shelf, start=1):
            read(entry)
            if number % _LOT == 0:
                post(EntriesRead())
        post(EntriesRead(all_of_them=True))

    threading.Thread(target=run, name="session reader", daemon=True).start()


def load_desk(post: Callable[[Message], object]) -> None:
    """Load what the link wants in a daemon thread, so that no key waits for it."""

    def run() -> None:
        import player.screens.desk  # noqa: F401

        post(DeskReady())

    threading.Thread(target=run, name="desk loader", daemon=True).start()


def read(entry: Entry) -> None:
    """Read one session into its entry, or its faults."""
    if entry.session is not None or entry.faults:
        return
    from player.session.loader import load

    try:
        entry.session = load(entry.path)
    except SessionFaulty as faulty:
        entry.faults = tuple(fault.text(entry.path.name) for fault in faulty.faults)
    except StillroomError as fault:
        entry.faults = (str(fault),)
    except Exception as fault:
        # One session that upsets the reader must not take the others from the chooser.
        crash.write(fault)
        entry.faults = ("it cannot be read; see the log",)

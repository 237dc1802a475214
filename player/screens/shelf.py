"""The sessions of the chooser: found at once, read one by one in a thread after the first paint."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from textual.message import Message

from player.errors import SessionFaulty, StillroomError
from player.screens.overview import Entry


class EntryRead(Message):
    """A session was read; many in a row are one reason to draw."""

    def can_replace(self, message: Message) -> bool:
        """One redraw shows them all."""
        return isinstance(message, EntryRead)


def entries() -> list[Entry]:
    """Every session there is, unread: shipped ones first, then own ones."""
    from player.session.find import everything

    found = [Entry(path=each.path, own=each.own) for each in everything()]
    return sorted(found, key=lambda entry: entry.own)


def read_all(shelf: Sequence[Entry], post: Callable[[Message], object]) -> None:
    """Read the sessions in a daemon thread; `post` hears of each. Faults are kept, not raised."""

    def run() -> None:
        for entry in shelf:
            read(entry)
            post(EntryRead())

    threading.Thread(target=run, name="session reader", daemon=True).start()


def read(entry: Entry) -> None:
    """Read one session into its entry, or its faults."""
    from player.session.loader import load

    try:
        entry.session = load(entry.path)
    except SessionFaulty as faulty:
        entry.faults = tuple(fault.text(entry.path.name) for fault in faulty.faults)
    except StillroomError as fault:
        entry.faults = (str(fault),)

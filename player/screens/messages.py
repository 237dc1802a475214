"""What the reader thread tells the app: past tense, as Textual messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from player.protocol.wire import Answer
    from player.timeline.commands import AnyCommand
    from player.timeline.events import Event
    from player.timeline.status import Status


class FromLink(Message):
    """Whatever a link tells, with the link: what one tells that was given up counts no more."""

    link: object = None


class StatusCame(FromLink):
    """A new picture of the session; an older one that still waits is dropped for it."""

    def __init__(self, status: Status) -> None:
        super().__init__()
        self.status = status

    def can_replace(self, message: Message) -> bool:
        """Only the newest status is worth drawing."""
        return isinstance(message, StatusCame)


class EventCame(FromLink):
    """Something happened in the session."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class AnswerCame(FromLink):
    """The engine's answer to a command."""

    def __init__(self, answer: Answer, ticket: int, command: AnyCommand | None) -> None:
        super().__init__()
        self.answer = answer
        self.ticket = ticket
        self.command = command


class RoomOpened(FromLink):
    """The engine answers; what waited was sent."""


class RoomLost(FromLink):
    """The engine could not be reached, or is gone; one that was there is still looked for."""

    def __init__(self, text: str, ever_opened: bool) -> None:
        super().__init__()
        self.text = text
        self.ever_opened = ever_opened


class EntriesRead(Message):
    """Some more sessions of the chooser were read, or all of them."""

    def __init__(self, *, all_of_them: bool = False) -> None:
        super().__init__()
        self.all_of_them = all_of_them


class DeskReady(Message):
    """All that the link wants is loaded."""

"""The language between a screen and the engine: one JSON object a line, with a version.

To the engine: a token line first, then ``{"v": 1, "id": 7, "command": {"do": "hold"}}``, with
``"client": "a name"`` where the client repeats what was not answered.
From it: ``{"v": 1, "status": {…}}``, ``{"v": 1, "event": {…}}`` and
``{"v": 1, "answer": {"id": 7, "ok": true, "text": ""}}``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from player.errors import StillroomError
from player.timeline.commands import AnyCommand
from player.timeline.events import AnyEvent, Event, Happening
from player.timeline.status import Status

VERSION = 1
MAX_NAME = 64
"""Signs in a client's name for itself."""
MAX_LINE = 65_536
"""Bytes in a line to the engine; a longer one is garbage."""

_COMMANDS: TypeAdapter[AnyCommand] = TypeAdapter(AnyCommand)
_EVENTS: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)


class WireError(StillroomError):
    """A line that is not of this language."""


class Answer(BaseModel):
    """What the engine says to a command: done, or why not in one quiet line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    ok: bool
    text: str = ""
    exit_code: int = 1
    """Of a command that could not be done and ends a run: 2 where what was asked for is wrong."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command with the number its answer will carry."""

    id: int
    command: AnyCommand
    client: str = ""
    """What a client that may repeat its requests calls itself, at random."""

    @property
    def asker(self) -> tuple[str, int] | None:
        """What it is known by where it comes again; None where it never does."""
        return (self.client, self.id) if self.client else None


Message: TypeAlias = Status | Event | Answer


def encode_request(request: Request) -> bytes:
    """A request as one line."""
    command = request.command.model_dump(mode="json")
    named = {"client": request.client} if request.client else {}
    return _line({"v": VERSION, "id": request.id, "command": command} | named)


def decode_request(line: bytes) -> Request:
    """One line as a request. Raises WireError."""
    whole = _object(line)
    number, client = whole.get("id"), whole.get("client", "")
    if (
        not isinstance(number, int)
        or isinstance(number, bool)
        or set(whole) - {"v", "id", "command", "client"}
    ):
        raise WireError("a request has an id, a command, perhaps a client and nothing else")
    if not isinstance(client, str) or not client.isascii() or len(client) > MAX_NAME:
        raise WireError(f"a client is a name of at most {MAX_NAME} plain signs")
    try:
        return Request(number, _COMMANDS.validate_python(whole.get("command")), client)
    except ValidationError as fault:
        raise WireError(f"not a command: {fault.errors()[0]['msg']}") from None


def encode_message(message: Message) -> bytes:
    """A status, an event or an answer as one line; "?" where a name is no UTF-8."""
    kind = b"event"
    if isinstance(message, Status | Answer):
        kind = b"status" if isinstance(message, Status) else b"answer"
    return b'{"v":%d,"%s":%s}\n' % (VERSION, kind, _body(message))


def decode_message(line: bytes) -> Message:
    """One line as a status, an event or an answer. Raises WireError."""
    whole = _object(line)
    try:
        if "status" in whole:
            return Status.model_validate_json(json.dumps(whole["status"]))
        if "event" in whole:
            return _EVENTS.validate_python(whole["event"])
        if "answer" in whole:
            return Answer.model_validate(whole["answer"])
    except ValidationError as fault:
        raise WireError(f"not a message: {fault.errors()[0]['msg']}") from None
    raise WireError("a line is a status, an event or an answer")


def event_json(event: Happening) -> dict[str, Any]:
    """An event as the render report lists it: frame and name first."""
    body = event.model_dump(mode="json")
    return {"frame": body.pop("frame"), "event": body.pop("event"), **body}


def _body(message: Message) -> bytes:
    try:
        return message.model_dump_json().encode()
    except ValueError:
        body = message.model_dump(mode="json")
        return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _line(body: dict[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode() + b"\n"


def _object(line: bytes) -> dict[str, Any]:
    if len(line) > 4 * MAX_LINE:
        raise WireError("the line is too long")
    try:
        whole = json.loads(line)
    except (ValueError, RecursionError):
        raise WireError("the line is not JSON") from None
    if not isinstance(whole, dict):
        raise WireError("the line is not a JSON object")
    if whole.get("v") != VERSION:
        raise WireError(f"version {whole.get('v')!r} is not {VERSION}")
    return whole

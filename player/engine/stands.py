"""A stand, the whole of a session at one frame, as JSON and back: exactly, whatever is in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, get_args

from pydantic import TypeAdapter

from player.sound.memory import MixerMemory, Timed
from player.timeline.plan import Plan
from player.timeline.state import Known, State

PLANS: TypeAdapter[Plan] = TypeAdapter(Plan)
KNOWN: TypeAdapter[Known] = TypeAdapter(Known)
_STATES: TypeAdapter[State] = TypeAdapter(State)
_MEMORIES: TypeAdapter[MixerMemory] = TypeAdapter(MixerMemory)
_ASKERS: TypeAdapter[tuple[tuple[str, int], ...]] = TypeAdapter(tuple[tuple[str, int], ...])
_TIMED: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in get_args(Timed)}
"""By name: several kinds have the same fields."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a session stands: what was decided, and what the mixer makes of it."""

    state: State
    memory: MixerMemory
    done: tuple[tuple[str, int], ...] = ()
    """The last requests that were done: each by its client's name for itself, and its number."""


def stand_json(stand: Stand) -> dict[str, Any]:
    """A stand without what is known of the tracks: that is kept once, not with each."""
    state = replace(stand.state, facts=())
    memory = replace(stand.memory, coming=())
    return {
        "state": _STATES.dump_python(state, mode="json"),
        "memory": _MEMORIES.dump_python(memory, mode="json"),
        "coming": [[at, type(told).__name__, asdict(told)] for at, told in stand.memory.coming],
        "done": [list(asker) for asker in stand.done],
    }


def stand_of(body: dict[str, Any], facts: tuple[Known, ...]) -> Stand:
    """A stand from its JSON, and what is known of the tracks. Raises ValueError or KeyError."""
    state = _STATES.validate_python(body["state"])
    memory = _MEMORIES.validate_python(body["memory"])
    coming = tuple((at, _TIMED[kind].validate_python(told)) for at, kind, told in body["coming"])
    done = _ASKERS.validate_python(body.get("done", ()))
    return Stand(replace(state, facts=facts), replace(memory, coming=coming), done)

"""A status as `stillroom status --json` prints it, for scripts that watch a room."""

from __future__ import annotations

from typing import Any

from player.screens.hearing import dose, level_dba
from player.timeline.status import State, Status

_STATES = {
    State.ENDING: "playing",
    State.MUSIC_ENDED: "ended",
}
"""Finer states, by the words that scripts know."""

_RESTING = frozenset({State.IDLE, State.OPENING, State.READY, State.ENDED})


def runs(status: Status) -> bool:
    """Whether a session runs, or is about to: what is only opened, or is over, does not."""
    return status.begin_asked or status.state not in _RESTING


def status_report(status: Status | None) -> dict[str, Any]:
    """The document; `running` is false and all else empty where no session runs."""
    if status is None:
        return {"running": False}
    names = [phase.name for phase in status.phases]
    cue = None if status.cue_next is None else status.cues[status.cue_next]
    return {
        "running": True,
        "session": status.title,
        "path": status.path,
        "phase": names[status.phase] if names else "",
        "state": "coming back" if status.coming_back else _word(status.state),
        "position_s": round(status.position_s, 3),
        "elapsed_s": round(status.elapsed_s, 3),
        "phase_left_s": round(status.phase_left_s, 3),
        "since_dose_s": _rounded(status.since_dose_s),
        "since_booster_s": _rounded(status.since_booster_s),
        "track": status.track,
        "next_track": status.next_track,
        "shelf": list(status.shelf),
        "shelf_held": None if status.shelf_held is None else status.shelf[status.shelf_held],
        "next_cue": None if cue is None else {"name": cue.name, "in_s": _rounded(cue.in_s)},
        "volume_db": status.volume_db,
        "calibrated": status.calibration_dba is not None,
        "level_dba": level_dba(status),
        "sound_dose": _rounded(dose(status), 5),
        "output": status.output.model_dump(mode="json"),
        "engine_pid": status.engine_pid,
        "keeper_pid": status.keeper_pid,
        "clients": status.clients,
        "faults": list(status.faults),
        "fault_counts": status.fault_counts.model_dump(),
    }


def _word(state: State) -> str:
    return _STATES.get(state, state).lower()


def _rounded(figure: float | None, places: int = 3) -> float | None:
    return None if figure is None else round(figure, places)

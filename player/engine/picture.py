"""The engine as a screen sees it: one status of what is open, plays, or may be taken up again."""

from __future__ import annotations

from typing import Any

from player.engine.elapsed import between_s, moment
from player.engine.kept import Kept
from player.engine.opening import Opening
from player.engine.playing import Playing
from player.engine.recovery import Recovery
from player.settings import calibrated
from player.sound.outputs.output import Output
from player.sound.outputs.paced import FileOutput, NullOutput
from player.timeline.status import OutputView, State, Status, Unfinished
from player.units import seconds_of


def picture(
    playing: Playing | None, opening: Opening | Recovery | None, common: dict[str, Any]
) -> Status:
    """The status; `common` is what the engine says of itself."""
    if playing is not None:
        return playing.status().model_copy(update=common | _of_playing(playing))
    if opening is None:
        return Status(**common)
    if isinstance(opening, Recovery) and opening.failed is None:
        status = opening.seen.status()
        return status.model_copy(update=_without_faults(common) | _over(common))
    if opening.playing is not None:
        status = opening.playing.status()
        ready = {"state": State.READY, "opening": 1.0, "risks": opening.risks}
        return status.model_copy(update=common | _of_playing(opening.playing) | ready)
    return Status(
        state=State.IDLE if opening.failed else State.OPENING,
        title=opening.title,
        opening=None if opening.failed else opening.fraction,
        opening_what=opening.what,
        path=opening.command.path,
        risks=opening.risks,
        **common,
    )


def unfinished(kept: Kept | None) -> Unfinished | None:
    """What is offered of a session that broke off."""
    if kept is None:
        return None
    plan, state = kept.score.plan, kept.stand.state
    return Unfinished(
        title=plan.title,
        phase=plan.phases[state.phase].name,
        position_s=seconds_of(max(0, kept.heard.frame)),
        ago_s=round(between_s(kept.heard.at, moment())),
    )


def _without_faults(common: dict[str, Any]) -> dict[str, Any]:
    """Until it is back, its faults are those that were told before."""
    return {name: said for name, said in common.items() if not name.startswith("fault")}


def _over(common: dict[str, Any]) -> dict[str, Any]:
    """Stopped on its way back it ends there, unheard."""
    return {"state": State.ENDED, "coming_back": False} if common["stopped"] else {}


def _of_playing(playing: Playing) -> dict[str, object]:
    return {
        "output": output_view(playing),
        "path": str(playing.score.source),
        "speed": playing.speed,
        "calibration_dba": calibrated(playing.calibration, playing.output.name),
    }


def output_view(playing: Playing) -> OutputView:
    """The output as a status tells it; without its kind once nothing is given to it any more."""
    output = playing.output
    if playing.drained:
        return OutputView(name=output.name, underruns=output.underruns)
    return OutputView(
        name=output.name,
        kind=_kind(output),
        state="lost" if output.lost else "sounding",
        depth_frames=output.depth_frames,
        others=output.others if output.lost else (),
        underruns=output.underruns,
    )


def _kind(output: Output) -> str:
    if isinstance(output, FileOutput):
        return "file"
    return "null" if isinstance(output, NullOutput) else "device"

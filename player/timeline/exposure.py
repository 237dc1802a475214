"""How much sound the client has had, as seconds at the level that a calibration was made at. Pure.

A calibration says what a device and headphone give at volume 0 dB with music at -23 LUFS. All
tracks are brought to one bed, so the volume, the bed and the phase's level tell the rest. Fades,
talk and cues are not counted out.
"""

from __future__ import annotations

from player.timeline.plan import Plan
from player.timeline.state import Exposure, State, Step
from player.units import Decibels, Frame, Lufs, Seconds, seconds_of

CALIBRATED_BED: Lufs = -23.0


def level_of(plan: Plan, state: State) -> Decibels | None:
    """The level now, relative to that of a calibration; None where nothing is to be heard."""
    silent = state.rest is not None or state.music_ended is not None or state.current is None
    if silent:
        return None
    phase_db = plan.phases[state.phase].level_db
    return state.volume_db + plan.sound.bed_lufs - CALIBRATED_BED + phase_db


def keep(step: Step) -> None:
    """Begin to count anew where the level has changed."""
    level_db = level_of(step.plan, step.state)
    if level_db != step.state.exposure.level_db:
        counted_s = counted(step.state, step.frame)
        step.set(exposure=Exposure(step.frame, level_db, counted_s))


def counted(state: State, frame: Frame) -> Seconds:
    """Seconds at the calibration's level that carry the same energy as all up to a frame."""
    exposure = state.exposure
    if exposure.level_db is None:
        return exposure.before_s
    seconds = seconds_of(max(0, frame - exposure.since))
    return float(exposure.before_s + seconds * 10.0 ** (exposure.level_db / 10.0))

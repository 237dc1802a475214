"""When each cue is due: anchors as frames of the programme, by what is known now.

Decides nothing: `speech` does what is due.
"""

from __future__ import annotations

from player.session.choices import Play, Point
from player.timeline.plan import Place, Plan
from player.timeline.state import FOREVER, State
from player.timeline.status import CueStage
from player.units import SAMPLE_RATE, Frame, Frames

APART: Frames = 3 * SAMPLE_RATE
"""No speech starts within this of the last."""
OFFER_BEFORE: Frames = 30 * SAMPLE_RATE
OFFER_AFTER: Frames = 180 * SAMPLE_RATE

OFFERED = (CueStage.ASKED, CueStage.ALLOWED)
OPEN_STAGES = (CueStage.COMING, *OFFERED)


def projected_start(state: State, phase: int) -> Frame:
    """Where a phase was placed, or would be with all before it at their planned length."""
    if phase <= state.phase:
        known = state.starts[phase]
        return FOREVER if known is None else known
    return state.phase_start + sum(state.lengths[state.phase : phase])


def place_frame(plan: Plan, state: State, place: Place) -> Frame:
    """Where an anchor lies on the programme now; FOREVER where that is not known."""
    match place.point:
        case Point.START:
            base = 0
        case Point.END:
            base = _end_of_music(plan, state)
        case Point.DOSE:
            base = FOREVER if state.dose is None else state.dose - state.still
        case Point.BOOSTER:
            booster = state.last_booster
            base = FOREVER if booster is None else booster - state.still
        case Point.PHASE_START:
            ahead = place.offset >= 0 and place.phase > state.phase
            base = FOREVER if ahead else projected_start(state, place.phase)
        case Point.PHASE_END:
            base = _phase_end(state, place)
    return base if base >= FOREVER else base + place.offset


def _phase_end(state: State, place: Place) -> Frame:
    """By the planned length for what lies before it, as it came for what lies behind."""
    if place.offset >= 0:
        left = state.lefts[place.phase]
        return FOREVER if left is None else left
    start = projected_start(state, place.phase)
    return start if start >= FOREVER else start + state.lengths[place.phase]


def _end_of_music(plan: Plan, state: State) -> Frame:
    if state.music_ended is not None:
        return state.music_ended - state.still
    last = len(plan.phases) - 1
    return projected_start(state, last) + state.lengths[last]


def own_frame(plan: Plan, state: State, cue: int) -> Frame:
    """A cue's own time, whoever speaks then: its place, or from when it was called by hand."""
    called = state.cues[cue].called
    return place_frame(plan, state, plan.cues[cue].at) if called is None else called


def cue_frame(plan: Plan, state: State, cue: int) -> Frame:
    """Where a cue's first sample is due, the distance to the last speech kept."""
    due = own_frame(plan, state, cue)
    if due >= FOREVER:
        return FOREVER
    if state.speech and state.speech.cue != cue:
        return max(due, state.speech.end + APART)
    return max(due, state.last_speech + APART)


def cue_wakes(plan: Plan, state: State, cue: int) -> Frame:
    """The next frame at which something about a cue is to be decided."""
    stage = state.cues[cue].stage
    row = plan.cues[cue]
    by_hand_only = stage is CueStage.COMING and row.play is Play.HAND
    if stage not in OPEN_STAGES or state.music_ended is not None or by_hand_only:
        return FOREVER
    due = cue_frame(plan, state, cue)
    if due >= FOREVER:
        return FOREVER
    if stage is CueStage.ASKED:
        return offer_ends(plan, state, cue)
    if stage is CueStage.COMING and (row.play is Play.ASK or row.frames is None):
        return due - OFFER_BEFORE
    return due - plan.sound.duck_down if state.speech is None else FOREVER


def offer_ends(plan: Plan, state: State, cue: int) -> Frame:
    """Where the offer of a cue passes by itself; FOREVER where it is not offered.

    What waited for a voice is offered behind its time, and may be answered as long as any other.
    """
    now = state.cues[cue]
    if now.stage is not CueStage.ASKED or state.music_ended is not None:
        return FOREVER
    own = own_frame(plan, state, cue)
    since = own if now.asked is None else max(own, now.asked)
    return own if own >= FOREVER else since + OFFER_AFTER

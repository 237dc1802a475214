"""One frozen picture of the session, from engine to screen. The screen shows it and adds nothing.

Times are seconds of the heard position: what the client hears now, not what is rendered ahead.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from player.session.choices import Ends, Play, Role
from player.units import Decibels, Frames, Seconds


class State(StrEnum):
    """What the session does."""

    IDLE = "idle"
    """No session is open."""
    OPENING = "opening"
    """A session is read and its first track measured."""
    READY = "ready"
    """Begin would sound at once."""
    PLAYING = "playing"
    HOLDING = "holding"
    """At or past a phase's planned end, waiting for the counsellor; music goes on."""
    TALKING = "talking"
    PAUSED = "paused"
    SILENCED = "silenced"
    ENDING = "ending"
    """The last fade."""
    MUSIC_ENDED = "music ended"
    """The music is over, the clocks go on until the client has left."""
    ENDED = "ended"


NOT_BEGUN = frozenset({State.IDLE, State.OPENING, State.READY})
"""No session has begun."""


class View(BaseModel):
    """Base of all parts of a status."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PhaseView(View):
    """A phase as it stands in the running session."""

    name: str
    role: Role | None
    start_s: Seconds
    """Where its span begins, or would by the present plan."""
    length_s: Seconds
    """Its length, stretches counted."""
    ends: Ends
    silence: bool
    passed: bool
    """True once it was left or passed over."""
    entered: bool = True
    """False for one that was passed over, and for one that has not come."""


class CueStage(StrEnum):
    """Where a cue stands."""

    COMING = "coming"
    ASKED = "asked"
    ALLOWED = "allowed"
    """Answered yes, waits for its time."""
    SPEAKING = "speaking"
    """From the moment the bed goes down for it."""
    DONE = "done"
    MISSED = "missed"


class CueView(View):
    """A cue as it stands."""

    name: str
    words: str
    play: Play
    stage: CueStage
    in_s: Seconds | None
    """Until its time; None where that is not known (no dose marked) or past."""
    length_s: Seconds | None
    """None where there is no sound for its words."""
    needs_second_press: bool = False
    """True where its time or now lies in a phase with `voice: off`."""
    offer_left_s: Seconds | None = None
    """How long its offer still stands; None where it is not offered."""

    @property
    def read_aloud(self) -> bool:
        """True where there are words but no sound: the counsellor reads them, or nobody does."""
        return self.length_s is None


class ReminderStage(StrEnum):
    """Where a reminder stands."""

    COMING = "coming"
    DUE = "due"
    MISSED = "missed"
    """Was past when its clock was set or corrected."""
    DONE = "done"


class ReminderView(View):
    """A reminder as it stands."""

    text: str
    stage: ReminderStage
    in_s: Seconds | None
    """Until it is due, negative once it is; None where its clock is not set."""
    waits: str = ""
    """What its clock waits for where `in_s` is None: `after the dose`, `in Return`."""
    never: bool = False
    """True where the phase that it counts from was passed over, or the music ended before it."""


class OutputView(View):
    """The output as it stands."""

    name: str = ""
    state: str = "none"
    """`sounding`, `lost` or `none`."""
    kind: str = ""
    """`device`, `null` (nothing is heard) or `file`; empty while none is open."""
    depth_frames: Frames = 0
    """From rendered to heard."""
    underruns: int = 0
    others: tuple[str, ...] = ()
    """While lost: the outputs that could be chosen instead."""


class FaultCounts(View):
    """How often each kind of fault was since the session began, restarts of the engine counted."""

    breaks: int = 0
    """The sound broke off and was brought back: its process died or hung, or the machine slept."""
    outages: int = 0
    """The output was lost."""
    underruns: int = 0
    """The output ran dry."""
    files: int = 0
    """A track was passed over."""
    other: int = 0


class Unfinished(View):
    """A session that broke off, and may be taken up again."""

    title: str
    phase: str
    position_s: Seconds
    ago_s: Seconds
    """How long ago it broke off."""


class Status(View):
    """All that a screen shows of the engine and its session."""

    state: State = State.IDLE
    title: str = ""
    path: str = ""
    """The session file."""
    medicine: bool = False
    """True where a phase ends at the dose or anything is anchored to one."""
    opening: float | None = None
    """0 to 1 while the first track is measured."""
    opening_what: str = ""
    risks: tuple[str, ...] | None = None
    """What in the music may startle, each with its minute, before it begins; None where unknown."""
    linked: bool = True
    """False where a screen has lost its engine: all is as it was then, but for what runs on."""
    given_up: str = ""
    """Why the sound was given up, where a screen has lost its engine for that."""
    begin_asked: bool = False
    """True once Begin was asked for and waits."""
    coming_back: bool = False
    """True while a session that broke off is brought back: all else is as it was when it did."""

    position_s: Seconds = 0.0
    """Programme time heard."""
    elapsed_s: Seconds = 0.0
    """Time since begin, pauses and outages counted."""
    length_s: Seconds = 0.0
    """Where the programme would end by the present plan."""
    speed: float = 1.0

    phases: tuple[PhaseView, ...] = ()
    phase: int = 0
    phase_left_s: Seconds = 0.0
    """Until the planned end; negative past it."""
    waits_for: Ends = Ends.CLOCK
    """What ends the running phase now: a held one says `by hand`."""
    held: bool = False
    """True where the hold key made it so."""
    can_go_back: bool = False
    talking: bool = False
    resting: State | None = None
    """PAUSED or SILENCED while either lasts."""

    doses: int = 0
    since_dose_s: Seconds | None = None
    boosters: int = 0
    since_booster_s: Seconds | None = None

    track: str = ""
    track_left_s: Seconds | None = None
    next_track: str = ""
    next_track_in_s: Seconds | None = None
    shelf: tuple[str, ...] = ()
    """Music that the counsellor may bring in, by name."""
    shelf_held: int | None = None
    """Which of `shelf` is held instead of the phase's music."""
    volume_db: Decibels = 0.0
    level_db: Decibels | None = None
    """Of the music, relative to that of a calibration; None while nothing is heard."""
    sound_s: Seconds = 0.0
    """Seconds at the calibration's level that carry the energy of all that was heard."""
    calibration_dba: Decibels | None = None
    """What this output gives at volume 0 dB; None where nobody has measured it."""

    cues: tuple[CueView, ...] = ()
    cue_asked: int | None = None
    """Which of `cues` is offered now."""
    cue_next: int | None = None
    """Which of `cues` comes next by itself or by asking, or speaks."""
    cue_speaking: int | None = None
    cue_goes_on: int | None = None
    """The guided piece that a pause or a silence cut short: it goes on once the music is back."""
    reminders: tuple[ReminderView, ...] = ()
    notice: str = ""
    """The last quiet line: a fault, or the answer to a command that could not be done."""
    faults: tuple[str, ...] = ()
    """Every fault since the start, the newest last, 50 at most."""
    fault_counts: FaultCounts = FaultCounts()
    clients: int = 0
    """Screens and commands that are connected."""

    output: OutputView = OutputView()
    unfinished: Unfinished | None = None
    """Offered until it is taken up or given up."""
    leaving: bool = False
    """True once the engine ends in good order: nobody should bring it back."""
    let_go: bool = False
    """True in the last word to a screen that goes for another one: it does not come back."""
    stopped: bool = False
    """True where it ends because somebody stopped the session: it is over, whatever happens."""
    engine_pid: int = 0
    keeper_pid: int = 0

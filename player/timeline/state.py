"""Where a running session stands: one frozen value, from which all that follows can be computed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from player.session.choices import Ends
from player.timeline.decisions import Decision
from player.timeline.events import Event
from player.timeline.plan import Broken, Plan, TrackFacts
from player.timeline.status import CueStage, ReminderStage
from player.units import Decibels, Frame, Frames, Seconds

FOREVER: Frame = 1 << 60
"""A frame that is never reached."""


Known = TrackFacts | Broken | None
"""What is known of a track; None until it is measured."""


@dataclass(frozen=True, slots=True)
class Deck:
    """A track that sounds, or is kept so that `back` may revive it."""

    number: int
    track: int
    start: Frame
    end: Frame
    """Where its last frame has sounded; FOREVER where it loops."""
    silent: Frame
    """Where its fades have brought it to nothing: at most `end`."""
    kept: bool = False


@dataclass(frozen=True, slots=True)
class TrackList:
    """What is left of a phase's music before it starts again."""

    remaining: tuple[int, ...]
    round: int = 0
    last: int | None = None


class RestKind(StrEnum):
    """Why nothing is heard."""

    PAUSED = "paused"
    SILENCED = "silenced"


@dataclass(frozen=True, slots=True)
class Rest:
    """A pause or a silence that lasts."""

    kind: RestKind
    since: Frames
    """Elapsed frames when it began."""
    silent: Frame
    """Where its fade has come to nothing; a pause stands still there."""
    for_output: bool = False
    """Nobody asked for this pause: it waits because the output is away for long."""
    silenced: bool = False
    """It waits for the output in a silence that was asked for."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The last fade."""

    at: Frame
    end: Frame
    by_key: bool
    silenced: Rest | None = None
    """The pause or silence that it began in: called off, it is silent again."""
    dose: Frames | None = None
    """The dose as it was marked when it began."""
    clock: Ending | None = None
    """The last fade by the clock that it began in: called off, that goes on."""


@dataclass(frozen=True, slots=True)
class CueState:
    """Where a cue stands."""

    stage: CueStage = CueStage.COMING
    called: Frame | None = None
    """From when it was called by hand, which then is its time."""
    asked: Frame | None = None
    """Where it was offered, if it waited for a voice, and is offered still."""
    warned: Frames | None = None
    """Elapsed frames when a yes to it was told that voices are off: another one is meant."""
    stopped: bool = False
    """It passed since it was stopped before its first word."""


@dataclass(frozen=True, slots=True)
class Booster:
    """A booster that was marked."""

    taken: Frames
    """Elapsed frames when it was taken."""
    reminders: tuple[ReminderStage, ...]
    """How the reminders stood before it was marked, for the way back."""
    again: tuple[int, ...] = ()
    """Cues that were heard after the booster before, and were to come again after it."""


@dataclass(frozen=True, slots=True)
class Move:
    """A move by hand that `back` can undo."""

    at: Frame
    phase: int
    start: Frame
    ends: Ends
    holding: bool
    placed: bool
    deck: int | None
    """The deck that was current, kept for the way back."""
    fade: Frames
    starts: tuple[Frame | None, ...]
    lefts: tuple[Frame | None, ...]
    passed: tuple[bool, ...]
    cues: tuple[CueState, ...]
    unfinished: Unfinished | None
    """The guided piece that the move cut short."""


@dataclass(frozen=True, slots=True)
class Speech:
    """The cue that speaks, or for which the bed goes down."""

    cue: int
    start: Frame
    end: Frame
    duck: str
    began: bool = False
    skip: Frames = 0
    """How much of its clip lies before `start` and is not spoken."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A guided piece that a pause, a silence, a break or a move cut short."""

    cue: int
    first: Frame
    """Where its clip's first sample lies on the programme."""
    begun: bool
    """Whether anything of it was heard."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """How much sound there has been; `exposure` counts it."""

    since: Frame = 0
    level_db: Decibels | None = None
    """The level since then, relative to that of a calibration; None while nothing is heard."""
    before_s: Seconds = 0.0
    """Seconds at the calibration's level that carry the same energy as all before."""


@dataclass(frozen=True, slots=True)
class VolumeWay:
    """How the volume comes to where it is set: a line in dB."""

    at: Frame = 0
    frames: Frames = 0
    from_db: Decibels = 0.0


@dataclass(frozen=True, slots=True)
class State:
    """The whole session as it stands. Everything before `frame` is decided."""

    frame: Frame
    still: Frames
    """How long the programme has stood still so far: elapsed = frame + still."""
    stills: tuple[tuple[Frame, Frames], ...]
    """Where it stood, and `still` when it had."""
    facts: tuple[Known, ...]
    lists: tuple[TrackList, ...]
    """Of every phase, then of every piece of the shelf."""
    lengths: tuple[Frames, ...]
    """Of every phase, stretches counted."""
    starts: tuple[Frame | None, ...]
    """Where each phase was placed when it was entered."""
    lefts: tuple[Frame | None, ...]
    """Where each phase was left."""
    passed: tuple[bool, ...]
    """Which phases were passed over without being entered."""
    cues: tuple[CueState, ...]
    reminders: tuple[ReminderStage, ...]

    phase: int
    ends: Ends
    """What ends the running phase now."""
    begun: bool = False
    """False while tracks are measured and the first sound waits to be asked for."""
    held: bool = False
    """True where the hold key made it end by hand."""
    holding: bool = False
    """True once it waits at its end."""
    placed: bool = True
    """True while a dose mark may place the running phase: no move by hand behind the dose."""
    move: Move | None = None
    ending: Ending | None = None
    music_ended: Frames | None = None
    """Elapsed frames when the music ended."""
    ended: bool = False

    decks: tuple[Deck, ...] = ()
    current: int | None = None
    """The deck that plays by right; None in planned silence."""
    next_number: int = 0
    avoided: frozenset[int] = frozenset()
    shelf: int | None = None
    """Which piece of the shelf is held instead of the phase's music."""
    away: frozenset[int] = frozenset()
    """Tracks whose files cannot be had at present; they may come back."""
    volume_db: Decibels = 0.0
    """Where it is set; `volume_way` says since when."""
    volume_way: VolumeWay = VolumeWay()
    exposure: Exposure = Exposure()

    rest: Rest | None = None
    audible: Frame = 0
    """From where all is at its full level again, after a way back: no word begins before."""
    talking: bool = False
    speech: Speech | None = None
    unfinished: Unfinished | None = None
    """What is to be taken up when the sound is back."""
    speeches: int = 0
    last_speech: Frame = -FOREVER
    """Where the last speech ended."""

    dose: Frames | None = None
    """Elapsed frames at the dose; negative where it was before the begin."""
    boosters: tuple[Booster, ...] = ()
    """In the order in which they were marked."""
    quiet_until: Frame = 0
    """Nothing is to be decided before this frame."""

    @property
    def elapsed(self) -> Frames:
        """Frames since begin, pauses and outages counted."""
        return self.frame + self.still

    @property
    def last_booster(self) -> Frames | None:
        """Elapsed frames at the booster that was taken last."""
        return max((booster.taken for booster in self.boosters), default=None)

    @property
    def phase_start(self) -> Frame:
        """Where the running phase was placed."""
        start = self.starts[self.phase]
        return 0 if start is None else start

    @property
    def phase_end(self) -> Frame:
        """Where the running phase's planned length ends."""
        return self.phase_start + self.lengths[self.phase]

    @property
    def place(self) -> int:
        """Whose music plays: the running phase's, or behind the phases the shelf's."""
        return self.phase if self.shelf is None else len(self.lengths) + self.shelf

    def deck(self, number: int | None) -> Deck | None:
        """The deck of that number, if it is still there."""
        return next((deck for deck in self.decks if deck.number == number), None)


def put(row: tuple[Any, ...], place: int, value: Any) -> tuple[Any, ...]:
    """A row with one place changed."""
    return (*row[:place], value, *row[place + 1 :])


@dataclass(slots=True)
class Step:
    """One step of the conductor under way: the state as it grows, and what was decided."""

    plan: Plan
    state: State
    decisions: list[Decision] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    refused: str = ""
    """Why a command was not done, in one quiet line."""

    @property
    def frame(self) -> Frame:
        """Where the programme is."""
        return self.state.frame

    def set(self, **changes: Any) -> None:
        """Change the state; what was known to be quiet is looked at again."""
        self.state = replace(self.state, quiet_until=0, **changes)

    def decide(self, decision: Decision) -> None:
        """Tell the mixer."""
        self.decisions.append(decision)

    def say(self, event: Event) -> None:
        """Tell whoever watches."""
        self.events.append(event)

    def refuse(self, why: str) -> None:
        """Tell the counsellor why nothing was done."""
        self.refused = why

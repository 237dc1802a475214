"""A session in frames: all the conductor needs to know before it begins. Immutable.

`programme` builds it from a session, the library's facts and the clips; nothing here
knows of files beyond the name of a track, or of how anything sounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from player.session.choices import Ends, Energy, Order, Play, Point, Role
from player.units import SAMPLE_RATE, Decibels, Frames, Lufs, Seconds

SHORTEST: Frames = SAMPLE_RATE
"""A track under one second counts as broken."""
LONGEST_CLIP_S: Seconds = 1200
"""Spoken clips are held whole in memory: 20 minutes are 460 MB, far beyond any cue."""


@dataclass(frozen=True, slots=True)
class Ease:
    """A place in a track that it is eased down for, in a session that softens sudden rises."""

    at: Frames
    """Where the louder sound begins, counted from the first frame that is played."""
    by_db: Decibels


@dataclass(frozen=True, slots=True)
class TrackFacts:
    """What was measured of a track, decoded to its end."""

    frames: Frames
    """Length at 48 kHz as decoded, not as a header claims, without `lead` and `tail`."""
    lufs: Lufs
    """Integrated loudness (EBU R128); -70 for silence."""
    true_peak_dbtp: Decibels
    eases: tuple[Ease, ...] = ()
    lead: Frames = 0
    """Silence at the file's beginning that is passed over where tracks join."""
    tail: Frames = 0
    """The same at its end."""
    energy: Energy | None = None
    """As its tags or its curve say; None where nobody looked."""
    pulse_lu: float | None = None
    """How much its loudness moves from one 100 ms to the next, in LU; None where nobody looked."""

    @property
    def whole_frames(self) -> Frames:
        """Length of the file, silence and all."""
        return self.lead + self.frames + self.tail

    @property
    def whole(self) -> TrackFacts:
        """The same of the file from its first frame to its last."""
        if not self.lead and not self.tail:
            return self
        eases = tuple(replace(ease, at=ease.at + self.lead) for ease in self.eases)
        return replace(self, frames=self.whole_frames, eases=eases, lead=0, tail=0)


@dataclass(frozen=True, slots=True)
class Broken:
    """What is known of a track that cannot be played."""

    why: str


@dataclass(frozen=True, slots=True)
class PlanTrack:
    """One piece of music, named once however often it is used."""

    path: str
    title: str
    facts: TrackFacts | None = None
    """None until it is measured."""
    energy: Energy | None = None
    """As the session says, before anything that was measured; None where it does not."""


@dataclass(frozen=True, slots=True)
class Place:
    """An anchor in frames: a point, the phase it belongs to if any, and an offset."""

    point: Point
    phase: int = 0
    offset: Frames = 0


@dataclass(frozen=True, slots=True)
class PlanPhase:
    """One stretch of the session."""

    name: str
    role: Role | None
    length: Frames
    ends: Ends
    tracks: tuple[int, ...]
    """Indices into `Plan.tracks`; empty only for planned silence."""
    order: Order = Order.LISTED
    seamless: bool = False
    silence: bool = False
    level_db: Decibels = 0.0
    voice: bool = True


@dataclass(frozen=True, slots=True)
class PlanShelf:
    """Music that a key brings in, to be held until "back to the plan"."""

    name: str
    tracks: tuple[int, ...]
    order: Order = Order.LISTED
    seamless: bool = False
    silence: bool = False
    """Never; so that it is read as a phase's music is."""


@dataclass(frozen=True, slots=True)
class PlanCue:
    """Words for the client; `frames` is None where there is no sound for them."""

    name: str
    words: str
    at: Place
    play: Play
    frames: Frames | None
    gain_db: Decibels = 0.0
    rests: tuple[tuple[Frames, Frames], ...] = ()
    """Long silences in it, each from its first frame to the one after its last, in which the bed
    comes back. One that reaches to `frames` is the quiet behind the last word."""
    resumes: tuple[Frames, ...] = ()
    """Where in it each sentence begins, if it is a guided piece: after a pause or a break it goes
    on at one of them. Empty for a short cue, which stays stopped."""


@dataclass(frozen=True, slots=True)
class PlanReminder:
    """A silent line for the counsellor."""

    text: str
    at: Place


@dataclass(frozen=True, slots=True)
class PlanSound:
    """Levels in dB, fades in frames."""

    bed_lufs: Lufs = -23.0
    ceiling_dbtp: Decibels = -1.0
    crossfade: Frames = 10 * SAMPLE_RATE
    phase_crossfade: Frames = 25 * SAMPLE_RATE
    first_fade: Frames = 10 * SAMPLE_RATE
    end_fade: Frames = 30 * SAMPLE_RATE
    duck_db: Decibels = 9.0
    duck_down: Frames = SAMPLE_RATE * 3 // 2
    duck_up: Frames = 3 * SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole session in frames."""

    title: str
    phases: tuple[PlanPhase, ...]
    tracks: tuple[PlanTrack, ...]
    safety: int
    """Which of `tracks` is the safety bed: played, looped without a seam, when a list is dead."""
    cues: tuple[PlanCue, ...] = ()
    reminders: tuple[PlanReminder, ...] = ()
    sound: PlanSound = field(default_factory=PlanSound)
    soften_rises: bool = False
    """True: tracks are eased down ahead of their sudden rises."""
    hold_at_end: bool = False
    """True: the last phase holds at its end until the end key."""
    unattended: bool = False
    """True: nobody can be asked, so what waited long behind a voice is spoken."""
    shelf: tuple[PlanShelf, ...] = ()

    def music(self, place: int) -> PlanPhase | PlanShelf:
        """The music of a place: a phase's by its number, behind them the shelf's."""
        count = len(self.phases)
        return self.phases[place] if place < count else self.shelf[place - count]

    @property
    def length(self) -> Frames:
        """The written length."""
        return sum(phase.length for phase in self.phases)

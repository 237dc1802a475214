"""What a session is, as read from its file: frozen, nothing extra, in seconds and dB.

Knows nothing of frames, sound or screens. The loader makes it; `programme` turns it into a plan.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from player.session.choices import (
    After,
    Ends,
    Energy,
    Order,
    Play,
    Point,
    Role,
    SuddenRises,
)
from player.settings import Avoid
from player.units import Decibels, Lufs, Seconds

__all__ = [
    "After",
    "Anchor",
    "Cue",
    "Duck",
    "Ends",
    "Energy",
    "Music",
    "Order",
    "Origin",
    "Part",
    "Phase",
    "Play",
    "Point",
    "Reminder",
    "Role",
    "Session",
    "ShelfPiece",
    "Sound",
    "SuddenRises",
]


class Part(BaseModel):
    """Base of all parts of a session: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Anchor(Part):
    """A place in a session: a point, the phase it belongs to if any, and an offset."""

    point: Point
    phase: int | None = None
    """Which phase, counted from 0, for PHASE_START and PHASE_END."""
    offset_s: Seconds = 0.0
    written: str = ""
    """As it stands in the file, for messages."""


class Duck(Part):
    """How far and how fast the bed goes down under a voice."""

    by_db: Decibels = 9.0
    down_s: Seconds = 1.5
    up_s: Seconds = 3.0


class Sound(Part):
    """Levels and fades of a session."""

    bed_lufs: Lufs = -23.0
    voice_lufs: Lufs = -19.0
    ceiling_dbtp: Decibels = -1.0
    crossfade_s: Seconds = 10.0
    phase_crossfade_s: Seconds = 25.0
    first_fade_s: Seconds = 10.0
    end_fade_s: Seconds = 30.0
    duck: Duck = Duck()


class Origin(Part):
    """Where a track comes from."""

    line: int
    """Of the session file: the entry that named it, or the folder or list that holds it."""
    named: bool
    """Named as a file, or as a shipped piece; otherwise found in a folder or a list."""


class Music(Part):
    """What a phase plays: pieces in the order written, folders and lists already opened."""

    tracks: tuple[Path, ...] = ()
    """Absolute paths; shipped pieces too. Empty only for planned silence."""
    origins: tuple[Origin, ...] = ()
    """One for each of the tracks, where it was read from a file."""
    order: Order = Order.LISTED
    seamless: bool = False
    """A list of one whose last frame joins its first with no fade."""
    silence: bool = False
    """Planned silence, which is not a fault."""
    energies: dict[Path, Energy] = {}
    """What the file says of some of `tracks`; it goes before tags and figures."""


class Phase(Part):
    """One stretch of a session."""

    name: str
    role: Role | None = None
    length_s: Seconds
    ends: Ends = Ends.CLOCK
    music: Music
    level_db: Decibels = 0.0
    voice: bool = True
    """False: no cue begins in this phase by itself."""


class ShelfPiece(Part):
    """Music of the counsellor's choice: a piece or a mood, held until "back to the plan"."""

    name: str
    music: Music


class Cue(Part):
    """Words in the client's ears."""

    name: str
    at: Anchor
    say: str = ""
    script: Path | None = None
    """The file of a script, spoken in place of `say`."""
    length_s: Seconds | None = None
    """How long the script is to last; its shortest form where nothing is said."""
    audio: Path | None = None
    play: Play = Play.CLOCK
    guided: bool = False
    """True for a script that is the whole of a phase: after a pause it goes on."""
    line: int = 0
    """Of the session file, where it was read from one."""


class Reminder(Part):
    """A silent line for the counsellor's eyes."""

    at: Anchor
    text: str


class Session(Part):
    """A whole session."""

    title: str
    about: str = ""
    sound: Sound = Sound()
    phases: tuple[Phase, ...] = Field(min_length=1, max_length=100)
    cues: tuple[Cue, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    after: After = After.FADE
    avoid: Avoid = Avoid()
    """What is not played in this session; files relative to its folder."""
    shelf: tuple[ShelfPiece, ...] = Field(default=(), max_length=9)
    sudden_rises: SuddenRises = SuddenRises.WARN
    source: Path
    """The file it was read from."""
    warnings: tuple[str, ...] = ()
    """What is not wrong but worth knowing, as ``file:line: …`` lines."""

    @property
    def length_s(self) -> Seconds:
        """The written length: by-hand phases at their written length."""
        return sum(phase.length_s for phase in self.phases)

"""Listens to a whole session before anybody lies down: the very mix, measured, and kept nowhere.

Drives the conductor and the mixer as a render does; knows nothing of screens or the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from player.errors import RunFailed
from player.library.catalogue import Catalogue
from player.library.loudness import SHORT_TERM, Floats, KMeter, integrated, loudness_of, over
from player.library.shape import rises
from player.programme.facts import Knowledge
from player.programme.machine import Sounding, Suspend, sounding, suspend
from player.programme.preflight import Checked, check
from player.programme.programme import compose
from player.programme.recordings import Recordings
from player.programme.risks import RISE_WITHIN, Stretch, stretches
from player.programme.speaking import speak_words
from player.programme.supply import Supply, repeats, supplies, without_rights
from player.render import play_through
from player.session.model import Session
from player.sound.streams import Sound
from player.timeline.events import CueStarted, Event
from player.timeline.plan import Plan
from player.timeline.written import as_written
from player.units import Frame, Lufs, Seconds, clock, seconds_of

HOPS_A_SECOND = 10
QUIETEST: Lufs = -70.0
"""What is softer counts as this: silence has no loudness."""
BESIDE_S: Seconds = 5.0
"""Loudness this long before a crossfade is compared with as long after it."""
NEAR_S: Seconds = 5.0
MOST_JUMPS = 5
JUMP_LU = 3.0
"""A smaller step from one piece to the next is hardly noticed."""


@dataclass(frozen=True, slots=True)
class Jump:
    """A step of loudness from one piece to the next."""

    at_s: Seconds
    phase: str
    by_lu: float
    into: str

    def line(self) -> str:
        """``00:12:10, Peak: 6 LU louder into NAME``."""
        turn = "louder" if self.by_lu > 0 else "softer"
        return f"{clock(self.at_s)}, {self.phase}: {abs(self.by_lu):.0f} LU {turn} into {self.into}"


@dataclass(frozen=True, slots=True)
class HeardRise:
    """A sudden rise in the music as it is mixed: within a piece, or where two join."""

    at_s: Seconds
    phase: str
    by_lu: float

    def line(self) -> str:
        """``00:22:53, Peak: 9 LU louder within 2 s, where pieces join``."""
        where = f"{clock(self.at_s)}, {self.phase}"
        return f"{where}: {self.by_lu:.0f} LU louder within {RISE_WITHIN}, where pieces join"


@dataclass(frozen=True, slots=True)
class Heard:
    """All that listening told."""

    checked: Checked
    lufs: Lufs
    short_term: tuple[Lufs, ...]
    """Loudness over 3 s at the end of each second."""
    rises: tuple[HeardRise, ...]
    """Sudden rises of the mix, but for voices and for planned fades out of silence."""
    jumps: tuple[Jump, ...]
    supplies: tuple[Supply, ...]
    repeats: tuple[tuple[Path, int], ...]
    without_rights: tuple[Path, ...]
    suspend: Suspend
    output: Sounding

    @property
    def faults(self) -> tuple[str, ...]:
        """Why it could not be played as written."""
        return self.checked.faults

    def with_faults(self, more: Sequence[str]) -> Heard:
        """The same with faults found elsewhere."""
        return replace(self, checked=self.checked.with_faults(more))

    def as_json(self) -> dict[str, Any]:
        """The check's document, with what was heard beside it."""
        phases = [
            {
                "phase": row.phase,
                "length_s": row.length_s,
                "music_s": round(row.music_s, 3),
                "pieces": row.pieces,
                "enough": row.enough,
                "enough_for_hold": row.enough_for_hold,
            }
            for row in self.supplies
        ]
        return self.checked.as_json() | {
            "loudness": {"lufs": self.lufs, "short_term_lufs": list(self.short_term)},
            "rises": [
                {"at_s": row.at_s, "phase": row.phase, "by_lu": row.by_lu} for row in self.rises
            ],
            "jumps": [
                {"at_s": row.at_s, "phase": row.phase, "by_lu": row.by_lu, "into": row.into}
                for row in self.jumps
            ],
            "phases": phases,
            "repeats": [{"path": str(path), "times": times} for path, times in self.repeats],
            "without_rights": [str(path) for path in self.without_rights],
            "suspend": {"may": self.suspend.may, "words": self.suspend.words},
            "output": {"name": self.output.name, "there": self.output.there},
        }

    def _at_joins(self) -> list[HeardRise]:
        """Those that no risk of a piece tells of already."""
        heard = [risk for risk in self.checked.risks if not risk.held]
        told = [at_s for risk in heard for at_s in (risk.at_s, *risk.again_s)]
        return [rise for rise in self.rises if all(abs(rise.at_s - at_s) > NEAR_S for at_s in told)]

    def lines(self) -> list[str]:
        """The same for people."""
        *rows, last = self.checked.lines()
        heard = [level for level in self.short_term if level > QUIETEST]
        rows.append(f"Loudness: {self.lufs:.1f} LUFS in all" + _range(heard))
        rows += [f"Rise: {rise.line()}" for rise in self._at_joins()]
        rows += [f"Join: {jump.line()}" for jump in self.jumps]
        rows += [f"Music: {supply.line()}" for supply in self.supplies]
        rows += [f"Repeat: {path.name}, {times} times" for path, times in self.repeats]
        if self.without_rights:
            rows.append(f"Rights: no line of rights in {_names(self.without_rights)}")
        rows += [f"Sleep: {self.suspend.words}", f"Output: {self.output.words}"]
        return [*rows, last]


def listen(
    session: Session,
    catalogue: Catalogue,
    *,
    device: str | None,
    progress: Callable[[str, float], None],
) -> Heard:
    """Decode, mix and measure a whole session; nothing is written but to the catalogue.

    `device` is the output that the settings name. Raises RunFailed where the sound that every
    session stands on is missing, or where a file was changed meanwhile.
    """
    speak_words(session, progress)
    knowledge = Knowledge(catalogue)
    clips = Recordings(session, knowledge).of_clip
    first = compose(session, knowledge.of_music, clips, knowledge.tags)
    meter = _Meter()
    written = as_written(first.plan)
    rendered = play_through(first, written, meter, catalogue, progress)
    if rendered.broken_off:
        raise RunFailed(
            f"{rendered.broken_off[0]}; it was changed while it was listened to: check once more"
        )
    programme = compose(session, knowledge.of_music, clips, knowledge.tags)
    plan = as_written(programme.plan).plan
    played = stretches(plan, rendered.events)
    alone = _bed_alone(plan, rendered.events, len(meter.powers))
    own = [path for path in programme.files[:-1] if knowledge.is_own(path)]
    surveys = Knowledge(catalogue).look_up(own)
    return Heard(
        checked=check(session, catalogue),
        lufs=round(integrated(meter.powers), 1),
        short_term=_by_second(meter.powers),
        rises=_rises(plan, meter.powers, alone),
        jumps=_jumps(played, meter.powers, alone),
        supplies=tuple(supplies(plan)),
        repeats=tuple(repeats(played)),
        without_rights=tuple(without_rights(surveys, own)),
        suspend=suspend(),
        output=sounding(device),
    )


class _Meter:
    """Takes the mix as a writer would, and keeps its power alone."""

    def __init__(self) -> None:
        self.powers: Floats = np.zeros(0)
        self._meter = KMeter()

    def write(self, block: Sound) -> None:
        self._meter.push(block.copy())

    def finish(self) -> None:
        self.powers = self._meter.finish()

    def abandon(self) -> None:
        """Nothing was made."""


def _by_second(powers: Floats) -> tuple[Lufs, ...]:
    """Short-term loudness at the end of each second; over what there is before the third."""
    young = [powers[:end].mean() for end in (10, 20) if len(powers) >= end]
    full = over(powers, SHORT_TERM)[::HOPS_A_SECOND]
    levels = np.maximum(QUIETEST, loudness_of(np.concatenate([young, full])))
    return tuple(round(float(level), 1) for level in levels)


def _bed_alone(plan: Plan, events: Sequence[Event], hops: int) -> NDArray[np.bool_]:
    """Which 100 ms are music alone: no voice, no duck under one, not the last fade."""
    alone = np.ones(hops, np.bool_)
    for event in events:
        if isinstance(event, CueStarted):
            first, last = event.frame - plan.sound.duck_down, event.frame + event.frames
            alone[_hop(first) : _hop(last + plan.sound.duck_up) + 1] = False
    alone[_hop(plan.length - plan.sound.end_fade) :] = False
    return alone


def _rises(plan: Plan, powers: Floats, alone: NDArray[np.bool_]) -> tuple[HeardRise, ...]:
    """The sudden rises of the mix; fades out of planned silence are none."""
    found, start, was_silent = [], 0, True
    told = rises(powers)
    for phase in plan.phases:
        fade = plan.sound.phase_crossfade if start else plan.sound.first_fade
        first_s = seconds_of(start + fade * was_silent)
        start, was_silent = start + phase.length, phase.silence
        found += [
            HeardRise(rise.at_s, phase.name, rise.by_lu)
            for rise in told
            if first_s <= rise.at_s < seconds_of(start) and _alone_at(alone, rise.at_s)
        ]
    return tuple(found)


def _alone_at(alone: NDArray[np.bool_], at_s: Seconds) -> bool:
    hop = round(at_s * HOPS_A_SECOND)
    return bool(alone[max(0, hop - SHORT_TERM) : hop + SHORT_TERM].all())


def _jumps(played: Sequence[Stretch], powers: Floats, alone: NDArray[np.bool_]) -> tuple[Jump, ...]:
    """The largest steps of loudness at joins, from what sounds before to what sounds after."""
    music = np.where(alone, powers, np.nan)
    found = []
    for before, stretch in pairwise(played):
        through_s = max(before.end_s, stretch.at_s)
        old = _mean(music, stretch.at_s - BESIDE_S, stretch.at_s)
        new = _mean(music, through_s, through_s + BESIDE_S)
        if old is not None and new is not None and abs(new - old) >= JUMP_LU:
            by_lu = round(new - old, 1)
            found.append(Jump(stretch.at_s, stretch.phase, by_lu, stretch.path.name))
    largest = sorted(found, key=lambda jump: -abs(jump.by_lu))[:MOST_JUMPS]
    return tuple(sorted(largest, key=lambda jump: jump.at_s))


def _mean(music: Floats, start_s: Seconds, end_s: Seconds) -> Lufs | None:
    """Loudness of music alone in a stretch; None where there is less than a second of it."""
    part = music[max(0, round(start_s * HOPS_A_SECOND)) : max(0, round(end_s * HOPS_A_SECOND))]
    heard = part[~np.isnan(part)]
    if len(heard) < HOPS_A_SECOND:
        return None
    return max(QUIETEST, float(loudness_of(heard.mean())))


def _hop(frame: Frame) -> int:
    return max(0, int(seconds_of(frame) * HOPS_A_SECOND))


def _range(heard: Sequence[Lufs]) -> str:
    return f", from {min(heard):.0f} to {max(heard):.0f} over 3 s" if heard else ""


def _names(files: Sequence[Path], most: int = 5) -> str:
    more = f" and {len(files) - most} more" if len(files) > most else ""
    return ", ".join(path.name for path in files[:most]) + more

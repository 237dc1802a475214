"""What is found out about a piece of music, decoded once to its end. Immutable, and plain data.

Knows nothing of how it is measured or kept, so that the chooser may hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Any, NamedTuple

from player.session.choices import Energy
from player.timeline.plan import Ease, TrackFacts
from player.units import Lufs, Seconds, frames_of, seconds_of

HEAVY_CLIPPING = 100
"""Fewer cut-off samples, 2 ms of them, nobody hears."""


class Rise(NamedTuple):
    """A place where the music grows much louder within two seconds."""

    at_s: Seconds
    """Where it begins, counted from the beginning of the piece."""
    by_lu: float


class Silence(NamedTuple):
    """A stretch within the music where nothing can be heard."""

    at_s: Seconds
    seconds: Seconds


@dataclass(frozen=True, slots=True)
class Survey:
    """One piece of music: what a session needs of it, and what could startle or be missed."""

    facts: TrackFacts
    lra: float | None = None
    """Loudness range in LU (EBU Tech 3342)."""
    rises: tuple[Rise, ...] = ()
    silences: tuple[Silence, ...] = ()
    """Inner ones over 6 s, so that none is taken for a fault."""
    leading_silence_s: Seconds = 0.0
    trailing_silence_s: Seconds = 0.0
    clipped_samples: int = 0
    faults: tuple[str, ...] = ()
    """What is wrong with the file, in plain words; it can be played all the same."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Those of `tags.KEPT` that the file has, by these names."""
    curve: bytes = b""
    """Loudness ten times a second, packed; `curve.unpacked` reads it."""

    @property
    def seconds(self) -> Seconds:
        """Its length as decoded."""
        return seconds_of(self.facts.whole_frames)

    @property
    def lufs(self) -> Lufs:
        """Integrated loudness (EBU R128)."""
        return self.facts.lufs


def details(survey: Survey) -> dict[str, Any]:
    """All but the facts and the curve, as JSON holds it."""
    return {
        "lra": survey.lra,
        "rises": [[rise.at_s, rise.by_lu] for rise in survey.rises],
        "silences": [[each.at_s, each.seconds] for each in survey.silences],
        "leading_silence_s": survey.leading_silence_s,
        "trailing_silence_s": survey.trailing_silence_s,
        "eases": eases_of(survey.facts),
        "trims": [survey.facts.lead, survey.facts.tail],
        "clipped_samples": survey.clipped_samples,
        "faults": list(survey.faults),
        "tags": dict(survey.tags),
        "energy": survey.facts.energy,
        "pulse_lu": survey.facts.pulse_lu,
    }


def with_places(
    whole: TrackFacts,
    eases: Iterable[Sequence[float]],
    trims: Sequence[int] = (0, 0),
    energy: str | None = None,
    pulse_lu: float | None = None,
) -> TrackFacts:
    """The facts of a file with its eases, (second of the file, dB) for each, the frames
    of silence to leave out at its beginning and at its end, its energy and its pulse.

    Raises ValueError for what cannot be.
    """
    lead, tail = trims
    if lead < 0 or tail < 0 or lead + tail > whole.frames:
        raise ValueError("more is left out of a file than there is of it")
    return TrackFacts(
        frames=whole.frames - int(lead) - int(tail),
        lufs=whole.lufs,
        true_peak_dbtp=whole.true_peak_dbtp,
        eases=tuple([Ease(frames_of(at_s) - lead, float(by_db)) for at_s, by_db in eases]),
        lead=int(lead),
        tail=int(tail),
        energy=Energy(energy) if energy else None,
        pulse_lu=None if pulse_lu is None else float(pulse_lu),
    )


def eases_of(facts: TrackFacts) -> list[list[float]]:
    """The eases of a file as `with_places` takes them."""
    return [[seconds_of(ease.at), ease.by_db] for ease in facts.whole.eases]


def survey_of(facts: TrackFacts, told: Mapping[str, Any], curve: bytes = b"") -> Survey:
    """What `details` made JSON of. Raises ValueError, KeyError or TypeError for anything else.

    Tens of thousands are held at once: what many tags have in common is held once.
    """
    return Survey(
        facts=with_places(
            facts.whole, told["eases"], told["trims"], told["energy"], told["pulse_lu"]
        ),
        lra=None if told["lra"] is None else float(told["lra"]),
        rises=tuple([Rise(float(at_s), float(by_lu)) for at_s, by_lu in told["rises"]]),
        silences=tuple([Silence(float(at_s), float(length)) for at_s, length in told["silences"]]),
        leading_silence_s=float(told["leading_silence_s"]),
        trailing_silence_s=float(told["trailing_silence_s"]),
        clipped_samples=int(told["clipped_samples"]),
        faults=tuple([str(fault) for fault in told["faults"]]),
        tags={intern(str(name)): intern(str(value)) for name, value in told["tags"].items()},
        curve=curve,
    )

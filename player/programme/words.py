"""The sound of a cue's words: a recording, a script laid out to its length, or a text's sentences.

Own recordings win over the shipped voice, and that over what was made from text. Opens no sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from player.session.model import Cue, Sound
from player.sound.spoken import Part
from player.timeline.music import PEAK_MARGIN_DB
from player.timeline.plan import TrackFacts
from player.units import SAMPLE_RATE, Decibels, Frames, frames_of, seconds_of, span
from player.voice.layout import Layout, lay_out, longest, shortest
from player.voice.script import Script, Silence
from player.voice.scripts import load
from player.voice.sentences import sentences_of
from player.voice.shelf import Sentence, sound_of
from player.voice.takes import whole_take, why_not_whole

ClipFacts = Callable[[Path], TrackFacts | None]
"""What is known of a recording, measured at once where nothing is; None where it cannot be played,
for those who gather faults rather than raise them."""

MOST_VOICE_GAIN_DB: Decibels = 20.0
BETWEEN = Silence(shortest_s=5.0, longest_s=5.0)
"""Between the sentences of a cue that is written as plain text."""
NONE = Silence(shortest_s=0.0, longest_s=0.0)
LONG_SILENCE: Frames = 30 * SAMPLE_RATE
"""From here on the bed comes back within a speech; in shorter silences it stays down, since a bed
that rises and sinks between sentences would be restless."""
NEAR: Frames = SAMPLE_RATE // 2


@dataclass(frozen=True, slots=True)
class Clip:
    """A cue's sound: its parts at their frames, the gain of them all, and its long silences."""

    parts: tuple[Part, ...]
    frames: Frames
    gain_db: Decibels
    rests: tuple[tuple[Frames, Frames], ...] = ()
    note: str = ""
    """What is worth knowing of its length before the session."""


def words_of(cue: Cue) -> str:
    """All that a cue says, on one line."""
    if cue.script is not None:
        return " ".join(script_of(cue.script).texts)
    return " ".join(cue.say.split())


def texts_of(cue: Cue) -> tuple[str, ...]:
    """The sentences that want a sound; none where the cue has a recording of its own."""
    if cue.audio is not None:
        return ()
    if cue.script is not None:
        return script_of(cue.script).texts
    return tuple(sentences_of(cue.say))


def clip_for(cue: Cue, sound: Sound, clip_facts: ClipFacts) -> Clip | None:
    """The sound that will speak a cue; None where its words can only be shown.

    Raises SessionFaulty for a script with faults, InputWrong for a recording that cannot be played.
    """
    if cue.audio is not None:
        known = clip_facts(cue.audio)
        return None if known is None else _assembled([(cue.audio, known)], [NONE], None, sound)
    if cue.script is not None:
        return _scripted(script_of(cue.script), cue.length_s, sound, clip_facts)
    found = _all_found(sentences_of(cue.say), clip_facts)
    silences = [BETWEEN] * (len(found) - 1) + [NONE] if found else []
    return _assembled(found, silences, None, sound) if found else None


def missing(cues: Iterable[Cue]) -> tuple[str, ...]:
    """The sentences of cues that have no sound yet, each once."""
    texts = (text for cue in cues if not _own(cue) for text in texts_of(cue))
    return tuple(dict.fromkeys(text for text in texts if sound_of(text) is None))


def own_voice_notes(cues: Iterable[Cue]) -> tuple[str, ...]:
    """Of which scripts the counsellor's own recordings are not used, and why."""
    scripts = [script_of(cue.script) for cue in cues if cue.script is not None]
    notes = [why_not_whole(script.name, script.texts) for script in scripts]
    return tuple(dict.fromkeys(note for note in notes if note))


def script_of(path: Path) -> Script:
    """The script in a file, read anew when the file changed. Raises SessionFaulty."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _script_as_of(path, changed)


@lru_cache(maxsize=64)
def _script_as_of(path: Path, changed: int) -> Script:
    return load(path)


def _own(cue: Cue) -> bool:
    """Whether the counsellor recorded the whole script of a cue."""
    script = script_of(cue.script) if cue.script else None
    return script is not None and whole_take(script.name, script.texts) is not None


def _scripted(
    script: Script, length_s: float | None, sound: Sound, clip_facts: ClipFacts
) -> Clip | None:
    own = whole_take(script.name, script.texts)
    if own is None:
        found = _all_found(script.texts, clip_facts)
    else:
        found = _all_known([Sentence(path, None) for path in own], clip_facts)
    asked = None if length_s is None else frames_of(length_s)
    silences = [sentence.silence for sentence in script.sentences]
    return _assembled(found, silences, asked, sound) if found else None


def _all_found(texts: Sequence[str], clip_facts: ClipFacts) -> list[tuple[Path, TrackFacts]]:
    """The sound of every sentence, or nothing at all where one of them has none."""
    found = [sound_of(text) for text in texts]
    whole = [each for each in found if each is not None]
    return _all_known(whole, clip_facts) if len(whole) == len(found) else []


def _all_known(found: Sequence[Sentence], clip_facts: ClipFacts) -> list[tuple[Path, TrackFacts]]:
    """Files with what is known of them, or nothing at all where one cannot be played."""
    known = [(each.path, each.facts or clip_facts(each.path)) for each in found]
    whole = [(path, facts) for path, facts in known if facts is not None]
    return whole if len(whole) == len(known) else []


def _assembled(
    found: Sequence[tuple[Path, TrackFacts]],
    silences: Sequence[Silence],
    asked: Frames | None,
    sound: Sound,
) -> Clip:
    spoken = [facts.frames for _, facts in found]
    layout = lay_out(spoken, silences, asked)
    gains_db = [_gain_db(facts, sound) for _, facts in found]
    loudest_db = max(gains_db)
    parts = tuple(
        Part(path, at, facts.frames, gain_db - loudest_db)
        for (path, facts), at, gain_db in zip(found, layout.starts, gains_db, strict=True)
    )
    note = _note(asked, shortest(spoken, silences), longest(spoken, silences))
    return Clip(parts, layout.frames, loudest_db, tuple(_rests(layout)), note)


def _gain_db(facts: TrackFacts, sound: Sound) -> Decibels:
    to_voice = sound.voice_lufs - facts.lufs
    under = sound.ceiling_dbtp - PEAK_MARGIN_DB - facts.true_peak_dbtp
    return min(to_voice, MOST_VOICE_GAIN_DB, under)


def _rests(layout: Layout) -> Iterable[tuple[Frames, Frames]]:
    ends = [*layout.starts[1:], layout.frames]
    for end, silence in zip(ends, layout.silences, strict=True):
        if silence >= LONG_SILENCE or (silence and end == layout.frames):
            yield end - silence, end


def _note(asked: Frames | None, least: Frames, most: Frames) -> str:
    if asked is None or least - NEAR <= asked <= most + NEAR:
        return ""
    kind, form = ("shortest", least) if asked < least else ("longest", most)
    return (
        f"{span(seconds_of(asked))} is asked for, and its {kind} form lasts "
        f"{span(seconds_of(form))}: that is what is spoken"
    )

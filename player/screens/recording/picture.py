"""Where a recording stands, and what a key or a line from the booth makes of it. Pure.

Knows nothing of Textual, microphones or files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from player.units import Decibels, Seconds
from player.voice import talk

QUIET_DB: Decibels = -35.0
LOUD_DB: Decibels = -1.0
NOTHING_DB: Decibels = -80.0
DEAD_S: Seconds = 2.5
"""An input that gives nothing at all for so long, not even the room, is off or gone."""
JUDGED_S: Seconds = 1.5
"""A level is judged once so much was heard."""


class Stage(StrEnum):
    """What happens now."""

    READY = "ready"
    RECORDING = "recording"
    WORKING = "working"
    REFUSED = "refused"
    PLAYING = "playing"


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the screen shows."""

    title: str
    script: str
    texts: tuple[str, ...]
    """Its sentences, each once."""
    recorded: frozenset[str]
    inputs: tuple[str, ...]
    input: str
    at: int = 0
    stage: Stage = Stage.READY
    length_s: Seconds = 0.0
    """Of what is recorded or plays."""
    level_db: Decibels = -90.0
    highest_db: Decibels = -90.0
    heard_s: Seconds = 0.0
    """Where in the recording anything was heard last."""
    why: str = ""
    """Why the recording was refused."""
    may_keep: bool = False
    says: str = ""
    """The answer to the last key."""
    leaving: bool = False
    """True once leaving was asked for while it records."""

    @property
    def text(self) -> str:
        """The sentence on the screen."""
        return self.texts[self.at]

    @property
    def is_recorded(self) -> bool:
        """Whether the sentence on the screen is."""
        return self.text in self.recorded

    @property
    def level_words(self) -> str:
        """What to do about the level; empty where it is good or not judged yet."""
        if self.length_s - self.heard_s >= DEAD_S:
            return "nothing comes from this input"
        if self.highest_db >= LOUD_DB:
            return "too loud: a little further away"
        if self.length_s >= JUDGED_S and self.highest_db < QUIET_DB:
            return "very soft: come closer"
        return ""


@dataclass(frozen=True, slots=True)
class Step:
    """What follows of a key."""

    picture: Picture
    wishes: tuple[talk.Wish, ...] = ()
    leaves: bool = False


def opened(
    title: str, script: str, texts: Sequence[str], recorded: Sequence[str], inputs: Sequence[str]
) -> Picture:
    """The first picture: at the first sentence that is not recorded yet."""
    each_once = tuple(dict.fromkeys(texts))
    done = frozenset(recorded) & frozenset(each_once)
    first = next((at for at, text in enumerate(each_once) if text not in done), 0)
    return Picture(
        title=title,
        script=script,
        texts=each_once,
        recorded=done,
        inputs=tuple(inputs),
        input=inputs[0],
        at=first,
    )


def pressed(picture: Picture, key: str) -> Step:
    """What a key does; keys as Textual names them."""
    if key in _LEAVES:
        return _leave(picture)
    picture = replace(picture, leaving=False, says="")
    if picture.stage == Stage.RECORDING:
        return _while_recording(picture, key)
    if picture.stage == Stage.WORKING:
        return Step(picture)
    does = _KEYS.get(key.lower())
    if does is None:
        return Step(replace(picture, says="that key does nothing here"))
    return does(picture)


def told(picture: Picture, line: talk.Told) -> Picture:
    """The picture once the booth has said this."""
    tell = _TELLS.get(type(line))
    return picture if tell is None else tell(picture, line)


def _recording(picture: Picture, line: talk.Recording) -> Picture:
    """A level that was still on its way when the recording was stopped changes nothing."""
    if picture.stage != Stage.RECORDING:
        return picture
    highest_db = max(picture.highest_db, line.level_db)
    heard_s = line.length_s if line.level_db > NOTHING_DB else picture.heard_s
    return replace(
        picture,
        length_s=line.length_s,
        level_db=line.level_db,
        highest_db=highest_db,
        heard_s=heard_s,
    )


def _working(picture: Picture, line: talk.Working) -> Picture:
    return replace(picture, stage=Stage.WORKING)


def _refused(picture: Picture, line: talk.Refused) -> Picture:
    return replace(picture, stage=Stage.REFUSED, why=line.why, may_keep=line.may_keep)


def _playing(picture: Picture, line: talk.Playing) -> Picture:
    return replace(picture, stage=Stage.PLAYING, length_s=line.length_s)


def _played(picture: Picture, line: talk.Played) -> Picture:
    playing = picture.stage == Stage.PLAYING
    return replace(picture, stage=Stage.READY) if playing else picture


def _trouble(picture: Picture, line: talk.Trouble) -> Picture:
    return replace(picture, stage=Stage.READY, says=line.why)


def _kept(picture: Picture, line: talk.Kept) -> Picture:
    recorded = picture.recorded | {line.text}
    says = f"kept, {line.length_s:.1f} s"
    if len(recorded) == len(picture.texts):
        says += "; all is recorded: your voice is used from now on"
    return replace(picture, stage=Stage.READY, recorded=recorded, says=says)


def _another(picture: Picture, line: talk.Inputs) -> Picture:
    """Another input where there is one; the same where it is the only one."""
    names = line.names
    if not names:
        return picture
    at = names.index(picture.input) if picture.input in names else -1
    chosen = names[(at + 1) % len(names)]
    says = f"the input is {chosen}" if chosen != picture.input else "there is no other input"
    return replace(picture, inputs=names, input=chosen, says=says)


def _leave(picture: Picture) -> Step:
    if picture.stage == Stage.RECORDING and not picture.leaving:
        asks = "it records: once more leaves without this sentence"
        return Step(replace(picture, leaving=True, says=asks))
    return Step(picture, leaves=True)


def _while_recording(picture: Picture, key: str) -> Step:
    if key in {"space", "r", "enter"}:
        return Step(replace(picture, stage=Stage.WORKING), (talk.Stop(),))
    if key == "escape":
        says = "thrown away; what was there before is there still"
        return Step(replace(picture, stage=Stage.READY, says=says), (talk.Drop(),))
    return Step(replace(picture, says="it records: Space stops"))


def _record(picture: Picture) -> Step:
    wish = talk.Record(input=picture.input, script=picture.script, text=picture.text)
    begun = replace(
        picture,
        stage=Stage.RECORDING,
        length_s=0.0,
        level_db=-90.0,
        highest_db=-90.0,
        heard_s=0.0,
        why="",
    )
    return Step(begun, (wish,))


def _play(picture: Picture) -> Step:
    if picture.stage == Stage.PLAYING:
        return Step(picture, (talk.Stop(),))
    if not picture.is_recorded:
        return Step(replace(picture, says="this sentence is not recorded yet: Space records it"))
    return Step(picture, (talk.Play(script=picture.script, text=picture.text),))


def _keep(picture: Picture) -> Step:
    if picture.stage != Stage.REFUSED or not picture.may_keep:
        return Step(replace(picture, says="there is nothing to keep"))
    return Step(replace(picture, stage=Stage.WORKING), (talk.Keep(),))


def _another_input(picture: Picture) -> Step:
    return Step(picture, (talk.ListInputs(),))


def _to(picture: Picture, at: int, says: str = "") -> Step:
    stops = (talk.Stop(),) if picture.stage == Stage.PLAYING else ()
    return Step(replace(picture, at=at, stage=Stage.READY, why="", says=says), stops)


def _next(picture: Picture) -> Step:
    if picture.at + 1 < len(picture.texts):
        return _to(picture, picture.at + 1)
    missing = len(picture.texts) - len(picture.recorded)
    says = "that was the last one"
    if missing:
        says += f"; {missing} {'is' if missing == 1 else 'are'} not recorded yet: U goes there"
    return Step(replace(picture, says=says))


def _before(picture: Picture) -> Step:
    if picture.at == 0:
        return Step(replace(picture, says="this is the first one"))
    return _to(picture, picture.at - 1)


def _missing(picture: Picture) -> Step:
    count = len(picture.texts)
    order = [(picture.at + step) % count for step in range(1, count + 1)]
    found = next((at for at in order if picture.texts[at] not in picture.recorded), None)
    if found is None:
        return Step(replace(picture, says="all of it is recorded"))
    return _to(picture, found)


_LEAVES = frozenset({"q", "ctrl+q", "ctrl+c"})
_KEYS: dict[str, Callable[[Picture], Step]] = {
    "space": _record,
    "r": _record,
    "p": _play,
    "enter": _next,
    "n": _next,
    "right": _next,
    "b": _before,
    "left": _before,
    "u": _missing,
    "i": _another_input,
    "k": _keep,
}
_TELLS: dict[type[Any], Callable[[Picture, Any], Picture]] = {
    talk.Inputs: _another,
    talk.Recording: _recording,
    talk.Working: _working,
    talk.Kept: _kept,
    talk.Refused: _refused,
    talk.Playing: _playing,
    talk.Played: _played,
    talk.Trouble: _trouble,
}

"""A session that sounds, on an output and a clock that a test turns, and a journal in memory.

No thread of its own. It may be killed at any turn, and comes back as an engine brings it back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import tones

from player.engine.elapsed import Moment
from player.engine.inputs import Input
from player.engine.kept import Head, Heard, Kept, read
from player.engine.lines import line_of
from player.engine.outage import BY_ITSELF_S
from player.engine.playing import Playing
from player.engine.score import Score
from player.engine.stands import KNOWN, Stand, stand_json
from player.library.measure import measure
from player.programme.programme import compose
from player.session.loader import load
from player.sound.source import load_bed
from player.sound.streams import BLOCK
from player.timeline import conductor
from player.timeline.commands import OpenSession, RoomCommand
from player.timeline.events import Event
from player.timeline.plan import TrackFacts

S = 48_000
STEP = BLOCK / S
STAND_S = 10.0
DEPTH = 2
"""Blocks that an output takes at once, and then keeps ahead."""
ONE = "format: 1\ntitle: T\nphases:\n  - {name: One, length: 10m, music: [a.flac, b.flac]}\n"


@dataclass
class Ear:
    """An output that takes one block for each block of time, and keeps what it was given."""

    name: str = "ear"
    underruns: int = 0
    blocks_a_chunk: int = 1
    lost: bool = False
    hung: bool = False
    others: tuple[str, ...] = ()
    chosen: list[str] = field(default_factory=list)
    closed: bool = False
    owed: int = DEPTH
    heard: list[Any] = field(default_factory=list)

    @property
    def depth_frames(self) -> int:
        return 0 if self.lost else DEPTH * BLOCK

    def wants(self) -> bool:
        return self.owed > 0

    def feed(self, block: Any) -> None:
        self.owed -= 1
        self.heard.append(block.copy())

    def due_s(self) -> float:
        return 0.0

    def choose(self, device: str) -> None:
        self.chosen.append(device)

    def close(self) -> None:
        self.closed = True

    def whole(self) -> Any:
        return np.concatenate(self.heard)


class Notebook:
    """A journal in memory, written as an engine writes it."""

    def __init__(self, score: Score, playing: Playing, now_s: float, told: list[Event]) -> None:
        self.lines: list[bytes] = []
        self.inputs: list[Input] = []
        self._now_s = self._stood_s = now_s
        command = OpenSession(path="/sessions/s.yaml", output="null")
        head = Head.of(score, command, "abc", self._heard(playing))
        self._head = head
        self._add("head", head.model_dump(mode="json"))
        self._add("facts", [KNOWN.dump_python(row, mode="json") for row in playing.state.facts])
        for event in told:
            self._add("told", event.model_dump(mode="json"))
        self._add("stand", stand_json(Stand(*playing.stand())))

    def turn(self, playing: Playing, now_s: float) -> list[Event]:
        """What an engine keeps and tells at one turn."""
        self._now_s = now_s
        for came in playing.new_inputs():
            self.inputs.append(came)
            self._add("input", came.model_dump(mode="json"))
        if now_s - self._stood_s >= STAND_S:
            self._stood_s = now_s
            self._add("stand", stand_json(Stand(*playing.stand())))
        head = self._head.model_copy(update={"output_chosen": playing.output_chosen})
        self.lines[0] = line_of(1, "head", head.model_dump(mode="json"))
        self._add("heard", self._heard(playing).row())
        told = playing.heard_events()
        for event in told:
            self._add("told", event.model_dump(mode="json"))
        return told

    def kept(self) -> Kept:
        """What the next engine finds."""
        kept = read(b"".join(self.lines))
        assert kept is not None
        assert kept.lost_lines == 0
        return kept

    def _heard(self, playing: Playing) -> Heard:
        at = Moment(self._now_s, "run", 1e9 + self._now_s)
        return Heard(*playing.heard_at(), at, lost_s=playing.lost_s)

    def _add(self, kind: str, body: Any) -> None:
        self.lines.append(line_of(len(self.lines) + 1, kind, body))


@dataclass
class Room:
    """Plays on while a test lets time pass."""

    make: Callable[[Score, Any, Ear, Callable[[], float]], Playing]
    playing: Playing
    ear: Ear
    now_s: list[float]
    notes: Notebook
    told: list[tuple[float, Event]] = field(default_factory=list)
    """Every event, with the time at which it was told."""

    def play(self, seconds: float) -> None:
        """Time passes; while the output is lost nothing is asked for."""
        for _ in range(round(seconds / STEP)):
            self.now_s[0] += STEP
            self.ear.owed = DEPTH if self.ear.lost else self.ear.owed + 1
            self.turn()

    def turn(self) -> None:
        self.playing.feed()
        told = self.notes.turn(self.playing, self.now_s[0])
        self.told += [(self.now_s[0], event) for event in told]

    def key(self, command: RoomCommand) -> str:
        return self.playing.obey(command)

    def away(self, seconds: float) -> None:
        """The output is lost, and stays so."""
        self.ear.lost = True
        self.play(seconds)

    def killed(self, break_s: float, *, opening_s: float = 0.0, lost: bool = False) -> None:
        """The engine dies; after a while another brings the session back, as its service asks."""
        kept = self.notes.kept()
        self.playing.close()
        self.now_s[0] += break_s
        since_s = self.now_s[0] - kept.heard.at.since_start_s
        self.ear = Ear(self.ear.chosen[-1] if self.ear.chosen else self.ear.name, lost=lost)
        self.playing = self.make(kept.score, kept.stand.state, self.ear, lambda: self.now_s[0])
        paused = since_s > BY_ITSELF_S
        self.playing.stand_again(kept, kept.heard.frame, since_s, paused=paused)
        self.now_s[0] += opening_s
        self.playing.wait_for_decks(4.0)
        self.playing.begin()
        told = [event for _, event in self.told]
        self.notes = Notebook(kept.score, self.playing, self.now_s[0], told)
        self.turn()

    def names(self) -> list[str]:
        """Every event that was told."""
        return [type(event).__name__ for _, event in self.told]

    def since_s(self, block: int) -> Any:
        """What was handed over since a block."""
        return np.concatenate(self.ear.heard[block:])


def open_room(folder: Path, text: str, *, known: bool = True, **settings: Any) -> Room:
    """A session of a.flac and b.flac, 40 s each, that has begun."""
    for name, (content, _) in _music().items():
        (folder / name).exists() or (folder / name).write_bytes(content)
    path = folder / "s.yaml"
    path.write_text(text)
    facts = {folder / name: known for name, (_, known) in _music().items()}
    bed = TrackFacts(48 * S, -23.0, -13.6)
    programme = compose(load(path), lambda f: facts.get(f, bed) if known else bed, lambda _: None)
    pcm = _bed(programme.files[programme.plan.safety])

    def make(score: Score, state: Any, ear: Ear, clock_s: Callable[[], float]) -> Playing:
        return Playing(
            score, state, ear, bed=lambda: pcm, patient=True, clock_s=clock_s, **settings
        )

    ear, now_s, score = Ear(), [100.0], Score.of(programme)
    playing = make(score, conductor.opening(programme.plan), ear, lambda: now_s[0])
    playing.prepare()
    playing.begin()
    return Room(make, playing, ear, now_s, Notebook(score, playing, now_s[0], []))


@lru_cache
def _music() -> dict[str, tuple[bytes, Any]]:
    """Made and measured once for all rooms: content and facts by name."""
    with TemporaryDirectory() as folder:
        files = [
            tones.write(Path(folder) / "a.flac", tones.tone(40 * S)),
            tones.write(Path(folder) / "b.flac", tones.tone(40 * S, 660)),
        ]
        return {file.name: (file.read_bytes(), measure(file).facts) for file in files}


_bed = lru_cache(load_bed)


def level(sound: Any) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(sound**2)))

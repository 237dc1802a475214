"""Makes a session ready on a thread of its own: read, measured, decks open, device open."""

from __future__ import annotations

import hashlib
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from player import paths, settings
from player.engine.playing import Playing
from player.engine.score import Score
from player.errors import RunFailed, StillroomError
from player.library.catalogue import Catalogue
from player.library.measuring import Measurer
from player.programme.facts import Knowledge
from player.programme.leaving_out import faults_of
from player.programme.programme import Programme, compose
from player.programme.speaking import speak_words
from player.session.loader import load
from player.session.start import start_s
from player.sound.outputs.choose import DEVICE, open_output
from player.sound.source import load_bed
from player.timeline import conductor
from player.timeline.commands import OpenSession
from player.timeline.events import Event
from player.timeline.lists import dead, playable
from player.timeline.music import needed
from player.timeline.state import State
from player.units import Seconds, frames_of

LOOK_S: Seconds = 0.02
MOST_RISKS = 99
_one_device = threading.Lock()
"""An opening that was given up must not reach for the device under the one that came after."""


class Opening:
    """One session on its way to being ready. Watch `done`, `failed` and `fraction`."""

    def __init__(self, command: OpenSession) -> None:
        self.command = command
        self.title = ""
        self.what = "reading the session"
        self.fraction = 0.0
        self.playing: Playing | None = None
        """Set once the session could begin at once."""
        self.measurer: Measurer | None = None
        self.programme: Programme | None = None
        self.failed: StillroomError | None = None
        self.warnings: tuple[str, ...] = ()
        self.risks: tuple[str, ...] | None = None
        """What in its music could startle; None while nobody knows."""
        self.content = ""
        """Hash of the session file."""
        self.told: tuple[Event, ...] = ()
        self._passed_over: list[Event] = []
        self.begun = False
        """Somebody wants it to sound: what only helps to choose is left."""
        self._closed = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="opening", daemon=True)

    def start(self) -> None:
        """Begin to open."""
        self._thread.start()

    @property
    def done(self) -> bool:
        """Ready, or failed."""
        return self.playing is not None or self.failed is not None

    def close(self) -> None:
        """Give up, or let go of what was opened and never begun."""
        with self._lock:
            self._closed = True
            if self.playing is not None:
                self.playing.close()
            if self.measurer is not None:
                self.measurer.close()

    def _run(self) -> None:
        try:
            self._open()
        except StillroomError as fault:
            self.failed = fault
        except Exception as fault:  # the counsellor gets a sentence, the log the rest
            import traceback

            traceback.print_exc()
            self.failed = RunFailed(f"this session could not be opened: {fault}")

    def _foresee(self, programme: Programme) -> None:
        """What in the music could startle, for whoever still chooses; it keeps nobody waiting."""
        try:
            self.risks = _risks(programme, lambda: not (self.begun or self._closed))
        except Exception as fault:  # the session can be played all the same
            print(f"risks: {fault!r}", file=sys.stderr)  # noqa: T201 - the engine's log

    def _open(self) -> None:
        command = self.command
        session = load(Path(command.path))
        self.title = session.title
        self.content = hashlib.blake2b(session.source.read_bytes(), digest_size=16).hexdigest()
        chosen = settings.read(paths.settings_file())
        unspoken = speak_words(session, self._tell)
        with Catalogue() as catalogue:
            knowledge = Knowledge(catalogue)
            programme = compose(session, knowledge.of_music, knowledge.of_clip, knowledge.tags)
        self.programme = programme
        if not self.begun:
            threading.Thread(
                target=self._foresee, args=(programme,), name="risks", daemon=True
            ).start()
        bare = faults_of(session, programme.left_out)
        self.warnings = (*session.warnings, *bare, *unspoken)
        start = frames_of(start_s(session, command.start))
        state = conductor.opening(programme.plan, start)
        state = self._measure_first(programme, state)
        bed = load_bed(programme.files[programme.plan.safety])
        with _one_device:
            if self._closed:
                return
            output = open_output(
                command.output,
                device=command.device or chosen.device,
                robust=chosen.robust,
                speed=command.speed,
            )
        playing = Playing(
            Score.of(programme),
            state,
            output,
            bed=lambda: bed,
            speed=command.speed,
            patient=command.output != DEVICE,
            volume_ceiling_db=chosen.volume_ceiling_db,
            calibration=chosen.calibration,
        )
        playing.foretell(self._passed_over)
        playing.prepare()
        with self._lock:
            self.fraction = 1.0
            if self._closed:
                playing.close()
            else:
                self.playing = playing

    def _tell(self, what: str, fraction: float) -> None:
        """How far the speaking of words is. Raises RunFailed where the opening was given up."""
        self.what, self.fraction = what, fraction
        if self._closed:
            raise RunFailed("this session is not wanted any more")

    def _measure_first(self, programme: Programme, state: State) -> State:
        """Wait until the first track that will sound is measured; the others go on after."""
        tracks = needed(programme.plan, state)
        if not tracks:
            return state
        files = programme.files
        with self._lock:
            if self._closed:
                return state
            self.measurer = Measurer([files[track] for track in tracks])
        self.what = "measuring the first track"
        while not self._closed:
            for found in self.measurer.poll():
                track = files.index(found.path)
                step = conductor.learn(programme.plan, state, track, found.known)
                state = step.state
                self._passed_over.extend(step.events)
            first = _first_unknown(programme, state)
            if first is None:
                break
            self.fraction = self.measurer.progress(files[first]) or 0.0
            time.sleep(LOOK_S)
        return state


def _risks(programme: Programme, wanted: Callable[[], bool]) -> tuple[str, ...] | None:
    """The first risks of a programme, a line each; None once nobody chooses any more."""
    from player.programme.preflight import foreseen

    with Catalogue() as catalogue:
        found = foreseen(programme, Knowledge(catalogue), wanted)
    return None if found is None else tuple(risk.line() for risk in found[:MOST_RISKS])


def _first_unknown(programme: Programme, state: State) -> int | None:
    """The track that begin waits for; None where the session could begin."""
    if programme.plan.phases[state.phase].silence:
        return None
    for track in state.lists[state.phase].remaining:
        known = state.facts[track]
        if playable(known) is not None:
            return None
        if not dead(known):
            return track
    return None

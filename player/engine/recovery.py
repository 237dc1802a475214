"""Makes a session that broke off ready to go on, on a thread of its own: decks and device open.

Done like an opening, and watched like one. What cannot be had any more (a device, a file) must
not lose the session: it comes back with its clocks all the same.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path

from player import paths, settings
from player.engine.elapsed import between_s, moment
from player.engine.kept import Kept
from player.engine.playing import Playing
from player.engine.recalled import Recalled
from player.errors import RunFailed, StillroomError
from player.library.measuring import Measurer
from player.sound.outputs.choose import DEVICE, NOWHERE, open_output
from player.sound.outputs.output import Output
from player.sound.outputs.paced import NullOutput
from player.sound.source import Compact, load_bed
from player.timeline.music import needed
from player.units import Frame, Seconds, frames_of

SINCE_HEARD_S: Seconds = 0.1
"""The sound went on for a while after its place was last kept: at most 0.2 s, so about this."""
SERVER_S: Seconds = 0.15
"""What the sound system held of an engine that hung was played to its end: PulseAudio's 160 ms."""
OUTPUT_S: Seconds = 2.0
"""How long the way back may wait for the device; then it begins without, and looks for it."""
CEILING = "volume_ceiling_db"
DECKS_S: Seconds = 4.0
"""How long the way back may wait for files to open; then what is there begins."""


class Recovery:
    """A session on its way back. Watch `done` and `failed`."""

    def __init__(self, kept: Kept, *, paused: bool, hung: bool = False) -> None:
        self.kept = kept
        self._hung = hung
        self.seen = Recalled(kept, paused=paused)
        """What people see of it until it is back."""
        self.paused = paused
        self.command = kept.command
        self.title = kept.score.plan.title
        self.what = "taking the session up again"
        self.fraction = 0.0
        self.content = ""
        self.warnings: tuple[str, ...] = ()
        self.risks: tuple[str, ...] | None = None
        self.told = kept.told
        self.playing: Playing | None = None
        self.measurer: Measurer | None = None
        self.failed: StillroomError | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="recovery", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def done(self) -> bool:
        """Ready, or failed."""
        return self.playing is not None or self.failed is not None

    def close(self) -> None:
        """Give up."""
        with self._lock:
            self._closed = True
            for part in (self.playing, self.measurer):
                if part is not None:
                    part.close()

    def _run(self) -> None:
        try:
            playing = self._stand_again()
        except Exception as fault:  # the counsellor gets a sentence, the log the rest
            import traceback

            traceback.print_exc()
            self.failed = RunFailed(f"{self.title} could not be taken up again: {fault}")
            return
        with self._lock:
            if self._closed:
                playing.close()
            else:
                self.playing = playing

    def _stand_again(self) -> Playing:
        # Whatever slipped into the settings meanwhile: nobody can mend it now.
        written = settings.written(paths.settings_file())
        kept, chosen = self.kept, written.settings
        bed = _Bed(kept.score.files[kept.score.plan.safety])
        # A way back that fails must not keep the device from the session that comes next.
        with ExitStack() as failed:
            output = self._output(chosen)
            failed.callback(output.close)
            playing = Playing(
                kept.score,
                kept.stand.state,
                output,
                bed=bed,
                patient=self.command.output != DEVICE,
                volume_ceiling_db=chosen.volume_ceiling_db,
                calibration=chosen.calibration,
            )
            failed.pop_all()
            failed.callback(playing.close)
            break_s = between_s(kept.heard.at, moment())
            playing.stand_again(kept, self._heard(), break_s, paused=self.paused)
            if not _knows_ceiling(written):
                playing.ceiling_db = min(playing.ceiling_db, playing.state.volume_db)
            playing.wait_for_decks(DECKS_S)
            failed.pop_all()
        bed.load()
        tracks = needed(playing.plan, playing.state)
        if tracks:
            self.measurer = Measurer([kept.score.files[track] for track in tracks])
        return playing

    def _heard(self) -> Frame:
        """Where it was when it broke off, as near as can be known."""
        heard = self.kept.heard.frame
        if _stood(self.kept):
            return heard
        return heard + frames_of(SINCE_HEARD_S + (SERVER_S if self._hung else 0.0))

    def _output(self, chosen: settings.Settings) -> Output:
        asked = self.command.output
        if self.kept.stand.state.music_ended is not None:
            return NullOutput()
        if asked not in (DEVICE, NOWHERE):
            asked = str(_free(Path(asked)))
        return open_output(
            asked,
            device=self.command.device or chosen.device,
            robust=chosen.robust,
            speed=self.command.speed,
            patience_s=OUTPUT_S,
            blocks_a_chunk=self.kept.heard.blocks_a_chunk,
            underruns=self.kept.underruns,
            stalled=self.kept.heard.lost_s is not None,
        )


class _Bed:
    """The safety bed, decoded behind the first sound: it is hardly ever wanted at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pcm: Compact | None = None
        self._lock = threading.Lock()

    def load(self) -> None:
        """Decode it on a thread."""
        threading.Thread(target=self, name="safety bed", daemon=True).start()

    def __call__(self) -> Compact:
        with self._lock:
            if self._pcm is None:
                self._pcm = load_bed(self._path)
            return self._pcm


def _stood(kept: Kept) -> bool:
    """Whether the programme stood still when it broke off."""
    rest = kept.stand.state.rest
    if kept.heard.lost_s is not None:
        return True
    return rest is not None and kept.heard.frame >= rest.silent


def _knows_ceiling(written: settings.Written) -> bool:
    """Whether the settings can be trusted to say how loud it may become."""
    wrong = {fault.key for fault in written.faults}
    return not wrong or ((CEILING,) in written.lines and CEILING not in wrong)


def _free(path: Path) -> Path:
    """What was recorded before the break is not written over."""
    number = 2
    while (beside := path.with_stem(f"{path.stem}-{number}")).exists():
        number += 1
    return beside

"""What keeping a session costs: CPU of all threads and bytes, for each second of it.

    python scripts/bench/journal.py --minutes 20
    python scripts/bench/journal.py --tracks 2000

Hands a journal what an engine would, six places a second and a stand every ten, with nothing left
out but the waiting. Counts how often the file was written anew as a whole.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from player import paths
from player.engine.elapsed import moment
from player.engine.inputs import Obeyed
from player.engine.journal import Journal
from player.engine.kept import Head, Heard
from player.engine.score import Score
from player.engine.stands import Stand
from player.library.catalogue import Catalogue
from player.programme.facts import Knowledge
from player.programme.programme import compose
from player.session.loader import load
from player.sound.mixer import Mixer
from player.sound.streams import silence
from player.timeline import conductor
from player.timeline.commands import ChangeVolume, OpenSession

PLACES = 6
STAND_S = 10


def main() -> None:
    """Keep a session, and say what it took."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--minutes", type=float, default=20)
    words.add_argument("--tracks", type=int, default=0, help="at least so many in the session")
    asked = words.parse_args()
    seconds = round(asked.minutes * 60)
    session = load(paths.shipped() / "lozenge.yaml")
    with Catalogue() as catalogue:
        knowledge = Knowledge(catalogue)
        score = Score.of(compose(session, knowledge.of_music, knowledge.of_clip))
    score = _with_tracks(score, asked.tracks)
    mixer = Mixer(open_track=lambda _: None, clip=lambda _: silence(1), ceiling_dbtp=-1.0)
    state = conductor.begin(score.plan, conductor.opening(score.plan)).state
    stand = Stand(state, mixer.memory())
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder))
        journal.begin(Head.of(score, OpenSession(path="s.yaml"), "", Heard(0, 0, moment())), stand)
        journal.settle(5)
        began_s, anew, file = time.process_time(), 0, journal.path.stat().st_ino
        for second in range(seconds):
            for part in range(PLACES):
                frame = (second * PLACES + part) * 8000
                journal.heard(Heard(frame, frame, moment()))
                journal.settle(0)
                time.sleep(0.002)
                before, file = file, journal.path.stat().st_ino
                anew += file != before
            if second % STAND_S == 0:
                journal.stand(stand)
            if second % 60 == 0:
                journal.inputs([Obeyed(frame=frame, command=ChangeVolume(by_db=1))])
        spent_s = time.process_time() - began_s
        journal.close()
        written = journal.path.stat().st_size
    print(
        f"{len(score.files)} files: {spent_s / seconds * 1000:.2f} ms of CPU a second, "
        f"{written / 1024:.0f} kB at the end, {anew} times anew"
    )


def _with_tracks(score: Score, least: int) -> Score:
    """The same with more tracks, of which none is played."""
    plan, more = score.plan, max(0, least - len(score.files))
    tracks = (*plan.tracks[:-1], *(plan.tracks[0],) * more, plan.tracks[-1])
    files = (*score.files[:-1], *(score.files[0],) * more, score.files[-1])
    return replace(score, plan=replace(plan, tracks=tracks, safety=len(tracks) - 1), files=files)


if __name__ == "__main__":
    main()

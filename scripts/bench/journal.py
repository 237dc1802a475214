"""What keeping a session costs: CPU of all threads and bytes, for each second of it.

    python scripts/bench/journal.py --minutes 20

Hands a journal what an engine would, six places a second and a stand every ten, with nothing left
out but the waiting.
"""

from __future__ import annotations

import argparse
import tempfile
import time
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
    seconds = round(words.parse_args().minutes * 60)
    session = load(paths.shipped() / "lozenge.yaml")
    with Catalogue() as catalogue:
        knowledge = Knowledge(catalogue)
        score = Score.of(compose(session, knowledge.of_music, knowledge.of_clip))
    mixer = Mixer(open_track=lambda _: None, clip=lambda _: silence(1), ceiling_dbtp=-1.0)
    state = conductor.begin(score.plan, conductor.opening(score.plan)).state
    stand = Stand(state, mixer.memory())
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder))
        journal.begin(Head.of(score, OpenSession(path="s.yaml"), ""), stand)
        journal.settle(5)
        began_s, written = time.process_time(), 0
        for second in range(seconds):
            for part in range(PLACES):
                frame = (second * PLACES + part) * 8000
                journal.heard(Heard(frame, frame, moment()))
                journal.settle(0)
                time.sleep(0.002)
            if second % STAND_S == 0:
                journal.stand(stand)
            if second % 60 == 0:
                journal.inputs([Obeyed(frame=frame, command=ChangeVolume(by_db=1))])
        spent_s = time.process_time() - began_s
        journal.close()
        written = journal.path.stat().st_size
    print(f"{spent_s / seconds * 1000:.2f} ms of CPU a second, {written / 1024:.0f} kB at the end")


if __name__ == "__main__":
    main()

"""The engine's process: ``python -m player.engine``.

One that stands by loads all it will need, says so, and waits for a word on its standard input;
where the keeper ends without one, it ends too.
"""

from __future__ import annotations

import contextlib
import os
import sys

from player.engine.beat import STANDING_BY, Beat
from player.engine.keeper import AGAIN, DIED, HUNG, STANDS_BY
from player.engine.place import beat_file
from player.engine.service import serve

if STANDS_BY in sys.argv:
    from player.sound.devices import mixer

    mixer()
    with contextlib.suppress(OSError):
        Beat(beat_file())[STANDING_BY] = os.getpid()
    word = sys.stdin.buffer.readline().decode().strip()
    if not word:
        sys.exit(0)
    os.environ.pop(AGAIN, None)
    if word in (DIED, HUNG):
        os.environ[AGAIN] = word

code = serve()
for stream in (sys.stdout, sys.stderr):
    stream.flush()
# All was let go of. pygame would close the device once more, and wait where it takes nothing.
os._exit(code)

"""Decodes ahead of need on a thread of its own, so that whoever mixes never waits for a file.

Knows nothing of decks or time: frames go in at one end and come out, in order, at the other.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from player.sound.decode import Decoded, Undecodable
from player.sound.streams import Sound, silence
from player.units import Frame, Frames, Seconds, frames_of

AHEAD_S: Seconds = 12.0
"""Longer than any stall that was measured of a disk or a busy machine."""
HEAD_S: Seconds = 1.0
"""Enough to begin a track at once, while the rest is decoded under way."""
REFILL_S: Seconds = 1.0
"""The thread sleeps until this much was taken: it wakes once a second, not at every block."""

NOBODY: Frames = 1 << 62
"""More than ever is awaited."""


class AheadSource:
    """A file's frames, decoded up to `ahead_s` before they are read. Opens without waiting.

    Live, `read` never blocks: what is not there yet is missing from the answer, and counted
    in `starved`. With `patient` it waits until the frames are there or the file has ended.
    `shallow` decodes no more than `head_s` until `deepen` is called: for pieces that may be
    wanted soon. `seamless` joins the last frame to the first, for ever. A file that cannot be
    opened has ended, with its reason in `fault`; nothing is ever raised. With `loudest`, the
    highest sample that was measured, a file that turned louder since ends there.
    """

    def __init__(
        self,
        path: Path,
        *,
        start_frame: Frame = 0,
        ahead_s: Seconds = AHEAD_S,
        head_s: Seconds = HEAD_S,
        seamless: bool = False,
        patient: bool = False,
        shallow: bool = False,
        loudest: float | None = None,
        clock_s: Callable[[], Seconds] = time.monotonic,
    ) -> None:
        self.path = path
        self.starved = 0
        """How many reads came back short before the end."""
        self._start_frame = start_frame
        self._seamless = seamless
        self._loudest = loudest
        self._clock_s = clock_s
        self._came_s = clock_s()
        self._patient = patient
        self._head = frames_of(head_s)
        self._ahead = max(self._head, frames_of(ahead_s))
        self._depth = self._head if shallow else self._ahead
        self._blocks: deque[Sound] = deque()
        self._buffered = 0
        self._decoded = 0
        self._ended = False
        self._closed = False
        self._fault: str | None = None
        self._awaited: Frames = NOBODY
        """Frames for which somebody waits; they are woken then, and not at every block."""
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"decode {path.name}", daemon=True)
        self._thread.start()

    @property
    def ready(self) -> bool:
        """At least `head_s` is there, or all there is."""
        return self._ended or self._buffered >= self._head

    @property
    def buffered_frames(self) -> Frames:
        """Frames that can be read at once."""
        return self._buffered

    @property
    def ended(self) -> bool:
        """Nothing more will come than what is buffered."""
        return self._ended

    @property
    def stalled_s(self) -> Seconds:
        """How long the file has given nothing although more was wanted: its disk or share hangs."""
        with self._changed:
            idle = self._ended or not self._wants_more()
            return 0.0 if idle else self._clock_s() - self._came_s

    @property
    def total_frames(self) -> Frames | None:
        """Frames from the file's first to its last, once its end was decoded; never for a loop."""
        if not self._ended or self._seamless:
            return None
        return self._start_frame + self._decoded if self._decoded else 0

    @property
    def fault(self) -> str | None:
        """What is wrong with the file, in plain words, or None."""
        return self._fault

    def wait_ready(self, timeout_s: Seconds) -> bool:
        """Wait until it is ready, at most so long; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._there(self._head), timeout_s)

    def deepen(self) -> None:
        """Decode the full `ahead_s` from now on."""
        with self._changed:
            if self._depth < self._ahead:
                self._depth = self._ahead
                self._came_s = self._clock_s()
                self._changed.notify_all()

    def read(self, frames: Frames) -> Sound:
        """The next frames, (m, 2): fewer than asked for only at the end, or when starved."""
        with self._changed:
            if self._patient:
                self._wait_for(frames)
            wanted_before = self._wants_more()
            taken = self._take(frames)
            if len(taken) < frames and not self._ended:
                self.starved += 1
            if self._wants_more():
                if not wanted_before:
                    self._came_s = self._clock_s()
                self._changed.notify_all()
        return taken

    def close(self) -> None:
        """Let the thread end and forget what was decoded; does not wait, may be called twice."""
        with self._changed:
            self._closed = True
            self._blocks.clear()
            self._buffered = 0
            self._changed.notify_all()

    def _wait_for(self, frames: Frames) -> None:
        """Wait for frames; the buffer is deepened where it would never hold as many."""
        if self._buffered >= frames or self._ended:
            return
        self._depth = max(self._depth, frames + frames_of(REFILL_S))
        enough = max(frames, self._depth // 2)
        self._changed.notify_all()
        self._changed.wait_for(lambda: self._there(enough))

    def _there(self, frames: Frames) -> bool:
        """Whether so much is there, or all that will come; else, say what is waited for.

        Said anew at each look: who waited for less has been woken, and took the word back.
        """
        if self._buffered >= frames or self._ended or self._closed:
            return True
        self._awaited = min(self._awaited, frames)
        return False

    def _take(self, frames: Frames) -> Sound:
        parts: list[Sound] = []
        wanted = min(frames, self._buffered)
        while wanted:
            block = self._blocks.popleft()
            if len(block) > wanted:
                self._blocks.appendleft(block[wanted:])
                block = block[:wanted]
            parts.append(block)
            wanted -= len(block)
            self._buffered -= len(block)
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else silence(0)

    def _wants_more(self) -> bool:
        """Asked of a full buffer: whether enough was taken to wake the thread."""
        refill = min(frames_of(REFILL_S), self._depth // 2)
        return self._buffered <= self._depth - refill

    def _run(self) -> None:
        fault: str | None = None
        try:
            with Decoded(
                self.path,
                start_frame=self._start_frame,
                seamless=self._seamless,
                loudest=self._loudest,
            ) as decoded:
                self._fill(decoded)
                fault = next(iter(decoded.faults), None)
        except Undecodable as undecodable:
            fault = undecodable.why
        except Exception as unforeseen:  # a thread has nobody to raise to
            fault = f"could not be read on ({type(unforeseen).__name__})"
        with self._changed:
            self._fault = fault
            self._ended = True
            self._changed.notify_all()

    def _fill(self, blocks: Iterator[Sound]) -> None:
        """Put block after block into the buffer, pausing while it is full."""
        for block in blocks:
            with self._changed:
                self._came_s = self._clock_s()
                if self._buffered >= self._depth:
                    self._changed.wait_for(lambda: self._closed or self._wants_more())
                if self._closed:
                    return
                self._blocks.append(block)
                self._buffered += len(block)
                self._decoded += len(block)
                if self._buffered >= self._awaited:
                    self._awaited = NOBODY
                    self._changed.notify_all()

"""A device that may go and come back: it is looked for until it is there again, and no other.

Knows nothing of what is played. Whoever feeds it sees `lost` and lets the programme wait.
"""

from __future__ import annotations

import contextlib
import threading
import time
import traceback

from player.errors import OutputMissing
from player.sound.devices import devices
from player.sound.outputs.device import PygameOutput
from player.sound.outputs.output import UNNAMED
from player.sound.streams import BLOCK, Sound, silence
from player.units import Frames, Seconds

LOOK_AGAIN_S: Seconds = 1.0
"""How often a lost device is looked for."""
IDLE_S: Seconds = 0.25
TRY_S: Seconds = 0.02
"""How often it is looked at whether a device that was opened takes silence."""


class LastingOutput:
    """One device for the whole session, however often it goes."""

    def __init__(
        self,
        device: str | None,
        *,
        robust: bool = False,
        patience_s: Seconds | None = None,
        blocks_a_chunk: int = 1,
        underruns: int = 0,
        stalled: bool = False,
    ) -> None:
        """Raises OutputMissing where there is no such device.

        With `patience_s` it never does: it is waited for so long, and then it begins lost.
        The last three are what another had come to, which this one goes on for.
        """
        self.lost = patience_s is not None
        """True while the device or its server is away; it takes blocks no more."""
        self.others: tuple[str, ...] = ()
        """While lost: the devices that are there instead."""
        self._robust = robust
        self._device = device
        self._before = underruns
        self._blocks_a_chunk = blocks_a_chunk
        self._closed = False
        self._stalled = stalled
        """It is there once it takes silence: it can be opened, and answer, and take nothing."""
        self._tried: PygameOutput | None = None
        """What was opened, while it takes nothing yet."""
        self._stuck = False
        self._inner: PygameOutput | None = None
        self._changed = threading.Condition()
        if patience_s is None:
            self._inner = self._opened(device)
            self._device = self._inner.device
        # At once: where no thread can be had later, the device would never be looked for.
        threading.Thread(target=self._run, name="output", daemon=True).start()
        if patience_s is not None:
            with self._changed:
                self._changed.wait_for(lambda: not self.lost, patience_s)

    @property
    def name(self) -> str:
        """As `stillroom devices` lists it."""
        return self._device or UNNAMED

    @property
    def underruns(self) -> int:
        """How often it ran dry while it played, over all times that it was there."""
        with self._changed:
            return self._before + (self._inner.underruns if self._inner else 0)

    @property
    def blocks_a_chunk(self) -> int:
        """How many blocks are joined; more after an underrun, for as long as the session lasts."""
        inner = self._inner
        return self._blocks_a_chunk if inner is None else inner.blocks_a_chunk

    @property
    def hung(self) -> bool:
        """Whether the sound server takes nothing, and would not even let go."""
        return self._stuck or (self._inner is not None and self._inner.hung)

    @property
    def depth_frames(self) -> Frames:
        """About how many frames were handed over and are not heard yet; none while lost."""
        inner = self._inner
        return 0 if inner is None or self.lost else inner.depth_frames

    def wants(self) -> bool:
        """True where a block should be handed over now; sees that the device has gone."""
        inner = self._inner
        if inner is None or self.lost:
            return False
        wants = inner.wants()
        if inner.lost:
            self._lose()
        return wants

    def feed(self, block: Sound) -> None:
        """Hand over a block; where that fails the device is lost."""
        if self._inner is None or self.lost:
            return
        try:
            self._inner.feed(block)
        except Exception:  # whatever the sound system throws
            self._lose()

    def due_s(self) -> Seconds:
        """Until it is worth asking again."""
        inner = self._inner
        return IDLE_S if inner is None or self.lost else min(IDLE_S, inner.due_s())

    def choose(self, device: str) -> None:
        """Go on with another device; it is opened at once, or looked for."""
        with self._changed:
            self._device = device
            # It does not let go, and there is one mixer in a process: another process goes on.
            self._stuck = self._tried is not None
            if not self.lost:
                self._lose()
            self._changed.notify_all()

    def close(self) -> None:
        """Silence, and the device is let go."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            inner, self._inner = self._inner, None
        if inner is not None:
            inner.close()

    def _opened(self, device: str | None) -> PygameOutput:
        return PygameOutput(device, robust=self._robust, blocks_a_chunk=self._blocks_a_chunk)

    def _lose(self) -> None:
        with self._changed:
            self.lost = self._stalled = True
            self._changed.notify_all()

    def _run(self) -> None:
        while not self._closed:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self.lost)
            if not self._closed:
                self._bring_back()

    def _bring_back(self) -> None:
        """Let go of what is gone, and look for the device until it is there."""
        with self._changed:
            inner, self._inner = self._inner, None
            if inner is not None:
                self._before += inner.underruns
                self._blocks_a_chunk = inner.blocks_a_chunk
        if inner is not None:
            with contextlib.suppress(Exception):  # a dead server may throw anything
                inner.close()
        told = ""
        while not self._closed:
            wanted = self._device
            try:
                inner = self._opened(wanted)
                if self._sounds(inner, wanted) and self._takes(inner, wanted):
                    return
                inner.close()
            except OutputMissing:
                self._wait(wanted)
            except Exception as fault:  # whatever the sound system throws: it may come back yet
                if repr(fault) != told:
                    traceback.print_exc()
                told = repr(fault)
                self._wait(wanted)

    def _sounds(self, inner: PygameOutput, wanted: str | None) -> bool:
        """Where it was away or stalled: whether it takes silence, however long that takes."""
        if not self._stalled:
            return True
        self._tried, others_s = inner, time.monotonic()
        try:
            while not (inner.begun or inner.lost):
                if time.monotonic() - others_s > LOOK_AGAIN_S:
                    others_s = time.monotonic()
                    self._look_at_others(inner.device)
                while inner.wants():
                    inner.feed(silence(BLOCK))
                if self._gives_up(wanted, TRY_S):
                    return False
            inner.begin_anew()
            return not inner.lost
        finally:
            self._tried = None

    def _wait(self, wanted: str | None) -> None:
        """Until it is looked for again, at once where another is chosen; what there is instead."""
        self._look_at_others(None)
        self._gives_up(wanted, LOOK_AGAIN_S)

    def _look_at_others(self, besides: str | None) -> None:
        others = self.others
        with contextlib.suppress(Exception):  # whatever the sound system throws
            others = tuple(name for name in devices() if name != besides)
        with self._changed:
            self.others = others

    def _gives_up(self, wanted: str | None, within_s: Seconds) -> bool:
        """Whether, at the latest after so long, another is chosen, or all is over."""
        with self._changed:
            return self._changed.wait_for(lambda: self._closed or self._device != wanted, within_s)

    def _takes(self, inner: PygameOutput, wanted: str | None) -> bool:
        """Play on what was opened, unless another was chosen meanwhile, or all is over."""
        with self._changed:
            if self._closed or self._device != wanted:
                return False
            self._device, self._inner, self._stalled = inner.device, inner, False
            self.others, self.lost = (), False
            self._changed.notify_all()
            return True

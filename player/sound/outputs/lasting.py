"""A device that may go and come back: it is looked for until it is there again, and no other.

Knows nothing of what is played. Whoever feeds it sees `lost` and lets the programme wait.
"""

from __future__ import annotations

import contextlib
import threading
import traceback

from player.errors import OutputMissing
from player.sound.devices import devices
from player.sound.outputs.device import PygameOutput
from player.sound.outputs.output import UNNAMED
from player.sound.streams import Sound
from player.units import Frames, Seconds

LOOK_AGAIN_S: Seconds = 1.0
"""How often a lost device is looked for."""
IDLE_S: Seconds = 0.25


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
    ) -> None:
        """Raises OutputMissing where there is no such device.

        With `patience_s` it never does: it is waited for so long, and then it begins lost.
        The last two are what another had come to, which this one goes on for.
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
        self._inner: PygameOutput | None = None
        self._changed = threading.Condition()
        if patience_s is None:
            self._inner = self._opened(device)
            self._device = self._inner.device
        else:
            self._look_for_it()
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
        return self._inner is not None and self._inner.hung

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
        self.lost = True
        self._look_for_it()

    def _look_for_it(self) -> None:
        threading.Thread(target=self._bring_back, name="output", daemon=True).start()

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
                if self._takes(inner, wanted):
                    return
                inner.close()
            except OutputMissing:
                self._wait(wanted)
            except Exception as fault:  # whatever the sound system throws: it may come back yet
                if repr(fault) != told:
                    traceback.print_exc()
                told = repr(fault)
                self._wait(wanted)

    def _wait(self, wanted: str | None) -> None:
        """Until it is looked for again, at once where another is chosen; what there is instead."""
        others = self.others
        with contextlib.suppress(Exception):  # as above
            others = tuple(devices())
        with self._changed:
            self.others = others
            self._changed.wait_for(lambda: self._closed or self._device != wanted, LOOK_AGAIN_S)

    def _takes(self, inner: PygameOutput, wanted: str | None) -> bool:
        """Play on what was opened, unless another was chosen meanwhile, or all is over."""
        with self._changed:
            if self._closed or self._device != wanted:
                return False
            self._device, self._inner = inner.device, inner
            self.others, self.lost = (), False
            self._changed.notify_all()
            return True

"""Sound to a device through pygame's mixer, in chunks that play one after another without a gap.

Knows nothing of what it plays. One channel, one chunk playing, one queued, and the next block is
asked for as soon as the queue is free. After an underrun, in the mixer or behind it, or a close
call, blocks are joined into longer chunks, for as long as the output lives.

Between a key and its sound lie half a block, a chunk, and what the sound server keeps. A chunk
bridges what holds Python up, the server's share what holds up SDL's thread or the server; and a
server that was held up takes at once what it lacks, so that the two are best of a size.
"""

from __future__ import annotations

import os
import threading
import time

from player.errors import OutputMissing
from player.sound import sdl
from player.sound.devices import devices, mixer, refused_driver
from player.sound.outputs.output import UNNAMED
from player.sound.outputs.slips import Slips
from player.sound.streams import BLOCK, Sound
from player.starting import LATENCY, OWNERS_LATENCY
from player.units import CHANNELS, SAMPLE_RATE, Frames, Seconds, seconds_of

BUFFER: Frames = 2048
"""The device's buffer; smaller ones had gaps under load, larger ones answer late."""

LATENCY_MS, ROBUST_LATENCY_MS = 160, 500
"""Left to itself SDL has the server keep one buffer, 43 ms: recordings had gaps of 11 ms and more
under four busy loops, and with this none in the same minutes (scripts/bench/gaps.py)."""

LONGEST_CHUNK = 8
"""Blocks joined at most: a second."""
LONGEST_BRIDGE = 2
"""The same for gaps behind the mixer: no chunk bridges more than what the server takes at once, and
each block more is heard in every key, and lost with an output that goes. And for close calls, which
nobody has heard."""
CLOSE_S: Seconds = seconds_of(BLOCK) / 2
"""Held up for longer than this, half of what one block bridges, is a close call."""
HUNG_S: Seconds = 1.5
"""A chunk that is taken so long after its time: the sound server hangs."""

BEGINS_S: Seconds = 8.0
"""The same until the output has begun: headphones without a wire, or an output that has just been
plugged in, may take seconds to begin. A PulseAudio null sink takes 2."""

_LOOK_S: Seconds = 0.005
"""How often the queue is looked at once it may be free: what is found late is heard late, in
every key."""
_EARLY_S: Seconds = 0.015
"""It is looked at from so long before its time on. After a stall that the server bridged, the mixer
takes chunks in a hurry, and each one is found by so much sooner than the last."""

_one_at_a_time = threading.Lock()
_owners: list[PygameOutput] = []
"""pygame has one mixer in a process: it belongs to the output that was opened last, and an older
one that is closed late must not silence it."""


class PygameOutput:
    """The system's own choice of device, or the one that is named."""

    def __init__(
        self, device: str | None = None, *, robust: bool = False, blocks_a_chunk: int = 1
    ) -> None:
        """Raises OutputMissing where there is no device, or not the one that was named.

        The system's own choice is opened by its name, so that the sound stops where that device
        goes: a stream without a name is moved to another device, which others may hear.
        """
        self.underruns = 0
        self.lost = False
        latency_ms = _ask_for(ROBUST_LATENCY_MS if robust else LATENCY_MS)
        with _one_at_a_time:
            self.device = _open(device)
            _owners[:] = [self]
        self._after_mixing: Frames = BUFFER
        if sdl.driver() == "pulseaudio":
            self._after_mixing = max(BUFFER, latency_ms * SAMPLE_RATE // 1000)
        self.name = self.device or UNNAMED
        self._channel = mixer().Channel(0)
        self.blocks_a_chunk = min(max(blocks_a_chunk, 3 if robust else 1), LONGEST_CHUNK)
        """How many blocks are joined; more after an underrun."""
        self._closed = False
        self._taken: Frames = 0
        self._gathered: list[bytes] = []
        self._playing: Frames = 0
        self._queued: Frames = 0
        self._since_s: Seconds = 0.0
        self._looked_s: Seconds = 0.0
        self._slips = Slips()

    @property
    def depth_frames(self) -> Frames:
        """About how many frames were handed over and are not heard yet."""
        self._look()
        left = max(0, self._playing - int((time.monotonic() - self._since_s) * SAMPLE_RATE))
        return len(self._gathered) * BLOCK + self._queued + left + self._after_mixing

    def wants(self) -> bool:
        """True where a block should be handed over now."""
        if self._closed:
            return False
        # Where a later output has the device, nothing of this one would be heard.
        self.lost = self.lost or self._gone or _device_went()
        self._look()
        return not self._queued and not self.lost

    @property
    def begun(self) -> bool:
        """Whether more was taken than the server keeps for an output that takes nothing from it."""
        return self._taken > self._after_mixing + BUFFER

    @property
    def hung(self) -> bool:
        """The sound server takes nothing any more: even closing the output would wait for it."""
        if self._gone or not self._queued or self.lost:
            return False
        late_s = time.monotonic() - self._since_s - seconds_of(self._playing)
        return late_s > (HUNG_S if self.begun else BEGINS_S)

    def feed(self, block: Sound) -> None:
        """Hand over a block; whole chunks are played or queued."""
        if self._gone:
            return
        self._gathered.append(block.tobytes())
        if len(self._gathered) < self.blocks_a_chunk and self._playing:
            return
        self._look()
        frames = len(self._gathered) * BLOCK
        chunk = mixer().Sound(buffer=b"".join(self._gathered))
        self._gathered = []
        if self._channel.get_busy():
            self._channel.queue(chunk)
            self._queued = frames
        else:
            self._ran_dry()
            self._channel.play(chunk)
            self._playing, self._since_s = frames, time.monotonic()

    def begin_anew(self) -> None:
        """What was fed so far was silence: nothing is missing where it runs out."""
        self._playing = self._queued = 0
        self._slips.begin_anew()

    def due_s(self) -> Seconds:
        """Until just before the playing chunk should be through; then look by look.

        At once where no chunk is queued, whoever saw that: a status asks for the depth after the
        feeding, and a rest of a whole chunk from there left the mixer without one.
        """
        if not self._queued:
            return _LOOK_S
        through_s = self._since_s + seconds_of(self._playing) - time.monotonic()
        return max(_LOOK_S, through_s - _EARLY_S)

    def close(self) -> None:
        """Silence within about 0.1 s, and the device is let go; it wants nothing any more."""
        with _one_at_a_time:
            self._closed = True
            self._playing = self._queued = 0
            if _owners == [self]:
                _owners.clear()
                mixer().quit()

    @property
    def _gone(self) -> bool:
        """Closed, or a later output has the device: pygame's mixer is not to be touched."""
        return self._closed or _owners != [self]

    def _look(self) -> None:
        """See whether the queued chunk has begun to play."""
        if self._gone:
            return
        now_s = time.monotonic()
        if self._queued and self._channel.get_queue() is None:
            # From when it can have been free: while nobody looked, and not before its time.
            free_s = max(self._looked_s, self._since_s + seconds_of(self._playing))
            self._taken += self._playing
            self._playing, self._queued = self._queued, 0
            self._since_s = now_s
            if self._slips.taken(self._playing, now_s):
                self._underrun(LONGEST_BRIDGE)
            elif now_s - free_s > CLOSE_S and self._channel.get_busy():
                self._deepen(LONGEST_BRIDGE)
        self._looked_s = now_s

    def _ran_dry(self) -> None:
        if self._playing:
            self._slips.begin_anew()
            self._underrun(LONGEST_CHUNK)

    def _underrun(self, most: int) -> None:
        self.underruns += 1
        self._deepen(most)

    def _deepen(self, most: int) -> None:
        """One block more in each chunk, up to so many."""
        self.blocks_a_chunk = max(self.blocks_a_chunk, min(self.blocks_a_chunk + 1, most))


def _ask_for(latency_ms: int) -> int:
    """Have the sound server keep so much, unless the machine's owner has set it; what is asked."""
    os.environ[LATENCY] = OWNERS_LATENCY or str(latency_ms)
    return int(os.environ[LATENCY]) if os.environ[LATENCY].isdecimal() else latency_ms


def _open(device: str | None) -> str | None:
    """Open a device, or the system's choice; its name, where that can be known."""
    refused = refused_driver()
    if refused:
        raise OutputMissing(refused)
    sound = mixer()
    sound.quit()
    _listen_for_devices()
    if not sdl.meet():
        raise OutputMissing(_why_not(device))
    name = device or sdl.default_output()
    sdl.leave()
    if not (_opens(name) or (device is None and _opens(None))):
        raise OutputMissing(_why_not(device))
    sound.set_num_channels(1)
    _device_went()
    return name


def _opens(name: str | None) -> bool:
    try:
        mixer().init(SAMPLE_RATE, 32, CHANNELS, BUFFER, devicename=name, allowedchanges=0)
    except Exception:  # pygame's own error, whose text speaks of ALSA on every system
        return False
    return True


def _listen_for_devices() -> None:
    """SDL tells of devices that go only where its events run, which want a display of no size."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    import pygame.display
    import pygame.event

    if not pygame.display.get_init():
        pygame.display.init()


def _device_went() -> bool:
    """Whether the device that is open has gone, since this was last asked."""
    import pygame.event

    went = False
    for event in pygame.event.get():
        # 0 stands for a device that is not open.
        if event.type == pygame.AUDIODEVICEREMOVED and not event.iscapture and event.which:
            went = True
    return went


def _why_not(device: str | None) -> str:
    there = devices()
    if not there:
        return (
            "there is no sound output: plug one in; for a rehearsal, without sound:"
            " stillroom play NAME --output null"
        )
    listed = ", ".join(there)
    if device is None:
        return f"the sound output could not be opened; there are: {listed}"
    return f"there is no sound output {device!r}; there are: {listed}"

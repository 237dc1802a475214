"""Keys, outages, sleeps and deaths of the engine in any order: what was asked for holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis.strategies as st
from ears import ONE, STEP, Room, level, open_room
from hypothesis import HealthCheck, Phase, example, given, settings

from player.timeline import commands as c

SESSION = ONE + "reminders:\n  - {at: dose + 20s, text: Blood pressure}\n"
BY_ITSELF_S = 30.0
FADED_S = 6.5
"""So long after a pause or a silence was asked for nothing sounds."""
SOON_S = 1.0


@dataclass
class Counsellor:
    """Sits beside the session, and knows what it must be like by what was asked and what broke."""

    room: Room
    asked: str | None = None
    waits: bool = False
    """It waits, paused, because of a break."""
    for_output: bool = False
    """That wait ends once another output is chosen."""
    since_s: float = 0.0
    """When it was last asked, or left, to be silent."""
    lost_s: float | None = None
    long: bool = False
    """It was seen that the output is away for long: what is asked for later holds."""
    dose_s: float | None = None
    doses: int = 0
    said: list[tuple[str, float]] = field(default_factory=list)
    """What must be told, and when."""
    gone: list[tuple[float, float]] = field(default_factory=list)
    """When no engine was there, or the machine slept."""

    @property
    def now_s(self) -> float:
        return self.room.now_s[0]

    @property
    def resting(self) -> str | None:
        return "paused" if self.waits else self.asked

    def pause(self) -> None:
        own = self.asked == "paused" or (self.waits and not self.for_output)
        assert bool(self.room.key(c.Pause())) == own, "what is asked for already is refused"
        if not own:
            self._ask("paused")

    def silence(self) -> None:
        silent = self.resting == "silenced"
        assert bool(self.room.key(c.Silence())) == silent
        if not silent:
            self._ask("silenced")

    def resume(self) -> None:
        assert bool(self.room.key(c.Resume())) == (self.resting is None)
        self._ask(None)

    def _ask(self, what: str | None) -> None:
        if self.resting is None:
            self.since_s = self.now_s
        self.asked, self.waits, self.for_output = what, False, False

    def dose(self) -> None:
        if self.dose_s is not None and self.now_s - self.dose_s < 2:
            return  # two marks within a second are told as one
        assert self.room.key(c.MarkDose()) == ""
        self.dose_s, self.doses = self.now_s, self.doses + 1
        self.said.append(("DoseMarked", self.now_s))

    def lose(self) -> None:
        if self.lost_s is None:
            self.room.ear.lost, self.lost_s = True, self.now_s
            self.said.append(("OutputLost", self.now_s))

    def give_back(self) -> None:
        if self.lost_s is not None:
            self._back()
            self.for_output = False

    def choose(self) -> None:
        self.room.ear.others = ("speakers",)
        refused = self.room.playing.choose_output("speakers")
        assert bool(refused) == (self.lost_s is None)
        if not refused:
            self._back()
            if self.for_output:
                self.waits = self.for_output = False

    def _back(self) -> None:
        self.room.ear.lost, self.lost_s, self.long = False, None, False
        self.said.append(("OutputBack", self.now_s))

    def sleep(self) -> None:
        self.room.now_s[0] += 600
        self.gone.append((self.now_s - 600, self.now_s))
        self.since_s += 600  # a fade that the sleep cut goes on behind it
        if self.lost_s is None and self.resting != "paused":
            self._wait()
        self._look()

    def die(self, break_s: float, opening_s: float, back: bool) -> None:
        lost, before_s = self.lost_s is not None and not back, self.now_s
        self.room.killed(break_s, opening_s=opening_s, lost=lost)
        self.gone.append((before_s, self.now_s))
        self.long = False
        if break_s > BY_ITSELF_S:
            self.waits, self.for_output = True, False
        self._look(self.now_s - opening_s)
        if self.lost_s is not None and back:
            self._back()
            self.for_output = False
        self._look()

    def _look(self, now_s: float | None = None) -> None:
        """An output that was away for long is waited for."""
        now_s = self.now_s if now_s is None else now_s
        if self.lost_s is None or self.long or now_s - self.lost_s <= BY_ITSELF_S:
            return
        self.long = True
        if self.resting != "paused":
            self._wait()
            self.for_output = True

    def _wait(self) -> None:
        self.waits = True
        self.since_s = self.now_s - FADED_S + 0.5

    def let_pass(self, seconds: float) -> None:
        """Time passes, and what sounds is listened to."""
        for _ in range(round(seconds / STEP)):
            before = len(self.room.ear.heard)
            self.room.play(STEP)
            self._look()
            if self.resting is not None and self.now_s - self.since_s > FADED_S:
                for block in self.room.ear.heard[before:]:
                    assert level(block) == 0

    def look(self) -> None:
        """The screen says what was asked for, and the clock is right."""
        self.room.turn()
        status = self.room.playing.status()
        assert status.resting == self.resting
        if self.dose_s is not None and status.since_dose_s is not None:
            assert abs(status.since_dose_s - (self.now_s - self.dose_s)) < SOON_S

    def read_the_log(self) -> None:
        """All was told, once, and soon; what fell into a death or a sleep, soon after it."""
        if self.dose_s is not None and self.now_s > self.dose_s + 20 + 2 * SOON_S:
            self.said.append(("ReminderDue", self.dose_s + 20))
        times: dict[str, list[float]] = {}
        for told_s, event in self.room.told:
            times.setdefault(type(event).__name__, []).append(told_s)
        for name, at_s in self.said:
            due_s = at_s
            for begin_s, end_s in self.gone:
                due_s = end_s if begin_s - SOON_S <= due_s <= end_s else due_s
            early_s = SOON_S if name == "ReminderDue" else 0
            near = [one for one in times[name] if at_s - early_s <= one <= due_s + SOON_S]
            assert near, (name, at_s, due_s, times)
        for name in ("DoseMarked", "OutputLost", "OutputBack"):
            assert len(times.get(name, [])) == sum(one == name for one, _ in self.said)


DO: dict[str, Any] = {
    "pause": Counsellor.pause,
    "silence": Counsellor.silence,
    "resume": Counsellor.resume,
    "dose": Counsellor.dose,
    "lose": Counsellor.lose,
    "give back": Counsellor.give_back,
    "choose": Counsellor.choose,
    "sleep": Counsellor.sleep,
}
BREAKS_S = st.sampled_from([0.4, 1.5, 8.0, 33.0])
DEATHS = st.tuples(BREAKS_S, st.sampled_from([0.3, 3.0]), st.booleans())
STEPS = st.tuples(
    st.one_of(st.sampled_from(sorted(DO)), DEATHS),
    st.sampled_from([0.3, 1.2, 7.0, 16.0, 33.0]),
)


@settings(
    max_examples=20,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=3, max_size=9))
@example(steps=[("pause", 1.2), ("lose", 33.0), ("choose", 7.0)])
@example(steps=[("dose", 1.2), ("lose", 16.0), ((1.5, 3.0, False), 16.0), ("choose", 7.0)])
@example(steps=[("pause", 1.2), ("sleep", 0.3), ("resume", 7.0)])
@example(steps=[("pause", 7.0), ("dose", 33.0), ("dose", 7.0), ((33.0, 0.3, False), 0.3)])
@example(steps=[("lose", 16.0), ((1.5, 3.0, False), 1.2), ("dose", 33.0), ("give back", 1.2)])
def test_whatever_breaks_what_was_asked_for_holds_the_clocks_are_right_and_all_is_told(
    steps: Any,
) -> None:
    with TemporaryDirectory() as folder:
        room = open_room(Path(folder), SESSION)
        here = Counsellor(room)
        here.let_pass(3)
        for what, seconds in steps:
            if isinstance(what, str):
                DO[what](here)
            else:
                here.die(*what)
            here.look()
            here.let_pass(seconds)
            here.look()
        here.give_back()
        here.look()
        if here.resting is not None:
            here.resume()
        here.let_pass(12)
        assert level(room.ear.heard[-1]) > 0.01, "a key always brings the music back"
        here.read_the_log()
        room.playing.close()

"""Nothing is heard for a while: the output is lost, the machine sleeps, or the engine dies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ears import ONE, S, level

from player.engine.picture import output_view
from player.timeline import commands as c

WITH_DOSE = ONE + "reminders:\n  - {at: dose + 20s, text: Blood pressure}\n"


def test_after_a_sleep_of_the_machine_it_waits_paused_and_says_so(room: Any) -> None:
    here = room(ONE)
    here.play(10)
    here.playing.obey(c.MarkDose())
    here.play(5)
    here.now_s[0] += 600
    here.play(8)
    status = here.playing.status()
    assert status.resting == "paused"
    assert status.since_dose_s == pytest.approx(613, abs=1.5), "that clock never stops"
    assert status.position_s == pytest.approx(15, abs=0.3), "nothing went on"
    assert level(np.concatenate(here.ear.heard[-5:])) == 0
    texts = [event.line() for _, event in here.told]
    assert any("broke off for 10m; it waits, paused" in text for text in texts)
    here.playing.obey(c.Resume())
    here.play(12)
    assert level(np.concatenate(here.ear.heard[-5:])) > 0.01


def test_a_short_sleep_of_the_machine_counts_for_the_clocks_alone(room: Any) -> None:
    here = room(ONE)
    here.play(10)
    here.playing.obey(c.MarkDose())
    here.play(5)
    here.now_s[0] += 20
    here.play(5)
    status = here.playing.status()
    assert status.since_dose_s == pytest.approx(30, abs=1.5)
    assert status.position_s == pytest.approx(20, abs=0.7)


def test_an_output_that_is_lost_for_seconds_is_faded_into_where_the_programme_stood(
    room: Any,
) -> None:
    here = room(ONE)
    here.play(12)
    here.playing.obey(c.MarkDose())
    here.away(20)
    assert here.playing.status().position_s == pytest.approx(12, abs=0.7)
    here.ear.lost = False
    before = len(here.ear.heard)
    here.play(5)
    assert here.names()[-2:] == ["OutputLost", "OutputBack"]
    status = here.playing.status()
    assert status.since_dose_s == pytest.approx(25, abs=1)
    assert status.position_s == pytest.approx(17, abs=0.8)
    sound = np.concatenate(here.ear.heard[before:])
    usual = level(sound[3 * S :])
    assert level(sound[: S // 10]) < 0.1 * usual
    assert level(sound[S : S + 4800]) == pytest.approx(0.7 * usual, rel=0.15)


def test_an_output_that_is_lost_for_longer_comes_back_paused_and_a_key_brings_the_sound(
    room: Any,
) -> None:
    here = room(ONE)
    here.play(12)
    here.away(40)
    assert here.playing.status().resting == "paused"
    here.ear.lost = False
    before = len(here.ear.heard)
    here.play(3)
    assert level(np.concatenate(here.ear.heard[before:])) == 0
    assert here.playing.obey(c.Resume()) == ""
    here.play(4)
    assert level(here.ear.heard[-1]) > 0.01
    assert here.playing.status().position_s == pytest.approx(16, abs=0.8)


def test_another_output_that_is_chosen_after_long_needs_no_second_key(room: Any) -> None:
    here = room(ONE)
    here.play(12)
    assert "plays on" in here.playing.choose_output("speakers")
    here.ear.others = ("speakers",)
    here.away(40)
    assert here.playing.choose_output("cellar") == "There is no output cellar now."
    assert here.playing.choose_output("speakers") == ""
    assert here.ear.chosen == ["speakers"]
    here.ear.lost = False
    here.play(5)
    assert here.playing.status().resting is None
    assert level(here.ear.heard[-1]) > 0.01


def test_a_silence_that_was_asked_for_outlasts_a_lost_output(room: Any) -> None:
    here = room(ONE)
    here.play(12)
    here.playing.obey(c.Silence())
    here.play(8)
    here.away(5)
    here.ear.lost = False
    before = len(here.ear.heard)
    here.play(6)
    assert level(np.concatenate(here.ear.heard[before:])) == 0


def lost_and_chosen(here: Any, seconds: float) -> None:
    """The output goes for so long, and then another is chosen and found."""
    here.ear.others = ("speakers",)
    here.away(seconds)
    assert here.playing.choose_output("speakers") == ""
    here.play(1)
    here.ear.lost = False


@pytest.mark.parametrize(
    ("before_s", "in_outage"), [(8, None), (0, c.Pause()), (8, c.Resume()), (0, c.Silence())]
)
def test_a_pause_that_was_asked_for_outlasts_the_choice_of_another_output(
    room: Any, before_s: float, in_outage: Any
) -> None:
    here = room(ONE)
    here.play(12)
    if before_s:
        here.key(c.Pause())
        here.play(before_s)
    here.ear.others = ("speakers",)
    here.away(33)
    assert here.playing.status().resting == "paused"
    if isinstance(in_outage, c.Resume):
        assert here.key(in_outage) == ""
        in_outage = c.Pause()
    if in_outage is not None:
        assert here.key(in_outage) == "", "it is the counsellor's own from now on"
    asked = "silenced" if isinstance(in_outage, c.Silence) else "paused"
    before = len(here.ear.heard)
    assert here.playing.choose_output("speakers") == ""
    here.play(1)
    here.ear.lost = False
    here.play(12)
    assert here.playing.status().resting == asked
    assert level(here.since_s(before)) == 0
    assert "Resumed" not in here.names()[here.names().index("OutputBack") :]
    assert here.key(c.Resume()) == ""
    here.play(12)
    assert level(here.ear.heard[-1]) > 0.01


def test_a_silence_that_was_asked_for_is_one_again_on_another_output_after_long(room: Any) -> None:
    here = room(ONE)
    here.play(12)
    here.key(c.Silence())
    here.play(8)
    lost_and_chosen(here, 40)
    before = len(here.ear.heard)
    here.play(12)
    status = here.playing.status()
    assert status.resting == "silenced"
    assert status.position_s == pytest.approx(32, abs=1), "in a silence the programme runs on"
    assert level(here.since_s(before)) == 0


def test_an_output_that_came_back_by_itself_waits_for_a_key_though_another_is_chosen_later(
    room: Any,
) -> None:
    here = room(ONE)
    here.play(12)
    here.away(40)
    here.ear.lost = False
    here.play(3)
    lost_and_chosen(here, 40)
    before = len(here.ear.heard)
    here.play(5)
    assert here.playing.status().resting == "paused"
    assert level(here.since_s(before)) == 0


def test_what_happens_while_the_output_is_lost_is_told_at_once(room: Any) -> None:
    here = room(WITH_DOSE)
    here.play(12)
    lost_s = here.now_s[0]
    here.away(3)
    here.key(c.MarkDose())
    here.away(25)
    times = {type(event).__name__: at_s - lost_s for at_s, event in here.told}
    assert times["OutputLost"] == pytest.approx(0, abs=0.3)
    assert times["DoseMarked"] == pytest.approx(3, abs=0.3)
    assert times["ReminderDue"] == pytest.approx(23, abs=0.3)
    here.killed(1, lost=True)
    here.away(3)
    assert here.told[-2][1].line().endswith("broke off for 1.0s; it waits for its output")
    names = here.names()
    for name in ("OutputLost", "DoseMarked", "ReminderDue"):
        assert names.count(name) == 1, "none is lost, none is told twice"


@pytest.mark.parametrize("at_s", [3, 20, 28, 40])
def test_thirty_seconds_without_an_output_are_counted_on_over_the_death_of_an_engine(
    room: Any, at_s: float
) -> None:
    here = room(ONE)
    here.play(12)
    here.away(at_s)
    here.killed(1.5, lost=True)
    here.away(45 - at_s - 1.5)
    assert here.playing.status().resting == "paused"
    here.ear.lost = False
    before = len(here.ear.heard)
    here.play(3)
    assert level(here.since_s(before)) == 0
    assert here.names().count("OutputLost") == here.names().count("OutputBack") == 1


def test_an_output_that_is_back_when_the_engine_is_has_been_away_for_both(room: Any) -> None:
    for lost_s, resting in ((20, None), (28, "paused")):
        here = room(ONE)
        here.play(12)
        here.away(lost_s)
        here.killed(3)
        here.play(5)
        assert here.playing.status().resting == resting
        assert here.names().count("OutputBack") == 1
        assert (level(here.ear.heard[-1]) > 0.01) == (resting is None)


def test_a_choice_after_long_ends_the_wait_though_the_engine_died_in_it(room: Any) -> None:
    here = room(ONE)
    here.play(12)
    here.away(35)
    here.killed(1.5, lost=True)
    lost_and_chosen(here, 2)
    here.play(5)
    assert here.playing.status().resting is None
    assert level(here.ear.heard[-1]) > 0.01


@pytest.mark.parametrize("opens", [True, False])
def test_a_choice_that_ends_the_engine_ends_the_wait_in_the_next_one(
    room: Any, opens: bool
) -> None:
    here = room(ONE)
    here.play(12)
    here.ear.others = ("speakers",)
    here.away(40)
    assert here.playing.choose_output("speakers") == ""
    here.turn()
    here.killed(2.5, lost=not opens)
    if not opens:
        here.play(1)
        here.ear.lost = False
    before = len(here.ear.heard)
    assert here.playing.choose_output("speakers") == "", "it was not answered, and comes again"
    here.play(5)
    assert here.playing.status().resting is None
    assert level(here.ear.heard[-1]) > 0.01
    assert level(np.concatenate(here.ear.heard[before:])[: S // 10]) < 0.005
    here.away(40)
    here.ear.lost = False
    here.play(3)
    assert here.playing.status().resting == "paused", "that was no choice"


def test_the_time_that_files_take_to_open_counts_for_the_clocks(room: Any) -> None:
    here = room(WITH_DOSE)
    here.play(12)
    here.key(c.MarkDose())
    here.play(2)
    here.killed(2, opening_s=4)
    assert here.playing.status().since_dose_s == pytest.approx(8, abs=0.5)
    here.play(3)
    assert here.playing.status().since_dose_s == pytest.approx(11, abs=0.5)


def test_a_sleep_while_files_are_opened_leaves_it_paused(room: Any) -> None:
    here = room(ONE)
    here.play(12)
    here.killed(2, opening_s=600)
    here.play(5)
    assert here.playing.status().resting == "paused"
    assert level(here.ear.whole()) == 0


def test_nothing_is_loud_after_a_sleep_and_no_step_is_heard(room: Any) -> None:
    here = room(ONE)
    here.play(15)
    usual = level(here.since_s(-20))
    before = len(here.ear.heard)
    here.now_s[0] += 600
    here.play(5)
    woken = here.since_s(before)
    assert level(woken[S // 20 + 256 :]) == 0, "behind the look-ahead and a twentieth of a second"
    whole = here.ear.whole()[10 * S :]
    steepest = 2 * np.pi * 660 / S * np.abs(whole).max() * 1.5
    assert np.abs(np.diff(whole, axis=0)).max() < steepest
    here.key(c.Resume())
    here.play(15)
    assert level(here.since_s(-5)) == pytest.approx(usual, rel=0.2)


@pytest.mark.parametrize("by_key", [True, False])
def test_an_end_that_was_under_way_when_the_machine_slept_waits_paused(
    room: Any, by_key: bool
) -> None:
    here = room(ONE if by_key else ONE.replace("10m", "60s"))
    here.play(15 if by_key else 32)
    if by_key:
        here.key(c.End())
    here.play(5)
    assert here.playing.status().state == "ending"
    before = len(here.ear.heard)
    here.now_s[0] += 600
    here.play(40)
    assert here.playing.status().resting == "paused"
    assert level(here.since_s(before)[S // 20 + 256 :]) == 0
    whole = here.ear.whole()[10 * S :]
    assert np.abs(np.diff(whole, axis=0)).max() < 2 * np.pi * 660 / S * np.abs(whole).max() * 1.5
    assert here.key(c.End()) == ""
    here.play(3)
    assert here.playing.over
    assert level(here.since_s(before)[S // 20 + 256 :]) == 0


def test_a_stop_holds_over_a_sleep_in_its_fade_and_is_not_heard_on(room: Any) -> None:
    here = room(ONE)
    here.play(12)
    here.key(c.End())
    here.play(3)
    assert here.playing.still_ends()
    before = len(here.ear.heard)
    here.now_s[0] += 600
    for _ in range(20):
        here.play(0.2)
        assert here.playing.still_ends(), "a sleep calls nothing off"
    assert here.playing.over
    assert level(here.since_s(before)[S // 20 + 256 :]) == 0
    again = room(ONE)
    again.play(12)
    again.key(c.End())
    again.play(3)
    again.key(c.Back())
    assert not again.playing.still_ends()


@pytest.mark.parametrize("sleeps", [True, False])
def test_a_stop_in_the_last_fade_holds_over_a_sleep_and_not_once_it_is_called_off(
    room: Any, sleeps: bool
) -> None:
    here = room(ONE.replace("10m", "60s"))
    here.play(32)
    assert here.playing.status().state == "ending"
    here.key(c.MarkDose())
    here.key(c.End())
    here.play(1)
    assert here.playing.still_ends()
    if sleeps:
        here.now_s[0] += 600
        for _ in range(20):
            here.play(0.2)
            assert here.playing.still_ends(), "a sleep calls nothing off"
        assert here.playing.over
    else:
        here.key(c.Back())
        for _ in range(40):
            assert not here.playing.still_ends(), "the last fade is not the end that was asked for"
            here.play(0.5)


def test_once_the_music_is_over_the_kind_of_output_is_not_told(room: Any) -> None:
    here = room(ONE.replace("10m", "60s"))
    here.play(30)
    assert output_view(here.playing).kind == "device"
    here.play(40)
    assert here.playing.drained
    assert output_view(here.playing).kind == "", "whoever comes back then has none open"

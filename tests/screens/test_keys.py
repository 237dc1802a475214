"""The table of keys, and what the counsellor may make of it."""

from __future__ import annotations

import pytest

from player.errors import InputWrong
from player.screens.guard import Guard
from player.screens.keys import TABLE, Keyboard
from player.screens.presses import PRESSES


def test_every_key_of_the_table_does_something():
    assert {entry.name for entry in TABLE} == set(PRESSES)


def test_no_key_does_two_things():
    keys = [key for entry in TABLE for key in entry.keys]
    assert len(keys) == len(set(keys))


def test_capitals_count_as_small_letters():
    assert Keyboard().name_of("D") == Keyboard().name_of("d") == "dose"


def test_a_key_of_ones_own_takes_the_place_of_the_old_one():
    keyboard = Keyboard({"next": "n"})
    assert keyboard.name_of("n") == "next"
    assert keyboard.name_of("space") is None
    assert ("N", "go on") in keyboard.footer()
    assert ("N", "go on; early: press twice") in keyboard.help()


@pytest.mark.parametrize(
    ("written", "key"), [(" ", "space"), ("+", "plus"), ("F5", "f5"), ("Enter", "enter")]
)
def test_keys_are_written_as_people_write_them(written, key):
    assert Keyboard({"next": written, "longer": "x", "answer": "y"}).name_of(key) == "next"


def test_two_keys_may_change_places():
    keyboard = Keyboard({"talk": "s", "silence": "t"})
    assert (keyboard.name_of("s"), keyboard.name_of("t")) == ("talk", "silence")


def test_leaving_by_ctrl_c_is_never_lost():
    assert Keyboard({"leave": "x"}).name_of("ctrl+c") == "leave"


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(InputWrong, match="did you mean “silence”"):
        Keyboard({"silense": "x"})


def test_a_key_that_is_none_is_refused():
    with pytest.raises(InputWrong, match="next: “hello” is not a key"):
        Keyboard({"next": "hello"})


def test_a_key_that_is_taken_is_refused():
    with pytest.raises(InputWrong, match="next: D is the key of “dose” already"):
        Keyboard({"next": "d"})


def test_a_repeat_within_600_ms_counts_once(clocks):
    guard = Guard(lambda: clocks.now_s)
    seen = []
    for pause_s in (0.0, 0.3, 0.61):
        clocks.on(pause_s)
        seen.append(guard.repeats("next"))
    assert seen == [False, True, False]


def test_a_key_that_is_held_down_never_counts_again(clocks):
    guard = Guard(lambda: clocks.now_s)
    first = guard.repeats("end")
    held = []
    for _ in range(100):
        clocks.on(0.04)
        held.append(guard.repeats("end"))
    assert (first, set(held)) == (False, {True})


def test_volume_may_be_repeated_as_fast_as_fingers_go(clocks):
    guard = Guard(lambda: clocks.now_s)
    assert [guard.repeats("louder") for _ in range(3)] == [False, False, False]


def test_a_second_press_counts_within_two_seconds_and_about_the_same_thing(clocks):
    guard = Guard(lambda: clocks.now_s)
    assert not guard.sure("next", "Peak")
    clocks.on(2.5)
    assert not guard.sure("next", "Peak")
    clocks.on(1.0)
    assert not guard.sure("next", "Return")
    clocks.on(1.0)
    assert guard.sure("next", "Return")

"""What a command came to, told by the picture that shows it."""

from __future__ import annotations

import pytest

from player.protocol.wire import Answer
from player.session.model import Ends
from player.timeline.status import State


def lines(twin):
    return twin.stdout.getvalue().splitlines()


def stretched(picture, by_s, left_s, **changes):
    """The peak, made so much longer, with so much of it left."""
    before = picture(**changes)
    peak = before.phases[4]
    longer = peak.model_copy(update={"length_s": peak.length_s + by_s})
    phases = (*before.phases[:4], longer, *before.phases[5:])
    return before.model_copy(update={"phases": phases, "phase_left_s": left_s})


CAME_TO = [
    ("longer 5m", 300.0, 1750.0, "Peak is 5 min longer: 29:10 left."),
    ("shorter 5m", -300.0, 1150.0, "Peak is 5 min shorter: 19:10 left."),
    ("shorter 30m", -1420.0, 30.0, "Peak is 24 min shorter: 0:30 left."),
]


@pytest.mark.parametrize(("words", "by_s", "left_s", "told"), CAME_TO)
def test_a_stretch_is_told_as_it_came_to_be_not_as_it_was_asked(
    twin, picture, words, by_s, left_s, told
):
    twin.take(picture())
    twin.take(words)
    twin.take(Answer(id=1, ok=True))
    twin.take(picture())
    assert lines(twin) == []
    twin.take(stretched(picture, by_s, left_s))
    assert lines(twin) == [told]


def test_of_two_stretches_each_is_told_by_what_it_added(twin, picture):
    twin.take(picture())
    twin.take("longer 5m")
    twin.take("longer 10m")
    twin.take(Answer(id=1, ok=True))
    twin.take(stretched(picture, 300.0, 1750.0))
    twin.take(Answer(id=2, ok=True))
    twin.take(stretched(picture, 300.0, 1750.0))
    twin.take(stretched(picture, 900.0, 2350.0))
    assert lines(twin) == [
        "Peak is 5 min longer: 29:10 left.",
        "Peak is 10 min longer: 39:10 left.",
    ]


def test_a_stretch_that_undid_another_is_told_after_a_moment(twin, picture, clocks):
    twin.take(picture())
    for number, words in enumerate(("longer 5m", "shorter 5m"), 1):
        twin.take(words)
        twin.take(Answer(id=number, ok=True))
    clocks.on(2.0)
    twin.wait()
    assert lines(twin) == ["Peak is as long as before: 24:10 left."]


RELEASED = [
    ({}, {"waits_for": Ends.CLOCK}, "Released: Peak ends by the clock, in 24:10."),
    (
        {"at": 0, "left_s": 300.0},
        {"waits_for": Ends.DOSE},
        "Released: Arrival ends in 5:00 and then waits for the dose.",
    ),
    ({"at": 0, "left_s": -9.0}, {"waits_for": Ends.DOSE}, "Released: Arrival waits for the dose."),
    (
        {"left_s": -9.0},
        {"waits_for": Ends.CLOCK},
        "Released: Peak was past its end and ends now.",
    ),
    ({"left_s": -9.0}, {"phase": 5}, "Released: Peak was past its end and ends now."),
]


@pytest.mark.parametrize(("where", "after", "told"), RELEASED)
def test_a_release_is_told_by_what_the_phase_then_waits_for(twin, picture, where, after, told):
    held = picture(**where, held=True, waits_for=Ends.HAND)
    twin.take(held)
    twin.take("release")
    twin.take(Answer(id=1, ok=True))
    assert lines(twin) == []
    twin.take(held.model_copy(update={"held": False, **after}))
    assert lines(twin) == [told]


BACK = [
    ({}, {"phase": 3}, "Gone back: the former phase goes on."),
    (
        {"state": State.ENDING},
        {"state": State.PLAYING},
        "The end is called off: the music goes on.",
    ),
]


@pytest.mark.parametrize(("where", "after", "told"), BACK)
def test_going_back_is_told_by_what_goes_on(twin, picture, where, after, told):
    before = picture(**where)
    twin.take(before)
    twin.take("back")
    twin.take(Answer(id=1, ok=True))
    assert lines(twin) == []
    twin.take(before.model_copy(update=after))
    assert lines(twin) == [told]


def test_an_end_called_off_in_the_last_fade_is_told_with_what_keeps_the_music(
    twin, picture, clocks
):
    twin.take(picture(state=State.ENDING))
    twin.take("back")
    twin.take(Answer(id=1, ok=True))
    clocks.on(2.0)
    twin.take(picture(state=State.ENDING))
    assert lines(twin) == [
        "That end is called off; the last fade goes on: `longer 5m` keeps the music."
    ]


def test_the_volume_is_told_as_it_came_to_be_not_as_it_was_asked(twin, picture, clocks):
    twin.take(picture(volume_db=-1.0))
    twin.take("volume +6")
    twin.take(Answer(id=1, ok=True))
    twin.take(picture(volume_db=-1.0))
    assert lines(twin) == []
    twin.take(picture(volume_db=0.0))
    assert lines(twin) == ["The volume is 0 dB."]
    twin.take("volume -2")
    twin.take("volume +2")
    for number in (2, 3):
        twin.take(Answer(id=number, ok=True))
    clocks.on(2.0)
    twin.take(picture(volume_db=0.0))
    assert lines(twin)[1:] == ["The volume is 0 dB."]

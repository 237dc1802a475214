"""The recording screen: every key, every answer of the booth, and what it looks like."""

from __future__ import annotations

from dataclasses import replace

import pytest

from player.errors import RunFailed
from player.screens.recording.app import run_recording
from player.screens.recording.picture import Stage, opened, pressed, told
from player.voice import talk
from player.voice.script import Script, Sentence, Silence

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}


@pytest.fixture(params=SIZES)
def size(request):
    return str(request.param)


def keys(picture, *names):
    """The picture and all that was wished after these keys."""
    wished = []
    for name in names:
        step = pressed(picture, name)
        picture = step.picture
        wished += step.wishes
    return picture, wished


def test_it_opens_at_the_first_sentence_that_is_not_recorded_and_shows_each_once(picture):
    assert (picture.at, len(picture.texts), len(picture.recorded)) == (1, 3, 1)
    whole = opened("T", "t", ("One.", "Two."), ("One.", "Two.", "Old."), ("Desk",))
    assert (whole.at, len(whole.recorded)) == (0, 2)


def test_a_sentence_is_recorded_kept_heard_and_gone_on_from(picture):
    text = picture.text
    picture, wished = keys(picture, "space")
    assert wished == [talk.Record(input="Desk", script="settling", text=text)]
    picture = told(picture, talk.Recording(length_s=1.0, level_db=-20.0))
    assert (picture.stage, picture.length_s) == (Stage.RECORDING, 1.0)
    picture, wished = keys(picture, "space")
    assert wished == [talk.Stop()]
    picture = told(told(picture, talk.Working()), talk.Kept(text=text, length_s=2.3))
    assert picture.is_recorded
    picture, wished = keys(picture, "p")
    assert wished == [talk.Play(script="settling", text=text)]
    picture = told(picture, talk.Playing(text=text, length_s=2.3))
    picture, wished = keys(picture, "enter")
    assert wished == [talk.Stop()]
    assert picture.text != text


def test_what_is_on_its_way_when_a_recording_is_thrown_away_changes_nothing(picture):
    picture, wished = keys(picture, "space", "escape")
    assert wished[1:] == [talk.Drop()]
    late = told(picture, talk.Recording(length_s=2.0, level_db=-10.0))
    assert late.stage == Stage.READY
    assert not late.is_recorded


def test_no_other_key_disturbs_a_recording_and_leaving_is_asked(picture):
    picture, _ = keys(picture, "space")
    for key in ("enter", "p", "b", "u", "i", "k", "x"):
        step = pressed(picture, key) if key != "enter" else pressed(picture, "n")
        assert step.wishes == ()
        assert step.picture.stage == Stage.RECORDING
    asked = pressed(picture, "q")
    assert not asked.leaves
    assert pressed(asked.picture, "q").leaves
    assert not pressed(pressed(asked.picture, "x").picture, "q").leaves


def test_a_refused_recording_leaves_what_was_there_and_may_be_kept_only_where_it_can(picture):
    refused = talk.Refused(text=picture.text, why="nothing was heard", may_keep=False)
    shown = told(replace(picture, stage=Stage.WORKING), refused)
    assert shown.recorded == picture.recorded
    assert keys(shown, "k")[1] == []
    loud = told(shown, refused.model_copy(update={"may_keep": True}))
    assert keys(loud, "k")[1] == [talk.Keep()]
    assert keys(loud, "space")[1] != []


def test_the_next_unrecorded_one_is_found_round_the_end(picture):
    picture, _ = keys(picture, "u")
    assert picture.at == 2
    picture, _ = keys(picture, "u")
    assert picture.at == 1
    full, _ = keys(replace(picture, recorded=frozenset(picture.texts)), "u")
    assert full.says == "all of it is recorded"


def test_the_last_one_says_what_is_missing(picture):
    picture, _ = keys(picture, "enter", "enter")
    assert picture.at == 2
    assert picture.says == "that was the last one; 2 are not recorded yet: U goes there"


def test_when_all_is_recorded_it_says_that_it_will_be_used(picture):
    picture = replace(picture, recorded=frozenset(picture.texts[:2]))
    picture = told(picture, talk.Kept(text=picture.texts[2], length_s=3.0))
    assert "your voice is used from now on" in picture.says
    assert len(picture.says) < 78


def test_another_input_is_the_next_one_that_is_there(picture):
    _, wished = keys(picture, "i")
    assert wished == [talk.ListInputs()]
    assert told(picture, talk.Inputs(names=("Desk", "Headset"))).input == "Headset"
    alone = told(picture, talk.Inputs(names=("Desk",)))
    assert (alone.input, alone.says) == ("Desk", "there is no other input")
    gone = told(replace(picture, input="Gone"), talk.Inputs(names=("Desk", "Headset")))
    assert gone.input == "Desk"


@pytest.mark.parametrize(
    ("levels", "says"),
    [
        ((-20.0,), ""),
        ((-0.5, -20.0), "too loud"),
        ((-50.0, -40.0), "very soft"),
        ((-20.0, -90.0, -90.0, -90.0), "nothing comes from this input"),
    ],
)
def test_the_level_is_judged_in_words(picture, levels, says):
    picture, _ = keys(picture, "space")
    for number, level_db in enumerate(levels):
        picture = told(picture, talk.Recording(length_s=2.0 + number, level_db=level_db))
    assert picture.level_words.startswith(says)
    assert bool(picture.level_words) == bool(says)


async def test_the_screen_before_recording(recording, golden, size):
    async with recording(SIZES[size]) as stage:
        golden(f"ready-{size}", stage.text)


async def test_the_screen_while_it_records(recording, golden, size):
    async with recording(SIZES[size]) as stage:
        await stage.press("space")
        await stage.say(talk.Recording(length_s=3.21, level_db=-18.0))
        golden(f"recording-{size}", stage.text)


async def test_the_screen_after_a_refusal(recording, golden, size):
    async with recording(SIZES[size]) as stage:
        await stage.press("space", "space")
        why = "it was too loud and is distorted: a little further away"
        await stage.say(
            talk.Working(), talk.Refused(text=stage.app._picture.text, why=why, may_keep=True)
        )
        golden(f"refused-{size}", stage.text)


async def test_the_screen_of_a_long_sentence_that_is_recorded(recording, golden, size):
    async with recording(SIZES[size]) as stage:
        await stage.press("u")
        await stage.say(talk.Kept(text=stage.app._picture.text, length_s=6.04))
        golden(f"kept-{size}", stage.text)


@pytest.mark.parametrize("small", [(40, 12), (20, 6), (4, 2)])
async def test_a_small_screen_still_shows_the_sentence(recording, golden, small):
    async with recording(small) as stage:
        golden(f"small-{small[0]}x{small[1]}", stage.text)


async def test_a_sentence_of_any_script_and_brackets_is_shown_as_it_is(recording, picture):
    strange = replace(picture, texts=("Дышите [red]тихо[/red] \x1b[2J 静かに",), at=0)
    async with recording(shown=strange) as stage:
        assert "Дышите [red]тихо[/red]" in stage.text
        assert "\x1b" not in stage.text


async def test_trouble_is_one_line_and_the_end_of_the_booth_ends_it_with_1(recording):
    async with recording() as stage:
        await stage.say(talk.Trouble(why="the input Desk is not there any more"))
        assert "the input Desk is not there any more" in stage.text
        await stage.say(talk.Trouble(why="the recorder ended by itself", over=True))
        assert stage.app.return_code == 1
        assert stage.app.parting == "the recorder ended by itself"


async def test_leaving_ends_it_with_0(recording):
    async with recording() as stage:
        await stage.press("ctrl+q")
        assert stage.app.return_code == 0


class Shut:
    """A booth that says one thing and closes."""

    def __init__(self, line):
        self._lines = [line]
        self.closed = False

    def send(self, wish):
        pass

    def receive(self):
        return self._lines.pop() if self._lines else None

    def close(self):
        self.closed = True


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (talk.Trouble(why="there is no microphone on this machine", over=True), "no microphone"),
        (None, "ended by itself"),
        (talk.Inputs(names=()), "ended by itself"),
    ],
)
def test_without_an_input_there_is_no_screen_but_a_sentence(tmp_path, line, says):
    sentence = Sentence(text="One.", silence=Silence(shortest_s=1, longest_s=2))
    script = Script(name="one", title="One", sentences=(sentence,), source=tmp_path / "one.yaml")
    door = Shut(line)
    with pytest.raises(RunFailed, match=says):
        run_recording(script, door)
    assert door.closed

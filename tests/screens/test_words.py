"""Plain words -> commands."""

from __future__ import annotations

from datetime import datetime

import pytest

from player.errors import InputWrong
from player.screens.words import HELP, Said, Wish, read_words
from player.timeline.commands import (
    AllowCue,
    Back,
    BackToPlan,
    BeginTalk,
    ChangeVolume,
    ChooseOutput,
    ClientLeft,
    DeclineCue,
    Deeper,
    End,
    EndTalk,
    Go,
    Hold,
    MarkBooster,
    MarkDose,
    Next,
    NotThis,
    Pause,
    Release,
    Resume,
    Silence,
    Skip,
    Softer,
    SpeakCue,
    StopCue,
    Stretch,
    TakeFromShelf,
    TickReminder,
    UndoBooster,
    UndoDose,
)

NOW = datetime(2024, 5, 4, 14, 36)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("next", Next()),
        ("back", Back()),
        ("hold", Hold()),
        ("release", Release()),
        ("longer 5m", Stretch(by_s=300)),
        ("longer", Stretch(by_s=300)),
        ("shorter 2m30s", Stretch(by_s=-150)),
        ("go peak", Go(phase=4)),
        ("go  GROUNDING ", Go(phase=6)),
        ("go gr", Go(phase=6)),
        ("dose now", MarkDose()),
        ("dose 4m ago", MarkDose(ago_s=240)),
        ("dose 14:32", MarkDose(ago_s=240)),
        ("undo dose", UndoDose()),
        ("booster", MarkBooster()),
        ("undo booster", UndoBooster()),
        ("talk", BeginTalk()),
        ("end talk", EndTalk()),
        ("pause", Pause()),
        ("silence", Silence()),
        ("resume", Resume()),
        ("skip", Skip()),
        ("not this", NotThis()),
        ("cue", SpeakCue(cue=1)),
        ("cue coming back", SpeakCue(cue=1)),
        ("cue eye", SpeakCue(cue=0)),
        ("yes", AllowCue()),
        ("no", DeclineCue()),
        ("stop cue", StopCue()),
        ("tick", TickReminder(reminder=1)),
        ("tick leaving", TickReminder(reminder=3)),
        ("tick check in", TickReminder(reminder=1)),
        ("volume -2", ChangeVolume(by_db=-2)),
        ("volume −2 dB", ChangeVolume(by_db=-2)),
        ("volume +1.5", ChangeVolume(by_db=1.5)),
        ("end", End()),
        ("left", ClientLeft()),
    ],
)
def test_every_word_is_a_command(line, command, picture):
    assert read_words(line, picture(), NOW) == Said(command)


@pytest.mark.parametrize(("line", "wish"), [("status", Wish.STATUS), ("HELP", Wish.HELP)])
def test_two_words_are_for_the_twin_itself(line, wish, picture):
    assert read_words(line, picture(), NOW) == Said(wish=wish)


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("sillence", 'do you mean "silence"'),
        ("xyzzy", '"help" lists them all'),
        ("go", "go where"),
        ("go peek", 'do you mean "Peak"'),
        ("go o p", "is no phase of this session"),
        ("cue closing", "is no cue of this session"),
        ("tick tea", "is no reminder of this session"),
        ("longer 5", "the unit is missing"),
        ("volume", "by how many dB"),
        ("volume 2", "by how many dB"),
        ("dose 14:50", "still to come"),
        ("dose soon", "is not a time"),
        ("dose", 'say "booster" for a second one, or "dose now" or "dose 4m ago" to correct'),
        ("undo", 'say "undo dose", "undo booster", or "back"'),
        ("undo next", 'say "undo dose", "undo booster", or "back"'),
        ("volume 30", "by how many dB"),
        ("\x1b[2J", "is not a word here"),
    ],
)
def test_what_is_not_understood_gets_one_line_of_advice(line, advice, picture):
    with pytest.raises(InputWrong) as wrong:
        read_words(line, picture(), NOW)
    assert advice in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_another_output_is_named_only_where_the_one_that_played_is_away(picture):
    with pytest.raises(InputWrong, match="the sound plays on"):
        read_words("output speakers", picture(), NOW)
    away = picture(output={"name": "Phones", "state": "lost", "others": ("Speakers", "Hall")})
    assert read_words("output sp", away, NOW) == Said(ChooseOutput(device="Speakers"))


def test_a_name_that_could_be_two_is_asked_back(picture):
    with pytest.raises(InputWrong, match='"check" could be "Check in", "Check in again"'):
        read_words("tick check", picture(), NOW)


def test_a_cue_in_a_phase_without_voice_wants_the_words_twice(picture):
    cues = tuple(cue.model_copy(update={"needs_second_press": True}) for cue in picture().cues)
    said = read_words("cue", picture(cues=cues), NOW)
    assert said.command == SpeakCue(cue=1, sure=True)
    assert said.asks


def test_help_names_every_word(picture):
    listed = " ".join(words for words, _ in HELP)
    for word in ("next", "back", "undo dose", "not this", "stop cue", "left", "volume", "tick"):
        assert word in listed


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("softer", Softer()),
        ("Deeper", Deeper()),
        ("shelf 2", TakeFromShelf(piece=1)),
        ("shelf strings", TakeFromShelf(piece=1)),
        ("back to the plan", BackToPlan()),
        ("shelf 0", BackToPlan()),
    ],
)
def test_words_of_the_shelf_and_of_energy(words, command, picture):
    said = read_words(words, picture(shelf=("Calm", "Strings")), NOW)
    assert said.command == command


@pytest.mark.parametrize(
    ("words", "shelf", "told"),
    [
        ("shelf 1", (), "no shelf"),
        ("shelf 3", ("Calm", "Strings"), "no piece of the shelf"),
        ("shelf strngs", ("Calm", "Strings"), 'do you mean "Strings"'),
    ],
)
def test_a_piece_that_is_not_on_the_shelf_is_said(words, shelf, told, picture):
    with pytest.raises(InputWrong, match=told):
        read_words(words, picture(shelf=shelf), NOW)


def test_the_first_dose_is_marked_by_its_bare_word(picture):
    assert read_words("dose", picture(at=0, left_s=300.0), NOW) == Said(MarkDose())


@pytest.mark.parametrize(("line", "by_db"), [("volume +20", 20), ("volume +6.1", 6.1)])
def test_a_large_step_up_of_the_volume_wants_its_words_twice(line, by_db, picture):
    said = read_words(line, picture(), NOW)
    assert said.command == ChangeVolume(by_db=by_db)
    assert said.asks == f"+{by_db} dB is a large step up: say it again to make it"


@pytest.mark.parametrize("line", ["volume +6", "volume -30"])
def test_a_small_step_up_and_any_step_down_need_no_second_word(line, picture):
    assert read_words(line, picture(), NOW).asks == ""

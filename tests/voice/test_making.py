"""Speech made from words: before a session, kept by words, voice and speed, without network."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from player import paths
from player.errors import InputWrong, RunFailed
from player.library.catalogue import Catalogue
from player.library.measure import measure
from player.programme import preflight
from player.programme.speaking import speak_words
from player.render import render
from player.session.loader import load
from player.sound.source import load_clip
from player.voice.key import key_of
from player.voice.making import make
from player.voice.saying import say
from player.voice.sentences import sentences_of
from player.voice.shelf import made_file, mark_used, prune, sound_of

S = 48_000
OWN = "Words nobody recorded. Two of them."
SHIPPED = "Nothing needs doing just now."


def quiet(what: str, fraction: float) -> None:
    assert 0 <= fraction <= 1


def session(folder: Path, cue: str) -> Path:
    path = folder / "s.yaml"
    path.write_text(
        "format: 1\ntitle: T\nsound: {first_fade: 1s, end_fade: 1s}\n"
        "phases: [{name: One, length: 40s, music: shipped:shore}]\n"
        f"cues:\n  - {{name: Own, at: start + 5s, {cue}}}\n",
        encoding="utf-8",
    )
    return path


def made() -> list[Path]:
    return sorted(paths.made_voice().iterdir())


def test_a_text_is_spoken_sentence_by_sentence() -> None:
    assert sentences_of("One thing. Dr. Smith is here!  And\nthis? “Yes.” Or… no.") == [
        "One thing.",
        "Dr. Smith is here!",
        "And this?",
        "“Yes.”",
        "Or… no.",
    ]
    assert sentences_of(" … 🙂 ") == []


def test_what_only_looks_like_a_sentences_end_divides_nothing_wherever_it_stands() -> None:
    for short in ("Mr.", "Prof.", "e.g.", "(Dr.", "A."):
        assert sentences_of(f"{short} Ames is here. See {short} Ames. Go.") == [
            f"{short} Ames is here.",
            f"See {short} Ames.",
            "Go.",
        ]
    # These only end like one.
    for word in ("lamprof.", "the best.", "HDr."):
        assert sentences_of(f"{word} Ames. Then a {word} Ames.") == [
            word,
            "Ames.",
            f"Then a {word}",
            "Ames.",
        ]


def test_a_very_long_text_without_an_end_is_one_sentence() -> None:
    long = "A. " * 100_000 + "Go."
    assert sentences_of(long) == [long]


def test_what_is_made_is_kept_for_its_owner_alone_and_not_made_twice(spoken_here: None) -> None:
    assert make(["Words nobody recorded."], quiet) == []
    (file,) = made()
    assert file.name == f"{key_of('Words nobody recorded.')}-heart-0.75.wav"
    assert file.stat().st_mode & 0o077 == 0
    before = file.stat().st_mtime_ns
    assert make(["Words  nobody\nrecorded."], quiet) == []
    assert file.stat().st_mtime_ns == before
    make(["Words nobody recorded."], quiet, speed=1.0)
    assert len(made()) == 2


def test_what_is_made_is_at_the_level_of_the_shipped_voice(spoken_here: None) -> None:
    make(["Words nobody recorded at all."], quiet)
    facts = measure(made()[0]).facts
    assert facts.lufs == pytest.approx(-23, abs=0.5)
    assert facts.true_peak_dbtp <= -3


def test_made_speech_is_let_go_of_beyond_a_bound_what_was_not_used_for_longest_first(
    spoken_here: None, tmp_path: Path
) -> None:
    texts = [f"Words nobody recorded, number {number}." for number in range(4)]
    make(texts, quiet)
    files = [made_file(key_of(text)) for text in texts]
    for number, file in enumerate(files):
        os.utime(file, (1000 + number, 1000 + number))
    speak_words(load(session(tmp_path, f'say: "{texts[0]}"')), quiet)
    assert files[0].stat().st_mtime == 1000, "measured once, it is known again"
    two = sum(file.stat().st_size for file in files[:2]) + 100
    prune(keep=[files[1]], most_bytes=two)
    assert made() == sorted([files[0], files[1]])
    prune(keep=[], most_bytes=0)
    assert made() == []


def test_speech_that_is_used_again_the_same_day_is_known_without_being_read_anew(
    spoken_here: None,
) -> None:
    make([OWN], quiet)
    files = made()
    before = [file.stat().st_atime_ns for file in files]
    mark_used([OWN])
    assert [file.stat().st_atime_ns for file in files] == before
    for file in files:
        os.utime(file, (1000, 1000))
    mark_used([OWN])
    assert all(file.stat().st_atime > 1000 for file in files), "marked, after days"
    assert all(file.stat().st_mtime == 1000 for file in files)


def test_a_sentence_that_cannot_be_spoken_is_told_and_the_others_are_made(
    spoken_here: None,
) -> None:
    unmade = make(["One.", "你好", "Two."], quiet)
    assert [(row.text, "speaks English" in row.why) for row in unmade] == [("你好", True)]
    assert len(made()) == 2


def test_an_engine_that_reaches_for_the_network_is_refused(
    spoken_here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_VOICE", "calls home")
    (unmade,) = make(["One."], quiet)
    assert "without any network" in unmade.why
    assert made() == []


def test_an_engine_that_is_broken_is_told_in_a_sentence(
    spoken_here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_VOICE", "broken")
    with pytest.raises(RunFailed, match="does not work"):
        make(["One."], quiet)


def test_check_speaks_what_it_can_and_a_render_has_it(spoken_here: None, tmp_path: Path) -> None:
    path = session(tmp_path, f"say: {OWN}")
    with Catalogue() as catalogue:
        checked = preflight.check(load(path), catalogue)
    assert not checked.faults
    assert [note for note in checked.warnings if "Own" in note or "voice" in note] == []
    assert (5.0, "cue Own: 9s, by clock") in checked.timeline
    assert len(made()) == 2
    out = tmp_path / "out.wav"
    render(load(path), out, quiet)
    heard = load_clip(out)
    spoken = sound_of(sentences_of(OWN)[0])
    assert spoken is not None
    clip = load_clip(spoken.path)
    among = heard[5 * S : 5 * S + len(clip), 0]
    assert np.corrcoef(among, clip[:, 0])[0, 1] > 0.9


def test_without_a_voice_check_says_what_to_do_and_the_words_stay_on_the_screen(
    mute_here: None, tmp_path: Path
) -> None:
    with Catalogue() as catalogue:
        checked = preflight.check(load(session(tmp_path, f"say: {OWN}")), catalogue)
    told = "\n".join(checked.warnings)
    assert "they are shown on the screen to read" in told
    assert "python3 scripts/start.py --with voice" in told
    assert not checked.faults


def test_words_of_the_shipped_voice_need_no_engine(mute_here: None, tmp_path: Path) -> None:
    out = tmp_path / "out.flac"
    assert say(f"{SHIPPED} {SHIPPED}", out, 2.0, quiet) > 2
    spoken = sound_of(SHIPPED)
    assert spoken is not None and spoken.facts is not None
    assert measure(out).facts.frames == 2 * spoken.facts.frames + 2 * S


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("🙂", "no words to say"),
        ("你好", "speaks English"),
        ("word " * 10_000, "say it in several files"),
    ],
)
def test_text_that_cannot_be_said_leaves_no_file(
    spoken_here: None, tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(InputWrong, match=told):
        say(text, tmp_path / "out.wav", 5.0, quiet)
    assert list(tmp_path.iterdir()) == []


def test_other_words_without_a_voice_say_what_to_do(mute_here: None, tmp_path: Path) -> None:
    with pytest.raises(InputWrong, match="--with voice"):
        say("Words nobody recorded.", tmp_path / "out.wav", 5.0, quiet)


@pytest.mark.parametrize(("asked", "form"), [("20s", "shortest"), ("30m", "longest")])
def test_a_length_that_a_script_cannot_have_is_told_and_the_nearest_is_spoken(
    tmp_path: Path, asked: str, form: str
) -> None:
    path = session(tmp_path, f"script: settling, length: {asked}")
    with Catalogue() as catalogue:
        checked = preflight.check(load(path), catalogue)
    assert not checked.faults
    (note,) = [note for note in checked.warnings if "is asked for" in note]
    assert f"cue Own: {asked} is asked for, and its {form} form lasts" in note

"""The shipped sessions: the phases of the table, and cues that leave room for each other."""

from __future__ import annotations

import itertools

import pytest

from player import paths
from player.programme.words import Clip, clip_for, texts_of
from player.session.model import After, Anchor, Cue, Ends, Play, Point, Role, Session

TABLE = {
    "lozenge": "Arrival 10, Hold 10, Onset 10, Build 10, Peak 30, Return 25, Grounding 10",
    "injection": "Arrival 10, Onset 5, Build 5, Peak 30, Return 25, Grounding 10",
    "infusion": "Arrival 10, Onset 10, Build 15, Peak 20, Return 25, Grounding 10",
    "esketamine": "Arrival 10, Hold 10, Onset 10, Peak 40, Return 30, Grounding 30",
    "low-dose": "Arrival 10, Hold 10, Onset 5, Peak 30, Return 15, Grounding 5",
    "long": "Arrival 20, Onset 60, Build 45, Peak 135, Return 120, Grounding 20",
    "rest": "Onset 10, Peak 25, Return 15, Grounding 5",
    "grounding-5": "Grounding 5",
    "grounding-10": "Grounding 10",
    "grounding-20": "Grounding 20",
}
"""Minutes of each phase."""
MEDICINE = ("lozenge", "injection", "infusion", "esketamine", "low-dose", "long")
HOME = ("grounding-5", "grounding-10", "grounding-20")
FITTING = {
    Role.ARRIVAL: {"shore", "bowls", "rain"},
    Role.HOLD: {"shore", "bowls", "rain"},
    Role.ONSET: {"tide", "shore", "bowls", "lattice"},
    Role.BUILD: {"lattice", "tide", "cathedral"},
    Role.PEAK: {"cathedral", "deep", "bowls", "tide"},
    Role.RETURN: {"morning", "shore", "tide", "bowls"},
    Role.GROUNDING: {"rain", "bowls", "morning", "shore"},
}
"""The pieces that suit each role."""
REMINDERS = {
    "lozenge": [(7, "Lozenge out"), (30, "Check in"), (60, "Check in"), (180, "Leaving check")],
    "injection": [(15, "Blood pressure"), (45, "Blood pressure"), (150, "Leaving check")],
    "infusion": [
        (20, "Blood pressure"),
        (40, "Blood pressure"),
        (40, "Pump ends"),
        (110, "Leaving check"),
    ],
    "esketamine": [(40, "Blood pressure"), (115, "Blood pressure"), (120, "Leaving check")],
    "low-dose": [(7, "Lozenge out")],
    "long": [(minute, "Check in") for minute in range(30, 381, 30)],
}
"""Minutes from the dose, and how the reminder begins."""


def place_s(session: Session, anchor: Anchor) -> float:
    """Where an anchor falls at the written lengths; a dose falls where its phase ends."""
    ends_s, at_s = [], 0.0
    for phase in session.phases:
        at_s += phase.length_s
        ends_s.append(at_s)
    starts_s = [0.0, *ends_s]
    base_s = {
        Point.START: 0.0,
        Point.END: at_s,
        Point.PHASE_START: starts_s[anchor.phase or 0],
        Point.PHASE_END: ends_s[anchor.phase or 0],
    }[anchor.point]
    return base_s + anchor.offset_s


def clip_of(session: Session, cue: Cue) -> Clip:
    """A cue's sound, which is shipped with its figures: nothing has to be measured."""
    clip = clip_for(cue, session.sound, lambda path: pytest.fail(f"{path} is not shipped"))
    assert clip is not None, cue.name
    return clip


def role_at(session: Session, at_s: float) -> Role | None:
    """The role of the phase that runs at so many seconds."""
    for phase in session.phases:
        if at_s < phase.length_s:
            return phase.role
        at_s -= phase.length_s
    return None


def test_the_ten_sessions_are_there_and_read_without_a_warning(sessions):
    assert set(sessions) == set(TABLE)
    assert [session.warnings for session in sessions.values() if session.warnings] == []


@pytest.mark.parametrize("name", TABLE)
def test_a_session_has_the_phases_of_the_table(sessions, name):
    phases = sessions[name].phases
    assert ", ".join(f"{p.name} {p.length_s / 60:g}" for p in phases) == TABLE[name]
    assert all(phase.role is not None and phase.role == phase.name.lower() for phase in phases)


@pytest.mark.parametrize("name", TABLE)
def test_each_phase_plays_music_that_suits_its_role_and_nothing_twice_in_its_list(sessions, name):
    for phase in sessions[name].phases:
        pieces = [track.stem for track in phase.music.tracks]
        assert set(pieces) <= FITTING[phase.role], phase.name
        assert len(set(pieces)) == len(pieces) > (0 if phase.length_s <= 5 * 60 else 1), phase.name


@pytest.mark.parametrize("name", TABLE)
def test_a_new_phase_begins_with_music_that_the_last_one_did_not_have(sessions, name):
    for before, after in itertools.pairwise(sessions[name].phases):
        assert after.music.tracks[0] not in before.music.tracks, after.name


def test_every_shipped_piece_is_heard_in_some_session(sessions, music):
    played = {
        track.stem
        for one in sessions.values()
        for phase in one.phases
        for track in phase.music.tracks
    }
    assert played == set(music) - {"safety"}


@pytest.mark.parametrize("name", [*MEDICINE, "rest"])
def test_peak_and_return_hold_something_softer_or_deeper_for_every_piece(sessions, music, name):
    energies = {paths.shipped() / row["file"]: row["energy"] for row in music.values()}
    for phase in sessions[name].phases:
        if phase.role in (Role.PEAK, Role.RETURN):
            found = {energies[track] for track in phase.music.tracks}
            assert len(found) > 1, phase.name


@pytest.mark.parametrize("name", TABLE)
def test_no_two_cues_come_within_three_seconds_and_each_ends_within_its_phase(sessions, name):
    session = sessions[name]
    spans = sorted(
        (at_s := place_s(session, cue.at), at_s + clip_of(session, cue).frames / 48_000)
        for cue in session.cues
    )
    gaps = [later[0] - former[1] for former, later in itertools.pairwise(spans)]
    assert all(gap_s >= 3 for gap_s in gaps)
    assert all(role_at(session, start) is role_at(session, end - 0.01) for start, end in spans)


@pytest.mark.parametrize("name", MEDICINE)
def test_words_settle_cover_bring_back_and_close_in_that_order(sessions, name):
    session = sessions[name]
    said = [(cue.script.stem, role_at(session, place_s(session, cue.at))) for cue in session.cues]
    assert said == [
        ("settling", Role.ARRIVAL),
        ("eye-shades", Role.ONSET),
        ("coming-back", Role.RETURN),
        ("five-senses", Role.RETURN),
        ("closing", Role.GROUNDING),
    ]
    assert all(clip_of(session, cue).frames < 90 * 48_000 for cue in session.cues[:2])
    assert 3 * 60 <= clip_of(session, session.cues[2]).frames / 48_000 <= 6 * 60


@pytest.mark.parametrize("name", TABLE)
def test_every_script_can_be_as_long_as_its_session_asks(sessions, name):
    session = sessions[name]
    for cue in session.cues:
        clip = clip_of(session, cue)
        assert clip.note == "", cue.name
        assert cue.length_s is None or clip.frames == round(cue.length_s * 48_000)


@pytest.mark.parametrize("name", TABLE)
def test_no_words_fall_in_the_peak(sessions, name):
    session = sessions[name]
    roles = [role_at(session, place_s(session, cue.at)) for cue in session.cues]
    assert roles and Role.PEAK not in roles
    assert all(not phase.voice for phase in session.phases if phase.role is Role.PEAK)


@pytest.mark.parametrize("name", MEDICINE)
def test_a_medicine_session_says_first_whose_timing_it_is(sessions, name):
    heading = "Audio timing, edit with your prescriber."
    assert sessions[name].source.read_text(encoding="utf-8").splitlines()[0] == f"# {heading}"
    assert sessions[name].about.startswith(heading)


@pytest.mark.parametrize("name", MEDICINE)
def test_a_medicine_session_waits_for_the_dose_and_the_counsellor_and_asks_before_words(
    sessions, name
):
    session = sessions[name]
    ends = {phase.role: phase.ends for phase in session.phases}
    waiting = {role: end for role, end in ends.items() if end is not Ends.CLOCK}
    assert waiting == {Role.ARRIVAL: Ends.DOSE, Role.PEAK: Ends.HAND}
    assert {cue.play for cue in session.cues} == {Play.ASK}
    assert session.after is After.HOLD


@pytest.mark.parametrize("name", MEDICINE)
def test_the_reminders_are_those_of_the_table(sessions, name):
    reminders = [(r.at, r.text) for r in sessions[name].reminders]
    timed = [(at.offset_s / 60, text) for at, text in reminders if at.point is Point.DOSE]
    assert len(timed) == len(REMINDERS[name])
    for (minute, text), (wanted_minute, begins) in zip(timed, REMINDERS[name], strict=True):
        assert minute == wanted_minute
        assert text.startswith(begins)
    checks = [text for _, text in timed if "Leaving" in text]
    assert all(text.endswith("your decision") for text in checks)


@pytest.mark.parametrize("name", ["injection", "infusion", "esketamine"])
def test_blood_pressure_comes_before_the_dose(sessions, name):
    first = sessions[name].reminders[0]
    assert (first.at.point, first.at.offset_s) == (Point.START, 0)
    assert first.text.startswith("Blood pressure")


@pytest.mark.parametrize("name", ["rest", *HOME])
def test_without_medicine_all_runs_by_the_clock_and_fades(sessions, name):
    session = sessions[name]
    assert {phase.ends for phase in session.phases} == {Ends.CLOCK}
    assert {cue.play for cue in session.cues} == {Play.CLOCK}
    assert session.reminders == ()
    assert session.after is After.FADE


@pytest.mark.parametrize("name", HOME)
def test_a_home_piece_is_one_guided_whole_that_says_first_how_to_be_and_ends_in_a_quiet_tail(
    sessions, name
):
    session = sessions[name]
    (cue,) = session.cues
    assert texts_of(cue)[0] == "This is for lying down or sitting, and not for driving."
    clip = clip_of(session, cue)
    assert place_s(session, cue.at) + clip.frames / 48_000 == pytest.approx(session.length_s)
    words_end, end = clip.rests[-1]
    assert end == clip.frames
    assert (end - words_end) / 48_000 >= session.sound.end_fade_s + 10
    assert session.sound.duck.by_db == 14

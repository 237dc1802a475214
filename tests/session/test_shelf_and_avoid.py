"""The shelf, what is avoided, and how much each piece moves, as a session file says it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from player.errors import SessionFaulty
from player.session.loader import load
from player.session.model import Energy, Order
from player.settings import Avoid

HEAD = "format: 1\ntitle: T\nphases:\n  - {name: One, length: 5m, music: %s}\n"


def test_energy_is_said_of_an_entry_or_of_all_that_say_nothing_else(
    write: Callable[..., Path], folder: Path
) -> None:
    music = "{from: [{from: a.wav, energy: high}, b.mp3, shipped:deep], energy: low}"
    found = load(write(HEAD % music)).phases[0].music
    told = {track.name: energy for track, energy in found.energies.items()}
    assert told == {"a.wav": Energy.HIGH, "b.mp3": Energy.LOW, "deep.opus": Energy.LOW}
    assert [track.name for track in found.tracks] == ["a.wav", "b.mp3", "deep.opus"]
    plain = load(write(HEAD % "[{from: a.wav, energy: mid}, b.mp3]")).phases[0].music
    assert {track.name: energy for track, energy in plain.energies.items()} == {"a.wav": Energy.MID}


def test_a_shelf_holds_music_as_phases_do(write: Callable[..., Path]) -> None:
    shelf = "shelf:\n  - {name: Calm, music: {from: [a.wav, b.mp3], order: shuffle}}\n"
    shelf += "  - name: Deep\n    music: shipped:deep\n"
    pieces = load(write(HEAD % "a.wav" + shelf)).shelf
    assert [(row.name, len(row.music.tracks), row.music.order) for row in pieces] == [
        ("Calm", 2, Order.SHUFFLE),
        ("Deep", 1, Order.LISTED),
    ]


def test_what_is_avoided_is_one_name_or_a_list(write: Callable[..., Path]) -> None:
    avoid = "avoid:\n  artists: Ann Ex\n  tags: [christmas,\n    vocal]\n"
    found = load(write(HEAD % "a.wav" + avoid)).avoid
    assert found == Avoid(artists=("Ann Ex",), tags=("christmas", "vocal"))


@pytest.mark.parametrize(
    ("music", "more", "told"),
    [
        ("{from: a.wav, energy: loud}", "", 'my.yaml:4: music.energy: "loud" is not known'),
        ("[{from: a.wav, enrgy: low}]", "", 'do you mean "energy"'),
        ("[{energy: low}]", "", "music.from: is missing in an entry of music"),
        ("[{from: gone.wav, energy: low}]", "", '"gone.wav" is not there'),
        ("a.wav", "shelf: [{name: A, music: silence}]\n", "silence is no piece of the shelf"),
        ("a.wav", "shelf: [{name: A, music: a.wav}, {name: a, music: b.mp3}]\n", "stands twice"),
        ("a.wav", "shelf: [{name: A, music: gone.wav}]\n", '"gone.wav" is not there'),
        ("a.wav", f"shelf: [{', '.join(['{name: A, music: a.wav}'] * 10)}]\n", "0 to 9"),
        ("a.wav", "shelf: [{mood: A, music: a.wav}]\n", "write name"),
        ("a.wav", "avoid: {artist: A}\n", "write artists"),
        ("a.wav", "avoid: {artists: [[A]]}\n", "avoid.artists: wants a text, found a list"),
        ("a.wav", "avoid: {artists: {A: B}}\n", "wants a text, found a mapping"),
        ("a.wav", f"avoid: {{artists: [{', '.join(['A'] * 201)}]}}\n", "200 are possible"),
        ("a.wav", "avoid: loud music\n", "wants a mapping of keys"),
    ],
)
def test_each_slip_is_told_with_a_hint(
    write: Callable[..., Path], music: str, more: str, told: str
) -> None:
    with pytest.raises(SessionFaulty) as fault:
        load(write(HEAD % music + more))
    assert told in str(fault.value)

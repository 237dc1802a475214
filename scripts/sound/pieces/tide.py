"""Tide: onset. Strings that rise and fall like slow breath, a harp in waves, a cello twice."""

from circle import Circle
from measure import Sound
from pads import STRINGS, SUB, Pads
from room import Echo, Master, Send, mastered
from score import chord, hz, line, phrases
from strikes import harp
from sung import CELLO, sing
from surf import air

TITLE = "Tide"
ENERGY = "mid"
BIT_RATE = 64_000

CHORDS = [
    chord("E3 B3 D4 G4 B4"),
    chord("C3 G3 B3 E4 G4"),
    chord("G2 D3 B3 F#4 A4"),
    chord("D3 A3 D4 F#4 A4"),
    chord("A2 E3 C4 E4 G4"),
    chord("E3 B3 D4 F#4 G4"),
    chord("C3 G3 D4 E4 B4"),
    chord("B2 F#3 A3 D4 F#4"),
    chord("A2 E3 G3 C4 E4"),
    chord("D3 A3 C4 F#4 A4"),
    chord("G2 D3 B3 D4 G4"),
    chord("B2 F#3 B3 E4 F#4"),
]
BASS = line("E2 C2 G1 D2 A1 E2 C2 B1 A1 D2 G1 B1")
WAVE = (0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1)
"""The way of the harp through a chord and, above it, the chord again: up and down in 8 s."""
CELLO_TUNES = {
    30: "G3:4 B3:2 A3:4 F#3:5 -:2 A3:3 D4:3 C4:2 B3:5",
    110: "F#3:3 A3:3 G3:4 E3:5 -:2 E3:2 G3:2 A3:4 F#3:3 A3:5",
}
"""By the second at which it begins; a beat is a second."""


def compose() -> Sound:
    """192 s: twelve chords of 16 s, each one swell of the strings and two waves of the harp."""
    tide = Circle(192, seed=103)
    Pads(tide, "strings", STRINGS).chords(CHORDS, level=0.34, fade_s=8)
    tide.steady("strings", 0.6)
    Pads(tide, "sub", SUB).chords(BASS, level=0.4, fade_s=5)
    tide.bus("strings")[:] *= tide.wave(0.78, 1, cycles=len(CHORDS), phase=0.0)
    waves(tide)
    for start_s, written in CELLO_TUNES.items():
        for phrase in phrases(written):
            sing(tide, "cello", start_s, phrase, 1.0, CELLO, 0.34, pan=0.15)
    air(tide, "swell", 0.22, 90, 500, depth=0.85, cycles=24)
    sends = {
        "strings": Send(dry=0.4, wet=0.65),
        "sub": Send(dry=0.7, wet=0.0),
        "harp": Send(dry=0.5, wet=0.6, echo=Echo(0.25, 1.0, 2400)),
        "cello": Send(dry=0.45, wet=0.55),
        "swell": Send(dry=0.5, wet=0.4),
    }
    return mastered(tide, sends, decay_s=5, master=Master(fall_db_per_octave=-12, ride=0.4))


def waves(tide: Circle) -> None:
    """The harp, a note every two thirds of a second; it comes forward four times."""
    each_s = tide.length_s / len(CHORDS)
    presence = tide.wave(0.25, 1, cycles=4, phase=2.0)
    for number, notes in enumerate(CHORDS):
        tones = [hz(note) for note in notes] + [2 * hz(note) for note in notes[1:]]
        for place in range(24):
            start_s = number * each_s + place * each_s / 24 + tide.between(-0.03, 0.03)
            height = WAVE[place % 12]
            level = tide.value(presence, start_s) * (1.15 + 0.12 * height) * tide.between(0.85, 1)
            harp(tide, "harp", start_s, tones[height + 1], level, pan=0.2 * height - 0.6)

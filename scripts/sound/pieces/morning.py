"""Morning: the return. A felted piano in short phrases, lighter strings in F, room between them."""

from circle import Circle, chord, hz, line
from measure import Sound
from pads import STRINGS, SUB, Pads
from room import Echo, Master, Send, mastered
from strikes import felt

TITLE = "Morning"
BIT_RATE = 52_000

CHORDS = [
    chord("F2 A3 C4 E4 G4 C5"),
    chord("C3 G3 C4 E4 G4 D5"),
    chord("D3 A3 D4 F4 C5 E5"),
    chord("Bb2 F3 D4 F4 A4 C5"),
    chord("F3 C4 F4 G4 A4 C5"),
    chord("A2 E3 C4 E4 G4 C5"),
    chord("Bb2 F3 D4 F4 A4 D5"),
    chord("C3 G3 Bb3 D4 F4 C5"),
]
BASS = line("F1 C2 D2 Bb1 F1 A1 Bb1 C2")
TUNES = [
    chord("F4 A4 C5 E5 G5"),
    chord("E4 G4 C5 E5 G5"),
    chord("D4 F4 A4 C5 E5"),
    chord("D4 F4 Bb4 C5 F5"),
    chord("F4 G4 A4 C5 F5"),
    chord("E4 G4 A4 C5 E5"),
    chord("D4 F4 A4 Bb4 D5"),
    chord("D4 F4 G4 C5 D5"),
]
"""The notes a phrase may use while each chord sounds."""


def compose() -> Sound:
    """192 s: eight chords of 24 s, and phrases of two to four neighbouring notes."""
    morning = Circle(192, seed=117)
    Pads(morning, "strings", STRINGS).chords(CHORDS, level=0.34, fade_s=11)
    Pads(morning, "sub", SUB).chords(BASS, level=0.25, fade_s=11)
    phrases(morning)
    sends = {
        "strings": Send(dry=0.3, wet=0.75),
        "sub": Send(dry=0.6, wet=0.0),
        "piano": Send(dry=0.4, wet=0.8, echo=Echo(0.28, 0.95, 2400)),
    }
    return mastered(morning, sends, decay_s=5, master=Master(fall_db_per_octave=-11.5))


def phrases(morning: Circle) -> None:
    """A low note and a few above it, each near the one before; then a rest of 4 to 7 s."""
    each_s = morning.length_s / len(CHORDS)
    now_s = 2.0
    while now_s < morning.length_s - 3:
        number = int((now_s + 2) / each_s) % len(CHORDS)
        tune, place = TUNES[number], int(morning.rng.integers(1, 4))
        felt(morning, "piano", now_s + 0.4, hz(CHORDS[number][1]), 0.55, pan=-0.1)
        for _ in range(int(morning.rng.integers(2, 5))):
            level = 1.0 * morning.between(0.7, 1)
            felt(morning, "piano", now_s, hz(tune[place]), level, pan=morning.between(-0.35, 0.35))
            place = int(min(max(place + morning.rng.choice((-2, -1, 1, 1, 2)), 0), len(tune) - 1))
            now_s += morning.between(1.4, 2.4)
        now_s += morning.between(2.5, 5.0)

"""Lattice: build. Wooden bars in threes, fours and fives over glassy chords in E; light, awake."""

from circle import Circle
from measure import Sound
from pads import GLASS, SUB, Pads
from room import Echo, Master, Send, mastered
from score import chord, hz, line
from strikes import mallet, tine
from surf import air

TITLE = "Lattice"
ENERGY = "high"
BIT_RATE = 64_000

CHORDS = [
    chord("E3 B3 E4 G#4 B4"),
    chord("E3 B3 D#4 G#4 B4"),
    chord("C#3 G#3 D#4 E4 B4"),
    chord("C#3 G#3 C#4 E4 A4"),
    chord("A2 E3 C#4 G#4 B4"),
    chord("A2 E3 C#4 F#4 A4"),
    chord("F#3 C#4 E4 G#4 A4"),
    chord("F#3 B3 E4 F#4 A4"),
    chord("B2 F#3 B3 E4 F#4"),
    chord("B2 F#3 B3 D#4 F#4"),
    chord("G#2 E3 B3 D#4 G#4"),
    chord("A2 E3 B3 C#4 G#4"),
]
"""Neighbours differ by one or two voices: the harmony turns like a lattice in the light."""
BASS = line("E2 E2 C#2 C#2 A1 A1 F#2 F#2 B1 B1 G#1 A1")
BAR_S = 4.0
LATE_S = {3: 0.0, 4: 0.5, 5: 0.2}
"""How late each voice enters: they pass each other and never strike all at once."""
VOICES = {3: (0, 2, 1, 3, 2), 4: (4, 2, 3, 1, 2, 4, 3), 5: (1, 3, 4, 2, 4, 3, 1, 2, 3)}
"""Notes to a bar, and which notes of the chord each voice takes in turn, over and over."""


def compose() -> Sound:
    """192 s: twelve chords of 16 s, four bars each; the voices gather until 150 s, then thin."""
    lattice = Circle(192, seed=104)
    Pads(lattice, "glass", GLASS).chords(CHORDS, level=0.4, fade_s=9, spread=0.8)
    lattice.steady("glass", 0.6)
    Pads(lattice, "sub", SUB).chords(BASS, level=0.34, fade_s=5)
    gather = {
        3: lattice.arc((0, 0.5), (60, 0.9), (110, 0.7), (150, 1.0)),
        4: lattice.arc((0, 0.25), (40, 0.25), (90, 0.8), (150, 1.0)),
        5: lattice.arc((10, 0.1), (70, 0.15), (120, 0.7), (152, 1.0)),
    }
    for count, steps in VOICES.items():
        for number in range(int(lattice.length_s / BAR_S) * count):
            start_s = LATE_S[count] + number * BAR_S / count
            now = lattice.value(gather[count], start_s) * lattice.between(0.8, 1)
            notes = CHORDS[int(start_s * len(CHORDS) / lattice.length_s) % len(CHORDS)]
            octave = {3: 1, 4: 2, 5: 2}[count]
            pitch_hz = hz(notes[steps[number % len(steps)]]) * octave
            pan = {3: -0.15, 4: 0.6, 5: -0.65}[count] + lattice.between(-0.1, 0.1)
            even = min((330 / pitch_hz) ** 0.3, (pitch_hz / 330) ** 0.7)
            mallet(lattice, "bars", start_s + lattice.between(-0.012, 0.012), pitch_hz,
                   1.45 * now * even, pan=pan)  # fmt: skip
    for bar in range(int(lattice.length_s / BAR_S)):
        note = CHORDS[bar // 4][(0, 1)[bar % 2]]
        tine(lattice, "low", bar * BAR_S, hz(note), 0.75, rise_s=0.25)
    air(lattice, "air", 0.1, 900, 6000, depth=0.7, cycles=9)
    sends = {
        "glass": Send(dry=0.35, wet=0.6),
        "sub": Send(dry=0.7, wet=0.0),
        "bars": Send(dry=0.45, wet=0.45, echo=Echo(0.38, BAR_S / 3, 2600)),
        "air": Send(dry=0.3, wet=0.5),
        "low": Send(dry=0.5, wet=0.3),
    }
    return mastered(
        lattice, sends, decay_s=4, master=Master(fall_db_per_octave=-11, alike=0.45, ride=0.35)
    )

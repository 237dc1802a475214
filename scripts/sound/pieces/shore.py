"""Shore: arrival. Waves on a wide beach, warm chords in D, a wooden flute and bowls far off."""

from circle import Circle
from measure import Sound
from pads import SUB, WARM, Pads
from room import Echo, Master, Send, mastered
from score import chord, hz, line, phrases
from strikes import bowl
from sung import FLUTE, sing
from surf import sea

TITLE = "Shore"
ENERGY = "low"
BIT_RATE = 68_000

CHORDS = [
    chord("D3 A3 D4 F#4 A4 E5"),
    chord("B2 F#3 D4 F#4 A4 D5"),
    chord("G2 D3 B3 D4 F#4 A4"),
    chord("A2 E3 C#4 E4 A4 B4"),
    chord("D3 A3 D4 F#4 C#5 E5"),
    chord("G2 G3 B3 D4 F#4 D5"),
    chord("E3 B3 D4 G4 B4 F#5"),
    chord("A2 A3 D4 E4 B4 E5"),
]
BASS = line("D2 B1 G1 A1 D2 G1 E2 A1")
BOWLS = chord("D4 A4 D5 F#4 A4 E4 D5 B4 A4 D4")
CALLS = {
    10: "A4:4 F#4:3 E4:5 -:3 F#4:3 A4:6",
    58: "B4:4 A4:3 D4:6 -:4 E4:3 F#4:2 A4:6",
    104: "F#4:3 A4:3 C#5:3 B4:7",
    148: "G4:3 B4:3 A4:6 -:4 E4:3 D4:4 E4:6",
}
"""What the flute plays, by the second at which it comes; a beat is a second."""


def compose() -> Sound:
    """192 s: eight chords of 24 s, seventeen waves, ten bowls, a flute that comes four times."""
    shore = Circle(192, seed=101)
    sea(shore, "sea", 1.45, every_s=11.5)
    Pads(shore, "pad", WARM).chords(CHORDS, level=0.5, fade_s=11)
    shore.steady("pad", 0.5)
    Pads(shore, "sub", SUB).chords(BASS, level=0.38, fade_s=5)
    for number, note in enumerate(BOWLS):
        start_s = (number + 0.5 + shore.between(-0.2, 0.2)) * shore.length_s / len(BOWLS)
        bowl(shore, "bowl", start_s, hz(note), 1.1, rise_s=0.9, pan=shore.between(-0.5, 0.5),
             light=0.4)  # fmt: skip
    for number, (start_s, call) in enumerate(CALLS.items()):
        for phrase in phrases(call):
            sing(shore, "flute", start_s, phrase, 1.0, FLUTE, 0.34, pan=(-0.35, 0.35)[number % 2])
    sends = {
        "sea": Send(dry=0.75, wet=0.15),
        "pad": Send(dry=0.45, wet=0.7),
        "sub": Send(dry=0.7, wet=0.0),
        "bowl": Send(dry=0.3, wet=0.8),
        "flute": Send(dry=0.25, wet=0.8, echo=Echo(0.3, 1.6, 2200)),
    }
    return mastered(shore, sends, decay_s=5.5, master=Master(fall_db_per_octave=-11, ride=0.3))

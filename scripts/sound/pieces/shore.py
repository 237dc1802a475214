"""Shore: arrival and grounding. Waves on a wide beach, warm chords in D, a few bowls far off."""

from circle import Circle, chord, hz, line
from measure import Sound
from pads import SUB, WARM, Pads
from room import Master, Send, mastered
from strikes import bowl
from surf import sea

TITLE = "Shore"
BIT_RATE = 54_000

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


def compose() -> Sound:
    """192 s: eight chords of 24 s, ten bowls, seventeen waves."""
    shore = Circle(192, seed=101)
    sea(shore, "sea", 1.15, every_s=11.5)
    Pads(shore, "pad", WARM).chords(CHORDS, level=0.5, fade_s=11)
    Pads(shore, "sub", SUB).chords(BASS, level=0.3, fade_s=11)
    for number, note in enumerate(BOWLS):
        start_s = (number + 0.5 + shore.between(-0.2, 0.2)) * shore.length_s / len(BOWLS)
        bowl(
            shore,
            "bowl",
            start_s,
            hz(note),
            1.0,
            rise_s=0.9,
            pan=shore.between(-0.5, 0.5),
            light=0.4,
        )
    sends = {
        "sea": Send(dry=0.75, wet=0.15),
        "pad": Send(dry=0.45, wet=0.7),
        "sub": Send(dry=0.7, wet=0.0),
        "bowl": Send(dry=0.3, wet=0.8),
    }
    return mastered(shore, sends, decay_s=5.5, master=Master(fall_db_per_octave=-11.5))

"""Rain: grounding. Steady rain on leaves, an electric piano close by, slow even steps in G."""

from circle import Circle
from measure import Sound
from pads import SUB, WARM, Pads
from room import Echo, Master, Send, mastered
from score import chord, hz, tune
from strikes import tine
from surf import rain

TITLE = "Rain"
ENERGY = "low"
BIT_RATE = 68_000

BARS = [
    ("G2 D3 B3 D4 G4", "-:12"),
    ("E2 E3 B3 D4 G4", "-:8 B4:2 D5:2"),
    ("C3 G3 B3 E4 G4", "E5:4 D5:2 B4:4 -:2"),
    ("D3 A3 C4 F#4 A4", "A4:2 B4:2 A4:4 -:4"),
    ("G2 D3 B3 D4 A4", "-:12"),
    ("B2 F#3 A3 D4 F#4", "-:6 D5:2 E5:2 D5:2"),
    ("C3 G3 C4 E4 G4", "B4:4 G4:2 E4:4 -:2"),
    ("A2 E3 C4 E4 G4", "G4:2 A4:2 C5:4 -:4"),
    ("G2 D3 B3 D4 G4", "B4:6 -:6"),
    ("E2 B2 G3 B3 F#4", "-:12"),
    ("A2 E3 G3 C4 E4", "-:4 C5:2 D5:2 E5:4"),
    ("D3 A3 D4 E4 F#4", "D5:4 B4:2 A4:4 -:2"),
    ("C3 G3 D4 E4 G4", "-:12"),
    ("C3 G3 B3 D4 E4", "-:4 G4:2 B4:2 D5:4"),
    ("A2 E3 C4 E4 B4", "C5:4 B4:2 G4:4 -:2"),
    ("D3 A3 C4 D4 G4", "A4:4 -:8"),
]
"""The chord of each bar of twelve seconds, and the tune over it in seconds, between the steps."""
BAR_S = 12.0
STEPS = ((0, 0, 1.0), (2, 2, 0.8), (4, 3, 0.8), (6, 1, 0.9), (8, 3, 0.75), (10, 2, 0.75))
"""How each chord is walked through: the second, which of its notes, how loud."""


def compose() -> Sound:
    """192 s: sixteen bars of six steps, the tune in some of them; the rain never stops."""
    leaves = Circle(192, seed=108)
    rain(leaves, "rain", 0.55)
    chords = [chord(notes) for notes, _ in BARS]
    Pads(leaves, "pad", WARM).chords(chords, level=0.22, fade_s=7, spread=0.5)
    leaves.steady("pad", 0.6)
    Pads(leaves, "sub", SUB).chords([(c[0],) for c in chords], level=0.26, fade_s=5)
    for number, (notes, (_, written)) in enumerate(zip(chords, BARS, strict=True)):
        start_s = number * BAR_S
        for second, place, level in STEPS:
            late_s = leaves.between(-0.02, 0.05)
            tine(
                leaves,
                "keys",
                start_s + second + late_s,
                hz(notes[place]),
                level,
                pan=-0.2,
                rise_s=0.1,
            )
        for note in tune(written):
            between_s = 1.0 + note.start_beat + leaves.between(-0.02, 0.08)
            tine(leaves, "tune", start_s + between_s, note.pitch_hz, 0.9, pan=0.25, rise_s=0.1)
    sends = {
        "rain": Send(dry=0.8, wet=0.05),
        "pad": Send(dry=0.5, wet=0.5),
        "sub": Send(dry=0.7, wet=0.0),
        "keys": Send(dry=0.7, wet=0.3),
        "tune": Send(dry=0.6, wet=0.4, echo=Echo(0.22, 1.0, 2200)),
    }
    return mastered(
        leaves, sends, decay_s=3, master=Master(fall_db_per_octave=-10.3, alike=0.45, ride=0.4)
    )

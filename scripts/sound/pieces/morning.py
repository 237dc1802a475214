"""Morning: the return. A felted piano, close, sings a simple tune in F over light strings."""

from circle import Circle
from measure import Sound
from pads import STRINGS, SUB, Pads
from room import Echo, Master, Send, mastered
from score import chord, hz, line, tune
from strikes import felt
from surf import air

TITLE = "Morning"
ENERGY = "mid"
BIT_RATE = 64_000

BARS = [
    ("F2 C3 A3 C4 G4", "A4:3 C5:2 G4:4 -:3 F4:2 G4:2"),
    ("C3 G3 C4 E4 G4", "G4:2 E4:2 G4:3 C5:4 -:5"),
    ("D3 A3 C4 F4 A4", "A4:3 F4:2 E5:4 D5:3 -:4"),
    ("Bb2 F3 A3 D4 F4", "D5:2 C5:2 A4:4 -:3 F4:2 A4:3"),
    ("F2 C3 G3 A3 F4", "C5:3 A4:2 G4:4 F4:4 -:3"),
    ("A2 E3 C4 E4 G4", "-:4 E4:2 G4:2 C5:3 B4:2 G4:3"),
    ("Bb2 F3 D4 F4 A4", "A4:3 D5:3 F5:4 -:6"),
    ("C3 G3 Bb3 D4 F4", "D5:2 C5:3 Bb4:2 G4:4 -:5"),
    ("D3 A3 C4 E4 F4", "A4:2 F4:2 A4:3 E5:4 -:5"),
    ("G2 D3 Bb3 D4 A4", "D5:2 Bb4:2 A4:4 -:3 G4:2 A4:3"),
    ("Bb2 F3 C4 D4 F4", "Bb4:3 A4:2 F4:3 D4:4 -:4"),
    ("C3 G3 C4 F4 G4", "-:3 F4:2 G4:3 C5:4 -:4"),
]
"""The strings' chord of each bar of sixteen seconds, and the piano's tune over it in seconds."""
BASS = line("F1 C2 D2 Bb1 F1 A1 Bb1 C2 D2 G1 Bb1 C2")
BAR_S = 16.0


def compose() -> Sound:
    """192 s: twelve bars; the strings come forward where the piano rests."""
    morning = Circle(192, seed=117)
    chords = [chord(notes) for notes, _ in BARS]
    Pads(morning, "strings", STRINGS).chords([c[1:] for c in chords], level=0.28, fade_s=8)
    Pads(morning, "sub", SUB).chords(BASS, level=0.34, fade_s=5)
    morning.steady("strings", 0.9, over_s=4)
    for number, (_, written) in enumerate(BARS):
        play(morning, number * BAR_S + 1.0, chords[number], written)
    air(morning, "air", 0.12, 400, 5000, depth=0.6, cycles=8)
    sends = {
        "strings": Send(dry=0.3, wet=0.75),
        "sub": Send(dry=0.6, wet=0.0),
        "air": Send(dry=0.3, wet=0.5),
        "piano": Send(dry=0.5, wet=0.6, echo=Echo(0.25, 0.95, 2400)),
    }
    return mastered(morning, sends, decay_s=4.5, master=Master(fall_db_per_octave=-11, ride=0.35))


def play(morning: Circle, start_s: float, chord_notes: tuple[str, ...], written: str) -> None:
    """One bar: the tune, never quite in time, and the left hand below it, alone in its rests."""
    for note in tune(written):
        late_s = morning.between(-0.05, 0.12)
        level = 1.6 * (330 / note.pitch_hz) ** 0.5 * morning.between(0.75, 1)
        felt(morning, "piano", start_s + note.start_beat + late_s, note.pitch_hz, level, pan=0.15)
    for second, place, level in ((-0.9, 0, 0.9), (4.5, 1, 0.8), (8.5, 2, 0.8), (12.5, 1, 0.7)):
        pitch_hz = hz(chord_notes[place])
        felt(morning, "piano", start_s + second, pitch_hz, level, pan=-0.25)
